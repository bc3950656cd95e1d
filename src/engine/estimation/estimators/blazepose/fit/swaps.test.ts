import { describe, expect, it } from 'vitest';
import { LANDMARK, LANDMARK_COUNT } from '../observation';
import { findSwaps } from './swaps';

/** World landmarks of rows whose person faces the camera (1) or away (-1), or at an angle in rad. */
function rows(angles: readonly number[], rate: number) {
  const world = new Float64Array(angles.length * LANDMARK_COUNT * 3);
  angles.forEach((angle, row) => {
    const pairs = [
      [LANDMARK.leftShoulder, LANDMARK.rightShoulder],
      [LANDMARK.leftHip, LANDMARK.rightHip],
    ] as const;
    for (const [left, right] of pairs) {
      const base = row * LANDMARK_COUNT * 3;
      world.set([0.15 * Math.cos(angle), 0, 0.15 * Math.sin(angle)], base + left * 3);
      world.set([-0.15 * Math.cos(angle), 0, -0.15 * Math.sin(angle)], base + right * 3);
    }
  });
  return { length: angles.length, world, seconds: Float64Array.from(angles, (_, row) => row / rate) };
}

const flips = (...runs: [number, number][]): number[] =>
  runs.flatMap(([angle, count]) => new Array<number>(count).fill(angle));

describe('exchanged sides', () => {
  it('are the short piece between two sudden turns', () => {
    const found = findSwaps(rows(flips([0, 20], [Math.PI, 4], [0, 20]), 30));
    expect([...found.keys()].filter((row) => found[row])).toEqual([20, 21, 22, 23]);
  });

  it('are found at the end of a track too', () => {
    expect(findSwaps(rows(flips([0, 20], [Math.PI, 3]), 30)).reduce((sum, value) => sum + value, 0)).toBe(3);
  });

  it('are not a person who turns round', () => {
    const turning = Array.from({ length: 30 }, (_, row) => (row * Math.PI) / 10);
    expect(findSwaps(rows(turning, 30)).every((value) => value === 0)).toBe(true);
  });

  it('are not a swap that lasts, nor rows far apart in time', () => {
    expect(findSwaps(rows(flips([0, 40], [Math.PI, 40]), 30)).every((value) => value === 0)).toBe(true);
    expect(findSwaps(rows(flips([0, 5], [Math.PI, 1], [0, 5]), 5)).every((value) => value === 0)).toBe(true);
  });
});
