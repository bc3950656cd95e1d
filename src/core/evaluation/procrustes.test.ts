import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { axisAngleToMatrix } from '../body/rotations';
import { applySimilarity, fitSimilarity } from './procrustes';

const number = fc.double({ min: -2, max: 2, noNaN: true });
const point = fc.tuple(number, number, number);

describe('the best similarity', () => {
  it('finds a known one again', () => {
    fc.assert(
      fc.property(
        fc.array(point, { minLength: 4, maxLength: 12 }),
        point,
        point,
        fc.double({ min: 0.2, max: 5, noNaN: true }),
        (points, turn, move, scale) => {
          const spread = points.map((p) => Math.hypot(...p.map((value, c) => value - points[0]![c]!)));
          fc.pre(spread.filter((distance) => distance > 0.3).length >= 3);
          const rotation = new Float64Array(9);
          axisAngleToMatrix(turn, rotation);
          const known = { scale, rotation, translation: Float64Array.from(move) };
          const target = applySimilarity(known, points.flat());
          const found = applySimilarity(fitSimilarity(points.flat(), target), points.flat());
          found.forEach((value, k) => expect(value).toBeCloseTo(target[k]!, 6));
        },
      ),
    );
  });

  it('turns but never mirrors', () => {
    const source = [0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3];
    const mirrored = source.map((value, k) => (k % 3 === 0 ? -value : value));
    const { rotation } = fitSimilarity(source, mirrored);
    const [a, b, c, d, e, f, g, h, i] = rotation;
    expect(a! * (e! * i! - f! * h!) - b! * (d! * i! - f! * g!) + c! * (d! * h! - e! * g!)).toBeCloseTo(1, 9);
  });

  it('scales as least squares asks: two points half as far apart', () => {
    const { scale, translation } = fitSimilarity([-1, 0, 0, 1, 0, 0], [4.5, 2, 0, 5.5, 2, 0]);
    expect(scale).toBeCloseTo(0.5, 12);
    expect([...translation].map((value) => +value.toFixed(9))).toEqual([5, 2, 0]);
  });

  it('leaves a point without extent unscaled', () => {
    const found = fitSimilarity([1, 1, 1, 1, 1, 1], [2, 3, 4, 2, 3, 4]);
    expect(found.scale).toBe(1);
    expect([...applySimilarity(found, [1, 1, 1])].map((value) => +value.toFixed(9))).toEqual([2, 3, 4]);
  });
});
