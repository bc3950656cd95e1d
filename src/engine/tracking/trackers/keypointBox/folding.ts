import { intersectionOverUnion } from '#core/tracks/box';
import { BOX_ORIGIN, COCO_KEYPOINT_COUNT, type TrackerTrack, trackerBoxAt } from '#core/tracks/track';
import { keypointSimilarity } from '../../../detection/keypointSimilarity';
import type { TrackerInput } from '../../tracker';
import type { Sightings } from './association';

/** A person seen for less than this time, s, or less than this share of the clip, whichever is shorter, is folded. */
const SHORTEST = 0.7;
const SHORTEST_SHARE = 0.25;

/** A track whose best quarter of detections has a lower mean score is doubtful, 0 to 1. */
const SURE_SCORE = 0.55;

/** Two people of this overlap, or of a smaller one and the same pose, are the same. */
const SAME_BOX = 0.8;
const SAME_BOX_AND_POSE = 0.5;
const SAME_POSE = 0.5;

/** Part of a track's sightings that lies on another person for it to be that person seen twice. */
const SAME_SHARE = 0.6;

/** A track with what it was made from. */
export interface MadeTrack {
  track: TrackerTrack;
  sightings: Sightings;
}

/**
 * Puts tracks in order (main ones first, then by detected frames, then by birth) and says of those that are kept but
 * folded away why: too short, doubtful, or another person seen twice.
 */
export function foldAndOrder(made: readonly MadeTrack[], input: TrackerInput): TrackerTrack[] {
  const ordered = made.toSorted((a, b) => b.sightings.length - a.sightings.length || a.track.start - b.track.start);
  const main: MadeTrack[] = [];
  const folded: TrackerTrack[] = [];
  for (const candidate of ordered) {
    const reason = tooShort(candidate, input) ?? twice(candidate, main) ?? doubtful(candidate);
    if (reason === undefined) main.push(candidate);
    else folded.push({ ...candidate.track, foldedBecause: reason });
  }
  return [...main.map(({ track }) => track), ...folded];
}

function tooShort({ track }: MadeTrack, { rate, frameCount }: TrackerInput): string | undefined {
  const frames = track.origins.reduce((count, origin) => count + (origin === BOX_ORIGIN.absent ? 0 : 1), 0);
  const shortest = Math.min(SHORTEST * rate, SHORTEST_SHARE * frameCount);
  if (frames >= shortest) return undefined;
  return `Seen on ${frames} ${frames === 1 ? 'frame' : 'frames'} only`;
}

function doubtful({ sightings }: MadeTrack): string | undefined {
  const scores = sightings.map(({ detection }) => detection.score).sort((a, b) => b - a);
  const best = scores.slice(0, Math.ceil(scores.length / 4));
  if (best.reduce((sum, score) => sum + score, 0) / best.length >= SURE_SCORE) return undefined;
  return `Doubtful: detected with ${Math.round((best[0] ?? 0) * 100)} % at best`;
}

function twice(candidate: MadeTrack, main: readonly MadeTrack[]): string | undefined {
  const isTwice = main.some(({ track }) => {
    if (!meets(candidate.track, track)) return false;
    const same = candidate.sightings.filter(({ frame }) => isSame(candidate.track, track, frame));
    return same.length > SAME_SHARE * candidate.sightings.length;
  });
  return isTwice ? 'Overlaps another person' : undefined;
}

function meets(a: TrackerTrack, b: TrackerTrack): boolean {
  return a.start < b.start + b.length && b.start < a.start + a.length;
}

/** Whether both tracks show the same body on a frame; interpolated boxes count, so taking turns does not hide it. */
function isSame(a: TrackerTrack, b: TrackerTrack, frame: number): boolean {
  const box = trackerBoxAt(a, frame);
  const other = trackerBoxAt(b, frame);
  if (!box || !other) return false;
  const overlap = intersectionOverUnion(box, other);
  if (overlap >= SAME_BOX) return true;
  if (overlap < SAME_BOX_AND_POSE) return false;
  const pose = keypointSimilarity(keypointsAt(a, frame), keypointsAt(b, frame), other);
  return pose !== undefined && pose >= SAME_POSE;
}

function keypointsAt(track: TrackerTrack, frame: number): Float32Array | undefined {
  const at = (frame - track.start) * 3 * COCO_KEYPOINT_COUNT;
  return track.keypoints?.subarray(at, at + 3 * COCO_KEYPOINT_COUNT);
}
