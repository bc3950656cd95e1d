import { AppError } from '#core/errors';
import { countOfShape, NdArray } from '../../weights/numpy/ndArray';
import { PyInstance } from '../../weights/pickle/pickleObjects';
import { TorchTensor } from '../../weights/torch/torchTensor';

/** A dense array of a body file, row-major. */
export interface DenseArray {
  shape: readonly number[];
  data: ArrayLike<number>;
}

/** Deepest nesting of arrays in arrays (chumpy in chumpy, objects in arrays). */
const MAX_DEPTH = 8;

/** The error for a file that is no SMPL model that Retake can use; `problem` ends the sentence. */
export function smplInvalid(file: string, problem: string): AppError {
  return new AppError('BODY_INVALID', `${file} cannot be used as a SMPL model: ${problem}.`, {
    hint: 'Choose the SMPL model for Python (24 joints, 10 or 300 shape components), as .pkl or .npz.',
  });
}

function shapeOf(file: string, key: string, value: unknown): number[] {
  if (!Array.isArray(value) || countOfShape(value) === undefined)
    throw smplInvalid(file, `${key} has no readable shape`);
  return value as number[];
}

/** `chumpy.reordering.Select`: elements `idxs` of the flattened array `a`. */
function selected(file: string, key: string, state: ReadonlyMap<string, unknown>, depth: number): DenseArray {
  const source = denseArray(file, key, state.get('a'), depth + 1).data;
  const indices = denseArray(file, key, state.get('idxs'), depth + 1).data;
  const shape = shapeOf(file, key, state.get('preferred_shape') ?? [indices.length]);
  if (countOfShape(shape) !== indices.length)
    throw smplInvalid(file, `${key} has a shape that does not fit its numbers`);
  const data = new Float64Array(indices.length);
  for (let k = 0; k < data.length; k++) {
    const value = source[indices[k]!];
    if (value === undefined) throw smplInvalid(file, `${key} refers to numbers that are not there`);
    data[k] = value;
  }
  return { shape, data };
}

/** scipy's compressed sparse columns; entries of the same place add up. */
function fromColumns(file: string, key: string, state: ReadonlyMap<string, unknown>, depth: number): DenseArray {
  const shape = shapeOf(file, key, state.get('_shape') ?? state.get('shape'));
  const [rows = 0, columns = 0] = shape;
  const part = (name: string): ArrayLike<number> => denseArray(file, key, state.get(name), depth + 1).data;
  const [values, indices, starts] = [part('data'), part('indices'), part('indptr')];
  if (shape.length !== 2 || starts.length !== columns + 1 || values.length !== indices.length) {
    throw smplInvalid(file, `the sparse matrix ${key} is damaged`);
  }
  const data = new Float64Array(rows * columns);
  for (let column = 0; column < columns; column++) {
    for (let k = starts[column]!; k < Math.min(starts[column + 1]!, values.length); k++) {
      const row = indices[k];
      if (row === undefined || !(row >= 0 && row < rows))
        throw smplInvalid(file, `the sparse matrix ${key} is damaged`);
      data[row * columns + column]! += values[k]!;
    }
  }
  return { shape, data };
}

/**
 * The numbers of a value of a body file: numpy array, chumpy array (leaf or selection), scipy csc matrix, tensor, or one of
 * these in a 0-d object array (reference vibe-smpl 7.2).
 * @param key what the value is called in errors
 * @throws AppError BODY_INVALID for anything else
 */
export function denseArray(file: string, key: string, value: unknown, depth = 0): DenseArray {
  if (depth > MAX_DEPTH) throw smplInvalid(file, `${key} is nested too deeply`);
  if (value instanceof TorchTensor) return { shape: value.shape, data: value.numbers() };
  if (value instanceof NdArray) {
    if (value.type.kind === 'O' && value.shape.length === 0) return denseArray(file, key, value.items()[0], depth + 1);
    return { shape: value.shape, data: value.data };
  }
  if (value instanceof PyInstance) {
    if (value.className === 'chumpy.ch.Ch') return denseArray(file, key, value.state.get('x'), depth + 1);
    if (value.className === 'chumpy.reordering.Select') return selected(file, key, value.state, depth);
    return fromColumns(file, key, value.state, depth);
  }
  throw smplInvalid(file, value === undefined ? `it has no ${key}` : `${key} is not an array`);
}
