import { inflateSync, gunzipSync } from 'node:zlib';
import { unreadable } from '../containerErrors';
import { countOfShape, NdArray } from '../numpy/ndArray';
import { ByteReader } from '../pickle/byteReader';
import { NUMPY_GLOBALS, typeOf } from '../pickle/numpyGlobals';
import type { AllowList, Buildable, PickleContext } from '../pickle/pickleObjects';
import { allowList } from '../pickle/pickleObjects';
import { PYTHON_GLOBALS } from '../pickle/pythonGlobals';
import { readPickleAt } from '../pickle/readPickle';

/** Largest unpacked size of a compressed file. */
const MAX_UNPACKED_BYTES = 1024 * 1024 * 1024;

/** Deepest nesting of arrays of objects, each a pickle of its own. */
const MAX_NESTING = 16;

/**
 * Stands for an array until its state is read; the array's bytes follow that in the stream, before the next opcode. joblib
 * 1.2 and later first write the length of a padding, and the padding (reference vibe-smpl 10.8).
 */
class ArrayWrapper implements Buildable {
  constructor(private readonly nesting: number) {}

  build(state: unknown, { reader }: PickleContext): unknown {
    if (!(state instanceof Map)) throw unreadable(reader.file, 'an array in it has no description');
    const shape: unknown = state.get('shape');
    const count = Array.isArray(shape) ? countOfShape(shape) : undefined;
    const type = typeOf(state.get('dtype'), reader.file);
    if (count === undefined || type === undefined) throw unreadable(reader.file, 'an array in it is malformed');
    if (type.kind === 'O') return this.objects(reader);
    if ((state.get('numpy_array_alignment_bytes') ?? null) !== null) reader.take(reader.u8());
    const bytes = reader.take(count * type.size);
    return new NdArray(reader.file, type, [...(shape as number[])], state.get('order') === 'F', bytes);
  }

  private objects(reader: ByteReader): unknown {
    if (this.nesting >= MAX_NESTING) throw unreadable(reader.file, 'it is nested too deeply');
    return readPickleAt(reader, { allowed: joblibGlobals(this.nesting + 1) });
  }
}

function joblibGlobals(nesting: number): AllowList {
  const make = (): ArrayWrapper => new ArrayWrapper(nesting);
  return new Map([
    ...NUMPY_GLOBALS,
    ...PYTHON_GLOBALS,
    ...allowList({ 'joblib.numpy_pickle.NumpyArrayWrapper': { create: make, call: make } }),
  ]);
}

/** Undoes the compression of `joblib.dump(..., compress=...)`, zlib or gzip. */
function unpacked(bytes: Uint8Array, file: string): Uint8Array {
  const [first, second] = bytes;
  const inflate = first === 0x78 ? inflateSync : first === 0x1f && second === 0x8b ? gunzipSync : undefined;
  if (inflate === undefined) return bytes;
  try {
    // Deflate packs at most 1032 times.
    return inflate(bytes, { maxOutputLength: Math.min(MAX_UNPACKED_BYTES, bytes.length * 1032 + 1024) });
  } catch (error) {
    throw unreadable(file, 'its compressed content is damaged, or larger than 1 GB', error);
  }
}

/**
 * Reads what `joblib.dump` wrote (raw or compressed by zlib or gzip), or a plain pickle of Python's containers and numpy
 * arrays, as plain values (see `readPickle`); arrays are {@link NdArray}s over the bytes. Nothing in it is executed.
 * @param file what the file is called in errors
 * @throws AppError WEIGHTS_INVALID when it is damaged, cut off, or names a class that is not allowed
 */
export function readJoblib(bytes: Uint8Array, file: string): unknown {
  return readPickleAt(new ByteReader(unpacked(bytes, file), file), { allowed: joblibGlobals(0) });
}
