import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBandedMatrix, solveBanded } from './bandedCholesky';

/** Small repeatable random numbers in (-1, 1). */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

/** A random positive definite matrix with the band's shape, dense. */
function randomDense(frames: number, block: number, next: () => number): number[][] {
  const size = frames * block;
  const dense = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      if (Math.floor(row / block) - Math.floor(column / block) > 2) continue;
      const value = row === column ? 3 * block + 1 + next() : next();
      dense[row]![column] = value;
      dense[column]![row] = value;
    }
  }
  return dense;
}

function toBanded(dense: number[][], frames: number, block: number) {
  const matrix = createBandedMatrix(frames, block);
  dense.forEach((numbers, row) => {
    const first = (Math.floor(row / block) - 2) * block;
    for (let column = Math.max(0, first); column <= row; column++) {
      matrix.values[row * 3 * block + column - first] = numbers[column]!;
    }
  });
  return matrix;
}

/** Gaussian elimination, the plain way. */
function solveDense(dense: number[][], right: number[]): number[] {
  const rows = dense.map((numbers, row) => [...numbers, right[row]!]);
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

describe('banded Cholesky', () => {
  it('solves as a dense solver does, for every number of frames and with damping', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 7 }), fc.constantFrom(3, 6, 9), fc.integer(), (frames, block, seed) => {
        const next = randomNumbers(seed);
        const dense = randomDense(frames, block, next);
        const right = dense.map(() => next());
        const matrix = toBanded(dense, frames, block);
        for (const damping of [0, 0.5]) {
          const solved = Float64Array.from(right);
          expect(solveBanded(matrix, damping, solved)).toBe(true);
          const damped = dense.map((numbers, row) => numbers.map((v, c) => (c === row ? v * (1 + damping) : v)));
          const expected = solveDense(damped, right);
          solved.forEach((value, k) => expect(value).toBeCloseTo(expected[k]!, 11));
        }
      }),
      { numRuns: 40 },
    );
  });

  it('solves at the block size of the fit to a residual at rounding level', () => {
    const [frames, block] = [5, 54];
    const next = randomNumbers(7);
    const dense = randomDense(frames, block, next);
    const right = dense.map(() => next());
    const solved = Float64Array.from(right);
    expect(solveBanded(toBanded(dense, frames, block), 0, solved)).toBe(true);
    dense.forEach((numbers, row) => {
      const product = numbers.reduce((sum, value, column) => sum + value * solved[column]!, 0);
      expect(Math.abs(product - right[row]!)).toBeLessThan(1e-12);
    });
  });

  it('says when a matrix is not positive definite', () => {
    const matrix = createBandedMatrix(2, 3);
    for (let row = 0; row < 6; row++) matrix.values[row * 9 + 6 + (row % 3)] = row === 4 ? -1 : 1;
    const vector = Float64Array.of(1, 2, 3, 4, 5, 6);
    expect(solveBanded(matrix, 0, vector)).toBe(false);
    expect([...vector]).toEqual([1, 2, 3, 4, 5, 6]);
  });
});
