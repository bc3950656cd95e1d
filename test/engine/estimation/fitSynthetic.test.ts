import { beforeAll, describe, expect, it } from 'vitest';
import type { BodyModel } from '#core/body/bodyModel';
import type { PersonMotion } from '#engine/estimation/estimator';
import { fitTrack } from '#engine/estimation/estimators/blazepose/fit/fitTrack';
import { OBSERVATION, OBSERVATION_FLAG } from '#engine/estimation/estimators/blazepose/observation';
import {
  jointDistances,
  jointsOf,
  makeClip,
  readDefaultBody,
  type SyntheticClip,
  standAndWave,
  walk,
} from './syntheticTrack';

let body: BodyModel;
beforeAll(async () => {
  body = await readDefaultBody();
});

const limbs = [1, 2, 4, 5, 7, 8, 16, 17, 18, 19, 20, 21];

async function fit(clip: SyntheticClip, changed?: { from: number; to: number }, previous?: PersonMotion) {
  const { track, camera } = clip;
  const span = changed ?? { from: track.start, to: track.start + track.length };
  const pause = () => Promise.resolve();
  return fitTrack({ track, camera, body, changed: span, pause, ...(previous ? { previous } : {}) });
}

function errors(clip: SyntheticClip, motion: PersonMotion, rows?: readonly number[]) {
  return jointDistances(jointsOf(body, motion), clip.joints, rows, limbs);
}

/** The same with both pelvises on each other: how right the pose is apart from where it stands. */
function poseErrors(clip: SyntheticClip, motion: PersonMotion, rows?: readonly number[]) {
  const own = jointsOf(body, motion);
  const aboutPelvis = (joints: Float64Array): Float64Array =>
    joints.map((value, at) => value - joints[Math.floor(at / 72) * 72 + (at % 3)]!);
  return jointDistances(aboutPelvis(own), aboutPelvis(clip.joints), rows, limbs);
}

describe('the fit of made-up people', () => {
  it('finds a standing, waving person again from exact landmarks', async () => {
    const clip = makeClip({ body, frames: 60, rate: 30, pose: (seconds) => standAndWave(seconds) });
    const motion = await fit(clip);
    expect(motion.present.every((value) => value === 1)).toBe(true);
    expect(poseErrors(clip, motion).mean).toBeLessThan(0.012);
    expect(Math.min(...motion.confidences)).toBeGreaterThan(0.8);
  });

  it('finds somebody who walks with noisy landmarks (4 px, 60 mm)', async () => {
    const clip = makeClip({ body, frames: 75, rate: 30, pose: (s) => walk(s), imageNoise: 4, worldNoise: 0.06 });
    const motion = await fit(clip);
    expect(poseErrors(clip, motion).mean).toBeLessThan(0.035);
    expect(errors(clip, motion).mean).toBeLessThan(0.12);
  });

  it.each([5, 25, 60, 240])('does as well at %i frames per second', async (rate) => {
    const frames = Math.min(120, Math.max(10, Math.round(rate * 1.5)));
    const clip = makeClip({ body, frames, rate, pose: (s) => walk(s), imageNoise: 4, worldNoise: 0.06 });
    expect(poseErrors(clip, await fit(clip)).mean).toBeLessThan(0.045);
  });

  it.each([1, 2, 3, 5])('fits a track of %i frames', async (frames) => {
    const clip = makeClip({ body, frames, rate: 30, pose: (s) => standAndWave(s), imageNoise: 2, worldNoise: 0.02 });
    const motion = await fit(clip);
    expect(motion.present.every((value) => value === 1)).toBe(true);
    expect(poseErrors(clip, motion).mean).toBeLessThan(0.05);
  });

  it('bridges a short gap, splits at a long one, and leaves absent rows zero', async () => {
    const clip = makeClip({ body, frames: 90, rate: 30, pose: (s) => walk(s), imageNoise: 3, worldNoise: 0.05 });
    clip.track.present.fill(0, 20, 30);
    clip.track.present.fill(0, 50, 75);
    const motion = await fit(clip);
    for (let row = 0; row < 90; row++) {
      expect(motion.present[row]).toBe(clip.track.present[row]);
      if (motion.present[row]) continue;
      expect(motion.poses.subarray(row * 72, row * 72 + 72).every((value) => value === 0)).toBe(true);
    }
    const rows = [...motion.present.keys()].filter((row) => motion.present[row] === 1);
    expect(poseErrors(clip, motion, rows).mean).toBeLessThan(0.04);
  });

  it('carries a person over frames where landmarks jump to somebody else', async () => {
    const clip = makeClip({ body, frames: 60, rate: 30, pose: (s) => walk(s), imageNoise: 2, worldNoise: 0.04 });
    const clean = poseErrors(clip, await fit(clip)).mean;
    for (let row = 25; row < 33; row++) {
      const at = row * OBSERVATION.length;
      for (let k = 0; k < 33; k++) clip.track.observations[at + k * 4]! += 300;
      clip.track.observations[at + OBSERVATION.flags] = OBSERVATION_FLAG.boxWins + OBSERVATION_FLAG.astray;
    }
    const motion = await fit(clip);
    expect(errors(clip, motion).most).toBeLessThan(0.6);
    expect(poseErrors(clip, motion).mean).toBeLessThan(clean + 0.02);
    expect(motion.confidences[28]!).toBeLessThan(0.1);
    expect(motion.confidences[10]!).toBeGreaterThan(0.6);
  });

  it('ignores a few frames on which left and right are exchanged', async () => {
    const clip = makeClip({
      body,
      frames: 50,
      rate: 30,
      pose: (s) => walk(s, Math.PI),
      imageNoise: 2,
      worldNoise: 0.04,
    });
    const clean = poseErrors(clip, await fit(clip)).mean;
    for (let row = 20; row < 25; row++) exchangeSides(clip.track.observations, row);
    expect(poseErrors(clip, await fit(clip)).mean).toBeLessThan(clean + 0.015);
  });

  it('keeps the feet of a standing person where they are', async () => {
    const clip = makeClip({
      body,
      frames: 60,
      rate: 30,
      pose: (s) => standAndWave(s),
      imageNoise: 5,
      worldNoise: 0.08,
    });
    const joints = jointsOf(body, await fit(clip));
    let slide = 0;
    for (let row = 1; row < 60; row++) {
      for (const ankle of [7, 8]) {
        const moved = [0, 1, 2].map((c) => joints[row * 72 + ankle * 3 + c]! - joints[(row - 1) * 72 + ankle * 3 + c]!);
        slide += (Math.hypot(...moved) * 30) / 59 / 2;
      }
    }
    expect(slide).toBeLessThan(0.03);
  });

  it('still fits the part of a person that the picture shows', async () => {
    const camera = { focal: 1632, width: 1920, height: 1080 };
    const pose = (s: number) => standAndWave(s, [0, 0.45, 2.0]);
    const clip = makeClip({ body, camera, frames: 40, rate: 30, pose, imageNoise: 3, worldNoise: 0.05 });
    for (let row = 0; row < 40; row++) {
      for (let k = 25; k < 33; k++) clip.track.observations[row * OBSERVATION.length + k * 4 + 3] = 0.05;
    }
    const motion = await fit(clip);
    const upper = jointDistances(jointsOf(body, motion), clip.joints, undefined, [16, 17, 18, 19, 20, 21]);
    expect(upper.mean).toBeLessThan(0.2);
    expect(motion.poses.every(Number.isFinite)).toBe(true);
  });

  it('gives nothing but finite numbers for nonsense', async () => {
    const clip = makeClip({ body, frames: 12, rate: 30, pose: (s) => walk(s) });
    clip.track.observations.fill(0, 0, 3 * OBSERVATION.length);
    clip.track.observations[5 * OBSERVATION.length + 7] = Number.NaN;
    for (let k = 0; k < 132; k++) clip.track.observations[8 * OBSERVATION.length + k] = k % 4 === 3 ? 1 : 500;
    const motion = await fit(clip);
    expect(motion.present[5]).toBe(0);
    for (const array of [motion.poses, motion.translations, motion.betas, motion.confidences]) {
      expect(array.every(Number.isFinite)).toBe(true);
    }
  });
});

/** Exchanges left and right landmarks of a row, as the network does when it takes a back for a front. */
function exchangeSides(observations: Float32Array, row: number): void {
  const pairs = [[7, 8], ...Array.from({ length: 11 }, (_, k) => [11 + 2 * k, 12 + 2 * k])];
  for (const [left, right] of pairs) {
    for (const [part, size] of [
      [OBSERVATION.image, 4],
      [OBSERVATION.world, 3],
    ] as const) {
      for (let c = 0; c < size; c++) {
        const a = row * OBSERVATION.length + part + left! * size + c;
        const b = row * OBSERVATION.length + part + right! * size + c;
        [observations[a], observations[b]] = [observations[b]!, observations[a]!];
      }
    }
  }
}

describe('solving a part again', () => {
  it('leaves other frames alone, joins without a seam and comes close to the full solve', async () => {
    const clip = makeClip({ body, frames: 90, rate: 30, pose: (s) => walk(s), imageNoise: 3, worldNoise: 0.05 });
    const full = await fit(clip);
    const changed = { from: 30, to: 60 };
    const part = await fit(clip, changed, full);
    expect(part.start).toBe(30);
    expect(part.length).toBe(30);
    expect([...part.betas]).toEqual([...full.betas]);
    const joints = jointsOf(body, full);
    const again = jointsOf(body, part);
    const same = joints.slice(30 * 72, 60 * 72);
    expect(jointDistances(again, same).mean).toBeLessThan(0.004);
    const joined = Float64Array.from(joints);
    joined.set(again, 30 * 72);
    // Acceleration over the seams is no larger than what the full solve has anywhere.
    const most = (all: Float64Array, rows: number[]): number =>
      Math.max(
        ...rows.flatMap((row) =>
          limbs.map((joint) =>
            Math.hypot(
              ...[0, 1, 2].map((c) => {
                const at = row * 72 + joint * 3 + c;
                return (all[at + 72]! - 2 * all[at]! + all[at - 72]!) * 900;
              }),
            ),
          ),
        ),
      );
    const everywhere = most(
      joints,
      Array.from({ length: 88 }, (_, k) => k + 1),
    );
    expect(most(joined, [29, 30, 59, 60])).toBeLessThan(1.1 * everywhere);
  });

  it('is deterministic', async () => {
    const clip = makeClip({ body, frames: 30, rate: 30, pose: (s) => walk(s), imageNoise: 3, worldNoise: 0.05 });
    const [a, b] = [await fit(clip), await fit(clip)];
    expect(a.poses).toEqual(b.poses);
    expect(a.translations).toEqual(b.translations);
  });

  it('joins windows of a long track as one', async () => {
    const clip = makeClip({ body, frames: 460, rate: 30, pose: (s) => walk(s % 2.5), imageNoise: 3, worldNoise: 0.05 });
    // The walk starts anew every 2.5 s: rows there are a jump, left out here.
    const rows = Array.from({ length: 460 }, (_, row) => row).filter((row) => row % 75 > 8 && row % 75 < 66);
    expect(poseErrors(clip, await fit(clip), rows).mean).toBeLessThan(0.04);
  });

  it('stops when asked to', async () => {
    const clip = makeClip({ body, frames: 30, rate: 30, pose: (s) => walk(s) });
    const { track, camera } = clip;
    const controller = new AbortController();
    const pause = async () => {
      controller.abort();
      controller.signal.throwIfAborted();
    };
    await expect(fitTrack({ track, camera, body, changed: { from: 0, to: 30 }, pause })).rejects.toThrow();
  });
});
