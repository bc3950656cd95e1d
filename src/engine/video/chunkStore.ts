import { mkdir, open, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '#core/errors';

interface StoredChunk {
  path: string;
  bytes: number;
  /** Order of use; larger is later. */
  usedAt: number;
  /** Byte offsets of the pictures and of the end; read when first needed. */
  offsets: number[] | null;
}

/** "RTKJ" and the version of the layout. */
const MAGIC = 0x52544b01;
const STALE_TEMPORARY_MS = 60_000;

/**
 * Files of consecutive JPEG pictures on disk, limited by bytes, least recently used first out. Layout of a file (little
 * endian): magic u32, count u32, `count + 1` offsets u32 from the start of the file, pictures. Files appear whole (written
 * aside, then renamed); one that does not read as it should is dropped. Where the folder does not allow writing, what is
 * there is read and nothing else.
 */
export class ChunkStore {
  private readonly chunks = new Map<string, StoredChunk>();
  private opened: Promise<void> | null = null;
  private total = 0;
  private clock = 0;
  private temporaries = 0;

  /** `folder` is made when needed; `budgetBytes` is for everything under `root`, of which `folder` is a part. */
  constructor(
    private readonly root: string,
    private readonly budgetBytes: number,
  ) {}

  /** Bytes on disk. */
  get bytes(): number {
    return this.total;
  }

  /** Reads what is there from earlier runs and removes what crashed ones have left. Called by every other method. */
  open(): Promise<void> {
    this.opened ??= this.scan();
    return this.opened;
  }

  /** True when the chunk is stored. */
  async has(key: string): Promise<boolean> {
    await this.open();
    return this.chunks.has(key);
  }

  /** Picture `position` of a chunk; null when it is not stored. */
  async read(key: string, position: number): Promise<Uint8Array | null> {
    await this.open();
    const chunk = this.chunks.get(key);
    if (!chunk) return null;
    chunk.usedAt = ++this.clock;
    try {
      const file = await open(chunk.path, 'r');
      try {
        if (chunk.offsets === null) {
          chunk.offsets = await readOffsets(file, chunk.bytes);
          // The order of use survives a restart in the files' times.
          const now = new Date();
          await utimes(chunk.path, now, now).catch(() => undefined);
        }
        const from = chunk.offsets[position];
        const to = chunk.offsets[position + 1];
        if (from === undefined || to === undefined) return null;
        const jpeg = Buffer.alloc(to - from);
        const { bytesRead } = await file.read(jpeg, 0, jpeg.length, from);
        if (bytesRead !== jpeg.length) throw new Error('short read');
        return jpeg;
      } finally {
        await file.close();
      }
    } catch {
      await this.drop(key);
      return null;
    }
  }

  /** Stores a chunk. @throws AppError `DISK_FULL`. */
  async write(key: string, pictures: readonly Uint8Array[]): Promise<void> {
    await this.open();
    const headerBytes = 4 * (pictures.length + 3);
    const offsets = [headerBytes];
    for (const picture of pictures) offsets.push((offsets[offsets.length - 1] ?? 0) + picture.length);
    const header = Buffer.alloc(headerBytes);
    [MAGIC, pictures.length, ...offsets].forEach((value, index) => {
      header.writeUInt32LE(value, index * 4);
    });
    const path = join(this.root, `${key}.jpgs`);
    const temporary = `${path}.${process.pid}-${++this.temporaries}.tmp`;
    try {
      await mkdir(join(path, '..'), { recursive: true });
      await writeFile(temporary, Buffer.concat([header, ...pictures]));
      await rename(temporary, path);
    } catch (cause) {
      await removeIfAllowed(temporary);
      if (cause instanceof Error && 'code' in cause && cause.code === 'ENOSPC') {
        throw new AppError('DISK_FULL', 'The disk of the frame cache is full.', { hint: 'Free some space.', cause });
      }
      throw cause;
    }
    const bytes = offsets[offsets.length - 1] ?? 0;
    this.total += bytes - (this.chunks.get(key)?.bytes ?? 0);
    this.chunks.set(key, { path, bytes, usedAt: ++this.clock, offsets });
    await this.evict(key);
  }

  private async evict(keep: string): Promise<void> {
    if (this.total <= this.budgetBytes) return;
    const byUse = [...this.chunks].sort(([, a], [, b]) => a.usedAt - b.usedAt);
    for (const [key] of byUse) {
      if (this.total <= this.budgetBytes) return;
      if (key !== keep) await this.drop(key);
    }
  }

  private async drop(key: string): Promise<void> {
    const chunk = this.chunks.get(key);
    if (!chunk) return;
    this.chunks.delete(key);
    this.total -= chunk.bytes;
    await removeIfAllowed(chunk.path);
  }

  private async scan(): Promise<void> {
    const names = await readdir(this.root, { recursive: true }).catch(() => []);
    const found: { key: string; chunk: StoredChunk; time: number }[] = [];
    for (const name of names) {
      const path = join(this.root, name);
      const facts = await stat(path).catch(() => null);
      if (!facts?.isFile()) continue;
      if (name.endsWith('.tmp') && Date.now() - facts.mtimeMs > STALE_TEMPORARY_MS) await removeIfAllowed(path);
      if (!name.endsWith('.jpgs')) continue;
      const key = name.slice(0, -'.jpgs'.length).replaceAll('\\', '/');
      found.push({ key, chunk: { path, bytes: facts.size, usedAt: 0, offsets: null }, time: facts.mtimeMs });
    }
    for (const { key, chunk } of found.sort((a, b) => a.time - b.time)) {
      chunk.usedAt = ++this.clock;
      this.total += chunk.bytes;
      this.chunks.set(key, chunk);
    }
  }
}

/** A folder that does not allow writing keeps its files; what is in them can be looked at all the same. */
async function removeIfAllowed(path: string): Promise<void> {
  await rm(path, { force: true }).catch(() => undefined);
}

async function readOffsets(file: Awaited<ReturnType<typeof open>>, bytes: number): Promise<number[]> {
  const head = Buffer.alloc(8);
  await file.read(head, 0, 8, 0);
  const count = head.readUInt32LE(4);
  if (head.readUInt32LE(0) !== MAGIC || 4 * (count + 3) > bytes) throw new Error('not a chunk');
  const table = Buffer.alloc(4 * (count + 1));
  await file.read(table, 0, table.length, 8);
  const offsets = Array.from({ length: count + 1 }, (_, index) => table.readUInt32LE(4 * index));
  const increases = offsets.every((value, index) => value >= (offsets[index - 1] ?? 0));
  if (!increases || offsets[count] !== bytes) throw new Error('damaged chunk');
  return offsets;
}
