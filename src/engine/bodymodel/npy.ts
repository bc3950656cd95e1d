import { AppError } from '#core/errors';
import { decodeFloat16 } from './float16';

/** The arrays a body file may hold, as typed arrays in C order. 64-bit integers become doubles (exact to 2^53). */
export type NpyData =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array;

/** One `.npy` array. `dtype` is numpy's type string without the byte order, for example `f4`. */
export interface NpyArray {
  dtype: string;
  shape: readonly number[];
  /** Row-major; f2 and f4 are Float32Array, f8, i8 and u8 Float64Array, bool Uint8Array. */
  data: NpyData;
}

/** Most elements an array may have: dense SMPL posedirs with 300 shapes stay far below. */
const MAX_ELEMENTS = 64 * 1024 * 1024;

function invalid(name: string, problem: string): AppError {
  return new AppError('BODY_INVALID', `${name} is not an array that Retake reads: ${problem}.`, {
    hint: 'Export the body model again as .npz with plain numeric arrays.',
  });
}

interface NpyHeader {
  descr: string;
  fortranOrder: boolean;
  shape: number[];
  dataOffset: number;
}

function parseHeader(bytes: Uint8Array, name: string): NpyHeader {
  const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
  if (bytes.length < 12 || magic.some((byte, k) => bytes[k] !== byte))
    throw invalid(name, 'the npy signature is missing');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const major = view.getUint8(6);
  if (major < 1 || major > 3) throw invalid(name, `npy version ${major} is unknown`);
  const headerStart = major === 1 ? 10 : 12;
  const headerLength = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (headerStart + headerLength > bytes.length) throw invalid(name, 'the header is cut off');
  const text = new TextDecoder().decode(bytes.subarray(headerStart, headerStart + headerLength));
  const descr = /'descr'\s*:\s*'([^']{1,8})'/.exec(text)?.[1];
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(text)?.[1];
  const shapeText = /'shape'\s*:\s*\(([\d,\sL]*)\)/.exec(text)?.[1];
  if (descr === undefined || order === undefined || shapeText === undefined)
    throw invalid(name, 'the header is damaged');
  const shape = shapeText
    .split(',')
    .map((part) => part.replace('L', '').trim())
    .filter((part) => part !== '')
    .map(Number);
  return { descr, fortranOrder: order === 'True', shape, dataOffset: headerStart + headerLength };
}

type Getter = (view: DataView, offset: number, littleEndian: boolean) => number;

const READERS: Readonly<Record<string, { size: number; get: Getter; make: (length: number) => NpyData }>> = {
  f4: { size: 4, get: (view, at, le) => view.getFloat32(at, le), make: (n) => new Float32Array(n) },
  f8: { size: 8, get: (view, at, le) => view.getFloat64(at, le), make: (n) => new Float64Array(n) },
  i1: { size: 1, get: (view, at) => view.getInt8(at), make: (n) => new Int8Array(n) },
  u1: { size: 1, get: (view, at) => view.getUint8(at), make: (n) => new Uint8Array(n) },
  b1: { size: 1, get: (view, at) => view.getUint8(at), make: (n) => new Uint8Array(n) },
  i2: { size: 2, get: (view, at, le) => view.getInt16(at, le), make: (n) => new Int16Array(n) },
  u2: { size: 2, get: (view, at, le) => view.getUint16(at, le), make: (n) => new Uint16Array(n) },
  f2: { size: 2, get: (view, at, le) => view.getUint16(at, le), make: (n) => new Uint16Array(n) },
  i4: { size: 4, get: (view, at, le) => view.getInt32(at, le), make: (n) => new Int32Array(n) },
  u4: { size: 4, get: (view, at, le) => view.getUint32(at, le), make: (n) => new Uint32Array(n) },
  i8: { size: 8, get: (view, at, le) => Number(view.getBigInt64(at, le)), make: (n) => new Float64Array(n) },
  u8: { size: 8, get: (view, at, le) => Number(view.getBigUint64(at, le)), make: (n) => new Float64Array(n) },
};

/** Column-major values rearranged to row-major. */
function toRowMajor(data: NpyData, shape: readonly number[], make: (length: number) => NpyData): NpyData {
  const result = make(data.length);
  const index = shape.map(() => 0);
  for (let at = 0; at < data.length; at++) {
    let flat = 0;
    for (let axis = 0; axis < shape.length; axis++) flat = flat * shape[axis]! + index[axis]!;
    result[flat] = data[at]!;
    for (let axis = 0; axis < shape.length; axis++) {
      if (++index[axis]! < shape[axis]!) break;
      index[axis] = 0;
    }
  }
  return result;
}

/**
 * Reads one numpy array: format versions 1 to 3, either byte order, C or Fortran order, the numeric types above. Object
 * arrays (pickles), strings and complex numbers are refused.
 * @param name what to call the array in an error
 * @throws AppError BODY_INVALID for anything else, including bytes that are cut off or left over
 */
export function readNpy(bytes: Uint8Array, name = 'The array'): NpyArray {
  const header = parseHeader(bytes, name);
  const order = header.descr[0] ?? '';
  const dtype = /^[<>|=]/.test(order) ? header.descr.slice(1) : header.descr;
  const reader = Object.hasOwn(READERS, dtype) ? READERS[dtype] : undefined;
  if (reader === undefined) throw invalid(name, `type ${header.descr} is not allowed`);
  const count = header.shape.reduce((total, size) => total * size, 1);
  if (!Number.isSafeInteger(count) || count > MAX_ELEMENTS) throw invalid(name, `${count} elements are too many`);
  const available = bytes.length - header.dataOffset;
  if (available !== count * reader.size) {
    throw invalid(
      name,
      `shape (${header.shape.join(', ')}) needs ${count * reader.size} bytes but ${available} are there`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset + header.dataOffset, available);
  let data = reader.make(count);
  const littleEndian = order !== '>';
  for (let k = 0; k < count; k++) data[k] = reader.get(view, k * reader.size, littleEndian);
  if (header.fortranOrder && header.shape.length > 1) data = toRowMajor(data, header.shape, reader.make);
  if (dtype === 'f2' && data instanceof Uint16Array) data = decodeFloat16(data);
  return { dtype, shape: header.shape, data };
}
