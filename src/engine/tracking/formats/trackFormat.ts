import type { TrackerTrack } from '#core/tracks/track';

/** One person's boxes as they are handed over between programs. */
export interface ExchangeTrack {
  name: string;
  /**
   * Rows without keypoints. Origin `detected` is a box that the file states for that very frame, `interpolated` one on the
   * straight line between two of those, `absent` a frame without a box.
   */
  track: TrackerTrack;
}

/** The video that tracks belong to. */
export interface ExchangeClip {
  /** File name of the video. */
  name: string;
  frameCount: number;
  /** px of the upright video. */
  width: number;
  height: number;
  /** Frames per second, mean. */
  rate: number;
  /** Seconds of each frame from the first. */
  seconds: Float64Array;
}

/** What a format can say beside the boxes themselves. */
export interface FormatHolds {
  names: boolean;
  scores: boolean;
  /** That a box is interpolated: without it every box reads as stated. */
  interpolation: boolean;
  /** Places of a box side after the point, px. */
  decimals: number;
}

/** A file format of tracks: one file of this folder and one line of the registry. */
export interface TrackFormat {
  /** kebab-case, for `--format`. */
  id: string;
  title: string;
  /** Ending of its files, without the dot. */
  extension: string;
  holds: FormatHolds;
  /** Absent for formats that are only read. */
  write?: (tracks: readonly ExchangeTrack[], clip: ExchangeClip) => Uint8Array;
  /** Absent for formats that are only written. @throws AppError INVALID_ARGUMENT in a sentence */
  read?: (bytes: Uint8Array, clip: ExchangeClip) => ExchangeTrack[];
}
