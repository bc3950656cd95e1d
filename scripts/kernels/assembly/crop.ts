/**
 * The inner loop of crops (src/engine/estimation/estimators/blazepose/crop.ts), in AssemblyScript: WebAssembly with 128-bit
 * SIMD. `npm run build:kernels` compiles it into src/engine/estimation/estimators/blazepose/cropCode.ts.
 *
 * A picture is rows of 3 bytes a px (R, G, B), a crop three planes of 256 x 256 f32. Four samples lie side by side in the
 * lanes of a vector. Where they are is reckoned in f64, their weights and sums in f32.
 * The caller goes from row to row: V8 takes its better code for a function only with the next call.
 */

const COLUMNS: i32 = 256;
const PLANE_BYTES: usize = 256 * 256 * 4;

/** Added to a whole number below 2³², it leaves that number in the low half of the f64. */
const WHOLE: f64 = 4503599627370496;

/** Coordinates of a first and a second sample. */
function pair(first: f64, second: f64): v128 {
  return f64x2.replace_lane(f64x2.splat(first), 1, second);
}

/** What lies between two numbers each, as four f32: [a0, a1, b0, b1]. */
function fractions(a: v128, b: v128): v128 {
  return v128.shuffle<f32>(f32x4.demote_f64x2_zero(a), f32x4.demote_f64x2_zero(b), 0, 1, 4, 5);
}

/** The byte of each of four u32 that lies `shift` bits up, as f32. */
function channel(px: v128, shift: i32): v128 {
  return f32x4.convert_i32x4_s(v128.and(i32x4.shr_u(px, shift), i32x4.splat(255)));
}

/** Two times 8 bytes. */
function load(first: usize, second: usize): v128 {
  return v128.load64_lane(second, v128.load64_zero(first), 1);
}

/**
 * One row of a crop, 256 samples from (x, y) on, `stepX` and `stepY` apart; coordinates are px, whole numbers where px have
 * their centres, and are clamped to the picture. Reads up to 8 bytes and a row behind the picture, and gives them no weight.
 * @param out the row in the first plane
 */
export function sampleRow(
  picture: usize,
  width: i32,
  height: i32,
  x: f64,
  y: f64,
  stepX: f64,
  stepY: f64,
  out: usize,
): void {
  const below = <usize>width * 3;
  const zero = f64x2.splat(0);
  const lastX = f64x2.splat(<f64>(width - 1));
  const lastY = f64x2.splat(<f64>(height - 1));
  // Of two neighbours both are in the picture, unless it has one column or row only.
  const lastLeft = f64x2.splat(<f64>max(0, width - 2));
  const lastTop = f64x2.splat(<f64>max(0, height - 2));
  const pxBytes = f64x2.splat(3);
  const rowBytes = f64x2.splat(<f64>below);
  const start = f64x2.splat(WHOLE + <f64>picture);
  const one = f32x4.splat(1);
  const steps = f32x4.splat(255);
  const fourX = f64x2.splat(4 * stepX);
  const fourY = f64x2.splat(4 * stepY);
  let xA = pair(x, x + stepX);
  let xB = pair(x + 2 * stepX, x + 3 * stepX);
  let yA = pair(y, y + stepY);
  let yB = pair(y + 2 * stepY, y + 3 * stepY);
  for (let column = 0; column < COLUMNS; column += 4) {
    const insideXA = f64x2.pmin(f64x2.pmax(xA, zero), lastX);
    const insideXB = f64x2.pmin(f64x2.pmax(xB, zero), lastX);
    const insideYA = f64x2.pmin(f64x2.pmax(yA, zero), lastY);
    const insideYB = f64x2.pmin(f64x2.pmax(yB, zero), lastY);
    const leftA = f64x2.pmin(f64x2.floor(insideXA), lastLeft);
    const leftB = f64x2.pmin(f64x2.floor(insideXB), lastLeft);
    const topA = f64x2.pmin(f64x2.floor(insideYA), lastTop);
    const topB = f64x2.pmin(f64x2.floor(insideYB), lastTop);
    const atA = f64x2.add(f64x2.add(f64x2.mul(topA, rowBytes), f64x2.mul(leftA, pxBytes)), start);
    const atB = f64x2.add(f64x2.add(f64x2.mul(topB, rowBytes), f64x2.mul(leftB, pxBytes)), start);
    const at0 = <usize>i32x4.extract_lane(atA, 0);
    const at1 = <usize>i32x4.extract_lane(atA, 2);
    const at2 = <usize>i32x4.extract_lane(atB, 0);
    const at3 = <usize>i32x4.extract_lane(atB, 2);

    const right = fractions(f64x2.sub(insideXA, leftA), f64x2.sub(insideXB, leftB));
    const lower = fractions(f64x2.sub(insideYA, topA), f64x2.sub(insideYB, topB));
    const upper = f32x4.sub(one, lower);
    const weight11 = f32x4.mul(right, lower);
    const weight10 = f32x4.sub(lower, weight11);
    const weight01 = f32x4.mul(right, upper);
    const weight00 = f32x4.sub(upper, weight01);

    // Each 8 bytes hold a px and its right neighbour.
    const top01 = load(at0, at1);
    const top23 = load(at2, at3);
    const bottom01 = load(at0 + below, at1 + below);
    const bottom23 = load(at2 + below, at3 + below);
    const px00 = v128.shuffle<i32>(top01, top23, 0, 2, 4, 6);
    const px01 = v128.shuffle<i32>(i64x2.shr_u(top01, 24), i64x2.shr_u(top23, 24), 0, 2, 4, 6);
    const px10 = v128.shuffle<i32>(bottom01, bottom23, 0, 2, 4, 6);
    const px11 = v128.shuffle<i32>(i64x2.shr_u(bottom01, 24), i64x2.shr_u(bottom23, 24), 0, 2, 4, 6);
    const red0 = f32x4.add(f32x4.mul(channel(px00, 0), weight00), f32x4.mul(channel(px01, 0), weight01));
    const red1 = f32x4.add(f32x4.mul(channel(px10, 0), weight10), f32x4.mul(channel(px11, 0), weight11));
    v128.store(out, f32x4.div(f32x4.add(red0, red1), steps));
    const green0 = f32x4.add(f32x4.mul(channel(px00, 8), weight00), f32x4.mul(channel(px01, 8), weight01));
    const green1 = f32x4.add(f32x4.mul(channel(px10, 8), weight10), f32x4.mul(channel(px11, 8), weight11));
    v128.store(out, f32x4.div(f32x4.add(green0, green1), steps), PLANE_BYTES);
    const blue0 = f32x4.add(f32x4.mul(channel(px00, 16), weight00), f32x4.mul(channel(px01, 16), weight01));
    const blue1 = f32x4.add(f32x4.mul(channel(px10, 16), weight10), f32x4.mul(channel(px11, 16), weight11));
    v128.store(out, f32x4.div(f32x4.add(blue0, blue1), steps), 2 * PLANE_BYTES);
    out += 16;
    xA = f64x2.add(xA, fourX);
    xB = f64x2.add(xB, fourX);
    yA = f64x2.add(yA, fourY);
    yB = f64x2.add(yB, fourY);
  }
}
