import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { AppError, toPlainError } from '#core/errors';
import type { ImportLine, Models, ModelsEvent, PartKind } from '#core/protocol/modelMessages';
import type { ComputeLanes } from '../compute/lanes';
import { EventSource } from '../events';
import { JobTracker } from '../pipeline/jobTracker';
import { deleteUploads, sourceBytes } from '../weights/importing/sourcePaths';
import { builtInModels } from '../weights/modelStore';
import { modelSets, partFacts, readinessOf, type Readiness } from '../weights/userModels/modelSets';
import { importFolderName, removeFolder } from '../weights/userModels/temporaryFolders';
import { UserModelStore } from '../weights/userModels/userModelStore';

/** Folders and files that the library needs. */
export interface ModelPlaces {
  /** Folder of the networks that come with Retake. */
  modelsFolder: string;
  /** Folder of what a person imports. */
  userModelsFolder: string;
  /** Folder that uploads lie in: they are deleted once imported. */
  uploadsFolder: string;
  defaultBodyFile: string;
}

/** What came of an import. */
export interface ImportResult {
  lines: ImportLine[];
}

const STAGE = 'import';

/** Imported models of this installation: what is there, imports as jobs, and news of both. */
export class ModelLibrary {
  readonly events = new EventSource<ModelsEvent>();
  readonly store: UserModelStore;
  private running: { job: JobTracker; report: ImportLine[] } | undefined;
  private last: ModelsEvent | undefined;

  constructor(
    private readonly places: ModelPlaces,
    private readonly lanes: ComputeLanes,
  ) {
    this.store = new UserModelStore(places.userModelsFolder);
    this.store.sweep();
  }

  /** Everything the models page shows. */
  async list(): Promise<Models> {
    const { modelsFolder, defaultBodyFile } = this.places;
    const parts = this.store.list();
    return {
      folder: this.store.folder,
      bytes: parts.reduce((sum, part) => sum + partFacts(part).bytes, 0),
      builtIn: await builtInModels(modelsFolder, defaultBodyFile),
      sets: modelSets(parts),
    };
  }

  /** Whether an estimator's own files are there (`vibe`), and what is missing. */
  readiness(setId: string): Readiness {
    return readinessOf(setId, this.store.list());
  }

  /** What a page that begins to listen is told first. */
  async state(): Promise<ModelsEvent[]> {
    const models: ModelsEvent = { type: 'models', models: await this.list() };
    return this.last ? [models, this.last] : [models];
  }

  /** The import under way, by the id of its job. */
  findJob(jobId: string): JobTracker | undefined {
    return this.running?.job.id === jobId ? this.running.job : undefined;
  }

  /** Starts an import of files, folders or zips. @throws AppError INVALID_ARGUMENT when one is going on */
  startImport(paths: readonly string[], expected?: PartKind): string {
    return this.launchImport(paths, expected).jobId;
  }

  /** The same, with a promise of its end for callers without a page: it rejects with what went wrong. */
  launchImport(paths: readonly string[], expected?: PartKind): { jobId: string; ended: Promise<ImportResult> } {
    if (this.running) {
      throw new AppError('INVALID_ARGUMENT', 'An import is going on.', { hint: 'Cancel it first or wait.' });
    }
    const running = { job: undefined as JobTracker | undefined, report: [] as ImportLine[] };
    const stage = { id: STAGE, title: 'Read and compile', unit: 'MB', total: 0 };
    const job = new JobTracker(randomUUID(), 'setup', 'Import of models', [stage], (snapshot) => {
      this.last = { type: 'import', job: snapshot, report: running.report };
      this.events.emit(this.last);
    });
    running.job = job;
    this.running = { job, report: running.report };
    const ended = this.import(job, paths, expected).then(
      (lines) => {
        running.report.push(...lines);
        this.running = undefined;
        job.finish(everythingRefused(lines));
        return { lines };
      },
      (error: unknown) => {
        this.running = undefined;
        job.finish(error);
        throw error;
      },
    );
    ended.catch(() => undefined);
    return { jobId: job.id, ended };
  }

  /** Makes a part the one of its kind that runs use. @throws AppError NOT_FOUND */
  async choose(id: string): Promise<void> {
    this.store.choose(id);
    await this.changed();
  }

  /** Takes a part away; {@link restore} brings it back. @throws AppError NOT_FOUND */
  async remove(id: string): Promise<void> {
    this.store.remove(id);
    await this.changed();
  }

  /** Brings back what was removed. @throws AppError NOT_FOUND */
  async restore(id: string): Promise<void> {
    this.store.restore(id);
    await this.changed();
  }

  /** Cancels what is under way and waits for its end. */
  async stop(): Promise<void> {
    const job = this.running?.job;
    job?.controller.abort();
    await job?.ended;
  }

  private async import(job: JobTracker, paths: readonly string[], expected?: PartKind): Promise<ImportLine[]> {
    const total = sourceBytes(paths) / 1e6;
    job.advance(STAGE, 0, Math.round(total));
    const thread = this.lanes.extraThread();
    const workFolder = join(this.store.folder, importFolderName());
    const request = {
      paths: [...paths],
      storeFolder: this.store.folder,
      workFolder,
      ...(expected ? { expected } : {}),
    };
    try {
      const { lines } = await thread.run('importModels', request, job.signal, (share) =>
        job.advance(STAGE, Math.round(share * total)),
      );
      job.advance(STAGE, Math.round(total));
      return lines;
    } finally {
      // The thread may be in the middle of a write: it ends before its folder goes.
      await thread.stop();
      removeFolder(workFolder);
      deleteUploads(paths, this.places.uploadsFolder);
      await this.changed().catch((error: unknown) => this.tell(error));
    }
  }

  private async changed(): Promise<void> {
    // Networks of the old choice are loaded in the compute threads.
    this.lanes.renewNetworks();
    this.events.emit({ type: 'models', models: await this.list() });
  }

  private tell(error: unknown): void {
    this.events.emit({ type: 'notice', problem: toPlainError(error) });
  }
}

/** What a job that installed nothing because of its files failed with; undefined when something was there before or is now. */
function everythingRefused(lines: readonly ImportLine[]): AppError | undefined {
  if (lines.some(({ state }) => state === 'installed' || state === 'known')) return undefined;
  const refused = lines.find(({ state }) => state === 'refused') ?? lines[0];
  if (!refused) return new AppError('WEIGHTS_INVALID', 'There was no file in what was given.');
  return new AppError('WEIGHTS_INVALID', refused.text, refused.hint === undefined ? {} : { hint: refused.hint });
}
