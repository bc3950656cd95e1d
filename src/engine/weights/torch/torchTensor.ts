import { unreadable } from '../containerErrors';
import { countOfShape } from '../numpy/ndArray';
import { type StorageNumbers, storageNumbers, type TorchType } from './torchTypes';

/** Elements that tensors are views of; several tensors may share one. */
export interface TorchStorage {
  readonly type: TorchType;
  /** Elements. */
  readonly count: number;
  /** Its bytes, little-endian. @throws AppError WEIGHTS_INVALID when the file does not have them all */
  bytes(): Uint8Array;
}

/** How a tensor lies in its storage, in elements. */
export interface TensorLayout {
  offset: number;
  shape: readonly number[];
  stride: readonly number[];
}

/** Last element that a layout reaches, or undefined when a number in it is no count. */
function lastElement({ offset, shape, stride }: TensorLayout): number | undefined {
  if (shape.length !== stride.length || ![offset, ...stride].every((n) => Number.isSafeInteger(n) && n >= 0)) {
    return undefined;
  }
  return shape.reduce((last, size, axis) => last + (size - 1) * stride[axis]!, offset);
}

/** A tensor of a checkpoint: a view of a storage. Its numbers are read from the file when they are asked for. */
export class TorchTensor {
  /** Elements. */
  readonly count: number;

  /** @throws AppError WEIGHTS_INVALID when the view leaves its storage */
  constructor(
    private readonly file: string,
    readonly storage: TorchStorage,
    private readonly layout: TensorLayout,
  ) {
    const count = countOfShape(layout.shape);
    const last = lastElement(layout);
    if (count === undefined || last === undefined || (count > 0 && last >= storage.count)) {
      throw unreadable(
        file,
        `a tensor of shape (${layout.shape.slice(0, 8).join(', ')}) does not fit its ${storage.count} stored numbers`,
      );
    }
    this.count = count;
  }

  get shape(): readonly number[] {
    return this.layout.shape;
  }

  /** Element type. */
  get type(): TorchType {
    return this.storage.type;
  }

  /**
   * The numbers, row-major, as a copy: float16 and bfloat16 as Float32Array, int64 as Float64Array (exact to 2^53), complex
   * ones as pairs.
   */
  numbers(): StorageNumbers {
    const { size, name } = this.type;
    const bytes = this.storage.bytes();
    if (this.isContiguous()) {
      const start = this.layout.offset * size;
      return storageNumbers(this.type, bytes.subarray(start, start + this.count * size));
    }
    const stored = storageNumbers(this.type, bytes);
    return this.gather(stored, name.startsWith('complex') ? 2 : 1);
  }

  /** The numbers as float32, row-major, as a copy. */
  float32(): Float32Array {
    const numbers = this.numbers();
    return numbers instanceof Float32Array ? numbers : Float32Array.from(numbers);
  }

  private isContiguous(): boolean {
    let expected = 1;
    for (let axis = this.shape.length - 1; axis >= 0; axis--) {
      if (this.shape[axis] !== 1 && this.layout.stride[axis] !== expected) return this.count === 0;
      expected *= this.shape[axis]!;
    }
    return true;
  }

  private gather(stored: StorageNumbers, width: number): StorageNumbers {
    const { shape, stride, offset } = this.layout;
    const result = new (stored.constructor as new (length: number) => StorageNumbers)(this.count * width);
    const index = shape.map(() => 0);
    let from = offset;
    for (let at = 0; at < this.count; at++) {
      for (let part = 0; part < width; part++) result[at * width + part] = stored[from * width + part]!;
      for (let axis = shape.length - 1; axis >= 0; axis--) {
        from += stride[axis]!;
        if (++index[axis]! < shape[axis]!) break;
        from -= stride[axis]! * shape[axis]!;
        index[axis] = 0;
      }
    }
    return result;
  }
}
