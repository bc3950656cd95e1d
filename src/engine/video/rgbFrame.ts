/** One decoded picture: rows from the top, 3 bytes a px (R, G, B), upright, square px. */
export interface RgbFrame {
  /** Index in the video's pts table. */
  frameIndex: number;
  width: number;
  height: number;
  /** width * height * 3 bytes; may be a view into a ring slot that is reused once the frame is released. */
  data: Uint8Array;
  /**
   * Size of this picture relative to the upright video: 1 unless the video is larger than the analysis limit. Boxes and
   * landmarks are always in px of the upright video: multiply by `scale` to reach this picture.
   */
  scale: number;
}
