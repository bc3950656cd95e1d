import { VIBE_CROP_SCALE, VIBE_CROP_SIZE } from '#core/camera/weakPerspective';
import type { RgbFrame } from '../../../video/rgbFrame';

/** Numbers in one crop: 3 planes (R, G, B) of 224 x 224 px. */
export const CROP_LENGTH = 3 * VIBE_CROP_SIZE * VIBE_CROP_SIZE;

/** What a crop is taken from: an {@link RgbFrame} without its index. */
export type Picture = Pick<RgbFrame, 'data' | 'width' | 'height' | 'scale'>;

/** VIBE's box: centre and size in px of the upright video; it may lie outside the picture. */
export interface CentredBox {
  centreX: number;
  centreY: number;
  width: number;
  height: number;
}

/** u = a x + b y + c, v = d x + e y + f, from px of the picture to px of the crop; whole numbers are px centres. */
export type Affine = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/** Values of a crop for the bytes 0 to 255 of each channel: 3 x 256. */
export type ChannelTable = Float32Array;

/** What torchvision's ToTensor and Normalize make of a byte, in single precision as there (reference vibe-smpl 1.3). */
const NORMALISED: ChannelTable = normalisedTable([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]);

/**
 * Cuts VIBE's network crop (224 x 224 px, normalised, R G B planes) out of a picture, bit for bit as the original does
 * with OpenCV: bilinear with 1/32 px, rounded to bytes, black outside the picture.
 * @param target where the crop goes, from `offset` on; at least {@link CROP_LENGTH} numbers
 * @param boxScale crop side over box side
 */
export function writeCrop(
  picture: Picture,
  box: CentredBox,
  target: Float32Array,
  offset = 0,
  boxScale = VIBE_CROP_SCALE,
): void {
  const transform = cropTransform(inPicture(box, picture.scale), boxScale);
  warpPicture(picture, transform, VIBE_CROP_SIZE, NORMALISED, target, offset);
}

/**
 * The map from picture to crop: box centre to (112, 112), the middles of the lower and right sides of the scaled box to
 * (112, 224) and (224, 112) (reference vibe-smpl 1.2). The corner points are single precision, and the 6 x 6 system is
 * solved by the elimination that OpenCV's getAffineTransform uses, since the last bit decides ties in the sampling.
 */
export function cropTransform(box: CentredBox, boxScale = VIBE_CROP_SCALE): Affine {
  const half = VIBE_CROP_SIZE / 2;
  const x = Math.fround(box.centreX);
  const y = Math.fround(box.centreY);
  const right = Math.fround(box.centreX + Math.fround(box.width * boxScale * 0.5));
  const below = Math.fround(box.centreY + Math.fround(box.height * boxScale * 0.5));
  const corners = [
    [x, y, half, half],
    [x, below, half, VIBE_CROP_SIZE],
    [right, y, VIBE_CROP_SIZE, half],
  ] as const;
  const rows: number[][] = [];
  for (const [sourceX, sourceY, u, v] of corners) {
    rows.push([sourceX, sourceY, 1, 0, 0, 0, u], [0, 0, 0, sourceX, sourceY, 1, v]);
  }
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = solve(rows);
  return [a, b, c, d, e, f];
}

/**
 * OpenCV's warpAffine for bytes (bilinear, constant black border) in its own integer arithmetic, with each result byte
 * looked up in `table` (fixture README section 7).
 * @param size side of the square result, px
 * @param target 3 planes of size x size from `offset` on
 */
export function warpPicture(
  { data, width, height }: Picture,
  transform: Affine,
  size: number,
  table: ChannelTable,
  target: Float32Array,
  offset = 0,
): void {
  const [a, b, c, d, e, f] = invert(transform);
  // The x parts of both source coordinates, 1/1024 px.
  const acrossX = new Int32Array(size);
  const acrossY = new Int32Array(size);
  for (let column = 0; column < size; column++) {
    acrossX[column] = roundHalfEven(a * column * 1024);
    acrossY[column] = roundHalfEven(d * column * 1024);
  }
  const plane = size * size;
  const stride = width * 3;
  let at = offset;
  for (let row = 0; row < size; row++) {
    const startX = roundHalfEven((b * row + c) * 1024) + 16;
    const startY = roundHalfEven((e * row + f) * 1024) + 16;
    for (let column = 0; column < size; column++, at++) {
      // 1/32 px from here on.
      const sourceX = (startX + acrossX[column]!) >> 5;
      const sourceY = (startY + acrossY[column]!) >> 5;
      const left = sourceX >> 5;
      const top = sourceY >> 5;
      const right = sourceX & 31;
      const lower = sourceY & 31;
      const weight00 = (32 - right) * (32 - lower);
      const weight01 = right * (32 - lower);
      const weight10 = (32 - right) * lower;
      const weight11 = right * lower;
      let red = 0;
      let green = 0;
      let blue = 0;
      if (left >= 0 && top >= 0 && left + 1 < width && top + 1 < height) {
        const upperAt = top * stride + left * 3;
        const lowerAt = upperAt + stride;
        red = weight00 * data[upperAt]! + weight01 * data[upperAt + 3]!;
        red += weight10 * data[lowerAt]! + weight11 * data[lowerAt + 3]!;
        green = weight00 * data[upperAt + 1]! + weight01 * data[upperAt + 4]!;
        green += weight10 * data[lowerAt + 1]! + weight11 * data[lowerAt + 4]!;
        blue = weight00 * data[upperAt + 2]! + weight01 * data[upperAt + 5]!;
        blue += weight10 * data[lowerAt + 2]! + weight11 * data[lowerAt + 5]!;
      } else if (left >= -1 && top >= -1 && left < width && top < height) {
        // The px on the border: taps outside the picture count as black.
        for (let tap = 0; tap < 4; tap++) {
          const [x, y] = [left + (tap & 1), top + (tap >> 1)];
          if (x < 0 || y < 0 || x >= width || y >= height) continue;
          const weight = tap === 0 ? weight00 : tap === 1 ? weight01 : tap === 2 ? weight10 : weight11;
          const from = y * stride + x * 3;
          red += weight * data[from]!;
          green += weight * data[from + 1]!;
          blue += weight * data[from + 2]!;
        }
      }
      // Weights are multiples of 32 of OpenCV's 15-bit ones.
      target[at] = table[(red * 32 + 16384) >> 15]!;
      target[at + plane] = table[256 + ((green * 32 + 16384) >> 15)]!;
      target[at + 2 * plane] = table[512 + ((blue * 32 + 16384) >> 15)]!;
    }
  }
}

function inPicture(box: CentredBox, scale: number): CentredBox {
  if (scale === 1) return box;
  return {
    centreX: box.centreX * scale,
    centreY: box.centreY * scale,
    width: box.width * scale,
    height: box.height * scale,
  };
}

function normalisedTable(means: readonly number[], deviations: readonly number[]): ChannelTable {
  const table = new Float32Array(3 * 256);
  for (let channel = 0; channel < 3; channel++) {
    const mean = Math.fround(means[channel]!);
    const deviation = Math.fround(deviations[channel]!);
    for (let value = 0; value < 256; value++) {
      table[channel * 256 + value] = Math.fround(Math.fround(value / 255) - mean) / deviation;
    }
  }
  return table;
}

/** The inverse map, in the order of operations that OpenCV's warpAffine uses. A box without size maps to its centre. */
function invert([a, b, c, d, e, f]: Affine): Affine {
  const determinant = a * e - b * d;
  const factor = determinant === 0 ? 0 : 1 / determinant;
  const [ia, ib, id, ie] = [e * factor, b * -factor, d * -factor, a * factor];
  return [ia, ib, -ia * c - ib * f, id, ie, -id * c - ie * f];
}

/** Far beyond any picture, and small enough that two of them add up within 32 bits. */
const FARTHEST = 2 ** 30 - 32;

/** Rounds to the nearest whole number, halves to the even one, as the processor does for OpenCV. */
function roundHalfEven(value: number): number {
  const rounded = Math.round(value);
  const even = rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
  return Math.min(Math.max(even, -FARTHEST), FARTHEST) || 0;
}

/** Gaussian elimination with partial pivoting; each row is the coefficients and the right-hand side. Changes `rows`. */
function solve(rows: number[][]): number[] {
  const count = rows.length;
  for (let i = 0; i < count; i++) {
    let pivot = i;
    for (let j = i + 1; j < count; j++) if (Math.abs(rows[j]![i]!) > Math.abs(rows[pivot]![i]!)) pivot = j;
    [rows[i], rows[pivot]] = [rows[pivot]!, rows[i]!];
    const top = rows[i]!;
    // A box without size has no map: leave zeros, everything is sampled at one point.
    if (Math.abs(top[i]!) < Number.EPSILON) return new Array<number>(count).fill(0);
    const negated = -1 / top[i]!;
    for (let j = i + 1; j < count; j++) {
      const row = rows[j]!;
      const factor = row[i]! * negated;
      for (let k = i + 1; k <= count; k++) row[k]! += factor * top[k]!;
    }
  }
  const solution = new Array<number>(count).fill(0);
  for (let i = count - 1; i >= 0; i--) {
    const row = rows[i]!;
    let sum = row[count]!;
    for (let k = i + 1; k < count; k++) sum -= row[k]! * solution[k]!;
    solution[i] = sum / row[i]!;
  }
  return solution;
}
