import type { RgbFrame } from '../../video/rgbFrame';

/** One frame in shades of grey. */
export interface GrayFrame {
  frameIndex: number;
  /** px of this (scaled-down) picture. */
  width: number;
  height: number;
  /** px here per px of the upright video. */
  scale: number;
  /** width x height, 0 to 255. */
  pixels: Uint8Array;
}

/** The luminance of a frame (ITU-R BT.601), copied: the frame's own memory may be used again. */
export function grayOf({ frameIndex, width, height, scale, data }: RgbFrame): GrayFrame {
  const pixels = new Uint8Array(width * height);
  for (let at = 0, from = 0; at < pixels.length; at++, from += 3) {
    pixels[at] = (77 * (data[from] ?? 0) + 150 * (data[from + 1] ?? 0) + 29 * (data[from + 2] ?? 0)) >> 8;
  }
  return { frameIndex, width, height, scale, pixels };
}
