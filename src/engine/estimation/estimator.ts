import type { z } from 'zod';
import type { BodyModel } from '#core/body/bodyModel';
import type { Span } from '#core/frames/span';
import type { Box } from '#core/tracks/box';
import type { BodyFamily } from '../bodymodel/bodyLibrary';
import type { SessionPool } from '../inference/session';
import type { UserModelStore } from '../weights/userModels/userModelStore';
import type { RgbFrame } from '../video/rgbFrame';

/** One person on one frame, to be looked at. */
export interface ObservationRequest {
  /** The effective box, px of the upright video. */
  box: Box;
  /** COCO keypoints (51 numbers, px of the upright video) when the box is a tracker's; a human's box has none. */
  keypoints?: Float32Array;
  /** Frames per second of the clip: how well frames beside this one make up for what is wrong on it. */
  rate: number;
}

/** Turns crops into observations (landmarks, features): the costly, cached, per-person-frame stage. */
export interface Observer {
  /**
   * One Float32Array of `observationLength` for each request. A pure function of the frame, the box and the keypoints,
   * and of what the video is: its result is cached by exactly these. Coordinates inside are in px of the upright video.
   */
  observe(frame: RgbFrame, requests: readonly ObservationRequest[], signal: AbortSignal): Promise<Float32Array[]>;
}

/** Observations of one person over a run of frames, in order. */
export interface ObservationTrack {
  /** Frame index of row 0; rows are consecutive frames. */
  start: number;
  length: number;
  /** length x observationLength; rows with `present` 0 are undefined. */
  observations: Float32Array;
  /** 1 where the person has a box and an observation on that frame. */
  present: Uint8Array;
  /** length x 4 effective boxes, px; as exact as they were given, because crops are cut to 1/32 px. */
  boxes: Float64Array;
  /** Seconds of each row from the first frame of the video. */
  seconds: Float64Array;
}

/** The pinhole camera of a clip: no skew, square px, principal point at the centre of the picture. */
export interface ClipCamera {
  /** Focal length in px of the upright video. */
  focal: number;
  width: number;
  height: number;
}

/**
 * Numbers that some estimators give beside the motion, and how many a row has. A row of NaN was made without them.
 * `frameBetas`: the shape of that very frame, where it is not locked to one shape for the clip. `cropCameras`: scale,
 * tx, ty of the weak-perspective camera of the crop (reference vibe-smpl 6.1). `plausibilities`: how human the motion
 * around the frame is, 0 to 1.
 */
export const MOTION_CHANNELS = { frameBetas: 10, cropCameras: 3, plausibilities: 1 } as const;

/** Name of one of {@link MOTION_CHANNELS}. */
export type MotionChannel = keyof typeof MOTION_CHANNELS;

/** Rows of the channels that are there: length x width numbers each. */
export type MotionChannels = Partial<Record<MotionChannel, Float32Array>>;

/** Motion of one person over a run of frames: what every estimator produces and every result file stores. */
export interface PersonMotion {
  start: number;
  length: number;
  /** 1 where the row is an estimate; other rows are zero. */
  present: Uint8Array;
  /** length x 72: axis-angle of the 24 SMPL joints, rad; root in camera axes (x right, y down, z forward). */
  poses: Float32Array;
  /** length x 3: SMPL `trans` in m, camera axes; posed joint 0 = J0(betas) + trans. */
  translations: Float32Array;
  /** 10 betas of the body model, one shape for the clip. */
  betas: Float32Array;
  /** length: how well the body explains what was seen, 0 to 1. */
  confidences: Float32Array;
  channels?: MotionChannels;
}

/** The frames of one person, as an estimator is told of them to say how far a change reaches. */
export interface TrackExtent {
  /** First frame that the person has or had a box on, and frames from there to the last. */
  start: number;
  length: number;
  /** The frames inside that have or had a box, in order, not touching. */
  pieces: readonly Span[];
  /** Mean frames per second of the clip. */
  rate: number;
  weights: WeightFacts;
}

/** What is known of the user's own weights that an estimator runs with. */
export interface WeightFacts {
  /** Changes with the weights; empty for those that come with Retake. */
  fingerprint: string;
  /** True where they read the clip in both directions. */
  bidirectional: boolean;
}

/** Frames whose boxes changed. */
export interface BoxChange extends Span {
  /** True when a frame gained or lost its box. */
  presence: boolean;
}

/** A set of options with a name. */
export interface EstimatorPreset {
  id: string;
  title: string;
  description: string;
  options: EstimatorOptions;
}

/** Options of an estimator by name, as its `optionsSchema` gives them. */
export type EstimatorOptions = Readonly<Record<string, unknown>>;

/** What {@link Estimator.solve} is given beside the observations. */
export interface SolveContext {
  body: BodyModel;
  camera: ClipCamera;
  sessions: SessionPool;
  /** What the user imported. */
  userModels: UserModelStore;
  options: EstimatorOptions;
  /** True when all of the person will be solved again before the run ends: soon is better than exact. */
  isDraft?: boolean;
  /**
   * What stands already for this person, when only part of the track is solved again: shape is kept, and motion outside
   * `changed` is held so that the new part joins it without a seam.
   */
  previous?: PersonMotion;
  /** Called now and then with the share done, 0 to 1. */
  onProgress?: (share: number) => void;
}

/**
 * Turns video into body motion. Runs in a compute thread. A new one is a folder under `estimators/` and one line in
 * `registry.ts`.
 */
export interface Estimator {
  /** kebab-case, stored in projects, never changes. */
  id: string;
  version: number;
  title: string;
  /** Quality levels by id, best first; each has its own models. */
  qualities: readonly { id: string; title: string; models: readonly string[] }[];
  /** Id of the set of imported parts that it needs (`weights/userModels`); undefined when all comes with Retake. */
  partSet?: string;
  /** Set for one that only holds what was imported: why it cannot run, a sentence. */
  onlyHolds?: string;
  /** Whose pose and betas it produces: the default body, or an SMPL model that the user imported. */
  bodyFamily: BodyFamily;
  /** An object schema in which every option has a default, a title and a description; `{}` must satisfy it. */
  optionsSchema: z.ZodObject;
  presets: readonly EstimatorPreset[];
  /** Numbers in one observation. */
  observationLength: number;
  /** Longest side in px of the frames it looks at; larger videos are scaled down. Infinity: always as they are. */
  longestSide: number;
  /** Which compute lane `solve` needs: `geometry` (no network) or `networks`. */
  solveLane: 'geometry' | 'networks';
  /** Frames whose motion changes with the boxes of `change` (temporal reach of `solve`); holds `change`. */
  affected(change: BoxChange, track: TrackExtent, options: EstimatorOptions): Span;
  /** Frames whose observations `solve` must be shown for `changed`; holds `changed`. */
  needed(changed: Span, track: TrackExtent, options: EstimatorOptions): Span;
  createObserver(quality: string, sessions: SessionPool): Promise<Observer>;
  /**
   * Motion for the rows `[changed.from, changed.to)` (frame indices, already widened by `affected`); returned arrays
   * cover exactly that span. Deterministic. Without `previous` it also finds the shape.
   */
  solve(track: ObservationTrack, changed: Span, context: SolveContext, signal: AbortSignal): Promise<PersonMotion>;
}
