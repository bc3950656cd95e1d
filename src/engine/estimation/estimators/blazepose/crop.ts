import { PAGE_BYTES, startKernel } from '../../../memory/startKernel';
import type { RgbFrame } from '../../../video/rgbFrame';
import { CROP_CODE } from './cropCode';
import type { Region } from './observation';

/** Side of the square crop that BlazePose looks at, px. */
export const CROP_SIZE = 256;

/** Numbers in one crop: 3 planes (R, G, B) of {@link CROP_SIZE}² px. */
export const CROP_LENGTH = 3 * CROP_SIZE * CROP_SIZE;

/** What a crop is taken from: an {@link RgbFrame} without its index. Its px stay as they are as long as it is used. */
export type Picture = Pick<RgbFrame, 'data' | 'width' | 'height' | 'scale'>;

/**
 * Samples a turned square of a picture into planes R, G, B of values 0..1, `CROP_SIZE` px a side. Bilinear, one tap, px
 * centres at +0.5, beyond the border the nearest px of the border; no anti-aliasing, as the official solution does
 * (reference sections 4 and 5).
 * @param region px of the upright video
 * @param target where the crop goes, from `offset` on, at least {@link CROP_LENGTH} numbers; sampled in place where it comes
 *   from {@link roomForCrops}, else copied there
 * @param isMirrored writes the crop left to right
 */
export function cropRegion(
  picture: Picture,
  region: Region,
  target: Float32Array,
  offset = 0,
  isMirrored = false,
): void {
  const { scale } = picture;
  const step = (region.side * scale) / CROP_SIZE;
  const cos = Math.cos(region.rotation) * step;
  const sin = Math.sin(region.rotation) * step;
  const middle = (CROP_SIZE - 1) / 2;
  // Index coordinates (px centre = whole number) of the first sample.
  const x = region.centreX * scale - 0.5 - middle * cos + middle * sin;
  const y = region.centreY * scale - 0.5 - middle * sin - middle * cos;
  const last = CROP_SIZE - 1;
  const square = isMirrored
    ? { x: x + last * cos, y: y + last * sin, alongX: -cos, alongY: -sin, downX: -sin, downY: cos }
    : { x, y, alongX: cos, alongY: sin, downX: -sin, downY: cos };
  workshopFor(picture).crop(picture, square, target, offset);
}

/** Room for crops where {@link cropRegion} writes without copying, as long as there is some; ordinary room otherwise. */
export function roomForCrops(count: number): Float32Array {
  workshop ??= new Workshop(LARGEST_PICTURE_BYTES);
  return workshop.takeCrops(count) ?? new Float32Array(count * CROP_LENGTH);
}

/** Where the samples of a crop are, in px of the picture, whole numbers at px centres. */
interface Square {
  /** The first sample. */
  x: number;
  y: number;
  /** From sample to sample, and from row to row. */
  alongX: number;
  alongY: number;
  downX: number;
  downY: number;
}

/** Part of a picture, px, the ends not included. */
interface Part {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** What scripts/kernels/assembly/crop.ts exports; addresses are bytes. */
interface Kernel {
  sampleRow(
    picture: number,
    width: number,
    height: number,
    x: number,
    y: number,
    stepX: number,
    stepY: number,
    out: number,
  ): void;
}

const CROP_BYTES = CROP_LENGTH * 4;
/** Crops that lie beside the picture: a thread has two networks, which look at one crop at a time. */
const CROPS = 4;
/** The first crop is for targets elsewhere, the picture comes behind the others. */
const PICTURE_AT = (1 + CROPS) * CROP_BYTES;
/** What the estimator is given at most. Memory that nobody writes to costs nothing. */
const LARGEST_PICTURE_BYTES = roomOf(1920, 1920);

/** Bytes that the kernel may read of a picture: a row and 8 bytes more than it has. */
function roomOf(width: number, height: number): number {
  return 3 * width * (height + 1) + 8;
}

/** The kernel with the memory that it works in, one for a thread. */
class Workshop {
  private readonly memory: WebAssembly.Memory;
  private readonly kernel: Kernel;
  private readonly bytes: Uint8Array;
  private cropsTaken = 0;
  /** The picture that was copied last, and how much of it. Weak: it lies in memory that others want back. */
  private held: { picture: WeakRef<Picture>; part: Part } | undefined;

  constructor(readonly pictureBytes: number) {
    this.memory = new WebAssembly.Memory({ initial: Math.ceil((PICTURE_AT + pictureBytes) / PAGE_BYTES) });
    this.bytes = new Uint8Array(this.memory.buffer);
    this.kernel = startKernel(CROP_CODE, this.memory);
  }

  takeCrops(count: number): Float32Array | undefined {
    if (this.cropsTaken + count > CROPS) return undefined;
    const at = (1 + this.cropsTaken) * CROP_BYTES;
    this.cropsTaken += count;
    return new Float32Array(this.memory.buffer, at, count * CROP_LENGTH);
  }

  crop(picture: Picture, square: Square, target: Float32Array, offset: number): void {
    this.hold(picture, square);
    const { x, y, alongX, alongY, downX, downY } = square;
    const { width, height } = picture;
    const isInPlace = target.buffer === this.memory.buffer;
    const out = isInPlace ? target.byteOffset + offset * 4 : 0;
    for (let row = 0; row < CROP_SIZE; row++) {
      const at = out + row * CROP_SIZE * 4;
      this.kernel.sampleRow(PICTURE_AT, width, height, x + row * downX, y + row * downY, alongX, alongY, at);
    }
    if (!isInPlace) target.set(new Float32Array(this.memory.buffer, 0, CROP_LENGTH), offset);
  }

  /** Copies what the samples need of the picture to where the kernel looks for it. */
  private hold(picture: Picture, square: Square): void {
    const needed = partOf(picture, square, 0);
    if (this.held?.picture.deref() === picture && contains(this.held.part, needed)) return;
    // The next crops of a frame are mostly of the same person: a little more will do for all of them.
    const part = partOf(picture, square, MARGIN);
    const { data, width } = picture;
    const length = (part.right - part.left) * 3;
    if (length === width * 3) {
      const at = part.top * length;
      this.bytes.set(data.subarray(at, part.bottom * length), PICTURE_AT + at);
    } else {
      for (let row = part.top; row < part.bottom; row++) {
        const at = (row * width + part.left) * 3;
        this.bytes.set(data.subarray(at, at + length), PICTURE_AT + at);
      }
    }
    this.held = { picture: new WeakRef(picture), part };
  }
}

/** Of the crop's side, on each side. */
const MARGIN = 1 / 16;

/** What samples of a square, grown by `margin` of its side, are made of. */
function partOf({ width, height }: Picture, square: Square, margin: number): Part {
  const { x, y, alongX, alongY, downX, downY } = square;
  const last = CROP_SIZE - 1;
  const [acrossX, acrossY, belowX, belowY] = [last * alongX, last * alongY, last * downX, last * downY];
  const more = margin * CROP_SIZE * Math.hypot(alongX, alongY);
  const lowX = x + Math.min(0, acrossX) + Math.min(0, belowX) - more;
  const highX = x + Math.max(0, acrossX) + Math.max(0, belowX) + more;
  const lowY = y + Math.min(0, acrossY) + Math.min(0, belowY) - more;
  const highY = y + Math.max(0, acrossY) + Math.max(0, belowY) + more;
  return {
    left: firstOf(lowX, width),
    top: firstOf(lowY, height),
    right: endOf(highX, width),
    bottom: endOf(highY, height),
  };
}

/** The first px that a coordinate is interpolated from; rounding along a row may lead to the one before. */
function firstOf(coordinate: number, size: number): number {
  return Math.max(0, Math.min(size - 2, Math.floor(coordinate - ROUNDING)));
}

/** What comes after the second one. */
function endOf(coordinate: number, size: number): number {
  return Math.min(size, Math.max(0, Math.floor(coordinate + ROUNDING)) + 2);
}

const ROUNDING = 0.001;

function contains(outer: Part, inner: Part): boolean {
  return (
    outer.left <= inner.left && outer.top <= inner.top && outer.right >= inner.right && outer.bottom >= inner.bottom
  );
}

let workshop: Workshop | undefined;

/** The thread's workshop; a new one when the picture is too large for it, so that views of the old one stay whole. */
function workshopFor({ width, height }: Picture): Workshop {
  const bytes = roomOf(width, height);
  if (workshop === undefined || workshop.pictureBytes < bytes) {
    workshop = new Workshop(Math.max(bytes, LARGEST_PICTURE_BYTES));
  }
  return workshop;
}
