/**
 * The factorisation of the fit's normal equations (src/engine/estimation/estimators/blazepose/fit/bandedCholesky.ts), in
 * AssemblyScript: WebAssembly with 128-bit SIMD. `npm run build:kernels` compiles it into
 * src/engine/estimation/estimators/blazepose/fit/bandedCholeskyCode.ts.
 *
 * The matrix lies as BandedMatrix says: row i of frame t holds the 3 * block numbers of columns of frames t - 2, t - 1 and
 * t, all f64. Tiles of 3 x 3 numbers, so that each loaded number is used three times; two products of a sum side by side.
 * The caller goes from frame to frame: V8 takes its better code for a function only with the next call.
 */

function sumOf(pair: v128): f64 {
  return f64x2.extract_lane(pair, 0) + f64x2.extract_lane(pair, 1);
}

/**
 * One tile off the diagonal: subtract the products of the rows so far, then solve with the diagonal tile of the column's
 * own row. `a` and `b` are where rows start (b already shifted to the columns of a), `length` how many numbers the
 * products run over, which is also where the tile lies; `width` is bytes from row to row.
 */
function solveTile(a: usize, b: usize, length: usize, width: usize): void {
  const a1 = a + width;
  const a2 = a1 + width;
  const b1 = b + width;
  const b2 = b1 + width;
  let p00 = f64x2.splat(0);
  let p01 = f64x2.splat(0);
  let p02 = f64x2.splat(0);
  let p10 = f64x2.splat(0);
  let p11 = f64x2.splat(0);
  let p12 = f64x2.splat(0);
  let p20 = f64x2.splat(0);
  let p21 = f64x2.splat(0);
  let p22 = f64x2.splat(0);
  const pairs = (length >> 1) << 4;
  for (let k: usize = 0; k < pairs; k += 16) {
    const y0 = v128.load(b + k);
    const y1 = v128.load(b1 + k);
    const y2 = v128.load(b2 + k);
    const x0 = v128.load(a + k);
    p00 = f64x2.add(p00, f64x2.mul(x0, y0));
    p01 = f64x2.add(p01, f64x2.mul(x0, y1));
    p02 = f64x2.add(p02, f64x2.mul(x0, y2));
    const x1 = v128.load(a1 + k);
    p10 = f64x2.add(p10, f64x2.mul(x1, y0));
    p11 = f64x2.add(p11, f64x2.mul(x1, y1));
    p12 = f64x2.add(p12, f64x2.mul(x1, y2));
    const x2 = v128.load(a2 + k);
    p20 = f64x2.add(p20, f64x2.mul(x2, y0));
    p21 = f64x2.add(p21, f64x2.mul(x2, y1));
    p22 = f64x2.add(p22, f64x2.mul(x2, y2));
  }
  const at = length << 3;
  let s00 = load<f64>(a + at) - sumOf(p00);
  let s01 = load<f64>(a + at, 8) - sumOf(p01);
  let s02 = load<f64>(a + at, 16) - sumOf(p02);
  let s10 = load<f64>(a1 + at) - sumOf(p10);
  let s11 = load<f64>(a1 + at, 8) - sumOf(p11);
  let s12 = load<f64>(a1 + at, 16) - sumOf(p12);
  let s20 = load<f64>(a2 + at) - sumOf(p20);
  let s21 = load<f64>(a2 + at, 8) - sumOf(p21);
  let s22 = load<f64>(a2 + at, 16) - sumOf(p22);
  if (length & 1) {
    const x0 = load<f64>(a + pairs);
    const x1 = load<f64>(a1 + pairs);
    const x2 = load<f64>(a2 + pairs);
    const y0 = load<f64>(b + pairs);
    const y1 = load<f64>(b1 + pairs);
    const y2 = load<f64>(b2 + pairs);
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
  const inverse0 = 1 / load<f64>(b + at);
  const l10 = load<f64>(b1 + at);
  const inverse1 = 1 / load<f64>(b1 + at, 8);
  const l20 = load<f64>(b2 + at);
  const l21 = load<f64>(b2 + at, 8);
  const inverse2 = 1 / load<f64>(b2 + at, 16);
  s00 *= inverse0;
  s10 *= inverse0;
  s20 *= inverse0;
  s01 = (s01 - s00 * l10) * inverse1;
  s11 = (s11 - s10 * l10) * inverse1;
  s21 = (s21 - s20 * l10) * inverse1;
  store<f64>(a + at, s00);
  store<f64>(a + at, s01, 8);
  store<f64>(a + at, (s02 - s00 * l20 - s01 * l21) * inverse2, 16);
  store<f64>(a1 + at, s10);
  store<f64>(a1 + at, s11, 8);
  store<f64>(a1 + at, (s12 - s10 * l20 - s11 * l21) * inverse2, 16);
  store<f64>(a2 + at, s20);
  store<f64>(a2 + at, s21, 8);
  store<f64>(a2 + at, (s22 - s20 * l20 - s21 * l21) * inverse2, 16);
}

/** The tile on the diagonal of the row that starts at `a`, at column `length`. False when not positive. */
function factoriseTile(a: usize, length: usize, width: usize): bool {
  for (let i: usize = 0; i < 3; i++) {
    const row = a + i * width;
    for (let j: usize = 0; j <= i; j++) {
      const other = a + j * width;
      const sum = load<f64>(row + ((length + j) << 3)) - product(row, other, length + j);
      if (i !== j) {
        store<f64>(row + ((length + j) << 3), sum / load<f64>(other + ((length + j) << 3)));
        continue;
      }
      if (!(sum > 0)) return false;
      store<f64>(row + ((length + j) << 3), Math.sqrt(sum));
    }
  }
  return true;
}

/** The sum of the products of `length` numbers at `a` and at `b`. */
function product(a: usize, b: usize, length: usize): f64 {
  const pairs = (length >> 1) << 4;
  let even = f64x2.splat(0);
  let odd = f64x2.splat(0);
  let k: usize = 0;
  for (; k + 16 < pairs; k += 32) {
    even = f64x2.add(even, f64x2.mul(v128.load(a + k), v128.load(b + k)));
    odd = f64x2.add(odd, f64x2.mul(v128.load(a + k, 16), v128.load(b + k, 16)));
  }
  if (k < pairs) even = f64x2.add(even, f64x2.mul(v128.load(a + k), v128.load(b + k)));
  let sum = sumOf(f64x2.add(even, odd));
  if (length & 1) sum += load<f64>(a + pairs) * load<f64>(b + pairs);
  return sum;
}

/**
 * Writes the rows of frame `frame` of the Cholesky factor over those of the matrix at `values`; the frames before are
 * done. 0 when the matrix is not positive definite, 1 otherwise.
 */
export function factoriseFrame(values: usize, frame: i32, block: i32): i32 {
  const size = <usize>block;
  const width = size * 24;
  const first = <i32>max(0, frame - 2);
  for (let i: usize = 0; i < size; i += 3) {
    const row = values + (<usize>frame * size + i) * width;
    for (let other = first; other <= frame; other++) {
      const shift = <usize>(frame - other);
      const columns = other === frame ? i : size;
      for (let j: usize = 0; j < columns; j += 3) {
        const column = values + (<usize>other * size + j) * width + ((shift * size) << 3);
        solveTile(row, column, (2 - shift) * size + j, width);
      }
    }
    if (!factoriseTile(row, 2 * size + i, width)) return 0;
  }
  return 1;
}

/** Solves L x = b for the unknowns of one frame, in place at `vector`; the frames before are solved. */
export function solveDown(values: usize, vector: usize, frame: i32, block: i32): void {
  const size = <usize>block;
  const width = size * 24;
  // Columns of frames before the first hold nothing and are left out.
  const skipped = <usize>max(0, 2 - frame) * size;
  const x = vector + ((<usize>max(0, frame - 2) * size) << 3);
  for (let i: usize = 0; i < size; i++) {
    const row = values + (<usize>frame * size + i) * width;
    const out = vector + ((<usize>frame * size + i) << 3);
    const length = size + size + i - skipped;
    const sum = load<f64>(out) - product(row + (skipped << 3), x, length);
    store<f64>(out, sum / load<f64>(row + ((2 * size + i) << 3)));
  }
}

/** Solves Lᵀ x = b for the unknowns of one frame, in place at `vector`; the frames after are solved. */
export function solveUp(values: usize, vector: usize, frame: i32, block: i32): void {
  const size = <usize>block;
  const width = size * 24;
  const skipped = <usize>max(0, 2 - frame) * size;
  const x = vector + ((<usize>max(0, frame - 2) * size) << 3);
  for (let left = size; left > 0; left--) {
    const i = left - 1;
    const row = values + (<usize>frame * size + i) * width;
    const out = vector + ((<usize>frame * size + i) << 3);
    const length = size + size + i - skipped;
    const solved = load<f64>(out) / load<f64>(row + ((2 * size + i) << 3));
    store<f64>(out, solved);
    const from = row + (skipped << 3);
    const both = f64x2.splat(solved);
    const pairs = (length >> 1) << 4;
    for (let k: usize = 0; k < pairs; k += 16) {
      v128.store(x + k, f64x2.sub(v128.load(x + k), f64x2.mul(v128.load(from + k), both)));
    }
    if (length & 1) store<f64>(x + pairs, load<f64>(x + pairs) - load<f64>(from + pairs) * solved);
  }
}
