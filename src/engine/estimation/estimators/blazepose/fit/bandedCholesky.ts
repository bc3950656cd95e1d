/**
 * A symmetric positive definite matrix of `frames` x `frames` blocks in which a frame is coupled with the two before
 * and after it. Only the lower part is kept: row i of frame t holds the `3 * block` numbers of columns of frames
 * t - 2, t - 1 and t, so every dot product of the factorisation runs over contiguous numbers.
 */
export interface BandedMatrix {
  frames: number;
  /** Unknowns per frame, a multiple of 3. */
  block: number;
  /** frames x block x (3 * block). */
  values: Float64Array;
}

/** Room for a banded matrix; `block` must be a multiple of 3. */
export function createBandedMatrix(frames: number, block: number): BandedMatrix {
  return { frames, block, values: new Float64Array(frames * block * 3 * block) };
}

/**
 * Writes the Cholesky factor of `matrix`, its diagonal multiplied by 1 + damping, into `factor` (same sizes). Works in
 * tiles of 3 x 3 numbers so that each loaded number is used three times. Returns false when the matrix is not positive
 * definite; `factor` is then of no use.
 */
export function factorise(matrix: BandedMatrix, damping: number, factor: BandedMatrix): boolean {
  const { frames, block } = matrix;
  const width = 3 * block;
  factor.values.set(matrix.values.subarray(0, frames * block * width));
  const values = factor.values;
  const scale = 1 + damping;
  for (let row = 0; row < frames * block; row++) values[row * width + 2 * block + (row % block)]! *= scale;
  for (let frame = 0; frame < frames; frame++) {
    for (let i = 0; i < block; i += 3) {
      const rowStart = (frame * block + i) * width;
      for (let other = Math.max(0, frame - 2); other <= frame; other++) {
        const shift = frame - other;
        const columns = other === frame ? i : block;
        for (let j = 0; j < columns; j += 3) {
          const columnStart = (other * block + j) * width + shift * block;
          solveTile(values, rowStart, columnStart, (2 - shift) * block + j, width);
        }
      }
      if (!factoriseTile(values, rowStart, 2 * block + i, width)) return false;
    }
  }
  return true;
}

/**
 * One 3 x 3 tile off the diagonal: subtract the dot products of the rows so far, then solve with the diagonal tile of
 * the column's own row. `a` and `b` are where rows start (b already shifted to the columns of a), `length` how far the
 * dot products run, which is also where the tile lies.
 */
function solveTile(values: Float64Array, a: number, b: number, length: number, width: number): void {
  const a1 = a + width;
  const a2 = a1 + width;
  const b1 = b + width;
  const b2 = b1 + width;
  let s00 = values[a + length]!;
  let s01 = values[a + length + 1]!;
  let s02 = values[a + length + 2]!;
  let s10 = values[a1 + length]!;
  let s11 = values[a1 + length + 1]!;
  let s12 = values[a1 + length + 2]!;
  let s20 = values[a2 + length]!;
  let s21 = values[a2 + length + 1]!;
  let s22 = values[a2 + length + 2]!;
  for (let k = 0; k < length; k++) {
    const x0 = values[a + k]!;
    const x1 = values[a1 + k]!;
    const x2 = values[a2 + k]!;
    const y0 = values[b + k]!;
    const y1 = values[b1 + k]!;
    const y2 = values[b2 + k]!;
    s00 -= x0 * y0;
    s01 -= x0 * y1;
    s02 -= x0 * y2;
    s10 -= x1 * y0;
    s11 -= x1 * y1;
    s12 -= x1 * y2;
    s20 -= x2 * y0;
    s21 -= x2 * y1;
    s22 -= x2 * y2;
  }
  const inverse0 = 1 / values[b + length]!;
  const l10 = values[b1 + length]!;
  const inverse1 = 1 / values[b1 + length + 1]!;
  const l20 = values[b2 + length]!;
  const l21 = values[b2 + length + 1]!;
  const inverse2 = 1 / values[b2 + length + 2]!;
  s00 *= inverse0;
  s10 *= inverse0;
  s20 *= inverse0;
  s01 = (s01 - s00 * l10) * inverse1;
  s11 = (s11 - s10 * l10) * inverse1;
  s21 = (s21 - s20 * l10) * inverse1;
  values[a + length] = s00;
  values[a + length + 1] = s01;
  values[a + length + 2] = (s02 - s00 * l20 - s01 * l21) * inverse2;
  values[a1 + length] = s10;
  values[a1 + length + 1] = s11;
  values[a1 + length + 2] = (s12 - s10 * l20 - s11 * l21) * inverse2;
  values[a2 + length] = s20;
  values[a2 + length + 1] = s21;
  values[a2 + length + 2] = (s22 - s20 * l20 - s21 * l21) * inverse2;
}

/** The 3 x 3 tile on the diagonal of the row that starts at `a`, at column `length`. False when not positive. */
function factoriseTile(values: Float64Array, a: number, length: number, width: number): boolean {
  for (let i = 0; i < 3; i++) {
    const row = a + i * width;
    for (let j = 0; j <= i; j++) {
      const other = a + j * width;
      let sum = values[row + length + j]!;
      for (let k = 0; k < length + j; k++) sum -= values[row + k]! * values[other + k]!;
      if (i !== j) {
        values[row + length + j] = sum / values[other + length + j]!;
        continue;
      }
      if (!(sum > 0)) return false;
      values[row + length + j] = Math.sqrt(sum);
    }
  }
  return true;
}

/** Solves L Lᵀ x = b in place of b (frames * block numbers) with the factor of {@link factorise}. */
export function solveFactorised(factor: BandedMatrix, vector: Float64Array): void {
  const { frames, block, values } = factor;
  const width = 3 * block;
  const rows = frames * block;
  for (let row = 0; row < rows; row++) {
    const first = (Math.floor(row / block) - 2) * block;
    const start = row * width - first;
    let sum = vector[row]!;
    for (let column = Math.max(0, first); column < row; column++) sum -= values[start + column]! * vector[column]!;
    vector[row] = sum / values[start + row]!;
  }
  for (let row = rows - 1; row >= 0; row--) {
    const first = (Math.floor(row / block) - 2) * block;
    const start = row * width - first;
    const solved = vector[row]! / values[start + row]!;
    vector[row] = solved;
    for (let column = Math.max(0, first); column < row; column++) vector[column]! -= values[start + column]! * solved;
  }
}
