import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { AppError } from '#core/errors';

const BLOCK = 512;

/**
 * Reads the wanted files out of a gzipped tar (ustar, as npm writes it), holding only those in memory.
 * @throws AppError `MODEL_INVALID` when the archive is damaged or lacks a wanted file.
 */
export async function readTarball(file: string, wanted: readonly string[]): Promise<Map<string, Uint8Array>> {
  const reader = new TarReader(new Set(wanted));
  try {
    await pipeline(createReadStream(file), createGunzip(), async (source: AsyncIterable<Buffer>) => {
      for await (const chunk of source) reader.push(chunk);
    });
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('MODEL_INVALID', 'The package archive is damaged', { cause });
  }
  const missing = wanted.filter((path) => !reader.files.has(path));
  if (missing.length > 0) throw new AppError('MODEL_INVALID', `The package archive lacks ${missing.join(', ')}`);
  return reader.files;
}

/** A tar stream, taken in chunks of any size. */
class TarReader {
  readonly files = new Map<string, Uint8Array>();
  private readonly header = new Uint8Array(BLOCK);
  private headerFilled = 0;
  /** Bytes of the current file's content and padding that are still to come. */
  private contentLeft = 0;
  private paddingLeft = 0;
  private current: Uint8Array | undefined;

  constructor(private readonly wanted: ReadonlySet<string>) {}

  push(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.byteLength) {
      const rest = chunk.byteLength - at;
      if (this.contentLeft > 0) {
        const taken = Math.min(rest, this.contentLeft);
        this.current?.set(chunk.subarray(at, at + taken), this.current.byteLength - this.contentLeft);
        this.contentLeft -= taken;
        at += taken;
      } else if (this.paddingLeft > 0) {
        const taken = Math.min(rest, this.paddingLeft);
        this.paddingLeft -= taken;
        at += taken;
      } else {
        const taken = Math.min(rest, BLOCK - this.headerFilled);
        this.header.set(chunk.subarray(at, at + taken), this.headerFilled);
        this.headerFilled += taken;
        at += taken;
        if (this.headerFilled === BLOCK) this.openEntry();
      }
    }
  }

  private openEntry(): void {
    this.headerFilled = 0;
    this.current = undefined;
    if (this.header.every((byte) => byte === 0)) return;
    checkSum(this.header);
    const size = Number.parseInt(text(this.header, 124, 12).trim() || '0', 8);
    if (!Number.isSafeInteger(size) || size < 0) throw new AppError('MODEL_INVALID', 'The package archive is damaged');
    const prefix = text(this.header, 345, 155);
    const name = text(this.header, 0, 100);
    const path = prefix === '' ? name : `${prefix}/${name}`;
    if (this.wanted.has(path)) {
      this.current = new Uint8Array(size);
      this.files.set(path, this.current);
    }
    this.contentLeft = size;
    this.paddingLeft = (BLOCK - (size % BLOCK)) % BLOCK;
  }
}

/** The header's own sum, its field counted as spaces (ustar). */
function checkSum(header: Uint8Array): void {
  const stated = Number.parseInt(text(header, 148, 8).trim(), 8);
  const found = header.reduce((sum, byte, index) => sum + (index >= 148 && index < 156 ? 32 : byte), 0);
  if (stated !== found) throw new AppError('MODEL_INVALID', 'The package archive is damaged');
}

function text(header: Uint8Array, start: number, length: number): string {
  const field = header.subarray(start, start + length);
  const end = field.indexOf(0);
  return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end));
}
