import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { MOTION_CHANNELS } from '../estimation/estimator';
import { removeQuietly } from './atomicFile';
import { readStoredBundle, writeStoredBundle } from './storedBundle';
import { CHANNELS, CHUNK_ROWS, channelRows, emptyStoredMotion, POSE, type StoredMotion } from './storedMotion';

/** The file of a person that says which others count. */
export const shapeFile = 'shape.bundle';

const CHUNK_NAME = /^(\d+)(?:-\d+)?\.bundle$/;

const shapeSchema = z.object({
  isFinal: z.boolean(),
  version: z.int(),
  judge: z.string().optional(),
  earlierVersion: z.int().min(0).optional(),
  /** Files of rows that count. Absent in earlier versions, where those with the generation of the shape do. */
  files: z.array(z.string().regex(CHUNK_NAME)).optional(),
  revision: z.int().min(0).default(0),
  generation: z.int().optional(),
});
const chunkSchema = z.object({ from: z.int().min(0), to: z.int(), generation: z.int().optional() });

/** The files that hold a person's motion. */
export interface PersonFiles {
  /** Files of rows, by chunk of 1024. */
  names: readonly string[];
  /** Raised with every writing: part of the names of new files. */
  revision: number;
}

/** What {@link readPerson} found. */
export interface ReadPerson {
  stored: StoredMotion;
  files: PersonFiles;
  /** False when rows could not be read: they count as not made. */
  isWhole: boolean;
}

/**
 * Writes changed chunks of a person's motion under new names, and then the shape, which says what counts: whoever reads
 * finds all of it as it was before or all of it as it is now, wherever the writing ended. What counts no more goes last.
 * @throws AppError DISK_FULL, READ_ONLY; what was there before still counts then
 */
export function writePerson(
  folder: string,
  stored: StoredMotion,
  chunks: ReadonlySet<number>,
  before: PersonFiles = { names: [], revision: 0 },
): PersonFiles {
  const revision = before.revision + 1;
  const kept = before.names.filter((name) => !chunks.has(chunkOf(name)));
  const written = [...chunks].map((chunk) => {
    const name = `${chunk}-${revision}.bundle`;
    writeChunk(join(folder, name), stored, chunk);
    return name;
  });
  const names = [...kept, ...written];
  const { isFinal, version, judge, earlierVersion, betas } = stored;
  const shape = { meta: { isFinal, version, judge, earlierVersion, files: names, revision }, arrays: { betas } };
  writeStoredBundle(join(folder, shapeFile), shape, 'the shape of a person');
  sweep(folder, new Set(names));
  return { names, revision };
}

function chunkOf(name: string): number {
  return Number(CHUNK_NAME.exec(name)?.[1]);
}

function writeChunk(path: string, stored: StoredMotion, chunk: number): void {
  const from = chunk * CHUNK_ROWS;
  const to = Math.min(stored.keys.length, from + CHUNK_ROWS);
  const arrays = {
    keys: stored.keys.slice(from, to),
    present: stored.present.slice(from, to),
    poses: stored.poses.slice(from * POSE, to * POSE),
    translations: stored.translations.slice(from * 3, to * 3),
    confidences: stored.confidences.slice(from, to),
    ...channelRows(stored, from, to),
  };
  writeStoredBundle(path, { meta: { from, to }, arrays }, 'results');
}

/** Removes files of rows that count no more, also those that a killed process had begun with. */
function sweep(folder: string, counting: ReadonlySet<string>): void {
  for (const name of readdirSync(folder)) {
    if (CHUNK_NAME.test(name) && !counting.has(name)) removeQuietly(join(folder, name));
  }
}

/**
 * Reads the motion of a person over a clip of `frameCount` frames; `nothing` where none was ever completely written,
 * `damaged` where the shape cannot be read.
 */
export function readPerson(folder: string, frameCount: number): ReadPerson | 'nothing' | 'damaged' {
  // Another Retake may be writing: what counted when the shape was read can be gone a moment later, with a newer shape there.
  for (let attempt = 1; ; attempt++) {
    if (!existsSync(join(folder, shapeFile))) return 'nothing';
    const read = readOnce(folder, frameCount);
    if (read === 'damaged' || read.isWhole || attempt === 3) return read;
  }
}

function readOnce(folder: string, frameCount: number): ReadPerson | 'damaged' {
  const stored = emptyStoredMotion(frameCount);
  try {
    const { meta, arrays } = readStoredBundle(join(folder, shapeFile));
    const { isFinal, version, judge, earlierVersion, files, revision, generation } = shapeSchema.parse(meta);
    stored.betas.set(arrays['betas'] ?? []);
    Object.assign(stored, { isFinal, version: version + 1, judge, earlierVersion });
    const names = files ?? readdirSync(folder).filter((name) => /^\d+\.bundle$/.test(name));
    const states = new Map(names.map((name) => [name, readChunk(join(folder, name), stored, generation)]));
    const counting = names.filter((name) => states.get(name) === 'read');
    const isWhole = [...states.values()].every((state) => state !== 'damaged');
    return { stored, files: { names: counting, revision }, isWhole };
  } catch {
    return 'damaged';
  }
}

/** Rows of another generation than the shape's are what an earlier version left when it was killed: `foreign`. */
function readChunk(path: string, stored: StoredMotion, counting: number | undefined): 'read' | 'foreign' | 'damaged' {
  try {
    const { meta, arrays } = readStoredBundle(path);
    const { from, to, generation } = chunkSchema.parse(meta);
    const frameCount = stored.keys.length;
    if (to > frameCount || (counting !== undefined && generation !== counting)) return 'foreign';
    stored.keys.set(arrays['keys'] ?? [], from);
    stored.present.set(arrays['present'] ?? [], from);
    stored.poses.set(arrays['poses'] ?? [], from * POSE);
    stored.translations.set(arrays['translations'] ?? [], from * 3);
    stored.confidences.set(arrays['confidences'] ?? [], from);
    for (const name of CHANNELS) {
      const values = arrays[name];
      if (!values) continue;
      stored.channels[name] ??= new Float32Array(frameCount * MOTION_CHANNELS[name]).fill(Number.NaN);
      stored.channels[name].set(values, from * MOTION_CHANNELS[name]);
    }
    return 'read';
  } catch {
    return 'damaged';
  }
}
