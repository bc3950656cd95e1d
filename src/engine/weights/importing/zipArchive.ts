import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { AppError, isCancelled } from '#core/errors';
import { fileError } from '../../project/atomicFile';
import { LARGEST_FILE } from './readWhole';

/** An entry of a zip: a file, never a folder. */
export interface ZipEntry {
  /** With its folders, `/` between them; nothing that leads out of the zip. */
  name: string;
  /** Bytes unpacked, as declared; no more is ever written. */
  size: number;
  packed: number;
  isLocked: boolean;
}

const MOST_ENTRIES = 20_000;
const MOST_UNPACKED = 4 * LARGEST_FILE;
/** Numbers of trained networks and bodies hardly pack at all: a large entry that packs like this is a bomb. */
const BOMB_RATIO = 300;
const BOMB_BYTES = 64 * 1024 * 1024;

/** True for a checkpoint of PyTorch since 1.6 (vibe-smpl.md section 10.3). */
export function isCheckpointListing(entries: readonly ZipEntry[]): boolean {
  return entries.some(({ name }) => name === 'data.pkl' || name.endsWith('/data.pkl'));
}

/** True for numpy's `.npz`. */
export function isArrayListing(entries: readonly ZipEntry[]): boolean {
  return entries.length > 0 && entries.every(({ name }) => name.endsWith('.npy') && !name.includes('/'));
}

/** The entries of a zip. @throws AppError WEIGHTS_INVALID when it is cut off, no zip, or holds too many. */
export async function listZip(path: string, name: string): Promise<ZipEntry[]> {
  const entries: ZipEntry[] = [];
  await eachEntry(path, name, (entry) => {
    if (entries.length >= MOST_ENTRIES) throw notUsable(name, `it holds more than ${MOST_ENTRIES} files`);
    if (!entry.fileName.endsWith('/')) entries.push(facts(entry));
  });
  return entries;
}

/**
 * Unpacks entries into files of a folder under names of their own, so that no name in a zip is ever a path here.
 * @throws AppError WEIGHTS_INVALID for a bomb, a locked or damaged entry; DISK_FULL; the signal's reason
 */
export async function unpackZip(
  path: string,
  name: string,
  wanted: readonly ZipEntry[],
  folder: string,
  signal: AbortSignal,
): Promise<{ name: string; path: string }[]> {
  refuseBomb(name, wanted, (await stat(path)).size);
  const names = new Set(wanted.map((entry) => entry.name));
  const unpacked: { name: string; path: string }[] = [];
  await eachEntry(path, name, async (entry, zip) => {
    if (!names.has(entry.fileName)) return;
    signal.throwIfAborted();
    const target = join(folder, randomUUID());
    const stream = await zip.openReadStreamPromise(entry);
    const file = createWriteStream(target);
    let diskError: unknown;
    file.on('error', (error) => {
      diskError = error;
    });
    await pipeline(stream, file, { signal }).catch((error: unknown) => {
      if (diskError !== undefined) throw fileError(diskError, `what ${name} holds`);
      throw error;
    });
    unpacked.push({ name: entry.fileName, path: target });
  });
  return unpacked;
}

function refuseBomb(name: string, wanted: readonly ZipEntry[], packed: number): void {
  const total = wanted.reduce((sum, entry) => sum + entry.size, 0);
  const isBomb = wanted.some((entry) => entry.size > BOMB_BYTES && entry.size > BOMB_RATIO * entry.packed);
  if (isBomb || total > MOST_UNPACKED || (total > BOMB_BYTES && total > BOMB_RATIO * packed)) {
    throw notUsable(name, `it would unpack to ${(total / 1e9).toFixed(1)} GB, far more than any set of models`);
  }
  const locked = wanted.find((entry) => entry.isLocked);
  if (locked) throw notUsable(name, `${locked.name} in it is locked with a password`);
}

function facts(entry: Entry): ZipEntry {
  return {
    name: entry.fileName,
    size: entry.uncompressedSize,
    packed: entry.compressedSize,
    isLocked: entry.isEncrypted(),
  };
}

/** Walks the central directory; the zip is closed whatever happens. */
async function eachEntry(
  path: string,
  name: string,
  visit: (entry: Entry, zip: ZipFile) => void | Promise<void>,
): Promise<void> {
  let zip: ZipFile | undefined;
  try {
    zip = await openPromise(path, { autoClose: false, strictFileNames: false });
    for await (const entry of zip.eachEntry()) await visit(entry, zip);
  } catch (error) {
    if (error instanceof AppError || isCancelled(error)) throw error;
    throw notReadable(name, error);
  } finally {
    zip?.close();
  }
}

function notUsable(name: string, problem: string): AppError {
  return new AppError('WEIGHTS_INVALID', `${name} cannot be used: ${problem}.`, {
    hint: 'Unpack it yourself and import the files that the models page names.',
  });
}

function notReadable(name: string, cause: unknown): AppError {
  const problem = cause instanceof Error ? cause.message : String(cause);
  // What yauzl says when the table at the end is not there: the usual sign of half a download.
  if (/end of central directory|truncated|unexpected EOF|too short/iu.test(problem)) {
    return new AppError('WEIGHTS_INVALID', `${name} ends too early: it is still being downloaded or was cut off.`, {
      hint: 'Wait until the download is finished, or download it again.',
      cause,
    });
  }
  return new AppError('WEIGHTS_INVALID', `${name} is a damaged zip: ${problem.replace(/\.$/u, '')}.`, {
    hint: 'Download it again.',
    cause,
  });
}
