import {
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { AppError } from '#core/errors';
import { fileError } from '../project/atomicFile';

const KEY_BYTES = 8;
const CHECK_BYTES = 4;
const HEAD_BYTES = KEY_BYTES + CHECK_BYTES;
/** Bytes read at a time while a file is indexed. */
const BLOCK_BYTES = 4 * 1024 * 1024;

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

/** One file of records and where each whole one of them begins. */
interface RecordFile {
  handle: number;
  /** Bytes of whole records. */
  size: number;
  index: Map<number, number>;
}

/**
 * A cache on disk of Float32Arrays of one length, by 53-bit content key: one append-only file of fixed-size records
 * (key f64, check u32, values), indexed in memory. Deletable at any time nothing is open; damaged records count as
 * missing and a torn tail is cut off on opening. When the file passes its budget it is renamed to `.old` (still read,
 * replaced at the next rotation), so that what was not used for long goes first.
 */
export class RecordCache {
  private readonly recordBytes: number;
  private newer: RecordFile;
  private older: RecordFile | undefined;

  /** `length` values a record; `budgetBytes` bounds each of the two files. @throws AppError READ_ONLY, DISK_FULL. */
  constructor(
    private readonly path: string,
    private readonly length: number,
    private readonly budgetBytes: number,
  ) {
    this.recordBytes = HEAD_BYTES + length * 4;
    try {
      mkdirSync(dirname(path), { recursive: true });
      this.newer = this.openFile(path, 'a+');
      ftruncateSync(this.newer.handle, this.newer.size);
      this.older = existsSync(this.oldPath) ? this.openFile(this.oldPath, 'r') : undefined;
    } catch (error) {
      throw fileError(error, 'the cache of poses');
    }
  }

  private get oldPath(): string {
    return `${this.path}.old`;
  }

  /** True when a record stands under `key`; it was whole when the file was opened. */
  has(key: number): boolean {
    return this.newer.index.has(key) || this.older?.index.has(key) === true;
  }

  /** The values stored under `key`, or undefined when there are none (or the record was damaged since). */
  get(key: number): Float32Array | undefined {
    return this.readRecord(this.newer, key) ?? (this.older && this.readRecord(this.older, key));
  }

  /**
   * Stores values under `key`; a key that is there already is left alone, as the same key means the same content.
   * @throws AppError DISK_FULL, READ_ONLY.
   */
  set(key: number, values: Float32Array): void {
    if (values.length !== this.length) {
      throw new AppError('INTERNAL', `A record of ${this.length} values was expected, not ${values.length}.`);
    }
    if (this.has(key)) return;
    const record = Buffer.alloc(this.recordBytes);
    record.writeDoubleLE(key, 0);
    record.writeUInt32LE(checkOf(values), KEY_BYTES);
    Buffer.from(values.buffer, values.byteOffset, values.byteLength).copy(record, HEAD_BYTES);
    try {
      if (this.newer.size + this.recordBytes > this.budgetBytes) this.rotate();
      this.append(record);
    } catch (error) {
      throw fileError(error, 'the cache of poses');
    }
    this.newer.index.set(key, this.newer.size);
    this.newer.size += this.recordBytes;
  }

  close(): void {
    closeSync(this.newer.handle);
    // The system gives the number of a closed file to the next one: nothing may be written there.
    this.newer.handle = -1;
    if (this.older) closeSync(this.older.handle);
    this.older = undefined;
  }

  private append(record: Buffer): void {
    const { handle, size } = this.newer;
    try {
      for (let written = 0; written < record.length; ) written += writeSync(handle, record, written);
    } catch (error) {
      // Part of a record would shift all that follow.
      ftruncateSync(handle, size);
      throw error;
    }
  }

  private openFile(path: string, flags: 'a+' | 'r'): RecordFile {
    const handle = openSync(path, flags);
    const index = new Map<number, number>();
    const { recordBytes } = this;
    const count = Math.floor(fstatSync(handle).size / recordBytes);
    const block = Buffer.alloc(Math.max(1, Math.floor(BLOCK_BYTES / recordBytes)) * recordBytes);
    for (let at = 0; at < count * recordBytes; at += block.length) {
      const bytes = readSync(handle, block, 0, block.length, at);
      for (let offset = 0; offset + recordBytes <= bytes; offset += recordBytes) {
        const record = block.subarray(offset, offset + recordBytes);
        if (this.valuesOf(record)) index.set(record.readDoubleLE(0), at + offset);
      }
    }
    return { handle, size: count * recordBytes, index };
  }

  private readRecord({ handle, index }: RecordFile, key: number): Float32Array | undefined {
    const at = index.get(key);
    if (at === undefined) return undefined;
    const record = Buffer.alloc(this.recordBytes);
    const bytes = readSync(handle, record, 0, this.recordBytes, at);
    const values = bytes === this.recordBytes && record.readDoubleLE(0) === key ? this.valuesOf(record) : undefined;
    if (!values) index.delete(key);
    return values;
  }

  private valuesOf(record: Buffer): Float32Array | undefined {
    const values = new Float32Array(this.length);
    Buffer.from(values.buffer).set(record.subarray(HEAD_BYTES));
    return checkOf(values) === record.readUInt32LE(KEY_BYTES) ? values : undefined;
  }

  private rotate(): void {
    if (this.older) closeSync(this.older.handle);
    closeSync(this.newer.handle);
    renameSync(this.path, this.oldPath);
    this.older = { ...this.newer, handle: openSync(this.oldPath, 'r') };
    this.newer = { handle: openSync(this.path, 'a+'), size: 0, index: new Map() };
  }
}
