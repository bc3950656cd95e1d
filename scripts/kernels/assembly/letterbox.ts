/**
 * The inner loops of the detector's input (src/engine/detection/detectors/movenet/letterbox.ts), in AssemblyScript:
 * WebAssembly with 128-bit SIMD. `npm run build:kernels` compiles it into
 * src/engine/detection/detectors/movenet/letterboxCode.ts.
 *
 * Pictures are rows of 3 bytes a px (R, G, B). A row is made in two steps: first rows of the picture become one, as numbers
 * of the same order, then its px become those of the three planes. Loops run in whole vectors, up to 16 numbers past the
 * end; the caller leaves room. It goes from row to row: V8 takes its better code for a function only with the next call.
 */

/** Writes four px [R, G, B, anything] into the three planes. */
function storeFour(p0: v128, p1: v128, p2: v128, p3: v128, out: usize, planeBytes: usize): void {
  const redGreen01 = v128.shuffle<f32>(p0, p1, 0, 4, 1, 5);
  const redGreen23 = v128.shuffle<f32>(p2, p3, 0, 4, 1, 5);
  const blue01 = v128.shuffle<f32>(p0, p1, 2, 6, 2, 6);
  const blue23 = v128.shuffle<f32>(p2, p3, 2, 6, 2, 6);
  v128.store(out, v128.shuffle<f32>(redGreen01, redGreen23, 0, 1, 4, 5));
  v128.store(out + planeBytes, v128.shuffle<f32>(redGreen01, redGreen23, 2, 3, 6, 7));
  v128.store(out + 2 * planeBytes, v128.shuffle<f32>(blue01, blue23, 0, 1, 4, 5));
}

/** Four u16 of an upper row, moved towards those of a lower one. */
function blendFour(upper: v128, lower: v128, share: v128): v128 {
  const from = f32x4.convert_i32x4_s(upper);
  return f32x4.add(from, f32x4.mul(f32x4.sub(f32x4.convert_i32x4_s(lower), from), share));
}

/** `count` f32 at `out`: bytes of an upper row, moved towards those of a lower one by `weight`, 0 to 1. */
export function blendRows(upper: usize, lower: usize, weight: f32, count: i32, out: usize): void {
  const share = f32x4.splat(weight);
  for (let k = 0; k < count; k += 8) {
    const above = i16x8.extend_low_i8x16_u(v128.load64_zero(upper));
    const below = i16x8.extend_low_i8x16_u(v128.load64_zero(lower));
    v128.store(out, blendFour(i32x4.extend_low_i16x8_u(above), i32x4.extend_low_i16x8_u(below), share));
    v128.store(out, blendFour(i32x4.extend_high_i16x8_u(above), i32x4.extend_high_i16x8_u(below), share), 16);
    upper += 8;
    lower += 8;
    out += 32;
  }
}

function blendPx(row: usize, tap: usize): v128 {
  const from = v128.load(row + load<u32>(tap));
  const way = f32x4.sub(v128.load(row + load<u32>(tap, 4)), from);
  return f32x4.add(from, f32x4.mul(way, v128.load32_splat(tap, 8)));
}

/**
 * Makes `columns` px (a multiple of 4) of a row of f32. A tap is 12 bytes: where the left and the right px begin, bytes of
 * the row, and the share of the right one.
 */
export function blendColumns(row: usize, taps: usize, columns: i32, out: usize, planeBytes: usize): void {
  for (let column = 0; column < columns; column += 4) {
    const p0 = blendPx(row, taps);
    const p1 = blendPx(row, taps + 12);
    const p2 = blendPx(row, taps + 24);
    const p3 = blendPx(row, taps + 36);
    storeFour(p0, p1, p2, p3, out, planeBytes);
    taps += 48;
    out += 16;
  }
}

/** Adds `count` bytes to as many u16. */
export function addRow(row: usize, count: i32, sums: usize): void {
  for (let k = 0; k < count; k += 16) {
    const bytes = v128.load(row);
    v128.store(sums, i16x8.add(v128.load(sums), i16x8.extend_low_i8x16_u(bytes)));
    v128.store(sums, i16x8.add(v128.load(sums, 16), i16x8.extend_high_i8x16_u(bytes)), 16);
    row += 16;
    sums += 32;
  }
}

/** Mean of the px [from, to) of a row of sums, `stride` bytes apart, each the sum of `rows` px. */
function meanPx(sums: usize, from: u32, to: u32, stride: usize, rows: i32): v128 {
  let at = sums + <usize>from * stride;
  let sum = i32x4.extend_low_i16x8_u(v128.load64_zero(at));
  for (let sample = from + 1; sample < to; sample++) {
    at += stride;
    sum = i32x4.add(sum, i32x4.extend_low_i16x8_u(v128.load64_zero(at)));
  }
  return f32x4.div(f32x4.convert_i32x4_s(sum), f32x4.splat(<f32>((to - from) * rows)));
}

/**
 * Makes `columns` px (a multiple of 4) of a row of sums. `ends` holds a 0 and for each px the number of the first sample
 * behind it, all u32.
 */
export function meanColumns(
  sums: usize,
  ends: usize,
  stride: usize,
  rows: i32,
  columns: i32,
  out: usize,
  planeBytes: usize,
): void {
  for (let column = 0; column < columns; column += 4) {
    const e0 = load<u32>(ends);
    const e1 = load<u32>(ends, 4);
    const e2 = load<u32>(ends, 8);
    const e3 = load<u32>(ends, 12);
    const e4 = load<u32>(ends, 16);
    const p0 = meanPx(sums, e0, e1, stride, rows);
    const p1 = meanPx(sums, e1, e2, stride, rows);
    const p2 = meanPx(sums, e2, e3, stride, rows);
    const p3 = meanPx(sums, e3, e4, stride, rows);
    storeFour(p0, p1, p2, p3, out, planeBytes);
    ends += 16;
    out += 16;
  }
}
