import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { RunSettings } from '#core/document/schema';
import { AppError } from '#core/errors';
import { type KeptRun, keptRunMessage } from '#core/protocol/runMessages';
import { fileError, sweepTemporaryFiles, syncFolder, writeFileAtomically } from './atomicFile';
import { MotionStore } from './motionStore';
import { saltOf } from './motionStores';

/** Most runs that are kept: a list that a person can still read. */
const MOST_RUNS = 50;
const UNFINISHED = /^\..+\.tmp$/;
const REMOVED = '.removed';

/** What is kept: the motion that stands, and what it was made with. */
export interface RunToKeep {
  motion: MotionStore;
  settings: RunSettings;
  bodyModel: string;
  /** Its name for people. */
  bodyTitle?: string;
  /** Ids of everybody in the document. */
  people: readonly string[];
  /** Absent for `Run 3`. */
  name?: string;
}

/**
 * Runs that were kept, a folder each: `run.json` and motion as in the results. The folder appears whole under its name or not
 * at all; files are shared with the results (hard links) where the disk can, as results are only ever replaced. What was
 * removed stays until the project is opened again, so that it can be brought back.
 */
export class KeptRuns {
  private readonly runs = new Map<string, KeptRun>();
  private readonly motions = new Map<string, MotionStore>();
  private highest = 0;

  constructor(
    private readonly folder: string,
    private readonly frameCount: number,
    private readonly readOnly: boolean,
  ) {
    if (existsSync(folder)) for (const name of readdirSync(folder)) this.find(name);
  }

  /** In the order in which they were kept. */
  list(): KeptRun[] {
    return [...this.runs.values()].sort((a, b) => a.number - b.number);
  }

  /** @throws AppError NOT_FOUND */
  run(id: string): KeptRun {
    const run = this.runs.get(id);
    if (run) return run;
    throw new AppError('NOT_FOUND', 'This kept run is not there any more.', { hint: 'Choose another one.' });
  }

  /** True while the run is there. */
  has(id: string): boolean {
    return this.runs.has(id);
  }

  /** The motion of a kept run. @throws AppError NOT_FOUND */
  motion(id: string): MotionStore {
    this.run(id);
    const known = this.motions.get(id);
    if (known) return known;
    const store = new MotionStore(join(this.folder, id, 'results'), this.frameCount, saltOf(id));
    this.motions.set(id, store);
    return store;
  }

  /** Keeps what stands. @throws AppError NO_PEOPLE, INVALID_ARGUMENT, DISK_FULL, READ_ONLY; nothing is left half-kept then */
  keep({ motion, people, name, ...made }: RunToKeep): KeptRun {
    this.checkWritable();
    const kept = people.filter((person) => motion.get(person)?.present.includes(1));
    if (kept.length === 0) {
      throw new AppError('NO_PEOPLE', 'There is no body to keep yet.', { hint: 'Run the clip first.' });
    }
    if (this.runs.size >= MOST_RUNS) {
      throw new AppError('INVALID_ARGUMENT', `There are ${MOST_RUNS} kept runs already, and no more are kept.`, {
        hint: 'Remove some that are not needed any more.',
      });
    }
    const id = randomUUID();
    const number = this.highest + 1;
    const temporary = join(this.folder, `.${id}.tmp`);
    try {
      mkdirSync(temporary, { recursive: true });
      motion.copyTo(join(temporary, 'results'), kept);
      const frames = (person: string) => motion.get(person)?.present.reduce((sum, row) => sum + row, 0) ?? 0;
      const run: KeptRun = {
        ...{ id, number, name: name ?? `Run ${number}`, keptAt: new Date().toISOString(), ...made },
        people: kept.map((person) => ({ person, frames: frames(person), version: 0 })),
      };
      this.write(temporary, run);
      renameSync(temporary, join(this.folder, id));
      syncFolder(this.folder);
      return this.take(run);
    } catch (error) {
      rmSync(temporary, { recursive: true, force: true });
      throw fileError(error, 'the kept run');
    }
  }

  /** @throws AppError NOT_FOUND, DISK_FULL, READ_ONLY */
  rename(id: string, name: string): KeptRun {
    this.checkWritable();
    const run = { ...this.run(id), name };
    this.write(join(this.folder, id), run);
    this.runs.set(id, run);
    return run;
  }

  /** Takes a run away; {@link restore} brings it back while the project is open. @throws AppError NOT_FOUND, READ_ONLY */
  remove(id: string): void {
    this.checkWritable();
    this.run(id);
    this.move(id, `${id}${REMOVED}`);
    this.runs.delete(id);
    this.motions.delete(id);
  }

  /** @throws AppError NOT_FOUND, READ_ONLY */
  restore(id: string): KeptRun {
    this.checkWritable();
    if (!/^[\w-]+$/.test(id) || !existsSync(join(this.folder, `${id}${REMOVED}`))) return this.run(id);
    this.move(`${id}${REMOVED}`, id);
    this.find(id);
    return this.run(id);
  }

  private checkWritable(): void {
    if (!this.readOnly) return;
    throw new AppError('READ_ONLY', 'This project is open for reading only, so its kept runs stay as they are.');
  }

  private move(from: string, to: string): void {
    try {
      renameSync(join(this.folder, from), join(this.folder, to));
    } catch (error) {
      throw fileError(error, 'the list of kept runs');
    }
  }

  private write(folder: string, run: KeptRun): void {
    writeFileAtomically(join(folder, 'run.json'), `${JSON.stringify(run, undefined, 2)}\n`, 'the kept run');
  }

  /** Takes in one folder; clears what a killed process left, and what was removed before. */
  private find(name: string): void {
    const path = join(this.folder, name);
    if (UNFINISHED.test(name) || name.endsWith(REMOVED)) {
      if (!this.readOnly) rmSync(path, { recursive: true, force: true });
      return;
    }
    if (!this.readOnly) sweepTemporaryFiles(path, false);
    try {
      const run = keptRunMessage.parse(JSON.parse(readFileSync(join(path, 'run.json'), 'utf8')));
      if (run.id === name) this.take(run);
    } catch (error) {
      // Left as it is: somebody may mend it by hand.
      console.error(`The kept run in ${path} cannot be read.`, error);
    }
  }

  /** Addresses hold the versions of the store as it is read now. */
  private take(run: KeptRun): KeptRun {
    this.highest = Math.max(this.highest, run.number);
    this.runs.set(run.id, run);
    const motion = this.motion(run.id);
    const people = run.people.map((entry) => ({ ...entry, version: motion.addressVersion(entry.person) }));
    const taken = { ...run, people };
    this.runs.set(run.id, taken);
    return taken;
  }
}
