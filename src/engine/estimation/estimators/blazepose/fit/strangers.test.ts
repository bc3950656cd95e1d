import { describe, expect, it } from 'vitest';
import { LANDMARK_COUNT } from '../observation';
import { trustByScale } from './strangers';

/** Rows of somebody at given distances: the same landmarks in the world, px by 1000 / distance. */
function rowsAt(distances: readonly number[], flagged: readonly number[] = []) {
  const rows = {
    length: distances.length,
    seconds: Float64Array.from(distances, (_, row) => row / 30),
    image: new Float64Array(distances.length * LANDMARK_COUNT * 2),
    world: new Float64Array(distances.length * LANDMARK_COUNT * 3),
    flagged: Uint8Array.from(distances, (_, row) => (flagged.includes(row) ? 1 : 0)),
  };
  distances.forEach((distance, row) => {
    for (let k = 0; k < LANDMARK_COUNT; k++) {
      const [x, y] = [Math.sin(k * 2.1), Math.cos(k * 1.3)];
      rows.world.set([x, y, 0], (row * LANDMARK_COUNT + k) * 3);
      rows.image.set([(1000 / distance) * x, (1000 / distance) * y], (row * LANDMARK_COUNT + k) * 2);
    }
  });
  return rows;
}

const run = (distance: number, count: number): number[] => new Array<number>(count).fill(distance);

describe('trust by scale', () => {
  it('is full for somebody who stays or walks up evenly', () => {
    expect(trustByScale(rowsAt(run(5, 40))).every((share) => share === 1)).toBe(true);
    const walking = Array.from({ length: 60 }, (_, row) => 6 - row * 0.04);
    expect(Math.min(...trustByScale(rowsAt(walking)))).toBeGreaterThan(0.9);
  });

  it('is nearly gone where somebody much nearer is seen for a moment', () => {
    const trust = trustByScale(rowsAt([...run(6, 30), ...run(4, 10), ...run(6, 30)]));
    expect(Math.max(...trust.slice(30, 40))).toBeCloseTo(0.03, 9);
    expect(Math.min(...trust.slice(0, 30), ...trust.slice(40))).toBe(1);
  });

  it('does not let doubtful rows judge the others', () => {
    const distances = [...run(6, 12), ...run(4, 40), ...run(6, 12)];
    const flagged = Array.from({ length: 40 }, (_, k) => 12 + k);
    expect(trustByScale(rowsAt(distances, flagged))[30]).toBeCloseTo(0.03, 9);
    expect(trustByScale(rowsAt(run(4, 5), [0, 1, 2, 3, 4])).every((share) => share === 1)).toBe(true);
  });
});
