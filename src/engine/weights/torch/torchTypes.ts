import { widenHalfFloats } from '../halfFloat';

/** An element type of PyTorch's storages. */
export interface TorchType {
  /** PyTorch's name, for example `float32`. */
  name: string;
  /** Bytes per element. */
  size: number;
  /** True for numbers with a fraction. */
  floating: boolean;
}

const type = (name: string, size: number, floating = false): TorchType => ({ name, size, floating });

/** Types by the name of their storage class (reference vibe-smpl 10.4). */
export const STORAGE_TYPES: ReadonlyMap<string, TorchType> = new Map([
  ['torch.DoubleStorage', type('float64', 8, true)],
  ['torch.FloatStorage', type('float32', 4, true)],
  ['torch.HalfStorage', type('float16', 2, true)],
  ['torch.BFloat16Storage', type('bfloat16', 2, true)],
  ['torch.LongStorage', type('int64', 8)],
  ['torch.IntStorage', type('int32', 4)],
  ['torch.ShortStorage', type('int16', 2)],
  ['torch.CharStorage', type('int8', 1)],
  ['torch.ByteStorage', type('uint8', 1)],
  ['torch.BoolStorage', type('bool', 1)],
  ['torch.ComplexFloatStorage', type('complex64', 8)],
  ['torch.ComplexDoubleStorage', type('complex128', 16)],
]);

/** Upper halves of float32. */
function widenBrainFloats(bytes: Uint8Array): Float32Array {
  const wide = new Uint8Array(bytes.length * 2);
  for (let k = 0; k + 1 < bytes.length; k += 2) {
    wide[2 * k + 2] = bytes[k]!;
    wide[2 * k + 3] = bytes[k + 1]!;
  }
  return new Float32Array(wide.buffer);
}

/** Numbers of a storage, in its order; complex ones as pairs, 64-bit integers as doubles (exact to 2^53). */
export type StorageNumbers = Float32Array | Float64Array | Int8Array | Uint8Array | Int16Array | Int32Array;

/** Little-endian bytes of a storage as numbers; always a copy. */
export function storageNumbers({ name }: TorchType, bytes: Uint8Array): StorageNumbers {
  if (name === 'float16') return widenHalfFloats(bytes);
  if (name === 'bfloat16') return widenBrainFloats(bytes);
  const { buffer } = Uint8Array.from(bytes);
  switch (name) {
    case 'float64':
    case 'complex128':
      return new Float64Array(buffer);
    case 'int64':
      return Float64Array.from(new BigInt64Array(buffer), Number);
    case 'int32':
      return new Int32Array(buffer);
    case 'int16':
      return new Int16Array(buffer);
    case 'int8':
      return new Int8Array(buffer);
    case 'uint8':
    case 'bool':
      return new Uint8Array(buffer);
    default:
      return new Float32Array(buffer);
  }
}
