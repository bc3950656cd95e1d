import { unreadable } from '../containerErrors';
import { ByteReader, latin1Text } from '../pickle/byteReader';
import { NUMPY_GLOBALS } from '../pickle/numpyGlobals';
import { PYTHON_GLOBALS, SMPL_GLOBALS } from '../pickle/pythonGlobals';
import { readPickle } from '../pickle/readPickle';
import { parseNumpyType } from './dtype';
import { countOfShape, NdArray } from './ndArray';

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** Longest header that is read; numpy itself warns above 10 kB. */
const MAX_HEADER_LENGTH = 65_536;

interface NpyHeader {
  descr: string;
  fortranOrder: boolean;
  shape: number[];
}

function readHeader(reader: ByteReader): NpyHeader {
  const { file } = reader;
  if (reader.remaining < 8 || MAGIC.some((byte) => reader.u8() !== byte)) {
    throw unreadable(file, 'it is no npy array, the signature is missing');
  }
  const major = reader.u8();
  reader.u8();
  if (major < 1 || major > 3) throw unreadable(file, `npy version ${major} is unknown`);
  const length = major === 1 ? reader.u16() : reader.u32();
  if (length > MAX_HEADER_LENGTH) throw unreadable(file, `its header claims ${length} bytes`);
  const text = latin1Text(reader.take(length));
  const descr = /'descr'\s*:\s*'([^']{1,12})'/.exec(text)?.[1];
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(text)?.[1];
  const shapeText = /'shape'\s*:\s*\(([\d,\sL]*)\)/.exec(text)?.[1];
  if (descr === undefined || order === undefined || shapeText === undefined) {
    throw unreadable(file, 'its header is damaged, or it is an array of structures');
  }
  const shape = shapeText
    .split(',')
    .map((part) => part.replace('L', '').trim())
    .filter((part) => part !== '')
    .map(Number);
  return { descr, fortranOrder: order === 'True', shape };
}

/**
 * Reads one numpy array: format versions 1 to 3, either byte order, C or Fortran order, all plain types, text, and objects
 * through the safe pickle reader (numpy arrays, scipy's csc matrices, Python's containers). Source: numpy's format
 * description, reference vibe-smpl 10.7.
 * @param name what to call the array in an error
 * @throws AppError WEIGHTS_INVALID for anything else, including bytes that are cut off or left over
 */
export function readNpy(bytes: Uint8Array, name = 'The array'): NdArray {
  const reader = new ByteReader(bytes, name);
  const { descr, fortranOrder, shape } = readHeader(reader);
  const type = parseNumpyType(descr);
  if (type === undefined) throw unreadable(name, `type ${descr} is not read`);
  const rest = reader.take(reader.remaining);
  if (type.kind !== 'O') return new NdArray(name, type, shape, fortranOrder, rest);
  const allowed = new Map([...NUMPY_GLOBALS, ...PYTHON_GLOBALS, ...SMPL_GLOBALS]);
  const array = readPickle(rest, name, { allowed });
  if (!(array instanceof NdArray) || array.type.kind !== 'O' || array.count !== countOfShape(shape)) {
    throw unreadable(name, 'its objects are not those that its header announces');
  }
  return array;
}
