import type { BodyModel } from '#core/body/bodyModel';
import type { Box } from '#core/tracks/box';
import type { SessionPool } from '../inference/session';
import type { RgbFrame } from '../video/rgbFrame';

/** One person on one frame, to be looked at. */
export interface ObservationRequest {
  /** The effective box, px of the upright video. */
  box: Box;
  /** COCO keypoints (51 numbers, px of the upright video) when the box is a tracker's; a human's box has none. */
  keypoints?: Float32Array;
}

/** Turns crops into observations (landmarks, features): the costly, cached, per-person-frame stage. */
export interface Observer {
  /**
   * One Float32Array of `observationLength` for each request. A pure function of the frame, the box and the keypoints:
   * its result is cached by exactly these. Coordinates inside are in px of the upright video.
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
  /** length x 4 effective boxes, px. */
  boxes: Float32Array;
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
}

/** What {@link Estimator.solve} is given beside the observations. */
export interface SolveContext {
  body: BodyModel;
  camera: ClipCamera;
  sessions: SessionPool;
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
  /** Body model whose pose and betas it produces. */
  bodyModelId: string;
  /** Numbers in one observation. */
  observationLength: number;
  /** Which compute lane `solve` needs: `geometry` (no network) or `networks`. */
  solveLane: 'geometry' | 'networks';
  /** Frames before and after a changed span whose motion changes with it (temporal reach of `solve`). */
  affected(
    changed: { from: number; to: number },
    track: { start: number; length: number },
  ): { from: number; to: number };
  createObserver(quality: string, sessions: SessionPool): Promise<Observer>;
  /**
   * Motion for the rows `[changed.from, changed.to)` (frame indices, already widened by `affected`); returned arrays
   * cover exactly that span. Deterministic. Without `previous` it also finds the shape.
   */
  solve(
    track: ObservationTrack,
    changed: { from: number; to: number },
    context: SolveContext,
    signal: AbortSignal,
  ): Promise<PersonMotion>;
}
