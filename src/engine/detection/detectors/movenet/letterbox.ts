import type { Tensor } from '../../../inference/session';
import type { RgbFrame } from '../../../video/rgbFrame';

/** Both sides of the network's input are multiples of this, px. */
export const SIZE_MULTIPLE = 32;

/** When shrinking, source px are skipped as long as at least this many per side are averaged into a px of the input. */
const SAMPLES_PER_SIDE = 2;

/** How a picture was laid into the network's input, top left, aspect kept, black to the right and below. */
export interface Letterbox {
  /** px of the input, multiples of {@link SIZE_MULTIPLE}. */
  width: number;
  height: number;
  /** px of the input that the picture covers. */
  pictureWidth: number;
  pictureHeight: number;
  /** px of the upright video per px of the input. */
  scaleX: number;
  scaleY: number;
}

/** Where a frame lies in an input whose long side is `longSide` px (a multiple of {@link SIZE_MULTIPLE}). */
export function letterboxOf(frame: Pick<RgbFrame, 'width' | 'height' | 'scale'>, longSide: number): Letterbox {
  const factor = longSide / Math.max(frame.width, frame.height);
  const pictureWidth = Math.max(1, Math.round(frame.width * factor));
  const pictureHeight = Math.max(1, Math.round(frame.height * factor));
  return {
    width: roundUp(pictureWidth),
    height: roundUp(pictureHeight),
    pictureWidth,
    pictureHeight,
    scaleX: frame.width / (pictureWidth * frame.scale),
    scaleY: frame.height / (pictureHeight * frame.scale),
  };
}

function roundUp(size: number): number {
  return Math.ceil(size / SIZE_MULTIPLE) * SIZE_MULTIPLE;
}

/**
 * The network's input for a frame: 1 x 3 x height x width, RGB 0 to 255. Shrinks by averaging and enlarges bilinearly,
 * pixel centres at half px.
 */
export function letterboxTensor(frame: RgbFrame, box: Letterbox): Tensor {
  const data = new Float32Array(3 * box.width * box.height);
  const ratio = Math.min(frame.width / box.pictureWidth, frame.height / box.pictureHeight);
  const isSameSize = frame.width === box.pictureWidth && frame.height === box.pictureHeight;
  if (isSameSize || ratio >= 2) shrink(frame, box, Math.max(1, Math.floor(ratio / SAMPLES_PER_SIDE)), data);
  else interpolate(frame, box, data);
  return { data, dims: [1, 3, box.height, box.width] };
}

/** Mean of the source px (every `step`-th of them) that fall into each px of the input. */
function shrink(frame: RgbFrame, box: Letterbox, step: number, data: Float32Array): void {
  const columnEnds = endsOf(frame.width, box.pictureWidth, step);
  const rowEnds = endsOf(frame.height, box.pictureHeight, step);
  const sums = new Uint32Array(3 * box.pictureWidth);
  const plane = box.width * box.height;
  let sample = 0;
  for (let row = 0; row < box.pictureHeight; row++) {
    sums.fill(0);
    const first = sample;
    for (; sample < rowEnds[row]!; sample++) addRow(frame, (step >> 1) + sample * step, step, columnEnds, sums);
    let before = 0;
    let cell = row * box.width;
    for (let column = 0; column < box.pictureWidth; column++, cell++) {
      const end = columnEnds[column]!;
      const share = 1 / ((sample - first) * (end - before));
      before = end;
      data[cell] = sums[3 * column]! * share;
      data[cell + plane] = sums[3 * column + 1]! * share;
      data[cell + 2 * plane] = sums[3 * column + 2]! * share;
    }
  }
}

/**
 * Sample k is source px `step / 2 + k · step`. For each target px the number of the first sample behind it; every target
 * px has at least one.
 */
function endsOf(sourceSize: number, targetSize: number, step: number): Uint32Array {
  const first = step >> 1;
  return Uint32Array.from({ length: targetSize }, (_, index) =>
    Math.ceil((Math.min(sourceSize, ((index + 1) * sourceSize) / targetSize) - first) / step),
  );
}

function addRow(frame: RgbFrame, y: number, step: number, ends: Uint32Array, sums: Uint32Array): void {
  const source = frame.data;
  const stride = 3 * step;
  let at = 3 * (y * frame.width + (step >> 1));
  const start = at;
  for (let column = 0, to = 0; column < ends.length; column++, to += 3) {
    const end = start + stride * ends[column]!;
    let red = 0;
    let green = 0;
    let blue = 0;
    for (; at < end; at += stride) {
      red += source[at]!;
      green += source[at + 1]!;
      blue += source[at + 2]!;
    }
    sums[to]! += red;
    sums[to + 1]! += green;
    sums[to + 2]! += blue;
  }
}

/** Where bilinear sampling reads: two source indices and the share of the second for every target px. */
interface Taps {
  first: Uint32Array;
  second: Uint32Array;
  weight: Float32Array;
}

function tapsOf(sourceSize: number, targetSize: number): Taps {
  const taps = {
    first: new Uint32Array(targetSize),
    second: new Uint32Array(targetSize),
    weight: new Float32Array(targetSize),
  };
  for (let index = 0; index < targetSize; index++) {
    const at = Math.max(0, Math.min(sourceSize - 1, ((index + 0.5) * sourceSize) / targetSize - 0.5));
    const first = Math.floor(at);
    taps.first[index] = first;
    taps.second[index] = Math.min(sourceSize - 1, first + 1);
    taps.weight[index] = at - first;
  }
  return taps;
}

function interpolate(frame: RgbFrame, box: Letterbox, data: Float32Array): void {
  const columns = tapsOf(frame.width, box.pictureWidth);
  const rows = tapsOf(frame.height, box.pictureHeight);
  const plane = box.width * box.height;
  for (let y = 0; y < box.pictureHeight; y++) {
    const upper = rows.first[y]! * frame.width * 3;
    const lower = rows.second[y]! * frame.width * 3;
    for (let channel = 0; channel < 3; channel++) {
      const cell = channel * plane + y * box.width;
      interpolateRow(frame.data, upper + channel, lower + channel, rows.weight[y]!, columns, data, cell);
    }
  }
}

function interpolateRow(
  source: Uint8Array,
  upper: number,
  lower: number,
  weight: number,
  columns: Taps,
  data: Float32Array,
  cell: number,
): void {
  const { first, second, weight: shares } = columns;
  for (let x = 0; x < first.length; x++) {
    const left = 3 * first[x]!;
    const right = 3 * second[x]!;
    const share = shares[x]!;
    const top = source[upper + left]! * (1 - share) + source[upper + right]! * share;
    const bottom = source[lower + left]! * (1 - share) + source[lower + right]! * share;
    data[cell + x] = top + (bottom - top) * weight;
  }
}
