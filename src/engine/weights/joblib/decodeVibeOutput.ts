import { AppError } from '#core/errors';
import { NdArray } from '../numpy/ndArray';
import { readJoblib } from './readJoblib';
import type { Floats, ReadVibePerson } from './vibePerson';

function invalid(file: string, problem: string): AppError {
  return new AppError('INVALID_ARGUMENT', `${file} is not a result of VIBE: ${problem}.`, {
    hint: 'Choose the vibe_output.pkl that VIBE wrote.',
  });
}

/** Arrays of one person, by VIBE's keys. */
class PersonArrays {
  constructor(
    private readonly file: string,
    private readonly id: number,
    private readonly values: ReadonlyMap<unknown, unknown>,
  ) {}

  /** The array of a key with a shape like `expected`, where undefined fits anything. */
  array(key: string, expected: readonly (number | undefined)[]): NdArray {
    const value = this.values.get(key);
    if (!(value instanceof NdArray)) throw invalid(this.file, `person ${this.id} has no array ${key}`);
    const fits =
      value.shape.length === expected.length &&
      expected.every((size, k) => (size ?? value.shape[k]) === value.shape[k]);
    if (!fits || !['f', 'i', 'u'].includes(value.type.kind)) {
      throw invalid(this.file, `${key} of person ${this.id} has shape (${value.shape.join(', ')}) of ${value.dtype}`);
    }
    return value;
  }

  floats(key: string, expected: readonly (number | undefined)[]): Floats {
    return floatsOf(this.array(key, expected));
  }

  optional(key: string): { shape: readonly number[]; data: Floats } | null {
    const value = this.values.get(key);
    return value instanceof NdArray ? { shape: value.shape, data: floatsOf(value) } : null;
  }
}

function floatsOf({ data }: NdArray): Floats {
  return data instanceof Float32Array || data instanceof Float64Array ? data : Float64Array.from(data);
}

/** Meshes row by row, out of the file's bytes. */
function vertexRows(array: NdArray): ReadVibePerson['verts'] {
  const [rows = 0, vertexCount = 0] = array.shape;
  const size = vertexCount * 3;
  const plain = array.dtype === 'f4' && array.type.littleEndian && !array.fortranOrder;
  const all = plain ? undefined : Float32Array.from(array.data);
  const row = (at: number): Float32Array => {
    const [from, to] = [at * size, (at + 1) * size];
    return all ? all.subarray(from, to) : new Float32Array(array.bytes.slice(from * 4, to * 4).buffer);
  };
  return {
    vertexCount,
    row,
    *chunks() {
      for (let at = 0; at < rows; at++) yield row(at);
    },
  };
}

function personOf(file: string, id: number, values: ReadonlyMap<unknown, unknown>): ReadVibePerson {
  const arrays = new PersonArrays(file, id, values);
  const frameIds = Array.from(arrays.array('frame_ids', [undefined]).data);
  if (frameIds.some((frame) => !Number.isSafeInteger(frame) || frame < 0)) {
    throw invalid(file, `frame_ids of person ${id} are no frame numbers`);
  }
  const n = frameIds.length;
  return {
    predCam: arrays.floats('pred_cam', [n, 3]),
    origCam: arrays.floats('orig_cam', [n, 4]),
    verts: vertexRows(arrays.array('verts', [n, undefined, 3])),
    pose: arrays.floats('pose', [n, 72]),
    betas: arrays.floats('betas', [n, 10]),
    joints3d: arrays.floats('joints3d', [n, undefined, 3]),
    joints2d: arrays.optional('joints2d'),
    joints2dImgCoord: arrays.floats('joints2d_img_coord', [n, undefined, 2]),
    bboxes: arrays.floats('bboxes', [n, 4]),
    frameIds,
  };
}

/**
 * People of a result of VIBE that was read as plain values.
 * @param file what the file is called in errors
 * @throws AppError INVALID_ARGUMENT when it is something else
 */
export function vibeOutputOf(value: unknown, file: string): Map<number, ReadVibePerson> {
  if (!(value instanceof Map)) throw invalid(file, 'it holds no dict of people');
  const people = new Map<number, ReadVibePerson>();
  for (const [id, person] of value as Map<unknown, unknown>) {
    if (typeof id !== 'number' || !(person instanceof Map)) throw invalid(file, 'its people have no numbers');
    people.set(id, personOf(file, id, person));
  }
  return people;
}

/**
 * Reads a `vibe_output.pkl`: a joblib stream of any version, or a plain pickle of the same values. Vertices stay in `bytes`
 * until they are asked for.
 * @param file what the file is called in errors
 * @returns people by VIBE's person id
 * @throws AppError WEIGHTS_INVALID when the file is damaged, INVALID_ARGUMENT when it holds something else
 */
export function decodeVibeOutput(bytes: Uint8Array, file = 'The file'): Map<number, ReadVibePerson> {
  return vibeOutputOf(readJoblib(bytes, file), file);
}
