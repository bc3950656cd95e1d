import { describe, expect, it } from 'vitest';
import { scoreIdentities } from './identities';
import { hipAlignedErrors, procrustesErrors } from './jointErrors';
import { type JointSeries, selectJoints } from './jointSeries';
import { accelerationError, jitterRatio, standingSkate } from './motionErrors';
import { scoreMotion } from './motionScore';
import { reprojectionError } from './reprojection';

/** Frames of joints as nested numbers. */
function series(frames: number[][][], present?: number[]): JointSeries {
  const joints = frames[0]?.length ?? 0;
  return { frames: frames.length, joints, positions: frames.flat(2), ...(present ? { present } : {}) };
}

const hips = [
  [-0.1, 0, 0],
  [0.1, 0, 0],
];

describe('joint errors', () => {
  const truth = series([[...hips, [0, 1, 0], [0, -1, 0]]]);

  it('count a joint that is 4 cm off by its share', () => {
    const off = series([[...hips, [0, 1.04, 0], [0, -1, 0]]]);
    expect(hipAlignedErrors(off, truth)[0]).toBeCloseTo(0.01, 12);
  });

  it('forgive position, and the similarity forgives turn and size too', () => {
    const moved = series([[...hips, [0, 1, 0], [0, -1, 0]].map(([x, y, z]) => [x! + 3, y! - 1, z! + 2])]);
    expect(hipAlignedErrors(moved, truth)[0]).toBeCloseTo(0, 12);
    const turned = series([[...hips, [0, 1, 0], [0, -1, 0]].map(([x, y, z]) => [-2 * y!, 2 * x!, 2 * z! + 5])]);
    expect(hipAlignedErrors(turned, truth)[0]).toBeGreaterThan(0.5);
    expect(procrustesErrors(turned, truth)[0]).toBeCloseTo(0, 9);
  });

  it('judge common frames only', () => {
    const both = series([[...hips], [...hips], [...hips]], [1, 0, 1]);
    expect(hipAlignedErrors(both, series([[...hips], [...hips], [...hips]], [1, 1, 0]))).toHaveLength(1);
  });

  it('pick joints by index', () => {
    expect([
      ...Float64Array.from(
        selectJoints(
          series([
            [
              [1, 2, 3],
              [4, 5, 6],
            ],
          ]),
          [1],
        ).positions,
      ),
    ]).toEqual([4, 5, 6]);
  });
});

/** A third joint that moves along x by f(t); hips stay. */
function moving(f: (t: number) => number, frames: number): JointSeries {
  return series(Array.from({ length: frames }, (_, t) => [...hips, [f(t), 1, 0]]));
}

describe('motion errors', () => {
  it('give half the square law: x = t2 at 10 fps is 200 m/s2 for one of three joints', () => {
    const still = moving(() => 0, 5);
    expect(
      accelerationError(
        moving((t) => t * t, 5),
        still,
        10,
      ),
    ).toBeCloseTo(200 / 3, 9);
  });

  it('are zero for equal motion and ignore drift of the whole body', () => {
    const a = moving((t) => Math.sin(t), 8);
    const b = series(
      Array.from({ length: 8 }, (_, t) => [...hips, [Math.sin(t), 1, 0]].map(([x, y, z]) => [x! + t * t, y!, z!])),
    );
    expect(accelerationError(b, a, 30)).toBeCloseTo(0, 9);
    expect(jitterRatio(b, a, 30)).toBeCloseTo(1, 9);
  });

  it('call twice the jerk 2 and a frozen body 0', () => {
    const truth = moving((t) => t ** 3, 6);
    expect(
      jitterRatio(
        moving((t) => 2 * t ** 3, 6),
        truth,
        30,
      ),
    ).toBeCloseTo(2, 9);
    expect(
      jitterRatio(
        moving(() => 0, 6),
        truth,
        30,
      ),
    ).toBe(0);
  });

  it('need frames in a row', () => {
    const gappy = series([[...hips], [...hips], [...hips], [...hips]], [1, 1, 0, 1]);
    expect(accelerationError(gappy, gappy, 30)).toBeNaN();
  });

  it('measure the slide of a foot only while the true one stands', () => {
    // True foot: still for two steps, then moves 1 m in one frame. Estimated foot: 1 cm a frame at 10 fps = 0.1 m/s.
    const truth = moving((t) => (t < 3 ? 0 : 1), 4);
    const skate = standingSkate(
      moving((t) => 0.01 * t, 4),
      truth,
      10,
      [2],
    );
    expect(skate.samples).toBe(2);
    expect(skate.speed).toBeCloseTo(0.1, 12);
    expect(
      standingSkate(
        truth,
        moving((t) => t, 4),
        10,
        [2],
      ).samples,
    ).toBe(0);
  });
});

describe('reprojection', () => {
  it('is a share of the box: 10 px of 200', () => {
    const camera = { focal: 1000, width: 100, height: 100 };
    const seen = { frames: 1, joints: 1, positions: [160, 50] };
    expect(reprojectionError(series([[[0.1, 0, 1]]]), seen, camera, [200])).toBeCloseTo(0.05, 12);
  });
});

describe('identities', () => {
  const box = (x: number) => ({ x, y: 0, width: 10, height: 20 });

  it('count a switch, a miss and a false box', () => {
    const truth = [0, 1, 2, 3].map(() => [
      { id: 'a', box: box(0) },
      { id: 'b', box: box(100) },
    ]);
    const estimate = [
      [
        { id: '1', box: box(0) },
        { id: '2', box: box(100) },
      ],
      [
        { id: '1', box: box(1) },
        { id: '2', box: box(101) },
      ],
      [
        { id: '2', box: box(0) },
        { id: '1', box: box(100) },
      ],
      [
        { id: '2', box: box(0) },
        { id: '3', box: box(500) },
      ],
    ];
    expect(scoreIdentities(truth, estimate)).toEqual({ coverage: 7 / 8, switches: 2, falseBoxes: 1 });
  });
});

it('puts all figures together in mm', () => {
  const walking = (offset: number): JointSeries =>
    series(Array.from({ length: 6 }, (_, t) => [...hips, [0.1 * t + offset, 1, 0], ...[0, 1, 2].map(() => [0, 2, 0])]));
  const score = scoreMotion({ estimate: walking(0.03), reference: walking(0), rate: 30 });
  expect(score.frames).toBe(6);
  expect(score.coverage).toBe(1);
  expect(score.mpjpe).toBeCloseTo(5, 9);
  expect(score.acceleration).toBeCloseTo(0, 9);
  expect(score.jitter).toBeNaN();
});
