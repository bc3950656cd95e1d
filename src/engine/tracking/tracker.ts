import type { Detection, TrackerTrack } from '#core/tracks/track';

/** What a tracker is given: the detections of a whole clip so far. */
export interface TrackerInput {
  frameCount: number;
  /** Frames per second, mean. */
  rate: number;
  /** px of the upright video. */
  width: number;
  height: number;
  /** Seconds from the first frame for every frame (the pts table), so that variable rate is respected. */
  seconds: Float64Array;
  /** Detections by frame index; undefined where the detector was not run, empty where it found nobody. */
  detections: readonly (readonly Detection[] | undefined)[];
}

/**
 * Joins detections to identities. Pure and deterministic: the same detections give the same tracks, so it is run anew
 * on all detections so far whenever a chunk of frames has been looked at. One folder under `trackers/`, one registry line.
 */
export interface Tracker {
  id: string;
  version: number;
  title: string;
  /** Tracks in order of their number of detected frames, main ones first; short ones carry `foldedBecause`. */
  track(input: TrackerInput): TrackerTrack[];
}
