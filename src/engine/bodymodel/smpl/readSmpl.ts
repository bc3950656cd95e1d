import type { BodyModel } from '#core/body/bodyModel';
import { readNpz } from '../../weights/numpy/npz';
import { NUMPY_GLOBALS } from '../../weights/pickle/numpyGlobals';
import { PYTHON_GLOBALS, SMPL_GLOBALS } from '../../weights/pickle/pythonGlobals';
import { readPickle } from '../../weights/pickle/readPickle';
import { looksLikeZip } from '../../weights/torch/readCheckpoint';
import type { TorchTensor } from '../../weights/torch/torchTensor';
import { type DenseArray, denseArray, smplInvalid } from './smplNumbers';
import { type SmplGender, smplModel } from './smplModel';

const KEYS = ['v_template', 'shapedirs', 'posedirs', 'J_regressor', 'weights', 'kintree_table', 'f', 'vert_sym_idxs'];

/** Keys that only models with hands have. */
const HAND_KEYS = ['hands_componentsl', 'hands_componentsr', 'hands_meanl', 'hands_meanr'];

const ALLOWED = new Map([...NUMPY_GLOBALS, ...PYTHON_GLOBALS, ...SMPL_GLOBALS]);

/** Which SMPL model a file of this name holds, as the official names say; undefined when the name does not say. */
export function smplGenderOf(fileName: string): SmplGender | undefined {
  const name = fileName.toLowerCase().replace(/^.*[/\\]/, '');
  if (/neutral/.test(name)) return 'neutral';
  if (/female|model_f_/.test(name)) return 'female';
  if (/male|model_m_/.test(name)) return 'male';
  return undefined;
}

function valuesOf(bytes: Uint8Array, file: string): ReadonlyMap<unknown, unknown> {
  if (looksLikeZip(bytes)) return readNpz(bytes, (name) => [...KEYS, ...HAND_KEYS].includes(name), file);
  const value = readPickle(bytes, file, { allowed: ALLOWED });
  if (!(value instanceof Map)) throw smplInvalid(file, 'it holds no dict of arrays');
  return value;
}

/** Row 0 of `kintree_table`, with or without the row of children below it. */
function parentsOf({ shape, data }: DenseArray): number[] {
  const joints = shape.at(-1) ?? 0;
  return Array.from({ length: joints }, (_, joint) => data[joint]!);
}

/**
 * Reads a SMPL model: official pickle (Python 2, chumpy and scipy inside), cleaned pickle, or npz.
 * @param gender which of the three models it is, see {@link smplGenderOf}
 * @param file what the file is called in errors
 * @throws AppError WEIGHTS_INVALID when the container cannot be read, BODY_INVALID when what is in it is no SMPL model
 */
export function readSmpl(bytes: Uint8Array, gender: SmplGender, file: string): BodyModel {
  const values = valuesOf(bytes, file);
  const array = (key: string): DenseArray => denseArray(file, key, values.get(key));
  if (HAND_KEYS.some((key) => values.has(key)) && array('weights').shape.at(-1) !== 55) {
    throw smplInvalid(file, 'it has hands, so it is a SMPL-H model, where SMPL is expected');
  }
  return smplModel(
    {
      template: array('v_template'),
      shapedirs: array('shapedirs'),
      posedirs: array('posedirs'),
      regressor: array('J_regressor'),
      weights: array('weights'),
      parents: parentsOf(array('kintree_table')),
      faces: array('f'),
      ...(values.has('vert_sym_idxs') ? { mirror: array('vert_sym_idxs') } : {}),
    },
    gender,
    file,
  );
}

/** posedirs as buffers have it, 207 x (V * 3), turned to V x 3 x 207. */
function turned({ shape, data }: DenseArray): DenseArray {
  const [features = 0, size = 0] = shape;
  const posedirs = new Float32Array(features * size);
  for (let feature = 0; feature < features; feature++) {
    for (let at = 0; at < size; at++) posedirs[at * features + feature] = data[feature * size + at]!;
  }
  return { shape: [size / 3, 3, features], data: posedirs };
}

/**
 * The neutral SMPL model that a VIBE checkpoint carries in its state dict (reference vibe-smpl 10.6).
 * @param tensors the state dict's tensors by key, see `tensorsOf`
 * @param prefix what stands before the model's own keys
 * @returns undefined when there is none
 * @throws AppError BODY_INVALID when it is incomplete or damaged
 */
export function smplOfCheckpoint(
  tensors: ReadonlyMap<string, TorchTensor>,
  file: string,
  prefix = 'regressor.smpl.',
): BodyModel | undefined {
  if (!tensors.has(`${prefix}v_template`)) return undefined;
  const array = (key: string): DenseArray => denseArray(file, prefix + key, tensors.get(prefix + key));
  return smplModel(
    {
      template: array('v_template'),
      shapedirs: array('shapedirs'),
      posedirs: turned(array('posedirs')),
      regressor: array('J_regressor'),
      weights: array('lbs_weights'),
      parents: Array.from(array('parents').data),
      faces: array('faces_tensor'),
    },
    'neutral',
    file,
  );
}
