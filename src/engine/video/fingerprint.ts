import { createHash } from 'node:crypto';
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '#core/errors';
import type { FrameTimes } from '#core/frames/frameTimes';
import type { MediaFacts, MediaFingerprint } from './mediaFacts';

/** Bytes that are hashed at the head, the middle and the tail of a file. */
const SAMPLE_BYTES = 256 * 1024;

/** Size, time and sampled hash of a file. @throws AppError `NOT_FOUND` when it is gone or cannot be read. */
export async function fingerprintFile(path: string): Promise<{ fingerprint: MediaFingerprint; modifiedAt: number }> {
  try {
    const file = await open(path, 'r');
    try {
      const { size, mtimeMs } = await file.stat();
      const hash = createHash('sha256').update(`${size}\n`);
      for (const position of samplePositions(size)) {
        const block = Buffer.alloc(Math.min(SAMPLE_BYTES, size - position));
        const { bytesRead } = await file.read(block, 0, block.length, position);
        hash.update(block.subarray(0, bytesRead));
      }
      return { fingerprint: { size, sampledHash: hash.digest('hex') }, modifiedAt: mtimeMs };
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw cannotRead(path, cause);
  }
}

/**
 * The same for an image folder: names and sizes of all pictures, and blocks of the first, middle and last one. `empty`
 * names those of 0 bytes.
 */
export async function fingerprintImages(
  folder: string,
  images: readonly string[],
): Promise<{ fingerprint: MediaFingerprint; modifiedAt: number; empty: string[] }> {
  try {
    const hash = createHash('sha256');
    const empty: string[] = [];
    let size = 0;
    let modifiedAt = 0;
    for (const name of images) {
      const facts = await statOf(join(folder, name));
      if (facts.size === 0) empty.push(name);
      size += facts.size;
      modifiedAt = Math.max(modifiedAt, facts.mtimeMs);
      hash.update(`${name}\n${facts.size}\n`);
    }
    for (const index of new Set([0, images.length >> 1, images.length - 1])) {
      const name = images[index];
      if (name !== undefined) hash.update((await fingerprintFile(join(folder, name))).fingerprint.sampledHash);
    }
    return { fingerprint: { size, sampledHash: hash.digest('hex') }, modifiedAt, empty };
  } catch (cause) {
    throw cause instanceof AppError ? cause : cannotRead(folder, cause);
  }
}

/** Names of the pictures in a folder, in numeric order. */
export async function listImages(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw cannotRead(folder, cause);
  });
  // Neither folders nor pipes and devices, which may never end.
  const names = entries.filter((entry) => entry.isFile() || entry.isSymbolicLink()).map((entry) => entry.name);
  const order = new Intl.Collator('en', { numeric: true });
  return names.filter((name) => /^[^.].*\.(jpe?g|png)$/i.test(name) && !/[\r\n]/.test(name)).sort(order.compare);
}

/**
 * Makes sure that the media is still what it was when it was opened.
 *
 * @throws AppError `NOT_FOUND` when it is gone, `VIDEO_CHANGED` when its content is another.
 */
export async function assertUnchanged(media: MediaFacts): Promise<void> {
  if (media.kind === 'file') {
    const now = await statOf(media.path);
    if (now.size === media.sizeBytes && now.mtimeMs === media.modifiedAt) return;
    if ((await fingerprintFile(media.path)).fingerprint.sampledHash === media.fingerprint.sampledHash) return;
  } else {
    const names = await listImages(media.path);
    const areSameNames = names.length === media.images.length && names.every((name, at) => name === media.images[at]);
    if (areSameNames && !(await isAnyNewer(media))) return;
    const { fingerprint } = await fingerprintImages(media.path, names);
    if (areSameNames && fingerprint.sampledHash === media.fingerprint.sampledHash) return;
  }
  throw new AppError('VIDEO_CHANGED', `${media.path} has changed since it was opened.`, {
    hint: 'Open the video again.',
  });
}

/** Pictures of a folder that are looked at for every run; looking at all of a long one would take too long. */
const CHECKED_IMAGES = 32;

async function isAnyNewer(media: MediaFacts): Promise<boolean> {
  const step = Math.max(1, Math.floor(media.images.length / CHECKED_IMAGES));
  const sample = media.images.filter((_, index) => index % step === 0);
  const times = await Promise.all(sample.map(async (name) => (await statOf(join(media.path, name))).mtimeMs));
  return times.some((time) => time > media.modifiedAt);
}

async function statOf(path: string): Promise<{ size: number; mtimeMs: number }> {
  return stat(path).catch((cause: unknown) => {
    throw cannotRead(path, cause);
  });
}

/** SHA-256 (hex) of a pts table. */
export function hashTimes(times: FrameTimes): string {
  const hash = createHash('sha256').update(`${times.timeBase.numerator}/${times.timeBase.denominator}\n`);
  return hash.update(times.pts.join(',')).digest('hex');
}

/** The error for a path that cannot be opened, by the system's reason. */
export function cannotRead(path: string, cause: unknown): AppError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new AppError('NOT_FOUND', `There is no file at ${path}.`, {
      hint: 'Check the path, or find the file if it was moved.',
      cause,
    });
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return new AppError('FORBIDDEN', `${path} may not be read by this user.`, {
      hint: 'Give yourself permission to read it, or copy it elsewhere.',
      cause,
    });
  }
  if (code === 'ELOOP' || code === 'ENAMETOOLONG') {
    const why = code === 'ELOOP' ? 'is a link that leads back to itself' : 'is too long for a path';
    return new AppError('NOT_FOUND', `${shortened(path)} ${why}.`, {
      hint: 'Give the path of the video itself.',
      cause,
    });
  }
  return new AppError(
    'NOT_FOUND',
    `${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
    {
      hint: 'Check that the disk is connected.',
      cause,
    },
  );
}

function samplePositions(size: number): number[] {
  const last = Math.max(0, size - SAMPLE_BYTES);
  return [...new Set([0, Math.floor(last / 2), last])];
}

/** A path that fits into a sentence. */
function shortened(path: string): string {
  return path.length <= 200 ? path : `${path.slice(0, 100)}…${path.slice(-60)}`;
}
