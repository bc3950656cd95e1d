import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LANDMARK, LANDMARK_COUNT } from '../observation';
import { smoothRows } from './smoothing';
import { findStanding } from './standing';

const SIZE = 300;
const LEFT = [LANDMARK.leftAnkle, LANDMARK.leftHeel, LANDMARK.leftFootIndex];

/** How surely the left foot stands on each row, when its landmarks are at `xs` px, `rate` rows a second. */
function standing(xs: readonly number[], rate = 30, gapAt?: number): number[] {
  const length = xs.length;
  const seconds = Float64Array.from(xs, (_, row) => row / rate);
  const image = new Float64Array(length * LANDMARK_COUNT * 2);
  xs.forEach((x, row) => {
    for (const landmark of LEFT) image[(row * LANDMARK_COUNT + landmark) * 2] = x;
  });
  const sigma = new Float64Array(length).fill(2 / 60);
  const smoothed = smoothRows(seconds, image, undefined, LANDMARK_COUNT, 2, sigma);
  const linked = Uint8Array.from(xs, (_, row) => (row === 0 || row === gapAt ? 0 : 1));
  const out = new Float64Array(length * 2);
  findStanding({ length, seconds, linked, sizes: new Float64Array(length).fill(SIZE), image, smoothed }, out);
  return Array.from({ length }, (_, row) => out[row * 2]!);
}

/** A foot that swings at `speed` px/s and comes down on row 10. */
const step = (speed: number, rate = 30) => Array.from({ length: 20 }, (_, row) => (Math.min(row, 10) * speed) / rate);

describe('which feet stand', () => {
  it.each([
    [30, 900],
    [60, 900],
    [25, 700],
  ])('a foot stands from the very row on which it comes down (%i rows a second, %i px/s)', (rate, speed) => {
    const stands = standing(step(speed, rate), rate);
    expect(stands[10]).toBeGreaterThan(0.95);
    for (let row = 0; row <= 8; row++) expect(stands[row]).toBeLessThan(0.05);
    for (let row = 11; row < 20; row++) expect(stands[row]).toBeGreaterThan(0.95);
  });

  it('a foot that is only shifted is judged by the speed around the row alone', () => {
    // 0.3 h per second: below the speed of a step.
    const stands = standing(step(0.3 * SIZE));
    expect(stands[10]).toBeLessThan(0.9);
    expect(stands[12]).toBeGreaterThan(0.95);
  });

  it('a foot that swings on or turns about in the air does not stand', () => {
    expect(Math.max(...standing(Array.from({ length: 20 }, (_, row) => row * 25)))).toBe(0);
    const there = Array.from({ length: 21 }, (_, row) => 25 * (10 - Math.abs(row - 10)));
    const stands = standing(there);
    expect(stands[8]).toBe(0);
    expect(stands[12]).toBe(0);
  });

  it('nothing is found over a gap in the track', () => {
    const without = standing(step(900), 30, 11);
    expect(without[10]).toBeLessThan(0.05);
  });

  it('stays between 0 and 1, whatever the landmarks do', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -2000, max: 2000, noNaN: true }), { minLength: 1, maxLength: 30 }),
        (xs) => {
          for (const value of standing(xs)) {
            expect(value).toBeGreaterThanOrEqual(0);
            expect(value).toBeLessThanOrEqual(1);
          }
        },
      ),
    );
  });

  it('a still foot stands on all rows, whatever it did not move from', () => {
    fc.assert(
      fc.property(fc.double({ min: -2000, max: 2000, noNaN: true }), fc.integer({ min: 3, max: 30 }), (x, length) => {
        for (const value of standing(new Array<number>(length).fill(x))) expect(value).toBeCloseTo(1, 6);
      }),
    );
  });
});
