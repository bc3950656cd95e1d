import { describe, expect, test } from 'vitest';
import type { ExportClip, ExportFrame, ExportPerson } from './exportClip';
import { firstPlace, type GatherSettings, gatherMotion, type MotionTrack } from './motionTrack';
import { createSampleGrid } from './sampleGrid';

/** One joint that turns about y by 0.2 rad a frame and walks; quaternions come with changing sign. */
function personWith(present: readonly boolean[], spoiled = -1): ExportPerson {
  const frameAt = (frameIndex: number): ExportFrame => {
    const sign = frameIndex % 2 === 0 ? 1 : -1;
    const rotations = Float64Array.of(0, Math.sin(frameIndex * 0.1) * sign, 0, Math.cos(frameIndex * 0.1) * sign);
    return {
      frameIndex,
      present: present[frameIndex] ?? false,
      rotations,
      rootTranslation: Float64Array.of(frameIndex, frameIndex === spoiled ? Number.NaN : 1, 10 + 2 * frameIndex),
      joints3dCamera: new Float64Array(3),
      joints2d: new Float64Array(2),
    };
  };
  return {
    id: 'a',
    name: 'A',
    title: 'A',
    number: 1,
    bodyModelId: 'none',
    restVertices: new Float32Array(0),
    restJoints: new Float64Array(3),
    parents: [-1],
    jointNames: ['root'],
    skinJoints: new Uint8Array(0),
    skinWeights: new Float32Array(0),
    faces: new Uint32Array(0),
    isPresent: (frameIndex) => present[frameIndex] ?? false,
    async *frames({ span }) {
      for (let frameIndex = span.from; frameIndex < span.to; frameIndex++) yield frameAt(frameIndex);
    },
  };
}

async function gather(
  present: readonly boolean[],
  settings: GatherSettings,
  rate: 'source' | number = 'source',
  spoiled = -1,
): Promise<MotionTrack> {
  const person = personWith(present, spoiled);
  const clip: ExportClip = {
    title: '',
    times: { timeBase: { numerator: 1, denominator: 10 }, pts: present.map((_, k) => k) },
    rate: { numerator: 10, denominator: 1 },
    variableRate: false,
    span: { from: 0, to: present.length },
    people: [person],
    provenance: {
      estimation: { estimator: 'e', quality: 'best', options: {} },
      appVersion: '',
      models: [],
      sourceName: '',
      sourceSampledSha256: '',
      createdAt: '',
      notMetric: [],
    },
    picture: { width: 640, height: 360, focal: 544 },
  };
  const grid = createSampleGrid(clip, rate);
  const signal = new AbortController().signal;
  const running = gatherMotion(clip, person, grid, settings, { before: 0, total: present.length }, signal);
  for (;;) {
    const step = await running.next();
    if (step.done) return step.value;
  }
}

function angles(track: MotionTrack): number[] {
  return Array.from({ length: track.count }, (_, row) => {
    const [, y = 0, , w = 1] = track.rotations.subarray(row * 4, row * 4 + 4);
    return Number((2 * Math.atan2(y, w)).toFixed(6));
  });
}

function places(track: MotionTrack, axis: number): number[] {
  return Array.from({ length: track.count }, (_, row) => Number(track.translations[row * 3 + axis]!.toFixed(6)));
}

const ALL = [true, true, true, true, true, true];

describe('gathering motion', () => {
  test('quaternions keep one hemisphere', async () => {
    expect(angles(await gather(ALL, { gaps: 'hold', root: 'ground' }))).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
  });

  test('gaps hold the pose before; before the first pose the first one stands', async () => {
    const track = await gather([false, true, false, false, true, false], { gaps: 'hold', root: 'ground' });
    expect(angles(track)).toEqual([0.2, 0.2, 0.2, 0.2, 0.8, 0.8]);
    expect(places(track, 0)).toEqual([1, 1, 1, 1, 4, 4]);
  });

  test('or lead from pose to pose by slerp', async () => {
    const track = await gather([true, false, false, false, true, false], { gaps: 'interpolate', root: 'ground' });
    expect(angles(track)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 0.8]);
    expect(places(track, 2)).toEqual([10, 12, 14, 16, 18, 18]);
  });

  test('a frame with a number that is not finite is a gap', async () => {
    const track = await gather(ALL, { gaps: 'interpolate', root: 'ground' }, 'source', 2);
    expect(angles(track)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(places(track, 1)).toEqual([1, 1, 1, 1, 1, 1]);
  });

  test('resampling lies on the arc between frames', async () => {
    const track = await gather(ALL, { gaps: 'hold', root: 'ground' }, 25);
    expect(track.count).toBe(13);
    angles(track).forEach((angle, k) => expect(angle).toBeCloseTo(k * 0.08, 6));
  });

  test('in place keeps the height, starting at the origin keeps the way', async () => {
    const inPlace = await gather(ALL, { gaps: 'hold', root: 'in-place' });
    expect([places(inPlace, 0), places(inPlace, 1)]).toEqual([
      [0, 0, 0, 0, 0, 0],
      [1, 1, 1, 1, 1, 1],
    ]);
    const started = await gather(ALL, { gaps: 'hold', root: 'start-at-origin' });
    expect([places(started, 0), places(started, 2)]).toEqual([
      [0, 1, 2, 3, 4, 5],
      [0, 2, 4, 6, 8, 10],
    ]);
    const shared = await gather(ALL, { gaps: 'hold', root: 'start-at-origin', origin: [1, 1] });
    expect(places(shared, 2)).toEqual([9, 11, 13, 15, 17, 19]);
  });

  test('the shared origin is where the first person appears', async () => {
    const person = personWith([false, false, true]);
    const clip = { span: { from: 0, to: 3 } } as ExportClip;
    expect(await firstPlace(clip, [person], new AbortController().signal)).toEqual([2, 14]);
  });
});
