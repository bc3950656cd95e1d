import { readFileSync } from 'node:fs';
import { AppError } from '#core/errors';
import type { MeanParameters } from '../vibe/regressor';
import { PARAMETERS } from '../vibe/regressor';
import type { UserModelStore } from './userModelStore';

/** File of mean parameters in a part: 157 little-endian float32, pose 6D (144), betas (10), camera (3). */
export const MEAN_FILE = 'mean.f32';
/** File of a joint regressor in a part: rows x vertices little-endian float32. */
export const REGRESSOR_FILE = 'regressor.f32';

/** A matrix that makes joints of posed vertices. */
export interface JointRegressor {
  rows: number;
  /** Columns: vertices of the body it is for. */
  vertices: number;
  /** rows x vertices, row-major. */
  values: Float32Array;
}

/**
 * Where the pose regressor begins: the values of the VIBE checkpoint in use, else those of `smpl_mean_params.npz`.
 * @throws AppError MODEL_MISSING when neither is installed
 */
export function readMeanParameters(store: UserModelStore): MeanParameters {
  const temporal = store.find('vibe-temporal');
  const kind = temporal?.record.facts['meanParameters'] === true ? 'vibe-temporal' : 'mean-parameters';
  const values = readFloats(store.file(kind, MEAN_FILE).path);
  const { pose6d, betas, camera } = PARAMETERS;
  if (values.length !== pose6d + betas + camera) throw damaged('mean parameters');
  return {
    pose6d: values.slice(0, pose6d),
    betas: values.slice(pose6d, pose6d + betas),
    camera: values.slice(pose6d + betas),
  };
}

/** An installed joint regressor. @throws AppError MODEL_MISSING */
export function readJointRegressor(
  store: UserModelStore,
  kind: 'joint-regressor-extra' | 'joint-regressor-h36m',
): JointRegressor {
  const { path, part } = store.file(kind, REGRESSOR_FILE);
  const values = readFloats(path);
  const rows = Number(part.record.facts['joints']);
  const vertices = Number(part.record.facts['columns']);
  if (values.length !== rows * vertices) throw damaged('joint regressor');
  return { rows, vertices, values };
}

function readFloats(path: string): Float32Array {
  const bytes = readFileSync(path);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

function damaged(what: string): AppError {
  return new AppError('MODEL_MISSING', `The installed ${what} are damaged.`, { hint: 'Import the file again.' });
}
