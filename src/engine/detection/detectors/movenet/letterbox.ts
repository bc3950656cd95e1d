import type { Tensor } from '../../../inference/session';
import { PAGE_BYTES, startKernel } from '../../../memory/startKernel';
import type { RgbFrame } from '../../../video/rgbFrame';
import { LETTERBOX_CODE } from './letterboxCode';

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
 * pixel centres at half px. It lies in memory that this thread's next call writes to.
 */
export function letterboxTensor(frame: RgbFrame, box: Letterbox): Tensor {
  const layout = layOut(frame, box);
  if (workshop === undefined || workshop.bytes.length < layout.size) workshop = new Workshop(layout.size);
  const { bytes, memory } = workshop;
  const length = 3 * box.width * box.height;
  const data = new Float32Array(memory.buffer, layout.tensor, length);
  bytes.set(frame.data.subarray(0, 3 * frame.width * frame.height), layout.picture);
  const ratio = Math.min(frame.width / box.pictureWidth, frame.height / box.pictureHeight);
  const isSameSize = frame.width === box.pictureWidth && frame.height === box.pictureHeight;
  if (isSameSize || ratio >= 2) shrink(workshop, layout, frame, box, Math.max(1, Math.floor(ratio / SAMPLES_PER_SIDE)));
  else interpolate(workshop, layout, frame, box);
  blacken(data, box);
  return { data, dims: [1, 3, box.height, box.width] };
}

/** What scripts/kernels/assembly/letterbox.ts exports; addresses, strides and offsets are bytes. */
interface Kernel {
  blendRows(upper: number, lower: number, weight: number, count: number, out: number): void;
  blendColumns(row: number, taps: number, columns: number, out: number, planeBytes: number): void;
  addRow(row: number, count: number, sums: number): void;
  meanColumns(
    sums: number,
    ends: number,
    stride: number,
    rows: number,
    columns: number,
    out: number,
    planeBytes: number,
  ): void;
}

/** Loops over bytes run in steps of 16, and a tap takes 12 bytes: room behind each part. */
const SLACK = 64;

/** The kernel with the memory that it works in, one for a thread; a larger one takes the place of one that is too small. */
class Workshop {
  readonly memory: WebAssembly.Memory;
  readonly bytes: Uint8Array;
  readonly kernel: Kernel;

  constructor(size: number) {
    this.memory = new WebAssembly.Memory({ initial: Math.ceil(size / PAGE_BYTES) });
    this.bytes = new Uint8Array(this.memory.buffer);
    this.kernel = startKernel(LETTERBOX_CODE, this.memory);
  }
}

let workshop: Workshop | undefined;

/** Where things lie in the kernel's memory, bytes. */
interface Layout {
  tensor: number;
  /** What is said of each column: at most 12 bytes. */
  columns: number;
  /** A row of the picture's width: at most 12 bytes a px. */
  row: number;
  picture: number;
  size: number;
}

function layOut(frame: RgbFrame, box: Letterbox): Layout {
  let size = 0;
  const take = (bytes: number): number => {
    const at = size;
    size += (bytes + SLACK) & ~15;
    return at;
  };
  return {
    tensor: take(3 * box.width * box.height * 4),
    columns: take(12 * (box.width + 1)),
    row: take(12 * frame.width),
    picture: take(3 * frame.width * frame.height),
    size,
  };
}

/** Zeros to the right of the picture and below it: whole vectors ran past its end, and an earlier frame may have lain there. */
function blacken(data: Float32Array, { width, height, pictureWidth, pictureHeight }: Letterbox): void {
  for (let plane = 0; plane < 3 * width * height; plane += width * height) {
    if (pictureWidth < width) {
      for (let row = 0; row < pictureHeight; row++) {
        data.fill(0, plane + row * width + pictureWidth, plane + (row + 1) * width);
      }
    }
    data.fill(0, plane + pictureHeight * width, plane + width * height);
  }
}

/** Columns in whole vectors; {@link Letterbox.width} is not exceeded. */
function wholeVectors(columns: number): number {
  return (columns + 3) & ~3;
}

/** Mean of the source px (every `step`-th of them) that fall into each px of the input. */
function shrink({ memory, bytes, kernel }: Workshop, layout: Layout, frame: RgbFrame, box: Letterbox, step: number) {
  const first = step >> 1;
  const rowBytes = 3 * frame.width;
  const columns = wholeVectors(box.pictureWidth);
  const ends = endsOf(frame.width, box.pictureWidth, step);
  // Columns that are there to make vectors whole take the last sample again.
  const table = new Uint32Array(memory.buffer, layout.columns, columns + 1).fill(ends.at(-1) ?? 0);
  table[0] = 0;
  table.set(ends, 1);
  const rowEnds = endsOf(frame.height, box.pictureHeight, step);
  let sample = 0;
  for (let row = 0; row < box.pictureHeight; row++) {
    bytes.fill(0, layout.row, layout.row + 2 * rowBytes + SLACK);
    const before = sample;
    for (; sample < rowEnds[row]!; sample++) {
      kernel.addRow(layout.picture + (first + sample * step) * rowBytes, rowBytes, layout.row);
    }
    kernel.meanColumns(
      layout.row + first * 6,
      layout.columns,
      6 * step,
      sample - before,
      columns,
      layout.tensor + row * box.width * 4,
      box.width * box.height * 4,
    );
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

/** Where bilinear sampling reads for a target px: two source indices and the share of the second. */
function tapOf(
  index: number,
  sourceSize: number,
  targetSize: number,
): { first: number; second: number; share: number } {
  const at = Math.max(0, Math.min(sourceSize - 1, ((index + 0.5) * sourceSize) / targetSize - 0.5));
  const first = Math.floor(at);
  return { first, second: Math.min(sourceSize - 1, first + 1), share: at - first };
}

/** Each px from the four next to it in the picture. */
function interpolate({ memory, kernel }: Workshop, layout: Layout, frame: RgbFrame, box: Letterbox): void {
  const rowBytes = 3 * frame.width;
  const columns = wholeVectors(box.pictureWidth);
  const places = new Uint32Array(memory.buffer, layout.columns, 3 * columns);
  const shares = new Float32Array(memory.buffer, layout.columns, 3 * columns);
  for (let column = 0; column < columns; column++) {
    const { first, second, share } = tapOf(Math.min(column, box.pictureWidth - 1), frame.width, box.pictureWidth);
    places[3 * column] = 12 * first;
    places[3 * column + 1] = 12 * second;
    shares[3 * column + 2] = share;
  }
  for (let row = 0; row < box.pictureHeight; row++) {
    const { first, second, share } = tapOf(row, frame.height, box.pictureHeight);
    const [upper, lower] = [layout.picture + first * rowBytes, layout.picture + second * rowBytes];
    kernel.blendRows(upper, lower, share, rowBytes, layout.row);
    const out = layout.tensor + row * box.width * 4;
    kernel.blendColumns(layout.row, layout.columns, columns, out, box.width * box.height * 4);
  }
}
