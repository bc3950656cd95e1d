import { widenHalfFloats } from '../halfFloat';
import { unreadable } from '../containerErrors';
import { type NumpyType, typeName } from './dtype';
import { rowMajor, toRowMajor } from './order';

/** Numbers of an array, row-major. 64-bit integers become doubles (exact to 2^53), half precision becomes single. */
export type NumberArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array;

/** Most elements an array may have: SMPL's posedirs with 300 shapes stay far below. */
export const MAX_ELEMENTS = 64 * 1024 * 1024;

/** Most axes, as in numpy 1. */
const MAX_AXES = 32;

/** Number of elements of a shape; undefined when it is no shape or has too many. */
export function countOfShape(shape: readonly unknown[]): number | undefined {
  if (shape.length > MAX_AXES) return undefined;
  let count = 1;
  for (const size of shape) {
    if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) return undefined;
    count *= size;
  }
  return count <= MAX_ELEMENTS ? count : undefined;
}

type Getter = (view: DataView, at: number, littleEndian: boolean) => number;

const NUMBERS: Readonly<Record<string, { make: (buffer: ArrayBuffer) => NumberArray; get: Getter }>> = {
  f4: { make: (b) => new Float32Array(b), get: (v, at, le) => v.getFloat32(at, le) },
  f8: { make: (b) => new Float64Array(b), get: (v, at, le) => v.getFloat64(at, le) },
  i1: { make: (b) => new Int8Array(b), get: (v, at) => v.getInt8(at) },
  u1: { make: (b) => new Uint8Array(b), get: (v, at) => v.getUint8(at) },
  b1: { make: (b) => new Uint8Array(b), get: (v, at) => v.getUint8(at) },
  i2: { make: (b) => new Int16Array(b), get: (v, at, le) => v.getInt16(at, le) },
  u2: { make: (b) => new Uint16Array(b), get: (v, at, le) => v.getUint16(at, le) },
  i4: { make: (b) => new Int32Array(b), get: (v, at, le) => v.getInt32(at, le) },
  u4: { make: (b) => new Uint32Array(b), get: (v, at, le) => v.getUint32(at, le) },
};

/** A numpy array as it is in a file; numbers are made when they are asked for. */
export class NdArray {
  /** Elements. */
  readonly count: number;

  /**
   * @param name what the array is called in errors
   * @param bytes the elements in the file's order; empty for objects
   * @param objects the elements of an object array, in the file's order
   * @throws AppError WEIGHTS_INVALID when the bytes do not fit the shape
   */
  constructor(
    private readonly name: string,
    readonly type: NumpyType,
    readonly shape: readonly number[],
    readonly fortranOrder: boolean,
    readonly bytes: Uint8Array,
    private readonly objects: readonly unknown[] = [],
  ) {
    const count = countOfShape(shape);
    if (count === undefined) throw unreadable(name, `an array of shape (${shape.slice(0, 8).join(', ')}) is too large`);
    this.count = count;
    if (type.kind === 'O' ? objects.length !== count : bytes.length !== count * type.size) {
      const [needed, unit] = type.kind === 'O' ? [count, 'objects'] : [count * type.size, 'bytes'];
      const found = type.kind === 'O' ? objects.length : bytes.length;
      throw unreadable(name, `shape (${shape.join(', ')}) needs ${needed} ${unit} but ${found} are there`);
    }
  }

  /** Type string without byte order, for example `f4`. */
  get dtype(): string {
    return typeName(this.type);
  }

  /**
   * The numbers, row-major: f2 and f4 as Float32Array, f8, i8 and u8 as Float64Array, bool as Uint8Array, else as named.
   * @throws AppError WEIGHTS_INVALID for text, complex numbers and objects
   */
  get data(): NumberArray {
    const numbers = this.numbersInFileOrder();
    return this.isColumnMajor() ? toRowMajor(numbers, this.shape) : numbers;
  }

  /**
   * The elements as Python has them, row-major: numbers, bigints beyond 2^53, booleans, strings (bytes as latin-1),
   * `[real, imaginary]`, or objects. For small arrays.
   */
  items(): unknown[] {
    const items = Array.from({ length: this.count }, (_, k) => this.item(k));
    return this.isColumnMajor() ? rowMajor(items, this.shape) : items;
  }

  private isColumnMajor(): boolean {
    return this.fortranOrder && this.shape.length > 1 && this.count > 0;
  }

  private numbersInFileOrder(): NumberArray {
    const { kind, size, littleEndian } = this.type;
    const view = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.byteLength);
    if (this.dtype === 'f2') return widenHalfFloats(littleEndian ? this.bytes : swapPairs(this.bytes));
    if (this.dtype === 'i8' || this.dtype === 'u8') {
      const get = kind === 'i' ? view.getBigInt64.bind(view) : view.getBigUint64.bind(view);
      return Float64Array.from({ length: this.count }, (_, k) => Number(get(k * 8, littleEndian)));
    }
    const reader = Object.hasOwn(NUMBERS, this.dtype) ? NUMBERS[this.dtype] : undefined;
    if (reader === undefined) throw unreadable(this.name, `numbers are expected where it has type ${this.dtype}`);
    // A copy of the bytes is aligned, and independent of the file.
    const numbers = reader.make(Uint8Array.from(this.bytes).buffer);
    if (!littleEndian) for (let k = 0; k < this.count; k++) numbers[k] = reader.get(view, k * size, false);
    return numbers;
  }

  private item(k: number): unknown {
    const { kind, size, littleEndian } = this.type;
    const bytes = this.bytes.subarray(k * size, (k + 1) * size);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (kind === 'O') return this.objects[k];
    if (kind === 'S') return Buffer.from(bytes).toString('latin1').replace(/\0+$/, '');
    if (kind === 'U') return textOf(view, littleEndian);
    if (kind === 'b') return view.getUint8(0) !== 0;
    if (kind === 'c') {
      const half = size / 2;
      const get = (at: number): number =>
        half === 4 ? view.getFloat32(at, littleEndian) : view.getFloat64(at, littleEndian);
      return [get(0), get(half)];
    }
    if (kind !== 'f' && size === 8) {
      const value = kind === 'i' ? view.getBigInt64(0, littleEndian) : view.getBigUint64(0, littleEndian);
      return Number.isSafeInteger(Number(value)) ? Number(value) : value;
    }
    if (kind === 'f' && size === 2) return widenHalfFloats(littleEndian ? bytes : swapPairs(bytes))[0];
    return NUMBERS[this.dtype]?.get(view, 0, littleEndian);
  }
}

function swapPairs(bytes: Uint8Array): Uint8Array {
  return bytes.map((_, k) => bytes[k ^ 1]!);
}

/** UCS-4 text without the zeros that pad it. */
function textOf(view: DataView, littleEndian: boolean): string {
  let text = '';
  for (let at = 0; at + 4 <= view.byteLength; at += 4) {
    const code = view.getUint32(at, littleEndian);
    text += code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
  }
  return text.replace(/\0+$/, '');
}
