import { intersectionOverUnion } from '#core/tracks/box';
import type { Detection } from '#core/tracks/track';
import { byScore } from '../../../detection/byScore';
import { keypointSimilarity } from '../../../detection/keypointSimilarity';
import type { TrackerInput } from '../../tracker';
import { matchBest, type Pair } from './matching';
import { bodyLength, MotionModel, noiseOf, type Prediction } from './motionModel';

/** One person on one frame, as found. */
export interface Sighting {
  frame: number;
  /** s from the first frame. */
  seconds: number;
  detection: Detection;
}

/** Sightings of one person, in order of time; at most one a frame. */
export type Sightings = Sighting[];

/** From this score on a detection may begin a track, 0 to 1; weaker ones only continue one. */
const SURE_SCORE = 0.3;

/** A person not seen for longer than this is given up here, s; `linkSightings` may still find them again. */
const SURVIVAL = 1.2;

/** Weak detections continue only tracks seen within this time, s. */
const WEAK_SURVIVAL = 0.5;

/** Least affinity of a match with a sure and with a weak detection. */
const LEAST_AFFINITY = 0.15;
const LEAST_WEAK_AFFINITY = 0.35;

/** Detections farther from the prediction than this many standard deviations never match. */
const FARTHEST_DEVIATIONS = 4;

/** Nor those farther than these body lengths, plus so many per second since the person was last seen. */
const FARTHEST_LENGTHS = 0.35;
const FARTHEST_LENGTHS_PER_SECOND = 2;

/** A person whose predicted box lies in the picture with less than this share has left, after this time, s. */
const LEAST_INSIDE = 0.4;
const LEAVING_TIME = 0.3;

/** Spread of the natural logarithm of the size ratio that counts against a match; three times it rules it out. */
const SIZE_SPREAD = 0.25;

/** How far keypoints move by themselves between two looks, body lengths and body lengths per s. */
const LIMB_NOISE = 0.03;
const LIMB_SPEED = 0.5;

class OpenTrack {
  readonly sightings: Sightings;
  readonly motion: MotionModel;

  constructor(first: Sighting) {
    this.sightings = [first];
    this.motion = new MotionModel(first.detection.box, first.detection.score, first.seconds);
  }

  get last(): Sighting {
    return this.sightings[this.sightings.length - 1]!;
  }

  add(sighting: Sighting): void {
    const { box, score } = sighting.detection;
    this.motion.update(box, score, sighting.seconds);
    this.sightings.push(sighting);
  }
}

/**
 * Joins detections to people, forward through time: sure detections first, then weak ones for people just seen (two
 * stages as in ByteTrack, Zhang et al. 2022), each by the best one-to-one matching of affinities. Frames without a look
 * only widen the uncertainty. The order of detections within a frame does not matter.
 */
export function associate(input: TrackerInput): Sightings[] {
  const finished: OpenTrack[] = [];
  let open: OpenTrack[] = [];
  for (let frame = 0; frame < input.frameCount; frame++) {
    const found = input.detections[frame];
    if (!found) continue;
    const seconds = input.seconds[frame] ?? frame / input.rate;
    const alive = open.filter((track) => seconds - track.last.seconds <= SURVIVAL);
    for (const track of open) if (seconds - track.last.seconds > SURVIVAL) finished.push(track);
    const present = alive.filter((track) => !hasLeft(track, seconds, input));
    open = [...alive, ...associateFrame(present, usable(found), frame, seconds)];
  }
  return [...finished, ...open].map((track) => track.sightings).sort(byBirth);
}

/** Extends the tracks in place and returns the new ones. */
function associateFrame(tracks: OpenTrack[], found: Detection[], frame: number, seconds: number): OpenTrack[] {
  const sure = found.filter((detection) => detection.score >= SURE_SCORE);
  const weak = found.filter((detection) => detection.score < SURE_SCORE);
  const extend = (candidates: OpenTrack[], detections: Detection[], least: number) => {
    const matches = matchBest(affinePairs(candidates, detections, seconds, least));
    for (const { row, column } of matches) candidates[row]!.add({ frame, seconds, detection: detections[column]! });
    return new Set(matches.map((match) => detections[match.column]!));
  };
  const taken = extend(tracks, sure, LEAST_AFFINITY);
  const waiting = tracks.filter(({ last }) => last.frame !== frame && seconds - last.seconds <= WEAK_SURVIVAL);
  extend(waiting, weak, LEAST_WEAK_AFFINITY);
  return sure
    .filter((detection) => !taken.has(detection))
    .map((detection) => new OpenTrack({ frame, seconds, detection }));
}

/** True for a person who walked out of the picture: whoever comes in there later is found by `linkSightings`, if at all. */
function hasLeft(track: OpenTrack, seconds: number, { width, height }: TrackerInput): boolean {
  if (seconds - track.last.seconds <= LEAVING_TIME) return false;
  const { box } = track.motion.predict(seconds);
  const across = Math.min(box.x + box.width, width) - Math.max(box.x, 0);
  const along = Math.min(box.y + box.height, height) - Math.max(box.y, 0);
  return Math.max(0, across) * Math.max(0, along) < LEAST_INSIDE * box.width * box.height;
}

function affinePairs(tracks: OpenTrack[], detections: Detection[], seconds: number, least: number): Pair[] {
  const pairs: Pair[] = [];
  tracks.forEach((track, row) => {
    const prediction = track.motion.predict(seconds);
    const reach = FARTHEST_LENGTHS + FARTHEST_LENGTHS_PER_SECOND * (seconds - track.last.seconds);
    const farthest = reach * bodyLength(prediction.box);
    detections.forEach((detection, column) => {
      const distance = centreDistance(prediction, detection);
      if (distance > farthest) return;
      const weight = affinity(track, prediction, detection, distance, seconds);
      if (weight >= least) pairs.push({ row, column, weight });
    });
  });
  return pairs;
}

function centreDistance({ box }: Prediction, { box: other }: Detection): number {
  return Math.hypot(
    box.x + box.width / 2 - other.x - other.width / 2,
    box.y + box.height / 2 - other.y - other.height / 2,
  );
}

/** How well a detection goes on with a track, 0 to 1: place, overlap, pose and size. */
function affinity(
  track: OpenTrack,
  prediction: Prediction,
  detection: Detection,
  distance: number,
  seconds: number,
): number {
  const length = bodyLength(prediction.box);
  const sizeError = Math.log(bodyLength(detection.box) / length) / SIZE_SPREAD;
  const deviation = Math.hypot(prediction.deviation, noiseOf(detection.box, detection.score));
  const deviations = distance / deviation;
  if (Math.abs(sizeError) > 3 || deviations > FARTHEST_DEVIATIONS) return 0;
  const overlap = intersectionOverUnion(prediction.box, detection.box);
  const limbNoise = (LIMB_NOISE + LIMB_SPEED * (seconds - track.last.seconds)) * length;
  const moved = movedKeypoints(track.last.detection.keypoints, prediction);
  const pose = keypointSimilarity(moved, detection.keypoints, prediction.box, limbNoise) ?? overlap;
  const place = Math.exp(-(deviations ** 2) / 8);
  return (0.4 * overlap + 0.3 * pose + 0.3 * place) * Math.exp(-(sizeError ** 2) / 4);
}

function movedKeypoints(keypoints: Float32Array | undefined, { shiftX, shiftY }: Prediction): Float32Array | undefined {
  if (!keypoints) return undefined;
  return keypoints.map((value, index) => value + (index % 3 === 0 ? shiftX : index % 3 === 1 ? shiftY : 0));
}

function usable(found: readonly Detection[]): Detection[] {
  return found
    .filter(({ box, score }) => {
      const isFinite = [box.x, box.y, box.width, box.height, score].every(Number.isFinite);
      return isFinite && box.width > 0 && box.height > 0;
    })
    .sort(byScore);
}

/** Order of tracks by their first sighting: time, then that detection's own order. */
export function byBirth(a: Sightings, b: Sightings): number {
  return (a[0]?.frame ?? 0) - (b[0]?.frame ?? 0) || (a[0] && b[0] ? byScore(a[0].detection, b[0].detection) : 0);
}
