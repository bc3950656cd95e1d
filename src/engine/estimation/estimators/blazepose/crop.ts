import type { RgbFrame } from '../../../video/rgbFrame';
import type { Region } from './observation';

/** Side of the square crop that BlazePose looks at, px. */
export const CROP_SIZE = 256;

/** Numbers in one crop: 3 planes (R, G, B) of {@link CROP_SIZE}² px. */
export const CROP_LENGTH = 3 * CROP_SIZE * CROP_SIZE;

/** What a crop is taken from: an {@link RgbFrame} without its index. */
export type Picture = Pick<RgbFrame, 'data' | 'width' | 'height' | 'scale'>;

/**
 * Samples a turned square of a picture into planes R, G, B of values 0..1, `CROP_SIZE` px a side. Bilinear, one tap, px
 * centres at +0.5, beyond the border the nearest px of the border; no anti-aliasing, as the official solution does
 * (reference sections 4 and 5).
 * @param region px of the upright video
 * @param target where the crop goes, from `offset` on; at least {@link CROP_LENGTH} numbers
 */
export function cropRegion(picture: Picture, region: Region, target: Float32Array, offset = 0): void {
  const { width, height, scale } = picture;
  const step = (region.side * scale) / CROP_SIZE;
  const cos = Math.cos(region.rotation) * step;
  const sin = Math.sin(region.rotation) * step;
  const middle = (CROP_SIZE - 1) / 2;
  // Index coordinates (px centre = whole number) of the first sample.
  const startX = region.centreX * scale - 0.5 - middle * cos + middle * sin;
  const startY = region.centreY * scale - 0.5 - middle * sin - middle * cos;
  const last = CROP_SIZE - 1;
  for (let row = 0; row < CROP_SIZE; row++) {
    const x = startX - row * sin;
    const y = startY + row * cos;
    const at = offset + row * CROP_SIZE;
    const inside =
      isInside(x, width) && isInside(x + last * cos, width) && isInside(y, height) && isInside(y + last * sin, height);
    if (inside) sampleInnerRow(picture, x, y, cos, sin, target, at);
    else sampleBorderRow(picture, x, y, cos, sin, target, at);
  }
}

const PLANE = CROP_SIZE * CROP_SIZE;

/** True when both neighbours of the coordinate are in the picture, with room for rounding along the row. */
function isInside(coordinate: number, size: number): boolean {
  return coordinate >= 0.001 && coordinate <= size - 1.001;
}

/** A row whose samples all have four neighbours in the picture. */
function sampleInnerRow(
  { data, width }: Picture,
  x: number,
  y: number,
  stepX: number,
  stepY: number,
  target: Float32Array,
  start: number,
): void {
  const below = width * 3;
  for (let column = 0; column < CROP_SIZE; column++) {
    const sampleX = x + column * stepX;
    const sampleY = y + column * stepY;
    const left = sampleX | 0;
    const top = sampleY | 0;
    const right = (sampleX - left) / 255;
    const lower = sampleY - top;
    const keepX = 1 / 255 - right;
    const weight00 = keepX * (1 - lower);
    const weight01 = right * (1 - lower);
    const weight10 = keepX * lower;
    const weight11 = right * lower;
    const a = (top * width + left) * 3;
    const b = a + below;
    const at = start + column;
    target[at] = data[a]! * weight00 + data[a + 3]! * weight01 + data[b]! * weight10 + data[b + 3]! * weight11;
    target[at + PLANE] =
      data[a + 1]! * weight00 + data[a + 4]! * weight01 + data[b + 1]! * weight10 + data[b + 4]! * weight11;
    target[at + 2 * PLANE] =
      data[a + 2]! * weight00 + data[a + 5]! * weight01 + data[b + 2]! * weight10 + data[b + 5]! * weight11;
  }
}

/** A row that leaves the picture: coordinates are clamped to it. */
function sampleBorderRow(
  { data, width, height }: Picture,
  x: number,
  y: number,
  stepX: number,
  stepY: number,
  target: Float32Array,
  start: number,
): void {
  for (let column = 0; column < CROP_SIZE; column++) {
    const sampleX = Math.min(Math.max(x + column * stepX, 0), width - 1);
    const sampleY = Math.min(Math.max(y + column * stepY, 0), height - 1);
    const left = Math.floor(sampleX);
    const top = Math.floor(sampleY);
    const right = (sampleX - left) / 255;
    const lower = sampleY - top;
    const a = (top * width + left) * 3;
    const across = left + 1 < width ? 3 : 0;
    const b = top + 1 < height ? a + width * 3 : a;
    for (let channel = 0; channel < 3; channel++) {
      const upperRow = data[a + channel]! * (1 / 255 - right) + data[a + across + channel]! * right;
      const lowerRow = data[b + channel]! * (1 / 255 - right) + data[b + across + channel]! * right;
      target[start + column + channel * PLANE] = upperRow * (1 - lower) + lowerRow * lower;
    }
  }
}
