import type { Person } from '../document/schema';
import type { BoxRows } from '../tracks/boxRows';

/** Why a frame is suspect; the place in this list is what `Suspicion.reasons` holds, plus one. */
export const REASONS = [
  'boxJump',
  'overlap',
  'spawn',
  'loss',
  'gap',
  'longInterpolation',
  'posePop',
  'boneSlip',
  'footSlip',
  'lowConfidence',
  'lowPlausibility',
] as const;

/** One of {@link REASONS}. */
export type Reason = (typeof REASONS)[number];

/** Bodies of one person over a whole clip, n frames. */
export interface ReviewMotion {
  /** n: 1 where there is a body. */
  present: Uint8Array;
  /** n, 0 to 1. */
  confidences: Float32Array;
  /** n x 24 x 3 joints, m, camera axes (x right, y down, z forward); absent when only confidences are known. */
  joints?: Float32Array;
  /** n, 0 to 1, NaN where unknown; absent when the estimator gives none. */
  plausibilities?: Float32Array;
}

/** What is known of one person. */
export interface Suspect {
  person: Person;
  rows: BoxRows;
  motion?: ReviewMotion;
}

/** The clip that people are in. */
export interface ReviewClip {
  /** n: seconds of each frame from the first. */
  seconds: Float64Array;
  /** First frames of shots, without the clip's own first: everybody begins and ends there. */
  cuts?: readonly number[];
  /** Frames before this one were searched for people, when a search was broken off: nobody is lost there. */
  searchedTo?: number;
  /** px of the upright video. */
  width: number;
  height: number;
}

/** Tells that a frame is suspect by `score` (0 to 1; what is not above 0 says nothing) for a reason. */
export type Report = (frame: number, reason: Reason, score: number) => void;

/** 0 up to `from`, 1 from `to` on, straight between. */
export function ramp(value: number, from: number, to: number): number {
  return Math.max(0, Math.min(1, (value - from) / (to - from)));
}
