import { type FileHandle, mkdir, open, rm } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { AppError, isCancelled } from '#core/errors';
import { fileError } from '../project/atomicFile';
import type { ExportFile, ExportTarget } from './exporter';
import { alreadyThere, exists, type IfExists, placeStaged, settleExports, stagingName } from './placing';

/** A file that is in place. */
export interface WrittenFile {
  /** Path below the target folder, `/` between folders. */
  name: string;
  /** Absolute path. */
  path: string;
  bytes: number;
}

/** Opens a file for reading and writing; tests put failing disks here. */
export type OpenFile = (path: string) => Promise<Pick<FileHandle, 'write' | 'sync' | 'close'>>;

/** Small writes are collected up to this many bytes. */
const BUFFER_BYTES = 1 << 18;

const WHAT = 'the export';

function failure(error: unknown): unknown {
  return error instanceof AppError || isCancelled(error) ? error : fileError(error, WHAT);
}

class StagedFile implements ExportFile {
  private pending: Uint8Array[] = [];
  private pendingBytes = 0;
  private flushed = 0;
  private closed = false;

  constructor(
    private readonly handle: Awaited<ReturnType<OpenFile>>,
    private readonly durable: boolean,
  ) {}

  get length(): number {
    return this.flushed + this.pendingBytes;
  }

  async write(content: Uint8Array | string): Promise<void> {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    // Callers may reuse their array, so what is not written at once is copied.
    const direct = this.pendingBytes === 0 && bytes.length >= BUFFER_BYTES;
    if (direct) return this.writeAt(bytes, this.flushed, true);
    this.pending.push(typeof content === 'string' ? bytes : bytes.slice());
    this.pendingBytes += bytes.length;
    if (this.pendingBytes >= BUFFER_BYTES) await this.flush();
  }

  async patch(content: Uint8Array, position: number): Promise<void> {
    if (position + content.length > this.length) throw new RangeError('patch beyond the written part');
    await this.flush();
    await this.writeAt(content, position, false);
  }

  async close(): Promise<void> {
    if (this.closed) return;
    try {
      await this.flush();
      if (this.durable) await this.handle.sync();
    } catch (error) {
      throw failure(error);
    } finally {
      await this.release();
    }
  }

  /** Closes the handle without writing what is left. */
  async release(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await this.handle.close();
  }

  private async flush(): Promise<void> {
    if (this.pendingBytes === 0) return;
    const bytes = Buffer.concat(this.pending);
    this.pending = [];
    this.pendingBytes = 0;
    await this.writeAt(bytes, this.flushed, true);
  }

  private async writeAt(bytes: Uint8Array, position: number, append: boolean): Promise<void> {
    try {
      for (let written = 0; written < bytes.length; ) {
        const result = await this.handle.write(bytes, written, bytes.length - written, position + written);
        written += result.bytesWritten;
      }
    } catch (error) {
      throw failure(error);
    }
    if (append) this.flushed += bytes.length;
  }
}

/** Where and how a {@link FolderTarget} writes. */
export interface FolderTargetOptions {
  /** Made when it is not there. */
  folder: string;
  baseName: string;
  ifExists: IfExists;
  openFile?: OpenFile;
}

/**
 * Writes an export into a folder so that it appears as a whole or not at all: files are collected in a hidden staging
 * folder inside it (same file system) and renamed into place by {@link commit}; {@link discard} leaves nothing behind.
 * What a process that died left is settled on the way.
 */
export class FolderTarget implements ExportTarget {
  readonly baseName: string;
  private readonly files = new Map<string, StagedFile>();

  private constructor(
    private readonly options: FolderTargetOptions,
    private readonly staging: string,
  ) {
    this.baseName = options.baseName;
  }

  /** @throws AppError READ_ONLY, DISK_FULL, INVALID_ARGUMENT (the folder's name belongs to a file) */
  static async open(options: FolderTargetOptions): Promise<FolderTarget> {
    const staging = join(options.folder, stagingName());
    try {
      await mkdir(options.folder, { recursive: true });
      await settleExports(options.folder);
      await mkdir(staging);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : '';
      if (code === 'EEXIST' || code === 'ENOTDIR') {
        throw new AppError('INVALID_ARGUMENT', `${options.folder} is a file, but a folder is needed for the export.`, {
          hint: 'Choose a folder.',
          cause: error,
        });
      }
      throw failure(error);
    }
    return new FolderTarget(options, staging);
  }

  async create(relativePath: string): Promise<ExportFile> {
    const normal = posix.normalize(relativePath);
    if (normal !== relativePath || normal.startsWith('..') || posix.isAbsolute(normal) || normal.endsWith('/')) {
      throw new AppError('INTERNAL', `${relativePath} is not a file below the export folder.`);
    }
    if (this.files.has(normal)) throw new AppError('INTERNAL', `${relativePath} was written twice in one export.`);
    const path = join(this.staging, normal);
    try {
      if (normal.includes('/')) await mkdir(dirname(path), { recursive: true });
      const handle = await (this.options.openFile ?? ((name) => open(name, 'wx+')))(path);
      // Syncing thousands of frames one by one would take longer than making them.
      const file = new StagedFile(handle, !normal.includes('/'));
      this.files.set(normal, file);
      return file;
    } catch (error) {
      throw failure(error);
    }
  }

  /** Files so far, in order of creation. */
  written(): { name: string; bytes: number }[] {
    return [...this.files].map(([name, file]) => ({ name, bytes: file.length }));
  }

  /**
   * Puts everything in place and returns it, in order of creation. Frames in folders are listed one by one.
   * @throws AppError FILE_EXISTS when a name was taken meanwhile (or holds files of others), READ_ONLY, DISK_FULL
   */
  async commit(): Promise<WrittenFile[]> {
    try {
      for (const file of this.files.values()) await file.close();
      await placeStaged(this.staging, this.options, this.topLevelEntries());
    } catch (error) {
      await this.discard();
      throw failure(error);
    }
    return this.written().map((file) => ({ ...file, path: join(this.options.folder, file.name) }));
  }

  /** Removes everything that was not put in place; never throws. */
  async discard(): Promise<void> {
    for (const file of this.files.values()) await file.release().catch(() => undefined);
    await rm(this.staging, { recursive: true, force: true }).catch(() => undefined);
  }

  private topLevelEntries(): string[] {
    return [...new Set([...this.files.keys()].map((name) => name.split('/')[0] ?? name))];
  }
}

/**
 * The base name to write under. `rename` takes the first of `base`, `base-2`, `base-3`... under which no planned name is
 * taken, so that all files of an export carry one name.
 * @param topLevelNames names in the folder that an export under a base name would take
 * @throws AppError FILE_EXISTS with policy `fail`
 */
export async function resolveBaseName(
  folder: string,
  baseName: string,
  ifExists: IfExists,
  topLevelNames: (baseName: string) => string[],
): Promise<string> {
  if (ifExists === 'overwrite') return baseName;
  for (let copy = 1; ; copy++) {
    const candidate = copy === 1 ? baseName : `${baseName}-${copy}`;
    const taken = await firstTaken(folder, topLevelNames(candidate));
    if (taken === undefined) return candidate;
    if (ifExists === 'fail') throw alreadyThere(taken);
  }
}

async function firstTaken(folder: string, names: readonly string[]): Promise<string | undefined> {
  for (const name of names) if (await exists(join(folder, name))) return name;
  return undefined;
}
