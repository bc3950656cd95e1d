import type { BodyModel } from '#core/body/bodyModel';
import { JOINT_COUNT } from '#core/body/skeleton';
import type { Direction } from '#core/ground/commonGround';
import type { PersonMotion } from '../estimation/estimator';
import { SkeletonPoser } from './posedJoints';

/** Up for a level camera. */
export const LEVEL_UP: Direction = [0, -1, 0];

/** Rows of each person that are looked at. */
const MOST_SAMPLES = 200;
/** Rows that must show a person stretched out for them to say where up is. */
const LEAST_ROWS = 5;
/** Distance from the ankles to the neck over that of the rest pose: below the first a row says nothing, above the second all. */
const STRETCHED = { least: 0.85, full: 0.95 } as const;
/** rad by which a standing, walking person leans; beyond a few times it rows are taken for something else. */
const LEAN = (8 / 180) * Math.PI;
/** rad of tilt at which one person's word counts half against a level camera. */
const HALF_BELIEVED = (6 / 180) * Math.PI;
/** More people than this make nothing surer. */
const MOST_PEOPLE = 4;
/** rad: whoever seems to stand farther from level than this lies, hangs or is upside down. */
const FARTHEST = (60 / 180) * Math.PI;

const NECK = 12;
const ANKLES = [7, 8] as const;

type Vector = [number, number, number];

function dot(a: Direction, b: Direction): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/** Angle between two directions, rad. */
export function angle(a: Direction, b: Direction): number {
  return Math.acos(Math.max(-1, Math.min(1, dot(a, b))));
}

function unit([x, y, z]: Direction): Vector {
  const length = Math.hypot(x, y, z);
  return [x / length, y / length, z / length];
}

/** From between the ankles to the neck. */
function bodyAxis(joints: ArrayLike<number>): Vector {
  const between = (c: number) => (joints[ANKLES[0] * 3 + c]! + joints[ANKLES[1] * 3 + c]!) / 2;
  return [0, 1, 2].map((c) => joints[NECK * 3 + c]! - between(c)) as Vector;
}

interface Sample {
  direction: Direction;
  weight: number;
}

function weightedMean(samples: readonly Sample[], shareOf: (direction: Direction) => number): Direction | undefined {
  const sum: Vector = [0, 0, 0];
  for (const { direction, weight } of samples) {
    const share = weight * shareOf(direction);
    for (let c = 0; c < 3; c++) sum[c]! += share * direction[c]!;
  }
  return Math.hypot(...sum) > 0 ? unit(sum) : undefined;
}

/** A person with a body. */
export interface FittedPerson {
  body: BodyModel;
  /** All of the clip. */
  motion: Omit<PersonMotion, 'start' | 'length'>;
  /** True when a human said how tall the person is. */
  isHeightGiven?: boolean;
}

/** Where up is for one person: the direction in which most of their stretched-out rows stand. */
function uprightOf({ body, motion }: FittedPerson): Direction | undefined {
  const poser = new SkeletonPoser(body, motion);
  const rest = Math.hypot(...bodyAxis(poser.restJoints));
  const joints = new Float64Array(JOINT_COUNT * 3);
  const samples: Sample[] = [];
  const step = Math.max(1, Math.floor(motion.present.length / MOST_SAMPLES));
  for (let row = 0; row < motion.present.length; row += step) {
    if (motion.present[row] !== 1) continue;
    poser.pose(row, joints, 0);
    const axis = bodyAxis(joints);
    const stretched = (Math.hypot(...axis) / rest - STRETCHED.least) / (STRETCHED.full - STRETCHED.least);
    const weight = Math.max(0, Math.min(1, stretched)) * (motion.confidences[row] ?? 0);
    if (weight > 0) samples.push({ direction: unit(axis), weight });
  }
  if (samples.length < LEAST_ROWS) return undefined;
  let mean = weightedMean(samples, () => 1);
  for (let step = 0; mean && step < 5; step++) {
    const middle: Direction = mean;
    mean = weightedMean(samples, (direction) => 1 / (1 + (angle(direction, middle) / LEAN) ** 2) ** 2);
  }
  return mean && angle(mean, LEVEL_UP) <= FARTHEST ? mean : undefined;
}

/**
 * Where up is in camera axes, from how people stand: nobody walks about leaning, so the mean direction from the ankles to
 * the neck of stretched-out rows is up, to some degrees. Small tilts may be a lean and are mostly not believed, large
 * ones are the camera's. Level where nobody stands.
 */
export function upFromPeople(people: readonly FittedPerson[]): Direction {
  const standing = people.map(uprightOf).filter((direction) => direction !== undefined);
  const mean = weightedMean(
    standing.map((direction) => ({ direction, weight: 1 })),
    () => 1,
  );
  if (!mean) return LEVEL_UP;
  const tilt = angle(mean, LEVEL_UP);
  const half = HALF_BELIEVED / Math.sqrt(Math.min(standing.length, MOST_PEOPLE));
  const share = tilt ** 2 / (tilt ** 2 + half ** 2);
  return unit([0, 1, 2].map((c) => (1 - share) * LEVEL_UP[c]! + share * mean[c]!) as Vector);
}

/** Degrees between an up direction and a level camera's. */
export function tiltDegrees(up: Direction): number {
  return (angle(up, LEVEL_UP) * 180) / Math.PI;
}
