import { beforeAll, describe, expect, it } from 'vitest';
import { makeClip, normalNumbers, readDefaultBody, standAndWave } from './syntheticTrack';
import type { BodyModel } from '#core/body/bodyModel';
import { readLandmarkRows } from '#engine/estimation/estimators/blazepose/fit/landmarkRows';
import { moveRows } from '#engine/estimation/estimators/blazepose/fit/levenbergMarquardt';
import { createPoseRows, type PoseRows, UNKNOWNS } from '#engine/estimation/estimators/blazepose/fit/parameters';
import { createFitBody, type FitSkeleton, skeletonOf } from '#engine/estimation/estimators/blazepose/fit/points';
import { collectEvidence, smoothLandmarks, startPoses } from '#engine/estimation/estimators/blazepose/fit/start';
import { WindowProblem } from '#engine/estimation/estimators/blazepose/fit/windowProblem';

let body: BodyModel;
beforeAll(async () => {
  body = await readDefaultBody();
});

const frames = 6;
const held = 1;

/** A window of a noisy clip at a pose some way off the optimum, so that every term pulls. */
function noisyWindow(): { problem: WindowProblem; poses: PoseRows; skeleton: FitSkeleton } {
  const clip = makeClip({
    body,
    frames,
    rate: 30,
    pose: standAndWave,
    imageNoise: 12,
    worldNoise: 0.1,
    secondsOf: (frame) => frame / 30 + (frame > 3 ? 0.02 : 0),
  });
  const rows = readLandmarkRows(clip.track, clip.camera);
  const smoothed = smoothLandmarks(rows);
  const evidence = collectEvidence(rows, smoothed);
  evidence.standing.fill(0.8);
  const skeleton = skeletonOf(createFitBody(body), [0.5, -0.4, 0.2]);
  const start = startPoses(rows, smoothed, skeleton, clip.camera.focal, 0, frames);
  const next = normalNumbers(5);
  const poses = createPoseRows(frames);
  const push = Float64Array.from({ length: frames * UNKNOWNS }, () => 0.03 * next());
  moveRows(start, push, 0, poses);
  const problem = new WindowProblem({ evidence, from: held, to: frames - 1, focal: clip.camera.focal });
  return { problem, poses, skeleton };
}

function costAt(window: ReturnType<typeof noisyWindow>, unknown: number, by: number): number {
  const step = new Float64Array((frames - 1 - held) * UNKNOWNS);
  step[unknown] = by;
  const moved = createPoseRows(frames);
  moveRows(window.poses, step, held, moved);
  return window.problem.cost(moved, window.skeleton);
}

describe('the window problem', () => {
  it('has the gradient of finite differences in every unknown, all terms together', () => {
    const window = noisyWindow();
    const { cost, equations } = window.problem.build(window.poses, window.skeleton);
    expect(window.problem.cost(window.poses, window.skeleton)).toBeCloseTo(cost, 9);
    const gradient = Float64Array.from(equations.gradient);
    const h = 1e-5;
    const scale = Math.max(...gradient.map(Math.abs));
    gradient.forEach((value, unknown) => {
      const numeric = (costAt(window, unknown, h) - costAt(window, unknown, -h)) / (2 * h) / 2;
      expect(Math.abs(numeric - value)).toBeLessThan(1e-5 * scale + 1e-4 * Math.abs(value));
    });
  });

  it('has a Gauss-Newton matrix equal to the second differences where residuals vanish', () => {
    // A still clip at rest without noise: data, smooth and standing residuals and the prior are all zero there.
    const still = () => ({ angles: { 0: [Math.PI, 0, 0] as const }, pelvis: [0.2, -0.1, 3] as const });
    const clip = makeClip({ body, frames: 4, rate: 30, pose: still });
    const rows = readLandmarkRows(clip.track, clip.camera);
    const evidence = collectEvidence(rows, smoothLandmarks(rows));
    const skeleton = skeletonOf(createFitBody(body), []);
    const poses = createPoseRows(4);
    for (let row = 0; row < 4; row++) {
      poses.rotations.set([1, 0, 0, 0, -1, 0, 0, 0, -1], row * 17 * 9);
      poses.translations.set([0.2, -0.1, 3], row * 3);
    }
    const problem = new WindowProblem({ evidence, from: 0, to: 4, focal: clip.camera.focal });
    const matrix = Float64Array.from(problem.build(poses, skeleton).equations.values);
    const gradientAt = (unknown: number, by: number): Float64Array => {
      const step = new Float64Array(4 * UNKNOWNS);
      step[unknown] = by;
      const moved = createPoseRows(4);
      moveRows(poses, step, 0, moved);
      return Float64Array.from(problem.build(moved, skeleton).equations.gradient);
    };
    const h = 1e-5;
    // Components under a one-sided limit have a kink at zero: knees (groups 4, 5, x) and elbows (groups 13, 14, y).
    const kinked = new Set([12, 15, 40, 43]);
    for (const unknown of [0, 4, 9, 13, 35, 44, 51, 53, 54, 80, 2 * 54 + 3, 3 * 54 + 52]) {
      const plus = gradientAt(unknown, h);
      const minus = gradientAt(unknown, -h);
      for (let row = unknown; row < matrix.length / (3 * UNKNOWNS); row++) {
        if (kinked.has(row % UNKNOWNS)) continue;
        const first = (Math.floor(row / UNKNOWNS) - 2) * UNKNOWNS;
        const numeric = (plus[row]! - minus[row]!) / (2 * h);
        const stored = unknown < first ? 0 : matrix[row * 3 * UNKNOWNS + unknown - first]!;
        expect(Math.abs(numeric - stored)).toBeLessThan(1e-3 + 1e-4 * Math.abs(stored));
      }
    }
  });
});
