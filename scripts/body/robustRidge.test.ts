import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitRobustRidge } from './robustRidge';

const ROWS = 40;
const TRUTH = [1, -2, 0.5, 3, 0, -1];

/** Rows of two inputs that follow TRUTH, but for the last of which `wrong` is added to every output. */
function problem(inputs: readonly number[], wrong: number, scale: number) {
  const outputs = Float64Array.from({ length: ROWS * 3 }, (_, k) => {
    const [row, c] = [Math.floor(k / 3), k % 3];
    const clean = inputs[row * 2]! * TRUTH[c]! + inputs[row * 2 + 1]! * TRUTH[3 + c]!;
    return clean + (row === ROWS - 1 ? wrong : 0);
  });
  return {
    ...{ inputs: Float64Array.from(inputs), width: 2, outputs, ridge: 1e-9 },
    weights: new Float64Array(ROWS).fill(1),
    scales: new Float64Array(ROWS).fill(scale),
  };
}

const inputs = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: ROWS * 2, maxLength: ROWS * 2 });
/** Inputs that say something in both columns. */
const telling = inputs.filter(
  (list) => list.reduce((sum, value, k) => sum + (k % 2 === 0 ? value * value : 0), 0) > 4 && spread(list) > 4,
);

function spread(list: readonly number[]): number {
  const sums = [0, 0, 0];
  for (let row = 0; row < list.length; row += 2) {
    sums[0]! += list[row]! ** 2;
    sums[1]! += list[row + 1]! ** 2;
    sums[2]! += list[row]! * list[row + 1]!;
  }
  return (sums[0]! * sums[1]! - sums[2]! ** 2) / Math.max(sums[0]!, 1);
}

const errorOf = (found: Float64Array): number => Math.max(...TRUTH.map((value, k) => Math.abs(value - found[k]!)));

describe('a robust ridge regression', () => {
  it('finds the coefficients of clean rows', () => {
    fc.assert(
      fc.property(telling, fc.constantFrom(0.1, Infinity), (list, scale) => {
        expect(errorOf(fitRobustRidge(problem(list, 0, scale)))).toBeLessThan(1e-6);
      }),
    );
  });

  it('is led away less by a row that is far off when it may hold errors lightly', () => {
    const list = Array.from({ length: ROWS * 2 }, (_, k) => Math.sin(k * 1.7));
    const [firm, light] = [Infinity, 0.1].map((scale) => errorOf(fitRobustRidge(problem(list, 20, scale))));
    expect(light! / firm!).toBeLessThan(0.05);
  });

  it('counts a row of weight 2 as that row twice', () => {
    const list = Array.from({ length: ROWS * 2 }, (_, k) => Math.sin(k * 1.7));
    const once = problem(list, 5, Infinity);
    const weighted = { ...once, weights: once.weights.map((_, row) => (row === 3 ? 2 : 1)) };
    const twice = {
      ...once,
      inputs: Float64Array.of(...once.inputs, ...once.inputs.subarray(6, 8)),
      outputs: Float64Array.of(...once.outputs, ...once.outputs.subarray(9, 12)),
      weights: new Float64Array(ROWS + 1).fill(1),
      scales: new Float64Array(ROWS + 1).fill(Infinity),
    };
    const [a, b] = [fitRobustRidge(weighted), fitRobustRidge(twice)];
    a.forEach((value, k) => expect(value).toBeCloseTo(b[k]!, 9));
  });
});
