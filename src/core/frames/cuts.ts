import type { Span } from './span';

/** A picture as rows of R, G, B bytes. */
export interface RgbPicture {
  width: number;
  height: number;
  data: Uint8Array;
}

/** How bright a picture is where: {@link SIGNATURE_LENGTH} numbers, 0 to 255, row by row. */
export type PictureSignature = Float32Array;

const COLUMNS = 32;
const ROWS = 18;

/** Numbers in a {@link PictureSignature}. */
export const SIGNATURE_LENGTH = COLUMNS * ROWS;

/** Each of them is the mean of about so many pixels. */
const SAMPLES = 25;
/** Variance that counts as none, grey levels squared: what a flat picture has by its noise. */
const FLAT = 4;
/**
 * Change that a cut makes at least. Measured: two cameras in one hall 0.31, other places 0.77 to 0.95; within a shot up to
 * 0.06 (jumps, flares, crowds), but 0.24 on single frames of a shaken film of a tree.
 */
const LEAST = 0.25;
/** How many times as much as on the frames around: pans and damaged pictures change much, but on many frames in turn. */
const OUTSTANDING = 3;
/** Frames on each side that a change is held against; shots shorter than this are not found. */
export const CUT_NEIGHBOURS = 3;

/** The signature of a picture: the green of its {@link COLUMNS} x {@link ROWS} cells, which stands for brightness. */
export function signatureOf({ width, height, data }: RgbPicture): PictureSignature {
  const sums = new Float64Array(SIGNATURE_LENGTH);
  const counts = new Float64Array(SIGNATURE_LENGTH);
  const step = Math.max(1, Math.floor(Math.sqrt((width * height) / (SIGNATURE_LENGTH * SAMPLES))));
  for (let y = step >> 1; y < height; y += step) {
    const row = Math.floor((y * ROWS) / height);
    for (let x = step >> 1; x < width; x += step) {
      const cell = row * COLUMNS + Math.floor((x * COLUMNS) / width);
      sums[cell]! += data[(y * width + x) * 3 + 1]!;
      counts[cell]! += 1;
    }
  }
  return Float32Array.from(sums, (sum, cell) => sum / Math.max(1, counts[cell]!));
}

/**
 * How much another picture is seen, 0 to 2: one less the correlation of the brightness, so that light that changes
 * everywhere counts nothing.
 */
export function signatureDistance(a: PictureSignature, b: PictureSignature): number {
  const mean = (of: PictureSignature) => of.reduce((sum, value) => sum + value, 0) / SIGNATURE_LENGTH;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [both, ownA, ownB] = [FLAT * SIGNATURE_LENGTH, FLAT * SIGNATURE_LENGTH, FLAT * SIGNATURE_LENGTH];
  for (let k = 0; k < SIGNATURE_LENGTH; k++) {
    const [x, y] = [a[k]! - meanA, b[k]! - meanB];
    both += x * y;
    ownA += x * x;
    ownB += y * y;
  }
  return 1 - both / Math.sqrt(ownA * ownB);
}

/**
 * True when a new shot begins with `frame`: much more changes there than between the frames around. Flashes, which change
 * back, dissolves and fades are no cuts.
 * @param changeOn the {@link signatureDistance} of a frame to the one before it; undefined where it is not known
 */
export function isCut(frame: number, changeOn: (frame: number) => number | undefined): boolean {
  const change = changeOn(frame) ?? 0;
  if (!(change >= LEAST)) return false;
  for (let away = 1; away <= CUT_NEIGHBOURS; away++) {
    const around = Math.max(changeOn(frame - away) ?? 0, changeOn(frame + away) ?? 0);
    if (change < OUTSTANDING * around) return false;
  }
  return true;
}

/** The shots of a clip, from the first frames of all but the first of them in order. */
export function shotsOf(cuts: readonly number[], frameCount: number): Span[] {
  const borders = [0, ...cuts.filter((cut) => cut > 0 && cut < frameCount), frameCount];
  return borders.slice(1).map((to, place) => ({ from: borders[place] ?? 0, to }));
}
