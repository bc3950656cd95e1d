import { BETA_COUNT } from '#core/body/bodyModel';
import { MOTION_CHANNELS, type MotionChannel, type MotionChannels } from '../estimation/estimator';

/** Rows of one file. */
export const CHUNK_ROWS = 1024;
/** Numbers of the pose of one row. */
export const POSE = 72;
/** Names of everything that may stand beside the motion. */
export const CHANNELS = Object.keys(MOTION_CHANNELS) as MotionChannel[];

/** Motion of one person over the whole clip, row = frame index, with the content key each row was made from. */
export interface StoredMotion {
  /** 0 where there is no motion; else the body key of that frame when it was solved. */
  keys: Float64Array;
  present: Uint8Array;
  poses: Float32Array;
  translations: Float32Array;
  confidences: Float32Array;
  /** Those that any row was made with; NaN in the rows that were not. */
  channels: MotionChannels;
  /** Who judged the channel `plausibilities`; undefined when nobody did yet. */
  judge: string | undefined;
  betas: Float32Array;
  /** True once the shape was found from the whole track, not from its first part. */
  isFinal: boolean;
  /** Raised on every change; part of the address of meshes. */
  version: number;
  /** Version of the estimator that made some of the rows, where that is an earlier one; gone once all of them are made anew. */
  earlierVersion: number | undefined;
}

/** Motion of a clip of `rows` frames in which nobody is. */
export function emptyStoredMotion(rows: number): StoredMotion {
  return {
    keys: new Float64Array(rows),
    present: new Uint8Array(rows),
    poses: new Float32Array(rows * POSE),
    translations: new Float32Array(rows * 3),
    confidences: new Float32Array(rows),
    channels: {},
    judge: undefined,
    betas: new Float32Array(BETA_COUNT),
    isFinal: false,
    version: 1,
    earlierVersion: undefined,
  };
}

/** Rows [from, to) of every channel that is there (copies). */
export function channelRows({ channels }: StoredMotion, from: number, to: number): MotionChannels {
  const rows: MotionChannels = {};
  for (const name of CHANNELS) {
    const values = channels[name]?.slice(from * MOTION_CHANNELS[name], to * MOTION_CHANNELS[name]);
    if (values) rows[name] = values;
  }
  return rows;
}
