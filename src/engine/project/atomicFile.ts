import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { AppError } from '#core/errors';
import { isProcessAlive } from './isProcessAlive';

/** Turns a file-system error into a sentence. `what` is the thing that was to be written, for example `the project`. */
export function fileError(error: unknown, what: string): AppError {
  if (error instanceof AppError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new AppError('DISK_FULL', `The disk is full, so ${what} could not be written.`, {
      hint: 'Free some space and try again; everything saved before is safe.',
      cause: error,
    });
  }
  if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') {
    return new AppError('READ_ONLY', `The folder does not allow writing, so ${what} could not be written.`, {
      hint: 'Choose another folder or change its permissions.',
      cause: error,
    });
  }
  return new AppError(
    'INTERNAL',
    `Writing ${what} failed: ${error instanceof Error ? error.message : String(error)}.`,
    {
      cause: error,
    },
  );
}

/**
 * Writes a file so that a reader sees the old content or the new, never a part: temporary file in the same folder,
 * fsync, rename, fsync of the folder. @throws AppError DISK_FULL, READ_ONLY or INTERNAL; the temporary file is removed.
 */
export function writeFileAtomically(path: string, content: string | Uint8Array, what: string): void {
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path)}.${process.pid}.tmp`);
  try {
    mkdirSync(folder, { recursive: true });
    const file = openSync(temporary, 'w');
    try {
      const bytes = typeof content === 'string' ? Buffer.from(content) : content;
      for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
    syncFolder(folder);
  } catch (error) {
    removeQuietly(temporary);
    throw fileError(error, what);
  }
}

/** Removes a file where that is possible: what stays only takes room. */
export function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // The folder allows nothing; why is in the error that led here.
  }
}

/**
 * Removes what a killed process left of {@link writeFileAtomically} and of taking a lock, in `folder` and, when `deep`,
 * below it. In a folder that no lock guards (`isShared`) what another living process is writing stays.
 */
export function sweepTemporaryFiles(folder: string, deep: boolean, isShared = false): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder, { recursive: deep, encoding: 'utf8' })) {
    const match = /^\..+\.(\d+)\.tmp$|^lock\..+\.(?:stale|new)$/.exec(basename(name));
    const writer = Number(match?.[1] ?? 0);
    if (match && !(isShared && writer !== process.pid && isProcessAlive(writer))) removeQuietly(join(folder, name));
  }
}

/** Makes a rename or a new name in `folder` durable; systems that cannot sync a folder (Windows) need no sync. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
