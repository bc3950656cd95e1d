import type { Box } from '#core/tracks/box';
import type { GrayFrame } from './grayFrame';

/** Samples across and down a box: enough to tell a person's clothes, few enough to try hundreds of places a frame. */
const COLUMNS = 18;
const ROWS = 24;
/** Part of the box that is looked at, in shares of it: without the sides, which are mostly background, and the legs, which change their look with each step. */
const LOOKED_AT = { left: 0.12, right: 0.88, top: 0.03, bottom: 0.62 };

/** What a box shows: 18 x 24 grey values with mean 0 and length 1, so that light does not matter. */
export type Template = Float32Array<ArrayBuffer>;

function grayAt({ width, height, pixels }: GrayFrame, x: number, y: number): number {
  const cx = Math.max(0, Math.min(width - 1.001, x));
  const cy = Math.max(0, Math.min(height - 1.001, y));
  const [left, top] = [Math.floor(cx), Math.floor(cy)];
  const [fx, fy] = [cx - left, cy - top];
  const at = top * width + left;
  const upper = (pixels[at] ?? 0) * (1 - fx) + (pixels[at + 1] ?? 0) * fx;
  const lower = (pixels[at + width] ?? 0) * (1 - fx) + (pixels[at + width + 1] ?? 0) * fx;
  return upper * (1 - fy) + lower * fy;
}

function normalise(values: Template): Template {
  let mean = 0;
  for (const value of values) mean += value / values.length;
  let length = 0;
  for (let at = 0; at < values.length; at++) {
    values[at] = (values[at] ?? 0) - mean;
    length += (values[at] ?? 0) ** 2;
  }
  // A box of one shade looks like nothing at all.
  const scale = length > 1e-6 ? 1 / Math.sqrt(length) : 0;
  for (let at = 0; at < values.length; at++) values[at] = (values[at] ?? 0) * scale;
  return values;
}

/** What a box (px of the upright video) shows on a frame. */
export function templateOf(
  frame: GrayFrame,
  { x, y, width, height }: Box,
  out = new Float32Array(COLUMNS * ROWS),
): Template {
  const { left: from, right: to, top: upper, bottom: lower } = LOOKED_AT;
  const [left, top] = [(x + width * from) * frame.scale, (y + height * upper) * frame.scale];
  const [stepX, stepY] = [
    (width * (to - from) * frame.scale) / COLUMNS,
    (height * (lower - upper) * frame.scale) / ROWS,
  ];
  for (let row = 0; row < ROWS; row++) {
    for (let column = 0; column < COLUMNS; column++) {
      out[row * COLUMNS + column] = grayAt(frame, left + (column + 0.5) * stepX, top + (row + 0.5) * stepY);
    }
  }
  return normalise(out);
}

/** Normalised cross-correlation of two templates, -1 to 1. */
export function likeness(a: Template, b: Template): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += (a[at] ?? 0) * (b[at] ?? 0);
  return sum;
}

/** A template that leans towards what was seen last by `share` (0 to 1). */
export function blended(template: Template, seen: Template, share: number): Template {
  return normalise(template.map((value, at) => value * (1 - share) + (seen[at] ?? 0) * share));
}
