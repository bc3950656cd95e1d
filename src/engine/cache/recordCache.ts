import {
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

const KEY_BYTES = 8;
const CHECK_BYTES = 4;

/** Fletcher-like sum over the words of a record: tells a torn or zeroed record from a whole one. */
function checkOf(values: Float32Array): number {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
  let a = 1;
  let b = 0;
  for (const word of words) {
    a = (a + (word ^ (word >>> 16))) >>> 0;
    b = (b + a) >>> 0;
  }
  return (a ^ (b * 31)) >>> 0;
}

/**
 * A cache on disk of Float32Arrays of one length, by 52-bit content key: one append-only file of fixed-size records
 * (key f64, check u32, values), indexed in memory. Deletable at any time; a damaged tail is cut off on opening.
 * When the file passes its budget it is renamed to `.old` (still read, replaced at the next rotation), so that what
 * was not used for long goes first.
 */
export class RecordCache {
  private readonly recordBytes: number;
  private index = new Map<number, number>();
  private oldIndex = new Map<number, number>();
  private file: number;
  private oldFile: number | undefined;
  private size: number;

  /** `length` values a record; `budgetBytes` bounds each of the two files. */
  constructor(
    private readonly path: string,
    private readonly length: number,
    private readonly budgetBytes: number,
  ) {
    this.recordBytes = KEY_BYTES + CHECK_BYTES + length * 4;
    mkdirSync(dirname(path), { recursive: true });
    this.file = openSync(path, 'a+');
    this.size = this.readIndex(this.file, this.index);
    ftruncateSync(this.file, this.size);
    if (existsSync(this.oldPath) && statSync(this.oldPath).size > 0) {
      this.oldFile = openSync(this.oldPath, 'r');
      this.readIndex(this.oldFile, this.oldIndex);
    }
  }

  private get oldPath(): string {
    return `${this.path}.old`;
  }

  has(key: number): boolean {
    return this.index.has(key) || this.oldIndex.has(key);
  }

  /** The values stored under `key`, or undefined when there are none (or the record is damaged). */
  get(key: number): Float32Array | undefined {
    const at = this.index.get(key);
    if (at !== undefined) return this.readRecord(this.file, at);
    const oldAt = this.oldIndex.get(key);
    if (oldAt === undefined || this.oldFile === undefined) return undefined;
    return this.readRecord(this.oldFile, oldAt);
  }

  /** Stores values under `key`; a key that is there already is left alone, as the same key means the same content. */
  set(key: number, values: Float32Array): void {
    if (this.has(key) || values.length !== this.length) return;
    if (this.size + this.recordBytes > this.budgetBytes) this.rotate();
    const record = Buffer.alloc(this.recordBytes);
    record.writeDoubleLE(key, 0);
    record.writeUInt32LE(checkOf(values), KEY_BYTES);
    Buffer.from(values.buffer, values.byteOffset, values.byteLength).copy(record, KEY_BYTES + CHECK_BYTES);
    writeSync(this.file, record);
    this.index.set(key, this.size);
    this.size += this.recordBytes;
  }

  close(): void {
    closeSync(this.file);
    if (this.oldFile !== undefined) closeSync(this.oldFile);
  }

  private readIndex(file: number, index: Map<number, number>): number {
    const total = Math.floor(fstatSync(file).size / this.recordBytes);
    const key = Buffer.alloc(KEY_BYTES);
    for (let record = 0; record < total; record++) {
      readSync(file, key, 0, KEY_BYTES, record * this.recordBytes);
      index.set(key.readDoubleLE(0), record * this.recordBytes);
    }
    return total * this.recordBytes;
  }

  private readRecord(file: number, at: number): Float32Array | undefined {
    const record = Buffer.alloc(this.recordBytes);
    if (readSync(file, record, 0, this.recordBytes, at) !== this.recordBytes) return undefined;
    const values = new Float32Array(this.length);
    Buffer.from(values.buffer).set(record.subarray(KEY_BYTES + CHECK_BYTES));
    return checkOf(values) === record.readUInt32LE(KEY_BYTES) ? values : undefined;
  }

  private rotate(): void {
    if (this.oldFile !== undefined) closeSync(this.oldFile);
    closeSync(this.file);
    renameSync(this.path, this.oldPath);
    this.oldFile = openSync(this.oldPath, 'r');
    this.oldIndex = this.index;
    this.index = new Map();
    this.file = openSync(this.path, 'a+');
    this.size = 0;
  }
}
