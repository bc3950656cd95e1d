import { copyFileSync, existsSync, linkSync, mkdirSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Span } from '#core/frames/span';
import { MOTION_CHANNELS, type MotionChannel, type PersonMotion } from '../estimation/estimator';
import { CHANNELS, CHUNK_ROWS, channelRows, emptyStoredMotion, POSE, type StoredMotion } from './storedMotion';
import { type PersonFiles, type ReadPerson, readPerson, shapeFile, writePerson } from './personFiles';

/** Where an earlier version of the estimator left motion of the same body. */
export interface EarlierMotionFolder {
  version: number;
  folder: string;
}

/**
 * Results of a project on disk: one folder a person, as {@link writePerson} keeps it. `salt` (16 bits) tells the addresses of
 * two stores apart. People without motion here have what an earlier version of the estimator made, as `earlier` says (newest
 * first): its keys fit nothing, so all of it is out of date. It stays where it is until something of the person is written,
 * and then goes into this store whole.
 */
export class MotionStore {
  private readonly people = new Map<string, StoredMotion>();
  private readonly dirty = new Map<string, Set<number>>();
  private readonly files = new Map<string, PersonFiles>();
  /** People whose motion is still only in a folder of an earlier version. */
  private readonly inherited = new Set<string>();
  /** Sentences about results that could not be read and will be computed again. */
  readonly warnings: string[] = [];

  constructor(
    private readonly folder: string,
    private readonly frameCount: number,
    private readonly salt = 0,
    earlier: readonly EarlierMotionFolder[] = [],
  ) {
    for (const person of peopleIn(folder)) this.load(person);
    for (const { version, folder: from } of earlier) {
      for (const person of peopleIn(from)) if (!this.people.has(person)) this.inherit(person, from, version);
    }
  }

  /** Name of the kind of motion: that of its folder. */
  get name(): string {
    return basename(this.folder);
  }

  /** True while nobody has any motion. */
  get isEmpty(): boolean {
    return this.people.size === 0;
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
    const stored = this.people.get(person) ?? emptyStoredMotion(this.frameCount);
    this.people.set(person, stored);
    const { start, length } = motion;
    stored.keys.set(keys.subarray(0, length), start);
    stored.present.set(motion.present.subarray(0, length), start);
    stored.poses.set(motion.poses.subarray(0, length * POSE), start * POSE);
    stored.translations.set(motion.translations.subarray(0, length * 3), start * 3);
    stored.confidences.set(motion.confidences.subarray(0, length), start);
    for (const name of CHANNELS) this.writeChannel(stored, name, motion);
    stored.betas.set(motion.betas);
    stored.isFinal = isFinal;
    // Keys of an earlier version fit nothing: whatever is final was made anew as a whole.
    if (isFinal) stored.earlierVersion = undefined;
    stored.version += 1;
    this.markDirty(person, start, start + length);
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

  /**
   * Makes everything written so far durable: of each person all of it or, when it ends on the way, nothing.
   * @throws AppError DISK_FULL, READ_ONLY; it can be tried again.
   */
  flush(): void {
    for (const [person, chunks] of this.dirty) {
      const stored = this.people.get(person);
      if (!stored) continue;
      const folder = join(this.folder, person);
      this.files.set(person, writePerson(folder, stored, chunks, this.files.get(person)));
      this.dirty.delete(person);
    }
  }

  /**
   * Gives the files of these people a second place, shared with this one where the disk can: files here are only ever
   * replaced, never changed. @throws AppError DISK_FULL, READ_ONLY
   */
  copyTo(folder: string, people: readonly string[]): void {
    for (const person of people) if (this.inherited.has(person)) this.markDirty(person, 0, this.frameCount);
    this.flush();
    for (const person of people) {
      mkdirSync(join(folder, person), { recursive: true });
      for (const name of [...(this.files.get(person)?.names ?? []), shapeFile]) {
        shareFile(join(this.folder, person, name), join(folder, person, name));
      }
    }
  }

  private markDirty(person: string, from: number, to: number): void {
    const chunks = this.dirty.get(person) ?? new Set<number>();
    this.dirty.set(person, chunks);
    if (this.inherited.delete(person)) this.markDirty(person, 0, this.frameCount);
    for (let chunk = Math.floor(from / CHUNK_ROWS); chunk * CHUNK_ROWS < to; chunk++) chunks.add(chunk);
  }

  private load(person: string): void {
    const read = this.read(person, this.folder);
    if (!read) return;
    this.people.set(person, read.stored);
    this.files.set(person, read.files);
  }

  private inherit(person: string, folder: string, version: number): void {
    const stored = this.read(person, folder)?.stored;
    if (!stored) return;
    // What was begun anew in that version may still hold rows of one before it.
    stored.earlierVersion ??= version;
    this.people.set(person, stored);
    this.inherited.add(person);
  }

  private read(person: string, folder: string): ReadPerson | undefined {
    const read = readPerson(join(folder, person), this.frameCount);
    if (read === 'nothing') return undefined;
    if ((read === 'damaged' || !read.isWhole) && this.warnings.length === 0) {
      this.warnings.push('Some results could not be read and will be computed again; boxes and edits are safe.');
    }
    return read === 'damaged' ? undefined : read;
  }
}

function peopleIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

/** A hard link, or a copy on disks without them. */
function shareFile(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}
