import { unreadable } from '../containerErrors';

/** The same memory as a plain Uint8Array: Node's Buffer is one whose `slice` does not copy. */
export function plainBytes(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Reads bytes in order and refuses to leave them: every length in a file is a claim. Numbers are little-endian. */
export class ByteReader {
  readonly bytes: Uint8Array;
  private readonly view: DataView;

  /**
   * @param bytes the whole file
   * @param file what the file is called in errors
   * @param position where to start
   */
  constructor(
    bytes: Uint8Array,
    readonly file: string,
    public position = 0,
  ) {
    this.bytes = plainBytes(bytes);
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Bytes that are left. */
  get remaining(): number {
    return this.bytes.length - this.position;
  }

  u8(): number {
    return this.view.getUint8(this.advance(1));
  }

  u16(): number {
    return this.view.getUint16(this.advance(2), true);
  }

  u32(): number {
    return this.view.getUint32(this.advance(4), true);
  }

  i32(): number {
    return this.view.getInt32(this.advance(4), true);
  }

  /** Unsigned 64-bit length; one that no file can have is refused. */
  u64(): number {
    const value = Number(this.view.getBigUint64(this.advance(8), true));
    if (!Number.isSafeInteger(value)) throw unreadable(this.file, `it claims a length of ${value} bytes`);
    return value;
  }

  /** Big-endian double, as pickles write them. */
  f64be(): number {
    return this.view.getFloat64(this.advance(8), false);
  }

  /** The next `length` bytes, not copied. */
  take(length: number): Uint8Array {
    const start = this.advance(length);
    return this.bytes.subarray(start, start + length);
  }

  /** Bytes up to the next line feed, which is skipped; not copied. */
  line(): Uint8Array {
    const end = this.bytes.indexOf(10, this.position);
    if (end < 0) throw unreadable(this.file, 'it ends in the middle of a line');
    const line = this.bytes.subarray(this.position, end);
    this.position = end + 1;
    return line;
  }

  private advance(length: number): number {
    const start = this.position;
    if (length > this.bytes.length - start) {
      throw unreadable(this.file, `it ends after ${this.bytes.length} bytes where ${start + length} are expected`);
    }
    this.position = start + length;
    return start;
  }
}

/** Bytes as text, one character a byte (latin-1): how Python 2 strings are kept. */
export function latin1Text(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

/** Bytes of a latin-1 text; characters beyond 255 lose their upper bits. */
export function latin1Bytes(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'latin1'));
}
