import { crc32, inflateRawSync } from 'node:zlib';
import { unreadable } from '../containerErrors';
import { latin1Text, plainBytes } from '../pickle/byteReader';

/** A file in a zip archive. */
export interface ZipEntry {
  /** Path in the archive. */
  readonly name: string;
  /** Unpacked bytes, as the directory declares them. */
  readonly size: number;
  /**
   * Unpacks it; a stored one is not copied. Never makes more bytes than declared.
   * @throws AppError WEIGHTS_INVALID when it is encrypted, cut off, or not what the directory declares
   */
  read(): Uint8Array;
}

/** Most files an archive may hold. */
const MAX_ENTRIES = 100_000;

const END = 0x06054b50;
const END64 = 0x06064b50;
const LOCATOR64 = 0x07064b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_HEADER = 0x04034b50;

/** Names are UTF-8 by a flag bit, else code page 437, whose ASCII half is all that matters here. */
function nameOf(bytes: Uint8Array, flags: number): string {
  return flags & 0x800 ? new TextDecoder().decode(bytes) : latin1Text(bytes);
}

class Archive {
  private readonly view: DataView;

  constructor(
    private readonly bytes: Uint8Array,
    readonly file: string,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  fail(problem: string, cause?: unknown): never {
    throw unreadable(this.file, problem, cause);
  }

  u16(at: number): number {
    return this.view.getUint16(this.check(at, 2), true);
  }

  u32(at: number): number {
    return this.view.getUint32(this.check(at, 4), true);
  }

  u64(at: number): number {
    return Number(this.view.getBigUint64(this.check(at, 8), true));
  }

  slice(at: number, length: number): Uint8Array {
    return this.bytes.subarray(this.check(at, length), at + length);
  }

  /** Where the directory is, from the record at the end (zip64 where the short one overflows). */
  directory(): { start: number; count: number } {
    const last = this.bytes.length - 22;
    for (let at = last; at >= 0 && at >= last - 0xffff; at--) {
      if (this.view.getUint32(at, true) !== END) continue;
      const count = this.u16(at + 10);
      const start = this.u32(at + 16);
      if (count !== 0xffff && start !== 0xffffffff) return { start, count };
      if (at < 20 || this.u32(at - 20) !== LOCATOR64) return { start, count };
      const end64 = this.u64(at - 12);
      if (this.u32(end64) !== END64) this.fail('its zip64 directory is damaged');
      return { start: this.u64(end64 + 48), count: this.u64(end64 + 32) };
    }
    return this.fail('it is not a zip archive, or it is cut off');
  }

  private check(at: number, length: number): number {
    if (at < 0 || at + length > this.bytes.length) this.fail('it is cut off, or its directory is damaged');
    return at;
  }
}

interface DirectoryEntry {
  flags: number;
  method: number;
  crc: number;
  packed: number;
  size: number;
  header: number;
  name: string;
}

/** Sizes and offset of an entry whose short fields overflow: zip64 extra field, in fixed order. */
function widen(archive: Archive, entry: DirectoryEntry, extra: number, extraLength: number): void {
  for (let at = extra; at + 4 <= extra + extraLength; at += 4 + archive.u16(at + 2)) {
    if (archive.u16(at) !== 1) continue;
    let field = at + 4;
    for (const key of ['size', 'packed', 'header'] as const) {
      if (entry[key] !== 0xffffffff) continue;
      entry[key] = archive.u64(field);
      field += 8;
    }
    return;
  }
}

function readEntry(archive: Archive, entry: DirectoryEntry): Uint8Array {
  const { name, header, packed, size, method } = entry;
  if (entry.flags & 1) archive.fail(`${name} in it is encrypted`);
  if (archive.u32(header) !== LOCAL_HEADER) archive.fail(`${name} in it is not where the directory says`);
  const start = header + 30 + archive.u16(header + 26) + archive.u16(header + 28);
  const source = archive.slice(start, packed);
  let content: Uint8Array;
  if (method === 0) content = source;
  else if (method === 8) content = inflate(archive, entry, source);
  else archive.fail(`${name} in it is packed in an unknown way (${method})`);
  if (content.length !== size || crc32(content) !== entry.crc) archive.fail(`${name} in it is damaged`);
  return content;
}

function inflate(archive: Archive, { name, size }: DirectoryEntry, source: Uint8Array): Uint8Array {
  // Deflate packs at most 1032 times; a larger claim is a lie that need not be tried.
  if (size > source.length * 1032 + 64) archive.fail(`${name} in it claims more than it can hold`);
  try {
    return plainBytes(inflateRawSync(source, { maxOutputLength: Math.max(size, 1) }));
  } catch (error) {
    return archive.fail(`${name} in it is damaged or larger than declared`, error);
  }
}

/**
 * Lists a zip archive by its directory (zip64 too); files are unpacked when they are read, each at most to its declared
 * size, which the caller limits. Source: PKWARE APPNOTE 6.3.
 * @param file what the archive is called in errors
 * @throws AppError WEIGHTS_INVALID when it is no archive, is cut off or has more than 100,000 files
 */
export function readZip(bytes: Uint8Array, file: string): Map<string, ZipEntry> {
  const archive = new Archive(plainBytes(bytes), file);
  const { start, count } = archive.directory();
  if (count > MAX_ENTRIES) archive.fail(`it claims to hold ${count} files`);
  const entries = new Map<string, ZipEntry>();
  let at = start;
  for (let k = 0; k < count; k++) {
    if (archive.u32(at) !== DIRECTORY_ENTRY) archive.fail('its directory is damaged');
    const [nameLength, extraLength, noteLength] = [archive.u16(at + 28), archive.u16(at + 30), archive.u16(at + 32)];
    const flags = archive.u16(at + 8);
    const entry: DirectoryEntry = {
      flags,
      method: archive.u16(at + 10),
      crc: archive.u32(at + 16),
      packed: archive.u32(at + 20),
      size: archive.u32(at + 24),
      header: archive.u32(at + 42),
      name: nameOf(archive.slice(at + 46, nameLength), flags),
    };
    widen(archive, entry, at + 46 + nameLength, extraLength);
    entries.set(entry.name, { name: entry.name, size: entry.size, read: () => readEntry(archive, entry) });
    at += 46 + nameLength + extraLength + noteLength;
  }
  return entries;
}
