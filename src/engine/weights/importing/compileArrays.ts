import { AppError } from '#core/errors';
import type { PartKind } from '#core/protocol/modelMessages';
import type { NdArray } from '../numpy/ndArray';
import { type MeanParameters, PARAMETERS } from '../vibe/regressor';
import { MEAN_FILE, REGRESSOR_FILE } from '../userModels/partArrays';
import { notExpected } from './notExpected';
import type { CompiledPart } from './pendingPart';

/** Vertices of SMPL. */
export const SMPL_VERTICES = 6890;

/** Joint regressors by the number of their rows (vibe-smpl.md 7.6 and 8). */
const REGRESSORS: Readonly<Record<number, PartKind>> = { 9: 'joint-regressor-extra', 17: 'joint-regressor-h36m' };

/** Values as little-endian float32. */
export function floatBytes(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** Mean parameters as a file of 157 numbers: pose 6D, betas, camera. */
export function meanFile({ pose6d, betas, camera }: MeanParameters): Uint8Array {
  return floatBytes(Float32Array.of(...pose6d, ...betas, ...camera));
}

/** `smpl_mean_params.npz` (vibe-smpl.md 5.2). @throws AppError WEIGHTS_INVALID */
export function compileMeanParameters(arrays: ReadonlyMap<string, NdArray>, name: string): CompiledPart {
  const take = (key: string, count: number) => {
    const array = arrays.get(key);
    if (array?.count !== count) {
      throw new AppError(
        'WEIGHTS_INVALID',
        `${name} has ${array?.count ?? 0} numbers in ${key} where ${count} are expected.`,
        { hint: "Take smpl_mean_params.npz from VIBE's data download." },
      );
    }
    return finiteFloats(Float32Array.from(array.data), `${key} of ${name}`);
  };
  const mean = {
    pose6d: take('pose', PARAMETERS.pose6d),
    betas: take('shape', PARAMETERS.betas),
    camera: take('cam', PARAMETERS.camera),
  };
  return { kind: 'mean-parameters', files: new Map([[MEAN_FILE, [meanFile(mean)]]]), facts: {} };
}

/** `J_regressor_extra.npy` or `J_regressor_h36m.npy`, told apart by their shape. @throws AppError WEIGHTS_INVALID */
export function compileJointRegressor(array: NdArray, name: string): CompiledPart {
  const [rows = 0, vertices = 0] = array.shape;
  const kind = REGRESSORS[rows];
  if (array.shape.length !== 2 || kind === undefined || vertices !== SMPL_VERTICES) {
    throw notExpected(
      name,
      `an array of shape ${array.shape.join(' x ') || '()'} (joint regressors are 9 x 6890 or 17 x 6890)`,
    );
  }
  return regressorPart(kind, finiteFloats(Float32Array.from(array.data), name), rows, vertices);
}

/** A joint regressor as a part: rows x vertices, row-major. */
export function regressorPart(kind: PartKind, values: Float32Array, rows: number, vertices: number): CompiledPart {
  return { kind, files: new Map([[REGRESSOR_FILE, [floatBytes(values)]]]), facts: { joints: rows, columns: vertices } };
}

function finiteFloats(values: Float32Array, what: string): Float32Array {
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return values;
  throw new AppError('WEIGHTS_INVALID', `${what} holds ${values[bad]} at ${bad} where a finite number is expected.`, {
    hint: 'The file is damaged: download it again.',
  });
}
