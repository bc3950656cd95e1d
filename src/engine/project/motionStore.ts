import { copyFileSync, existsSync, linkSync, mkdirSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { BETA_COUNT } from '#core/body/bodyModel';
import type { Span } from '#core/frames/span';
import { MOTION_CHANNELS, type MotionChannel, type MotionChannels, type PersonMotion } from '../estimation/estimator';
import { readStoredBundle, writeStoredBundle } from './storedBundle';

const ROWS_PER_CHUNK = 1024;
const POSE = 72;
const CHANNELS = Object.keys(MOTION_CHANNELS) as MotionChannel[];

/** Motion of one person over the whole clip, row = frame index, with the content key each row was made from. */
export interface StoredMotion {
  /** 0 where there is no motion; else the body key of that frame when it was solved. */
  keys: Float64Array;
  present: Uint8Array;
  poses: Float32Array;
  translations: Float32Array;
  confidences: Float32Array;
  /** Those that any row was made with; NaN in the rows that were not. */
  channels: MotionChannels;
  /** Who judged the channel `plausibilities`; undefined when nobody did yet. */
  judge: string | undefined;
  betas: Float32Array;
  /** True once the shape was found from the whole track, not from its first part. */
  isFinal: boolean;
  /** Raised on every change; part of the address of meshes. */
  version: number;
  /** Raised when the betas changed: rows on disk of another generation were made for another shape. */
  generation: number;
}

const shapeSchema = z.object({
  isFinal: z.boolean(),
  version: z.int(),
  generation: z.int(),
  judge: z.string().optional(),
});
const chunkSchema = z.object({ from: z.int().min(0), to: z.int(), generation: z.int() });

/**
 * Results of a project on disk: one folder a person, chunks of 1024 rows, each replaced atomically, and the shape, whose
 * replacement makes chunks of a new shape count. `salt` (16 bits) tells the addresses of two stores apart.
 */
export class MotionStore {
  private readonly people = new Map<string, StoredMotion>();
  private readonly dirty = new Map<string, Set<number>>();
  /** Sentences about results that could not be read and will be computed again. */
  readonly warnings: string[] = [];

  constructor(
    private readonly folder: string,
    private readonly frameCount: number,
    private readonly salt = 0,
  ) {
    if (!existsSync(folder)) return;
    for (const person of readdirSync(folder)) this.load(person);
  }

  /** Name of the kind of motion: that of its folder. */
  get name(): string {
    return basename(this.folder);
  }

  /** Number of a person's motion as it is now that no other motion of the project has; 0 where there is none. */
  addressVersion(person: string): number {
    const stored = this.people.get(person);
    return stored ? stored.version * 0x10000 + this.salt : 0;
  }

  /** What is stored for a person, or undefined. */
  get(person: string): StoredMotion | undefined {
    return this.people.get(person);
  }

  /** Copies solved rows in; `keys` holds one key a row of `motion`. Nothing reaches the disk before `flush`. */
  write(person: string, motion: PersonMotion, keys: Float64Array, isFinal: boolean): void {
    const stored = this.people.get(person) ?? this.empty();
    this.people.set(person, stored);
    const { start, length } = motion;
    stored.keys.set(keys.subarray(0, length), start);
    stored.present.set(motion.present.subarray(0, length), start);
    stored.poses.set(motion.poses.subarray(0, length * POSE), start * POSE);
    stored.translations.set(motion.translations.subarray(0, length * 3), start * 3);
    stored.confidences.set(motion.confidences.subarray(0, length), start);
    for (const name of CHANNELS) this.writeChannel(stored, name, motion);
    const isNewShape = motion.betas.some((beta, index) => beta !== stored.betas[index]);
    stored.betas.set(motion.betas);
    stored.isFinal = isFinal;
    stored.version += 1;
    if (isNewShape) stored.generation += 1;
    this.markDirty(person, start, start + length);
    if (isNewShape) stored.keys.forEach((key, row) => key !== 0 && this.markDirty(person, row, row + 1));
  }

  /** Rows of a person stay, but count as made from nobody knows what: they are out of date until they are solved. */
  distrust(person: string, spans: readonly Span[]): void {
    const stored = this.people.get(person);
    if (!stored) return;
    for (const { from, to } of spans) {
      stored.keys.fill(0, from, to);
      this.markDirty(person, from, to);
    }
  }

  /** Keeps how plausible the motion is from `start` on, and who judged. */
  judged(person: string, judge: string, start: number, scores: Float32Array): void {
    const stored = this.people.get(person);
    if (!stored) return;
    stored.channels.plausibilities ??= new Float32Array(this.frameCount).fill(Number.NaN);
    stored.channels.plausibilities.set(scores, start);
    stored.judge = judge;
    stored.version += 1;
    this.markDirty(person, start, start + scores.length);
  }

  private writeChannel(stored: StoredMotion, name: MotionChannel, { start, length, channels }: PersonMotion): void {
    const width = MOTION_CHANNELS[name];
    const values = channels?.[name];
    if (values) stored.channels[name] ??= new Float32Array(this.frameCount * width).fill(Number.NaN);
    if (values) stored.channels[name]?.set(values.subarray(0, length * width), start * width);
    else stored.channels[name]?.fill(Number.NaN, start * width, (start + length) * width);
  }

  /** Rows of a person as a motion of their own (copies). */
  slice(person: string, from: number, to: number): PersonMotion | undefined {
    const stored = this.people.get(person);
    if (!stored) return undefined;
    return {
      start: from,
      length: to - from,
      present: stored.present.slice(from, to),
      poses: stored.poses.slice(from * POSE, to * POSE),
      translations: stored.translations.slice(from * 3, to * 3),
      betas: stored.betas.slice(),
      confidences: stored.confidences.slice(from, to),
      channels: channelRows(stored, from, to),
    };
  }

  /** Makes everything written so far durable. @throws AppError DISK_FULL, READ_ONLY; it can be tried again. */
  flush(): void {
    for (const [person, chunks] of this.dirty) {
      const stored = this.people.get(person);
      if (!stored) continue;
      for (const chunk of chunks) this.writeChunk(person, stored, chunk);
      const { isFinal, version, generation, judge, betas } = stored;
      const shape = { meta: { isFinal, version, generation, judge }, arrays: { betas } };
      writeStoredBundle(join(this.folder, person, 'shape.bundle'), shape, 'the shape of a person');
      this.dirty.delete(person);
    }
  }

  /**
   * Gives the files of these people a second place, shared with this one where the disk can: files here are only ever
   * replaced, never changed. @throws AppError DISK_FULL, READ_ONLY
   */
  copyTo(folder: string, people: readonly string[]): void {
    this.flush();
    for (const person of people) {
      mkdirSync(join(folder, person), { recursive: true });
      for (const name of readdirSync(join(this.folder, person))) {
        if (name.endsWith('.bundle')) shareFile(join(this.folder, person, name), join(folder, person, name));
      }
    }
  }

  private markDirty(person: string, from: number, to: number): void {
    const chunks = this.dirty.get(person) ?? new Set<number>();
    this.dirty.set(person, chunks);
    for (let chunk = Math.floor(from / ROWS_PER_CHUNK); chunk * ROWS_PER_CHUNK < to; chunk++) chunks.add(chunk);
  }

  private writeChunk(person: string, stored: StoredMotion, chunk: number): void {
    const from = chunk * ROWS_PER_CHUNK;
    const to = Math.min(this.frameCount, from + ROWS_PER_CHUNK);
    const bundle = {
      meta: { from, to, generation: stored.generation },
      arrays: {
        keys: stored.keys.slice(from, to),
        present: stored.present.slice(from, to),
        poses: stored.poses.slice(from * POSE, to * POSE),
        translations: stored.translations.slice(from * 3, to * 3),
        confidences: stored.confidences.slice(from, to),
        ...channelRows(stored, from, to),
      },
    };
    writeStoredBundle(join(this.folder, person, `${chunk}.bundle`), bundle, 'results');
  }

  private empty(): StoredMotion {
    const rows = this.frameCount;
    return {
      keys: new Float64Array(rows),
      present: new Uint8Array(rows),
      poses: new Float32Array(rows * POSE),
      translations: new Float32Array(rows * 3),
      confidences: new Float32Array(rows),
      channels: {},
      judge: undefined,
      betas: new Float32Array(BETA_COUNT),
      isFinal: false,
      version: 1,
      generation: 1,
    };
  }

  private load(person: string): void {
    const folder = join(this.folder, person);
    // Without a shape the first results were never completely written.
    if (!existsSync(join(folder, 'shape.bundle'))) return;
    const stored = this.empty();
    let isWhole = true;
    try {
      const { meta, arrays } = readStoredBundle(join(folder, 'shape.bundle'));
      const { isFinal, version, generation, judge } = shapeSchema.parse(meta);
      stored.betas.set(arrays['betas'] ?? []);
      Object.assign(stored, { isFinal, version: version + 1, generation, judge });
      for (const name of readdirSync(folder)) {
        if (/^\d+\.bundle$/.test(name)) isWhole = this.loadChunk(join(folder, name), stored) && isWhole;
      }
      this.people.set(person, stored);
    } catch {
      isWhole = false;
    }
    if (isWhole || this.warnings.length > 0) return;
    this.warnings.push('Some results could not be read and will be computed again; boxes and edits are safe.');
  }

  /** False when the chunk is damaged; one made for another shape was left by a crash and counts as not made. */
  private loadChunk(path: string, stored: StoredMotion): boolean {
    try {
      const { meta, arrays } = readStoredBundle(path);
      const { from, to, generation } = chunkSchema.parse(meta);
      if (generation !== stored.generation || to > this.frameCount) return true;
      stored.keys.set(arrays['keys'] ?? [], from);
      stored.present.set(arrays['present'] ?? [], from);
      stored.poses.set(arrays['poses'] ?? [], from * POSE);
      stored.translations.set(arrays['translations'] ?? [], from * 3);
      stored.confidences.set(arrays['confidences'] ?? [], from);
      for (const name of CHANNELS) {
        const values = arrays[name];
        if (!values) continue;
        stored.channels[name] ??= new Float32Array(this.frameCount * MOTION_CHANNELS[name]).fill(Number.NaN);
        stored.channels[name].set(values, from * MOTION_CHANNELS[name]);
      }
      return true;
    } catch {
      return false;
    }
  }
}

/** Rows [from, to) of every channel that is there (copies). */
function channelRows({ channels }: StoredMotion, from: number, to: number): MotionChannels {
  const rows: MotionChannels = {};
  for (const name of CHANNELS) {
    const values = channels[name]?.slice(from * MOTION_CHANNELS[name], to * MOTION_CHANNELS[name]);
    if (values) rows[name] = values;
  }
  return rows;
}

/** A hard link, or a copy on disks without them. */
function shareFile(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}
