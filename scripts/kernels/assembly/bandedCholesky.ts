/**
 * The factorisation of the fit's normal equations (src/engine/estimation/estimators/blazepose/fit/bandedCholesky.ts), in
 * AssemblyScript: WebAssembly with 128-bit SIMD. `npm run build:kernels` compiles it into
 * src/engine/estimation/estimators/blazepose/fit/bandedCholeskyCode.ts.
 *
 * Matrix and factor lie as BandedMatrix says: row i of frame t holds the numbers of columns of frames t - 2, t - 1 and t,
 * all f64. The factor's diagonal holds inverses, so that nothing is divided but once a row. Tiles of 3 rows by 2 columns,
 * two products of a sum side by side: V8 loads all that a turn of the inner loop needs before it multiplies, and with tiles of 3 x 3
 * kept a sum in memory for want of registers, which took twice the time.
 * The caller goes from frame to frame: V8 takes its better code for a function only with the next call.
 */

/** Unknowns of a frame (UNKNOWNS of parameters.ts): a constant, so that addresses of rows side by side are too. */
const BLOCK: usize = 54;
/** Bytes from row to row. */
const WIDTH: usize = 3 * BLOCK * 8;
/** Rows that are solved against a column while it is in the nearest cache, a multiple of both sides of a tile; divides BLOCK. */
const TOGETHER: usize = 6;

function sumOf(pair: v128): f64 {
  return f64x2.extract_lane(pair, 0) + f64x2.extract_lane(pair, 1);
}

/**
 * Subtracts the products of the rows so far from one tile. `a` and `b` are where rows start (b already shifted to the
 * columns of a), `length` (even) how many numbers the products run over; the tile lies at `at`.
 */
function subtractTile(a: usize, b: usize, length: usize, at: usize): void {
  let p00 = f64x2.splat(0);
  let p01 = f64x2.splat(0);
  let p10 = f64x2.splat(0);
  let p11 = f64x2.splat(0);
  let p20 = f64x2.splat(0);
  let p21 = f64x2.splat(0);
  const end = a + (length << 3);
  let y = b;
  for (let x = a; x < end; x += 16, y += 16) {
    const y0 = v128.load(y);
    const y1 = v128.load(y, WIDTH);
    const x0 = v128.load(x);
    p00 = f64x2.add(p00, f64x2.mul(x0, y0));
    p01 = f64x2.add(p01, f64x2.mul(x0, y1));
    const x1 = v128.load(x, WIDTH);
    p10 = f64x2.add(p10, f64x2.mul(x1, y0));
    p11 = f64x2.add(p11, f64x2.mul(x1, y1));
    const x2 = v128.load(x, 2 * WIDTH);
    p20 = f64x2.add(p20, f64x2.mul(x2, y0));
    p21 = f64x2.add(p21, f64x2.mul(x2, y1));
  }
  subtractSums(at, p00, p01);
  subtractSums(at + WIDTH, p10, p11);
  subtractSums(at + 2 * WIDTH, p20, p21);
}

/** Subtracts the two lanes' sums of `first` and of `second` from the two numbers at `at`. */
function subtractSums(at: usize, first: v128, second: v128): void {
  const lows = v128.shuffle<f64>(first, second, 0, 2);
  const highs = v128.shuffle<f64>(first, second, 1, 3);
  v128.store(at, f64x2.sub(v128.load(at), f64x2.add(lows, highs)));
}

/** One tile off the diagonal: as {@link subtractTile}, then solved with the two rows of its columns, at `length`. */
function solveTile(a: usize, b: usize, length: usize): void {
  const at = a + (length << 3);
  subtractTile(a, b, length, at);
  const diagonal = b + (length << 3);
  const inverse0 = load<f64>(diagonal);
  const l10 = load<f64>(diagonal, WIDTH);
  const inverse1 = load<f64>(diagonal, WIDTH + 8);
  for (let row = at; row < at + 3 * WIDTH; row += WIDTH) {
    const first = load<f64>(row) * inverse0;
    store<f64>(row, first);
    store<f64>(row, (load<f64>(row, 8) - first * l10) * inverse1, 8);
  }
}

/** The square of TOGETHER rows on the diagonal of the rows that start at `a`, at column `length`. False when not positive. */
function factoriseSquare(a: usize, length: usize): bool {
  for (let i: usize = 0; i < TOGETHER; i += 3) {
    const row = a + i * WIDTH;
    // The tile in the middle reaches over the diagonal, where nobody reads.
    for (let j: usize = 0; j < i + 3; j += 2) subtractTile(row, a + j * WIDTH, length, row + ((length + j) << 3));
  }
  for (let i: usize = 0; i < TOGETHER; i++) {
    const row = a + i * WIDTH + (length << 3);
    for (let j: usize = 0; j <= i; j++) {
      const other = a + j * WIDTH + (length << 3);
      let sum = load<f64>(row + (j << 3));
      for (let k: usize = 0; k < j << 3; k += 8) sum -= load<f64>(row + k) * load<f64>(other + k);
      if (i !== j) {
        store<f64>(row + (j << 3), sum * load<f64>(other + (j << 3)));
        continue;
      }
      if (!(sum > 0)) return false;
      store<f64>(row + (j << 3), 1 / Math.sqrt(sum));
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
 * Writes the rows of frame `frame` of the Cholesky factor of the matrix at `values`, its diagonal multiplied by `scale`, to
 * `factor`; the frames before are done. 0 when the matrix is not positive definite, 1 otherwise.
 */
export function factoriseFrame(values: usize, factor: usize, frame: i32, scale: f64): i32 {
  const start = factor + <usize>frame * BLOCK * WIDTH;
  memory.copy(start, values + <usize>frame * BLOCK * WIDTH, BLOCK * WIDTH);
  for (let i: usize = 0; i < BLOCK; i++) {
    const at = start + i * WIDTH + ((2 * BLOCK + i) << 3);
    store<f64>(at, load<f64>(at) * scale);
  }
  for (let i: usize = 0; i < BLOCK; i += TOGETHER) {
    const rows = start + i * WIDTH;
    const lastRow = rows + TOGETHER * WIDTH;
    for (let shift = <usize>min(2, frame); shift > 0; shift--) {
      const columns = start - shift * BLOCK * WIDTH + ((shift * BLOCK) << 3);
      for (let j: usize = 0; j < BLOCK; j += 2) {
        const length: usize = (2 - shift) * BLOCK + j;
        for (let row = rows; row < lastRow; row += 3 * WIDTH) solveTile(row, columns + j * WIDTH, length);
      }
    }
    for (let j: usize = 0; j < i; j += 2) {
      for (let row = rows; row < lastRow; row += 3 * WIDTH) solveTile(row, start + j * WIDTH, 2 * BLOCK + j);
    }
    if (!factoriseSquare(rows, 2 * BLOCK + i)) return 0;
  }
  return 1;
}

/** Solves L x = b for the unknowns of one frame, in place at `vector`; the frames before are solved. */
export function solveDown(factor: usize, vector: usize, frame: i32): void {
  // Columns of frames before the first hold nothing and are left out.
  const skipped = <usize>max(0, 2 - frame) * BLOCK;
  const x = vector + ((<usize>max(0, frame - 2) * BLOCK) << 3);
  for (let i: usize = 0; i < BLOCK; i++) {
    const row = factor + (<usize>frame * BLOCK + i) * WIDTH;
    const out = vector + ((<usize>frame * BLOCK + i) << 3);
    const sum = load<f64>(out) - product(row + (skipped << 3), x, 2 * BLOCK + i - skipped);
    store<f64>(out, sum * load<f64>(row + ((2 * BLOCK + i) << 3)));
  }
}

/** Solves Lᵀ x = b for the unknowns of one frame, in place at `vector`; the frames after are solved. */
export function solveUp(factor: usize, vector: usize, frame: i32): void {
  const skipped = <usize>max(0, 2 - frame) * BLOCK;
  const x = vector + ((<usize>max(0, frame - 2) * BLOCK) << 3);
  for (let left = BLOCK; left > 0; left--) {
    const i = left - 1;
    const row = factor + (<usize>frame * BLOCK + i) * WIDTH;
    const out = vector + ((<usize>frame * BLOCK + i) << 3);
    const length: usize = 2 * BLOCK + i - skipped;
    const solved = load<f64>(out) * load<f64>(row + ((2 * BLOCK + i) << 3));
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
