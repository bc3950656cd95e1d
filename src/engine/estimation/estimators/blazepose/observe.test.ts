import { describe, expect, it } from 'vitest';
import type { Session, Tensor } from '../../../inference/session';
import { landmarksBelong } from './belonging';
import { hasFlag, OBSERVATION_FLAG } from './observation';
import { observeBox } from './observe';

const signal = new AbortController().signal;
const picture = { data: new Uint8Array(300 * 300 * 3), width: 300, height: 300, scale: 1 };
const box = { x: 100, y: 50, width: 100, height: 200 };

interface Answer {
  /** Span of the landmarks in the crop, px: left, top, right, bottom. */
  span: [number, number, number, number];
  score: number;
  /** Alignment rows 33 and 34, px of the crop. */
  alignment?: [number, number, number, number];
}

/** A session that answers in order, the last answer for ever. */
function scripted(answers: Answer[]): Session & { runs: number } {
  const session = {
    runs: 0,
    run(): Promise<Record<string, Tensor>> {
      const answer = answers[Math.min(session.runs++, answers.length - 1)];
      if (answer === undefined) throw new Error('no answer');
      const landmarks = new Float32Array(195);
      const [left, top, right, bottom] = answer.span;
      for (let row = 0; row < 33; row++) {
        landmarks.set([row % 2 ? left : right, row % 3 ? top : bottom, 0, 9, 9], row * 5);
      }
      landmarks.set(answer.alignment?.slice(0, 2) ?? [128, 128], 33 * 5);
      landmarks.set(answer.alignment?.slice(2) ?? [128, 25.6], 34 * 5);
      const tensor = (data: Float32Array): Tensor => ({ data, dims: [1, data.length] });
      return Promise.resolve({
        landmarks: tensor(landmarks),
        presence: tensor(Float32Array.of(answer.score)),
        heatmap: tensor(new Float32Array(39 * 4096).fill(-9)),
        world: tensor(new Float32Array(117)),
      });
    },
    dispose: () => Promise.resolve(),
  };
  return session;
}

/** In the crop of the box (side 250 round 150, 150) the person spans 77..179 x 26..230 px. */
const RIGHT_PERSON: Answer = { span: [77, 26, 179, 230], score: 0.99 };

describe('observeBox', () => {
  it('looks once with the landmark network when the region has settled', async () => {
    const networks = { region: scripted([RIGHT_PERSON]), landmarks: scripted([RIGHT_PERSON]) };
    const seen = await observeBox(picture, { box }, networks, signal);
    expect(networks.region.runs).toBe(1);
    expect(networks.landmarks.runs).toBe(1);
    expect(seen.flags).toBe(0);
    expect(seen.roi).toMatchObject({ centreX: 150, centreY: 150, rotation: 0 });
    expect(seen.roi.side).toBeCloseTo(250, 3);
  });

  it('follows the region that the network asks for, at most three times from a bare box', async () => {
    const moving: Answer = { ...RIGHT_PERSON, alignment: [140, 128, 140, 30] };
    const networks = { region: scripted([moving]), landmarks: scripted([RIGHT_PERSON]) };
    const seen = await observeBox(picture, { box }, networks, signal);
    expect(networks.region.runs).toBe(3);
    expect(seen.roi.centreX).toBeGreaterThan(150);
  });

  it('lets the box win when the landmarks slide to somebody else', async () => {
    const stranger: Answer = { span: [200, 26, 255, 80], score: 0.99 };
    const networks = { region: scripted([RIGHT_PERSON]), landmarks: scripted([stranger, RIGHT_PERSON]) };
    const seen = await observeBox(picture, { box }, networks, signal);
    expect(hasFlag(seen.flags, OBSERVATION_FLAG.boxWins)).toBe(true);
    expect(hasFlag(seen.flags, OBSERVATION_FLAG.astray)).toBe(false);
    expect(seen.roi.side).toBe(250);
  });

  it('says astray when even the region of the box shows somebody else, or nobody', async () => {
    const nobody: Answer = { ...RIGHT_PERSON, score: 0.01 };
    const networks = { region: scripted([nobody]), landmarks: scripted([nobody]) };
    const seen = await observeBox(picture, { box }, networks, signal);
    expect(hasFlag(seen.flags, OBSERVATION_FLAG.astray)).toBe(true);
    expect(networks.region.runs).toBe(3);
  });

  it('tries another size when the first region shows nobody', async () => {
    const nobody: Answer = { ...RIGHT_PERSON, score: 0.1 };
    const networks = { region: scripted([nobody, RIGHT_PERSON]), landmarks: scripted([RIGHT_PERSON]) };
    const seen = await observeBox(picture, { box }, networks, signal);
    expect(seen.flags).toBe(0);
  });
});

describe('landmarksBelong', () => {
  it('accepts landmarks on the keypoints of a half-hidden person whose box they do not fill', () => {
    const image = new Float32Array(33 * 4);
    const keypoints = new Float32Array(51);
    for (let landmark = 0; landmark < 33; landmark++) image.set([120 + landmark, 60 + landmark, 0, 0.9], landmark * 4);
    for (const [coco, landmark] of [
      [5, 11],
      [6, 12],
      [7, 13],
      [8, 14],
      [11, 23],
    ] as const) {
      keypoints.set([122 + landmark, 61 + landmark, 0.8], coco * 3);
    }
    expect(landmarksBelong(image, box)).toBe(false);
    expect(landmarksBelong(image, box, keypoints)).toBe(true);
  });
});
