import type { Person } from '../document/schema';
import { hasFrame } from '../frames/span';
import type { Box } from './box';
import { boxBetween } from './interpolation';
import { BOX_ORIGIN, COCO_KEYPOINT_COUNT, type TrackerTrack, trackerBoxAt } from './track';

/** The box that counts for a person on a frame, and where it came from. */
export interface EffectiveBox {
  box: Box;
  /** Never `absent`. */
  origin: 'detected' | 'interpolated' | 'manual';
  /** True when a human's keyframe stands on this very frame. */
  isKeyframe: boolean;
  /** Detection score 0 to 1; undefined for human boxes. */
  score?: number;
  /** 51 numbers of the detector's keypoints where the box is the tracker's, else undefined. */
  keypoints?: Float32Array;
}

/** Tracker tracks by id. */
export type TrackTable = ReadonlyMap<string, TrackerTrack>;

/**
 * The box of a person on a frame: outside beats keyframe beats interpolated span beats tracker. Undefined where the
 * person has none. Where interpolation is off, only keyframes and what the tracker really saw count.
 */
export function effectiveBoxAt(person: Person, tracks: TrackTable, frameIndex: number): EffectiveBox | undefined {
  if (hasFrame(person.outside, frameIndex)) return undefined;
  const keyframe = person.keyframes.find((entry) => entry.frame === frameIndex);
  if (keyframe) return { box: keyframe.box, origin: 'manual', isKeyframe: true };
  const isOff = person.off !== undefined && hasFrame(person.off, frameIndex);
  if (!isOff && hasFrame(person.interpolated, frameIndex)) {
    const between = boxBetween(person, frameIndex);
    if (between) return { box: between, origin: 'interpolated', isKeyframe: false };
  }
  const tracked = trackerBox(person, tracks, frameIndex);
  return isOff && tracked?.origin === 'interpolated' ? undefined : tracked;
}

function trackerBox(person: Person, tracks: TrackTable, frameIndex: number): EffectiveBox | undefined {
  const segment = person.segments.find((piece) => frameIndex >= piece.from && frameIndex < piece.to);
  const track = segment && tracks.get(segment.track);
  if (!track) return undefined;
  const box = trackerBoxAt(track, frameIndex);
  if (!box) return undefined;
  const row = frameIndex - track.start;
  const numbers = COCO_KEYPOINT_COUNT * 3;
  return {
    box,
    origin: track.origins[row] === BOX_ORIGIN.detected ? 'detected' : 'interpolated',
    isKeyframe: false,
    score: track.scores[row] ?? 0,
    ...(track.keypoints ? { keypoints: track.keypoints.subarray(row * numbers, (row + 1) * numbers) } : {}),
  };
}

/** First and last frame (exclusive) on which the person can have a box; undefined for a person without any. */
export function personExtent(person: Person): { from: number; to: number } | undefined {
  const starts = [...person.segments.map((piece) => piece.from), ...person.keyframes.map((entry) => entry.frame)];
  const ends = [...person.segments.map((piece) => piece.to), ...person.keyframes.map((entry) => entry.frame + 1)];
  if (starts.length === 0) return undefined;
  return { from: Math.min(...starts), to: Math.max(...ends) };
}
