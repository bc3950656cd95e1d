import { AppError } from '#core/errors';

/** The error for a TFLite file that cannot be used. */
export function invalidTflite(reason: string): AppError {
  return new AppError('MODEL_INVALID', `The TFLite file cannot be read: ${reason}`, {
    hint: 'Run "npm run setup" to fetch the models anew.',
  });
}

/** Bounds-checked little-endian reads; every address comes from the file, so every one is checked. */
class Memory {
  private readonly view: DataView;

  constructor(private readonly data: Uint8Array) {
    this.view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  }

  uint8(at: number): number {
    return this.view.getUint8(this.check(at, 1));
  }

  int8(at: number): number {
    return this.view.getInt8(this.check(at, 1));
  }

  uint16(at: number): number {
    return this.view.getUint16(this.check(at, 2), true);
  }

  int32(at: number): number {
    return this.view.getInt32(this.check(at, 4), true);
  }

  uint32(at: number): number {
    return this.view.getUint32(this.check(at, 4), true);
  }

  bytes(at: number, length: number): Uint8Array {
    return this.data.subarray(this.check(at, length), at + length);
  }

  private check(at: number, length: number): number {
    if (at < 0 || at + length > this.data.byteLength) {
      throw invalidTflite(`it points to byte ${at + length} of ${this.data.byteLength} (truncated or damaged)`);
    }
    return at;
  }
}

/**
 * A table of a FlatBuffer; fields are addressed by their slot number in the schema (deprecated fields keep their slot,
 * a union takes two). Absent fields give the default. Source: FlatBuffers internals document.
 * Every read throws AppError `MODEL_INVALID` when it would leave the file.
 */
export class FlatTable {
  private readonly fieldOffsets: number;
  private readonly fieldCount: number;

  private constructor(
    private readonly memory: Memory,
    private readonly at: number,
  ) {
    this.fieldOffsets = at - memory.int32(at);
    this.fieldCount = Math.max(0, (memory.uint16(this.fieldOffsets) - 4) >> 1);
  }

  /** The root table of a file with the given four-letter identifier. */
  static root(data: Uint8Array, identifier: string): FlatTable {
    const memory = new Memory(data);
    const found = String.fromCharCode(...memory.bytes(4, 4));
    if (found !== identifier) throw invalidTflite(`its identifier is not ${identifier}`);
    return new FlatTable(memory, memory.uint32(0));
  }

  int8(slot: number, absent = 0): number {
    const at = this.field(slot);
    return at === undefined ? absent : this.memory.int8(at);
  }

  uint8(slot: number, absent = 0): number {
    const at = this.field(slot);
    return at === undefined ? absent : this.memory.uint8(at);
  }

  boolean(slot: number): boolean {
    return this.uint8(slot) !== 0;
  }

  int32(slot: number, absent = 0): number {
    const at = this.field(slot);
    return at === undefined ? absent : this.memory.int32(at);
  }

  uint32(slot: number, absent = 0): number {
    const at = this.field(slot);
    return at === undefined ? absent : this.memory.uint32(at);
  }

  /** A string field, empty when absent. */
  string(slot: number): string {
    const vector = this.vector(slot, 1);
    return vector === undefined ? '' : new TextDecoder().decode(this.memory.bytes(vector.start, vector.length));
  }

  /** A vector of bytes as a view into the file, empty when absent. */
  bytes(slot: number): Uint8Array {
    const vector = this.vector(slot, 1);
    return vector === undefined ? new Uint8Array(0) : this.memory.bytes(vector.start, vector.length);
  }

  /** A vector of int32, empty when absent. */
  integers(slot: number): number[] {
    const vector = this.vector(slot, 4);
    if (vector === undefined) return [];
    return Array.from({ length: vector.length }, (_, index) => this.memory.int32(vector.start + index * 4));
  }

  /** A sub-table, undefined when absent. */
  table(slot: number): FlatTable | undefined {
    const at = this.field(slot);
    return at === undefined ? undefined : new FlatTable(this.memory, at + this.memory.uint32(at));
  }

  /** A vector of sub-tables, empty when absent. */
  tables(slot: number): FlatTable[] {
    const vector = this.vector(slot, 4);
    if (vector === undefined) return [];
    return Array.from({ length: vector.length }, (_, index) => {
      const at = vector.start + index * 4;
      return new FlatTable(this.memory, at + this.memory.uint32(at));
    });
  }

  private field(slot: number): number | undefined {
    if (slot >= this.fieldCount) return undefined;
    const offset = this.memory.uint16(this.fieldOffsets + 4 + slot * 2);
    return offset === 0 ? undefined : this.at + offset;
  }

  private vector(slot: number, elementSize: number): { start: number; length: number } | undefined {
    const at = this.field(slot);
    if (at === undefined) return undefined;
    const start = at + this.memory.uint32(at);
    const length = this.memory.uint32(start);
    this.memory.bytes(start + 4, length * elementSize);
    return { start: start + 4, length };
  }
}
