import { existsSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { BETA_COUNT } from '#core/body/bodyModel';
import { intersectSpans } from '#core/frames/span';
import { MOTION_CHANNELS, type MotionChannel, type PersonMotion } from '../estimation/estimator';
import type { EarlierRows } from '../pipeline/earlierPlan';
import type { MotionStore } from './motionStore';
import { readStoredBundle, writeStoredBundle } from './storedBundle';

/** Rows that a run or an undo overwrote, whole. */
interface EarlierMotion {
  /** Key of each row of `motion`. */
  keys: Float64Array;
  motion: PersonMotion;
  /** Plausibility of frames from `judgedFrom` on, which reaches beyond the rows; absent where nobody judged. */
  judged?: { judge: string; from: number; scores: Float32Array };
}

/** One kept piece of motion as it is known without being read. */
interface Entry extends EarlierRows {
  name: string;
  bytes: number;
  /** What was kept or used later has the higher number. */
  age: number;
  /** Not on the disk yet. */
  waiting?: EarlierMotion;
}

/** Frames around rows whose plausibility changes with them. */
const JUDGED_AROUND = 16;

const NAME = /^(\d+)-(\d+)-(\d+)-(\d+)-(\d+)-(\d+)\.bundle$/;

const metaSchema = z.object({
  start: z.int().min(0),
  length: z.int().min(1),
  judged: z.object({ judge: z.string(), from: z.int().min(0) }).optional(),
});

/** Spans and digests stand in the name, so that nothing must be read to find what fits. */
function nameOf({ span, support, digest, shape }: EarlierRows): string {
  return `${span.from}-${span.to}-${support.from}-${support.to}-${digest}-${shape}.bundle`;
}

/**
 * Motion that was overwritten, in the cache of a project: a folder for each kind of motion and person, a file for each piece,
 * written atomically with its checksum. Deletable at any time; what is damaged counts as missing. What was not used for
 * longest goes when all of it passes `budgetBytes`.
 */
export class EarlierResults {
  /** By kind of motion and person. */
  private readonly entries = new Map<string, Map<string, Entry>>();
  private age = 0;

  constructor(
    private readonly folder: string,
    private readonly budgetBytes: number,
  ) {
    if (existsSync(folder)) this.find();
  }

  /** What is kept for a person, newest first. */
  of(motion: MotionStore, person: string): Entry[] {
    const known = this.entries.get(placeOf(motion, person));
    return known ? [...known.values()].sort((a, b) => b.age - a.age) : [];
  }

  /** Keeps rows of a person as they are now; they reach the disk with `flush`. */
  keep(motion: MotionStore, person: string, rows: EarlierRows): void {
    const stored = motion.get(person);
    const { from, to } = rows.span;
    const slice = motion.slice(person, from, to);
    if (!stored || !slice) return;
    const around = { from: Math.max(0, from - JUDGED_AROUND), to: Math.min(stored.keys.length, to + JUDGED_AROUND) };
    const scores = stored.channels.plausibilities?.slice(around.from, around.to);
    const waiting: EarlierMotion = {
      keys: stored.keys.slice(from, to),
      motion: slice,
      ...(scores && stored.judge !== undefined ? { judged: { judge: stored.judge, from: around.from, scores } } : {}),
    };
    const place = placeOf(motion, person);
    const known = this.entries.get(place) ?? new Map<string, Entry>();
    this.entries.set(place, known);
    const name = nameOf(rows);
    known.set(name, { ...rows, name, bytes: 0, age: ++this.age, waiting });
  }

  /** Puts kept rows back in their place; false when they are gone or damaged, and forgotten then. */
  putBack(motion: MotionStore, person: string, entry: Entry): boolean {
    const rows = entry.waiting ?? this.read(placeOf(motion, person), entry);
    if (!rows) return false;
    motion.write(person, rows.motion, rows.keys, true);
    if (rows.judged) motion.judged(person, rows.judged.judge, rows.judged.from, rows.judged.scores);
    entry.age = ++this.age;
    return true;
  }

  /** Makes what was kept durable and lets go of what is too much. @throws AppError DISK_FULL, READ_ONLY. */
  flush(): void {
    for (const [place, known] of this.entries) {
      for (const entry of known.values()) if (entry.waiting) this.write(place, entry, entry.waiting);
    }
    this.trim();
  }

  private find(): void {
    const found: { place: string; entry: Entry; usedAt: number }[] = [];
    for (const path of readdirSync(this.folder, { recursive: true, encoding: 'utf8' })) {
      const parts = path.split(/[\\/]/);
      const match = NAME.exec(parts[2] ?? '');
      if (!match) continue;
      const [from, to, first, last, digest, shape] = match.slice(1).map(Number) as [number, ...number[]];
      const numbers = { digest: digest ?? 0, shape: shape ?? 0 };
      const rows = { span: { from, to: to ?? 0 }, support: { from: first ?? 0, to: last ?? 0 }, ...numbers };
      const { size, mtimeMs } = statSync(join(this.folder, path));
      const entry = { ...rows, name: parts[2] ?? '', bytes: size, age: 0 };
      found.push({ place: `${parts[0]}/${parts[1]}`, entry, usedAt: mtimeMs });
    }
    for (const { place, entry } of found.sort((a, b) => a.usedAt - b.usedAt)) {
      const known = this.entries.get(place) ?? new Map<string, Entry>();
      this.entries.set(place, known.set(entry.name, { ...entry, age: ++this.age }));
    }
  }

  private read(place: string, entry: Entry): EarlierMotion | undefined {
    const path = join(this.folder, place, entry.name);
    try {
      const { meta, arrays } = readStoredBundle(path);
      const { start, length, judged } = metaSchema.parse(meta);
      const expected = intersectSpans([{ from: start, to: start + length }], [entry.span])[0];
      if (expected?.from !== entry.span.from || expected.to !== entry.span.to) throw new Error('another span');
      const channels = Object.fromEntries(
        (Object.keys(MOTION_CHANNELS) as MotionChannel[]).flatMap((name) => {
          const values = arrays[name];
          return values ? [[name, floats(values, length * MOTION_CHANNELS[name])]] : [];
        }),
      );
      const motion: PersonMotion = {
        start,
        length,
        present: Uint8Array.from(sized(arrays['present'], length)),
        poses: floats(arrays['poses'], length * 72),
        translations: floats(arrays['translations'], length * 3),
        betas: floats(arrays['betas'], BETA_COUNT),
        confidences: floats(arrays['confidences'], length),
        channels,
      };
      const scores = arrays['scores'];
      const keys = Float64Array.from(sized(arrays['keys'], length));
      utimesSync(path, new Date(), new Date());
      return {
        keys,
        motion,
        ...(judged && scores ? { judged: { ...judged, scores: Float32Array.from(scores) } } : {}),
      };
    } catch {
      this.forget(place, entry);
      return undefined;
    }
  }

  private write(place: string, entry: Entry, { keys, motion, judged }: EarlierMotion): void {
    const { start, length, channels, ...arrays } = motion;
    const bundle = {
      meta: { start, length, ...(judged ? { judged: { judge: judged.judge, from: judged.from } } : {}) },
      arrays: { keys, ...arrays, ...channels, ...(judged ? { scores: judged.scores } : {}) },
    };
    const path = join(this.folder, place, entry.name);
    writeStoredBundle(path, bundle, 'earlier results');
    delete entry.waiting;
    entry.bytes = statSync(path).size;
  }

  private trim(): void {
    const all = [...this.entries].flatMap(([place, known]) => [...known.values()].map((entry) => ({ place, entry })));
    let bytes = all.reduce((sum, { entry }) => sum + entry.bytes, 0);
    for (const { place, entry } of all.sort((a, b) => a.entry.age - b.entry.age)) {
      if (bytes <= this.budgetBytes) break;
      bytes -= entry.bytes;
      this.forget(place, entry);
    }
  }

  private forget(place: string, entry: Entry): void {
    this.entries.get(place)?.delete(entry.name);
    try {
      rmSync(join(this.folder, place, entry.name), { force: true });
    } catch {
      // A cache that cannot be cleared is only larger; what is read from it is checked.
    }
  }
}

function placeOf(motion: MotionStore, person: string): string {
  return `${motion.name}/${person}`;
}

function sized(values: ArrayLike<number> | undefined, length: number): ArrayLike<number> {
  if (values?.length !== length) throw new Error('not as long as it should be');
  return values;
}

function floats(values: ArrayLike<number> | undefined, length: number): Float32Array {
  return Float32Array.from(sized(values, length));
}
