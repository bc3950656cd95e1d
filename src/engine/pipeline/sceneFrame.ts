import { sizedBetas } from '#core/body/sizeLayer';
import { type CommonGround, type Direction, findCommonGround } from '#core/ground/commonGround';
import { groundedScene, type SceneTransform, sceneMatrix, uprightRotation } from '../export/scene';
import { extentOf, type Footing, footingOf } from './footing';
import { jointTemplateOf } from './posedJoints';
import { angle, type FittedPerson, tiltDegrees, upFromPeople } from './upright';

/** How the scene stands in the camera. */
export interface SceneFrame {
  transform: SceneTransform;
  /** Column-major 4x4: camera axes (x right, y down, z forward, m) to scene axes (y up, ground at 0, m). */
  sceneFromCamera: number[];
  /** For each person, by what they are made larger, and are farther away, to stand on the ground of the others; mostly 1. */
  sizes: number[];
  /** What is assumed, one sentence each. */
  assumptions: string[];
}

/** Sizes are told and kept to this, so that a little more motion does not make everybody's meshes anew. */
const SIZE_STEP = 0.001;
/** Sizes nearer to 1 than this are left alone. */
const LEAST_CHANGE = 0.002;
/** Degrees by which bodies lean against the ground under them from which on it is said. */
const LEAST_LEAN = 5;
/**
 * Feet that stand below the common ground by this (m, and a share of their distance) for this share of all standing are on
 * a lower level: the scene then stands on that.
 */
const LOWER_LEVEL = { below: 0.1, ofDistance: 0.05, share: 0.05 } as const;

/** What is taken for up and for the ground, in a sentence. */
function uprightAssumption(up: Direction, isShared: boolean): string {
  const tilt = Math.round(tiltDegrees(up));
  const camera =
    tilt === 0
      ? 'The camera is assumed to be level'
      : `The camera is assumed to be tilted by ${tilt}°, as people ${isShared ? 'seem to stand and walk' : 'seem to stand'}`;
  return `${camera}; the ground is where ${isShared ? 'people stand' : 'the lowest contact of the clip is'}`;
}

/** More statures than this are told as a range. */
const MOST_STATURES = 3;

/** How tall people are, m, in words. */
function staturesOf(statures: readonly number[]): string {
  const heights = new Set(statures.map((stature) => stature.toFixed(2)));
  const sorted = [...heights].sort();
  if (sorted.length <= MOST_STATURES) return [...heights].map((height) => `${height} m`).join(', ');
  return `${statures.length} people, ${sorted[0]}–${sorted[sorted.length - 1]} m`;
}

/** What bringing people to one ground did, in a sentence; none where nothing had to be done. */
function groundAssumptions(sizes: readonly number[], ground: CommonGround | undefined, assumedUp: Direction): string[] {
  if (!ground) return [];
  const standing = ground.stands.filter((stands) => stands).length;
  const who = standing === sizes.length ? 'People are' : `${standing} of ${sizes.length} people are`;
  const most = Math.max(...sizes.map((size) => Math.abs(size - 1)));
  const percent = most < 0.01 ? 'less than 1' : `up to ${Math.round(most * 100)}`;
  const changed = most === 0 ? '' : `, for which their sizes were changed by ${percent} %`;
  const lean = (angle(ground.up, assumedUp) * 180) / Math.PI;
  return [
    `${who} assumed to stand on one ground${changed}`,
    ...(lean < LEAST_LEAN
      ? []
      : [`Bodies lean by ${Math.round(lean)}° against that ground; the focal length may be another`]),
  ];
}

/** How {@link standingScene} goes about it. */
export interface SceneOptions {
  /** s: time of each frame of the clip. */
  seconds: ArrayLike<number>;
  /** True where the clip has cuts: people of two shots were seen by two cameras, so nothing says how they stand together. */
  hasCuts?: boolean;
}

/**
 * Stands the scene up as people (all of one body model) stand, brings those who can stand on one ground to it, and puts the
 * ground under them.
 */
export function standingScene(people: readonly FittedPerson[], { seconds, hasCuts = false }: SceneOptions): SceneFrame {
  const assumedUp = upFromPeople(people);
  const footings = people.map((person) => footingOf(person, assumedUp, seconds));
  const ground = hasCuts ? undefined : findCommonGround(footings, assumedUp);
  const up = ground?.up ?? assumedUp;
  const sizes = people.map((_, k) => sizeIn(ground, k));
  const transform = groundUnder(footings, sizes, up, ground);
  const statures = people.map((person, k) => (sizes[k] === 1 ? footings[k]!.stature : statureAt(person, sizes[k]!)));
  const of = (isGiven: boolean) => statures.filter((_, k) => (people[k]!.isHeightGiven ?? false) === isGiven);
  const assumptions = [
    ...(of(false).length > 0 ? [`Scale assumed: ${staturesOf(of(false))} tall`] : []),
    ...(of(true).length > 0 ? [`Height given: ${staturesOf(of(true))}`] : []),
    ...(people.length > 0 ? [uprightAssumption(up, ground !== undefined)] : []),
    ...groundAssumptions(sizes, ground, assumedUp),
  ];
  return { transform, sceneFromCamera: sceneMatrix(transform), sizes, assumptions };
}

function statureAt({ body, motion }: FittedPerson, size: number): number {
  const { low, high } = extentOf(body, sizedBetas(jointTemplateOf(body), motion.betas, size));
  return high - low;
}

function sizeIn(ground: CommonGround | undefined, person: number): number {
  const size = ground?.scales[person] ?? 1;
  return Math.abs(size - 1) < LEAST_CHANGE ? 1 : Math.round(size / SIZE_STEP) * SIZE_STEP;
}

/** The ground under the lowest contact, or the common one unless somebody stands well below it. */
function groundUnder(
  footings: readonly Footing[],
  sizes: readonly number[],
  up: Direction,
  ground: CommonGround | undefined,
): SceneTransform {
  const heights = footings.flatMap(({ lowest }, k) => {
    const made: number[] = [];
    for (let at = 0; at < lowest.length; at += 3) {
      made.push(sizes[k]! * (up[0] * lowest[at]! + up[1] * lowest[at + 1]! + up[2] * lowest[at + 2]!));
    }
    return made;
  });
  const transform = groundedScene(heights, 0, uprightRotation(up));
  if (!ground || hasLowerLevel(footings, sizes, ground)) return transform;
  return { ...transform, lift: ground.cameraHeight };
}

function hasLowerLevel(footings: readonly Footing[], sizes: readonly number[], ground: CommonGround): boolean {
  const [x, y, z] = ground.up;
  let lower = 0;
  let all = 0;
  footings.forEach(({ contacts: { places, weights } }, k) => {
    weights.forEach((weight, i) => {
      const [px, py, pz] = [places[i * 3]! * sizes[k]!, places[i * 3 + 1]! * sizes[k]!, places[i * 3 + 2]! * sizes[k]!];
      const height = x * px + y * py + z * pz + ground.cameraHeight;
      all += weight;
      if (-height > LOWER_LEVEL.below + LOWER_LEVEL.ofDistance * Math.hypot(px, py, pz)) lower += weight;
    });
  });
  return lower > LOWER_LEVEL.share * all;
}
