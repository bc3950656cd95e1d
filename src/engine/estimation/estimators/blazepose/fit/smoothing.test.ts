import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runningMedian, sigmaOfRows, smoothRows, smoothstep } from './smoothing';

const seconds = Float64Array.from([0, 0.1, 0.2, 0.35, 0.4, 2]);
const sigma = new Float64Array(6).fill(0.1);

describe('the Gaussian over uneven times', () => {
  it('leaves constants alone whatever their weights', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 6, maxLength: 6 }), (weights) => {
        const out = smoothRows(seconds, new Float64Array(6).fill(7), Float64Array.from(weights), 1, 1, sigma);
        out.forEach((value) => expect(value).toBeCloseTo(7, 9));
      }),
    );
  });

  it('weighs neighbours by distance, by hand for two rows', () => {
    const out = smoothRows(Float64Array.from([0, 0.1]), Float64Array.from([0, 1]), undefined, 1, 1, sigma.slice(0, 2));
    expect(out[0]).toBeCloseTo(Math.exp(-0.5) / (1 + Math.exp(-0.5)), 12);
  });

  it('does not reach over a gap', () => {
    const out = smoothRows(seconds, Float64Array.from([1, 1, 1, 1, 1, 99]), undefined, 1, 1, sigma);
    expect(out[4]).toBeCloseTo(1, 12);
    expect(out[5]).toBe(99);
  });

  it('listens to what weighs something', () => {
    const values = Float64Array.from([0, 500, 0]);
    const times = Float64Array.from([0, 0.1, 0.2]);
    const out = smoothRows(times, values, Float64Array.from([1, 0, 1]), 1, 1, sigma.slice(0, 3));
    expect(Math.abs(out[1]!)).toBeLessThan(0.1);
  });

  it('is at least a share of a frame wide', () => {
    expect([...sigmaOfRows(Float64Array.from([0, 0.2, 0.4]), 0.03, 0.5)]).toEqual([0.1, 0.1, 0.1]);
    expect([...sigmaOfRows(Float64Array.from([5]), 0.03, 0.5)]).toEqual([0.03]);
  });
});

it('takes medians over a time, not over rows', () => {
  const out = runningMedian(seconds, Float64Array.from([5, 1, 9, 3, 4, 8]), 0.15);
  expect([...out]).toEqual([3, 5, 3, 4, 3.5, 8]);
});

it('steps smoothly from 0 to 1', () => {
  expect([smoothstep(-1), smoothstep(0.5), smoothstep(2)]).toEqual([0, 0.5, 1]);
});
