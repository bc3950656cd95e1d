import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeBundle, encodeBundle } from '#core/protocol/arrayBundle';
import type { PersonMotion } from '../estimation/estimator';
import { writeFileAtomically } from './atomicFile';

const ROWS_PER_CHUNK = 1024;
const POSE = 72;

/** Motion of one person over the whole clip, row = frame index, with the content key each row was made from. */
export interface StoredMotion {
  /** 0 where there is no motion; else the observation key of that frame when it was solved. */
  keys: Float64Array;
  present: Uint8Array;
  poses: Float32Array;
  translations: Float32Array;
  confidences: Float32Array;
  betas: Float32Array;
  /** True once the shape was found from the whole track, not from its first part. */
  isFinal: boolean;
  /** Raised on every change; part of the address of meshes. */
  version: number;
}

interface ShapeMeta {
  isFinal: boolean;
  version: number;
}

/** Results of a project on disk: one folder a person, chunks of 1024 rows, each replaced atomically. */
export class MotionStore {
  private readonly people = new Map<string, StoredMotion>();
  private readonly dirty = new Map<string, Set<number>>();
  /** Sentences about results that could not be read and will be computed again. */
  readonly warnings: string[] = [];

  constructor(
    private readonly folder: string,
    private readonly frameCount: number,
  ) {
    if (!existsSync(folder)) return;
    for (const person of readdirSync(folder)) this.load(person);
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
    stored.betas.set(motion.betas);
    stored.isFinal = isFinal;
    stored.version += 1;
    const chunks = this.dirty.get(person) ?? new Set<number>();
    this.dirty.set(person, chunks);
    for (let row = start; row < start + length; row += ROWS_PER_CHUNK) chunks.add(Math.floor(row / ROWS_PER_CHUNK));
    if (length > 0) chunks.add(Math.floor((start + length - 1) / ROWS_PER_CHUNK));
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
    };
  }

  /** Makes everything written so far durable. @throws AppError DISK_FULL, READ_ONLY. */
  flush(): void {
    for (const [person, chunks] of this.dirty) {
      const stored = this.people.get(person);
      if (!stored) continue;
      for (const chunk of chunks) this.writeChunk(person, stored, chunk);
      const meta: ShapeMeta = { isFinal: stored.isFinal, version: stored.version };
      const shape = encodeBundle({ meta, arrays: { betas: stored.betas } });
      writeFileAtomically(join(this.folder, person, 'shape.bundle'), shape, 'the shape of a person');
    }
    this.dirty.clear();
  }

  private writeChunk(person: string, stored: StoredMotion, chunk: number): void {
    const from = chunk * ROWS_PER_CHUNK;
    const to = Math.min(this.frameCount, from + ROWS_PER_CHUNK);
    const bytes = encodeBundle({
      meta: { from, to },
      arrays: {
        keys: stored.keys.slice(from, to),
        present: stored.present.slice(from, to),
        poses: stored.poses.slice(from * POSE, to * POSE),
        translations: stored.translations.slice(from * 3, to * 3),
        confidences: stored.confidences.slice(from, to),
      },
    });
    writeFileAtomically(join(this.folder, person, `${chunk}.bundle`), bytes, 'results');
  }

  private empty(): StoredMotion {
    const rows = this.frameCount;
    return {
      keys: new Float64Array(rows),
      present: new Uint8Array(rows),
      poses: new Float32Array(rows * POSE),
      translations: new Float32Array(rows * 3),
      confidences: new Float32Array(rows),
      betas: new Float32Array(10),
      isFinal: false,
      version: 1,
    };
  }

  private load(person: string): void {
    const folder = join(this.folder, person);
    const stored = this.empty();
    try {
      const shape = decodeBundle<ShapeMeta>(bytesOf(join(folder, 'shape.bundle')));
      stored.betas.set(shape.arrays['betas'] ?? []);
      stored.isFinal = shape.meta.isFinal;
      stored.version = shape.meta.version + 1;
      for (const name of readdirSync(folder)) {
        if (!/^\d+\.bundle$/.test(name)) continue;
        const { meta, arrays } = decodeBundle<{ from: number; to: number }>(bytesOf(join(folder, name)));
        stored.keys.set(arrays['keys'] ?? [], meta.from);
        stored.present.set(arrays['present'] ?? [], meta.from);
        stored.poses.set(arrays['poses'] ?? [], meta.from * POSE);
        stored.translations.set(arrays['translations'] ?? [], meta.from * 3);
        stored.confidences.set(arrays['confidences'] ?? [], meta.from);
      }
      this.people.set(person, stored);
    } catch {
      this.warnings.push('Some results could not be read and will be computed again; boxes and edits are safe.');
    }
  }
}

function bytesOf(path: string): ArrayBuffer {
  const bytes = readFileSync(path);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
}
