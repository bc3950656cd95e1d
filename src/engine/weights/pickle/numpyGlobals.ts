import { unreadable } from '../containerErrors';
import { type NumpyType, parseNumpyType } from '../numpy/dtype';
import { NdArray } from '../numpy/ndArray';
import { latin1Bytes } from './byteReader';
import type { AllowList, Buildable, GlobalActions, PickleContext } from './pickleObjects';
import { allowList } from './pickleObjects';

/** `numpy.dtype` of a pickle; its state brings the byte order. */
class PickledType implements Buildable {
  constructor(
    private readonly descr: string,
    private order = '',
  ) {}

  build(state: unknown, { reader }: PickleContext): unknown {
    const [, order, subtype = null, names = null] = Array.isArray(state) ? (state as unknown[]) : [];
    if (typeof order !== 'string' || subtype !== null || names !== null) {
      throw unreadable(reader.file, 'an array of structures is not read');
    }
    this.order = order;
    return this;
  }

  /** @throws AppError WEIGHTS_INVALID for types that Retake does not read */
  resolve(file: string): NumpyType {
    const type = parseNumpyType(this.order + this.descr.replace(/^[<>|=]/, ''));
    if (type === undefined) throw unreadable(file, `numpy type ${JSON.stringify(this.descr.slice(0, 40))} is not read`);
    return type;
  }
}

/** The element type that a pickled `numpy.dtype` means; undefined when the value is none. @throws AppError WEIGHTS_INVALID */
export function typeOf(value: unknown, file: string): NumpyType | undefined {
  return value instanceof PickledType ? value.resolve(file) : undefined;
}

/** Bytes that a pickle holds as bytes or as a Python 2 string. */
function bytesOf(value: unknown, context: PickleContext): Uint8Array | undefined {
  if (value instanceof Uint8Array) return value;
  if (typeof value !== 'string') return undefined;
  context.charge(value.length);
  return latin1Bytes(value);
}

function makeArray(
  parts: { type: unknown; shape: unknown; fortran: boolean; data: unknown },
  context: PickleContext,
): NdArray {
  const { file } = context.reader;
  const type = typeOf(parts.type, file);
  if (type === undefined || !Array.isArray(parts.shape)) throw unreadable(file, 'a numpy array in it is malformed');
  const shape = parts.shape as number[];
  if (type.kind === 'O') {
    if (!Array.isArray(parts.data)) throw unreadable(file, 'an array of objects has none');
    return new NdArray(file, type, shape, parts.fortran, new Uint8Array(0), parts.data as unknown[]);
  }
  const bytes = bytesOf(parts.data, context);
  if (bytes === undefined) throw unreadable(file, 'a numpy array in it has no bytes');
  return new NdArray(file, type, shape, parts.fortran, bytes);
}

/** `_reconstruct(ndarray, (0,), b'b')`: an empty array whose state, the real one, follows. */
const reconstruct: GlobalActions = {
  call: (): Buildable => ({
    build(state, context) {
      const [, shape, type, fortran, data] = Array.isArray(state) ? (state as unknown[]) : [];
      return makeArray({ type, shape, fortran: fortran === true || fortran === 1, data }, context);
    },
  }),
};

/** `numpy.core.multiarray.scalar(dtype, bytes)` as a plain value. */
const scalar: GlobalActions = {
  call: ([type, data], context) =>
    makeArray(
      { type, shape: [], fortran: false, data: type instanceof PickledType ? data : undefined },
      context,
    ).items()[0],
};

const fromBuffer: GlobalActions = {
  call: ([data, type, shape, order], context) => makeArray({ type, shape, fortran: order === 'F', data }, context),
};

const dtype: GlobalActions = {
  call: ([descr], { reader }) => {
    if (typeof descr !== 'string') throw unreadable(reader.file, 'a numpy type in it is malformed');
    return new PickledType(descr);
  },
};

const encode: GlobalActions = {
  call: ([text, encoding], context) => {
    if (typeof text !== 'string' || !/^latin-?1$/.test(String(encoding ?? 'latin1'))) {
      throw unreadable(context.reader.file, 'bytes in it are in an unknown encoding');
    }
    context.charge(text.length);
    return latin1Bytes(text);
  },
};

/** Names that numpy's arrays and scalars need, of numpy 1 and 2 (reference vibe-smpl 10.5). */
export const NUMPY_GLOBALS: AllowList = allowList({
  'numpy.dtype': dtype,
  'numpy.ndarray': {},
  '_codecs.encode': encode,
  ...Object.fromEntries(
    ['numpy.core', 'numpy._core'].flatMap((core) => [
      [`${core}.multiarray._reconstruct`, reconstruct],
      [`${core}.multiarray.scalar`, scalar],
      [`${core}.numeric._frombuffer`, fromBuffer],
    ]),
  ),
});
