import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Equations, openEquations, solveEquations } from './equations';
import { UNKNOWNS } from './parameters';

/** Small repeatable random numbers in (-1, 1). */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

/** A random positive definite matrix with the band's shape, dense. */
function randomDense(frames: number, next: () => number): Float64Array[] {
  const size = frames * UNKNOWNS;
  const dense = Array.from({ length: size }, () => new Float64Array(size));
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      if (Math.floor(row / UNKNOWNS) - Math.floor(column / UNKNOWNS) > 2) continue;
      const value = row === column ? 3 * UNKNOWNS + 1 + next() : next();
      dense[row]![column] = value;
      dense[column]![row] = value;
    }
  }
  return dense;
}

function toEquations(dense: readonly Float64Array[], gradient: ArrayLike<number>): Equations {
  const equations = openEquations(dense.length / UNKNOWNS);
  equations.values.fill(0);
  equations.gradient.set(gradient);
  dense.forEach((numbers, row) => {
    const first = (Math.floor(row / UNKNOWNS) - 2) * UNKNOWNS;
    for (let column = Math.max(0, first); column <= row; column++) {
      equations.values[row * 3 * UNKNOWNS + column - first] = numbers[column]!;
    }
  });
  return equations;
}

/** Gaussian elimination, the plain way. */
function solveDense(dense: readonly Float64Array[], right: ArrayLike<number>): number[] {
  const rows = dense.map((numbers, row) => Float64Array.of(...numbers, right[row]!));
  const size = rows.length;
  for (let k = 0; k < size; k++) {
    for (let row = k + 1; row < size; row++) {
      const factor = rows[row]![k]! / rows[k]![k]!;
      for (let column = k; column <= size; column++) rows[row]![column]! -= factor * rows[k]![column]!;
    }
  }
  const solved = new Array<number>(size).fill(0);
  for (let k = size - 1; k >= 0; k--) {
    let sum = rows[k]![size]!;
    for (let column = k + 1; column < size; column++) sum -= rows[k]![column]! * solved[column]!;
    solved[k] = sum / rows[k]![k]!;
  }
  return solved;
}

describe('the equations of a window', () => {
  it('are solved as a dense solver does, for every number of frames and with damping', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.integer(), (frames, seed) => {
        const next = randomNumbers(seed);
        const dense = randomDense(frames, next);
        const gradient = dense.map(() => next());
        const equations = toEquations(dense, gradient);
        for (const damping of [0, 0.5]) {
          const step = new Float64Array(gradient.length);
          expect(solveEquations(equations, damping, step)).toBe(true);
          const damped = dense.map((numbers, row) => numbers.map((v, c) => (c === row ? v * (1 + damping) : v)));
          const expected = solveDense(damped, gradient);
          const worst = step.reduce((most, value, k) => Math.max(most, Math.abs(value + expected[k]!)), 0);
          expect(worst).toBeLessThan(1e-12);
        }
      }),
      { numRuns: 12 },
    );
  });

  it('say when their matrix is not positive definite', () => {
    for (const bad of [0, 4, 57, 107]) {
      const dense = randomDense(2, () => 0);
      dense[bad]![bad] = -1;
      const equations = toEquations(dense, new Float64Array(2 * UNKNOWNS).fill(1));
      const step = new Float64Array(2 * UNKNOWNS).fill(7);
      expect(solveEquations(equations, 0, step)).toBe(false);
      expect(step.every((value) => value === 7)).toBe(true);
    }
  });

  it('are not taken for those that were opened since', () => {
    const dense = randomDense(1, randomNumbers(3));
    const first = toEquations(dense, new Float64Array(UNKNOWNS));
    openEquations(2);
    expect(() => solveEquations(first, 0, new Float64Array(UNKNOWNS))).toThrow('opened since');
  });
});
