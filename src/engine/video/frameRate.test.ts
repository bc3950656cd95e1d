import { expect, it } from 'vitest';
import { averageRateOf, durationOf, rateOf } from './frameRate';

const milliseconds = { numerator: 1, denominator: 1000 };

it('finds the usual rate behind millisecond times', () => {
  const ntsc = Array.from({ length: 300 }, (_, index) => Math.round((index * 1001) / 30));
  expect(averageRateOf({ timeBase: milliseconds, pts: ntsc })).toEqual({ numerator: 30_000, denominator: 1001 });
  const film = Array.from({ length: 300 }, (_, index) => Math.round((index * 1000) / 24));
  expect(averageRateOf({ timeBase: milliseconds, pts: film })).toEqual({ numerator: 24, denominator: 1 });
});

it('gives the exact mean otherwise', () => {
  expect(averageRateOf({ timeBase: milliseconds, pts: [0, 100, 150, 300] })).toEqual({ numerator: 10, denominator: 1 });
  expect(averageRateOf({ timeBase: milliseconds, pts: [0, 70, 350] })).toEqual({ numerator: 40, denominator: 7 });
  expect(averageRateOf({ timeBase: milliseconds, pts: [17] })).toEqual({ numerator: 30, denominator: 1 });
});

it('lets the last frame last as long as the median one', () => {
  const rate = { numerator: 30, denominator: 1 };
  expect(durationOf({ timeBase: milliseconds, pts: [500, 600, 700, 1000] }, rate)).toBeCloseTo(0.6, 9);
  expect(durationOf({ timeBase: milliseconds, pts: [500] }, rate)).toBeCloseTo(1 / 30, 9);
});

it('turns a number into a fraction', () => {
  expect(rateOf(29.97)).toEqual({ numerator: 30_000, denominator: 1001 });
  expect(rateOf(12.5)).toEqual({ numerator: 25, denominator: 2 });
  expect(rateOf(7.25)).toEqual({ numerator: 29, denominator: 4 });
});
