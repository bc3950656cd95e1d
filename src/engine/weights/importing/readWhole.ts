import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { AppError } from '#core/errors';
import { HEAD_BYTES, isUnfinishedName } from './lookAt';

/** Largest file that is read: an SMPL file of 300 shapes as text is some 350 MB, a checkpoint with its optimiser 300 MB. */
export const LARGEST_FILE = 1024 ** 3;
const CHUNK = 4 * 1024 * 1024;
/** A file changed less than so long ago, ms, is looked at a second time. */
const FRESH_MS = 3_000;
const SECOND_LOOK_MS = 400;

/** A file in memory. */
export interface WholeFile {
  bytes: Uint8Array;
  /** Hex. */
  sha256: string;
}

/** The first bytes and the size of a file. @throws AppError NOT_FOUND when it cannot be read */
export async function readHead(path: string, name: string): Promise<{ head: Uint8Array; size: number }> {
  try {
    const file = await open(path, 'r');
    try {
      const head = new Uint8Array(HEAD_BYTES);
      const { bytesRead } = await file.read(head, 0, HEAD_BYTES, 0);
      return { head: head.subarray(0, bytesRead), size: (await file.stat()).size };
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw new AppError('NOT_FOUND', `${name} cannot be read.`, { hint: 'Check that you may open it.', cause });
  }
}

/**
 * Refuses a file that is still being written: by its name, or because its size changes.
 * @throws AppError WEIGHTS_INVALID
 */
export async function refuseUnfinished(path: string, name: string): Promise<void> {
  if (isUnfinishedName(name)) throw unfinished(name);
  const file = await open(path, 'r');
  try {
    const first = await file.stat();
    if (Date.now() - first.mtimeMs > FRESH_MS) return;
    await setTimeout(SECOND_LOOK_MS);
    if ((await file.stat()).size !== first.size) throw unfinished(name);
  } finally {
    await file.close();
  }
}

/** The error about a file that is not there in full yet. */
export function unfinished(name: string): AppError {
  return new AppError('WEIGHTS_INVALID', `${name} is still being downloaded or copied.`, {
    hint: 'Wait until it is finished and import it again.',
  });
}

/**
 * A whole file with its fingerprint.
 * @throws AppError WEIGHTS_INVALID when it is too large or changes meanwhile, NOT_FOUND; the signal's reason
 */
export async function readWhole(
  path: string,
  name: string,
  signal: AbortSignal,
  onRead: (bytes: number) => void,
): Promise<WholeFile> {
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw new AppError('NOT_FOUND', `${name} cannot be read.`, { hint: 'Check that you may open it.', cause });
  });
  try {
    const { size } = await file.stat();
    if (size > LARGEST_FILE) {
      throw new AppError('WEIGHTS_INVALID', `${name} is larger than any file that Retake imports (1 GB).`, {
        hint: 'Import the files that the models page names.',
      });
    }
    const bytes = new Uint8Array(size);
    const hash = createHash('sha256');
    for (let at = 0; at < size; ) {
      signal.throwIfAborted();
      const { bytesRead } = await file.read(bytes, at, Math.min(CHUNK, size - at), at);
      if (bytesRead === 0) throw unfinished(name);
      hash.update(bytes.subarray(at, at + bytesRead));
      at += bytesRead;
      onRead(bytesRead);
    }
    if ((await file.stat()).size !== size) throw unfinished(name);
    return { bytes, sha256: hash.digest('hex') };
  } finally {
    await file.close();
  }
}
