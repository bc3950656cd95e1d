import type { Box } from './box';

/** How a box on a frame came to be; the numbers are stored, so they never change. */
export const BOX_ORIGIN = { absent: 0, detected: 1, interpolated: 2, manual: 3 } as const;

/** Number of COCO keypoints that travel with a detection: nose, eyes, ears, shoulders, elbows, wrists, hips, knees, ankles. */
export const COCO_KEYPOINT_COUNT = 17;

/** One person found on one frame by a detector. */
export interface Detection {
  /** px of the upright picture. */
  box: Box;
  /** 0 to 1. */
  score: number;
  /** COCO order, `[x px, y px, score 0..1]` each, 51 numbers; absent when the detector has none. */
  keypoints?: Float32Array;
}

/**
 * What the tracker says of one person over a run of frames without a hole: every frame from `start` on has a box, an
 * origin and a score. Gaps that were bridged are `interpolated`; frames that were not are `absent` (box all zero).
 */
export interface TrackerTrack {
  id: string;
  /** Frame index of row 0. */
  start: number;
  /** Number of rows n. */
  length: number;
  /** n x 4: x, y, width, height in px of the upright picture. */
  boxes: Float64Array;
  /** n detection scores, 0 to 1; interpolated rows carry 0. */
  scores: Float32Array;
  /** n values of {@link BOX_ORIGIN}: absent, detected or interpolated. */
  origins: Uint8Array;
  /** n x 51 COCO keypoints as in {@link Detection}, interpolated where the box is; absent when the detector has none. */
  keypoints?: Float32Array;
  /** Number that the file the track comes from gave the person, 1 or more: kept where it is still free. */
  number?: number;
  /** Why this track is kept but folded away (one phrase, for example `Seen on 6 frames only`); absent for a main track. */
  foldedBecause?: string;
}

/** The box of a tracker track on a frame, or undefined where it has none. */
export function trackerBoxAt(track: TrackerTrack, frameIndex: number): Box | undefined {
  const row = frameIndex - track.start;
  if (row < 0 || row >= track.length || track.origins[row] === BOX_ORIGIN.absent) return undefined;
  const at = row * 4;
  return {
    x: track.boxes[at] ?? 0,
    y: track.boxes[at + 1] ?? 0,
    width: track.boxes[at + 2] ?? 0,
    height: track.boxes[at + 3] ?? 0,
  };
}
