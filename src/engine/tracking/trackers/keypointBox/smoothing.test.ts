import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { smooth } from './smoothing';

describe('smooth', () => {
  it('leaves steady motion as it is, at the ends and over uneven times too', () => {
    const gap = fc.double({ min: 0.01, max: 0.4, noNaN: true });
    const weight = fc.double({ min: 0.001, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(gap, weight), { minLength: 1, maxLength: 30 }), (steps) => {
        let time = 0;
        const times = Float64Array.from(steps, ([step]) => (time += step));
        const values = times.map((at) => 30 - 400 * at);
        const weights = Float64Array.from(steps, ([, share]) => share);
        const smoothed = smooth({ times, values, weights, channels: 1 });
        smoothed.forEach((value, index) => expect(value).toBeCloseTo(values[index]!, 4));
      }),
    );
  });

  it('believes heavy neighbours more than a light outlier', () => {
    const times = Float64Array.of(0, 0.05, 0.1);
    const values = Float64Array.of(10, 5, 90, 5, 10, 5);
    const middle = (weight: number) =>
      smooth({ times, values, weights: Float64Array.of(1, weight, 1), channels: 2 }).slice(2, 4);
    expect(middle(0.001)[0]).toBeCloseTo(10, 0);
    expect(middle(1)[0]).toBeGreaterThan(30);
    expect(middle(1)[1]).toBeCloseTo(5, 9);
  });
});
