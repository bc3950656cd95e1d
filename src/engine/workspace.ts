import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { DEFAULT_RUN_SETTINGS, type RunSettings } from '#core/document/schema';
import { AppError } from '#core/errors';
import type { Problem, RecentProject } from '#core/protocol/messages';
import type { EngineConfiguration } from '#core/protocol/engineMessages';
import { BodyLibrary } from './bodymodel/bodyLibrary';
import { settleExports } from './export/placing';
import { ExportedFiles } from './export/exportedFiles';
import { ComputeLanes } from './compute/lanes';
import { ActorStore } from './project/actorStore';
import { findDetector } from './detection/registry';
import type { Estimator, WeightFacts } from './estimation/estimator';
import { findEstimator } from './estimation/registry';
import { DeviceChoice } from './inference/providers/deviceChoice';
import { ModelLibrary } from './models/modelLibrary';
import { ModelStore } from './weights/modelStore';
import { readinessOf, weightFacts } from './weights/userModels/modelSets';
import { importedBodies } from './weights/userModels/partBodies';
import type { JobTracker } from './pipeline/jobTracker';
import { GrantedFiles } from './project/grantedFiles';
import { loadMediaFacts, locatedMediaFacts, saveMediaFacts } from './project/mediaFile';
import { sweepTemporaryFiles } from './project/atomicFile';
import { makeDataFolder } from './project/makeFolders';
import { sweepOrphans } from './project/orphans';
import { PROJECT_EXTENSION, type ProjectFolder, projectFolder } from './project/projectFolder';
import { followMovedMedia, projectRootOf } from './project/projectLibrary';
import { lockForEditing } from './project/lockForEditing';
import { ProjectBodies } from './project/projectBodies';
import { ProjectSession } from './project/projectSession';
import { readRecentProjects } from './project/recentProjects';
import { findFfmpeg, type FfmpegTool } from './video/findFfmpeg';
import { killAllChildren } from './video/childProcesses';
import type { MediaFacts } from './video/mediaFacts';
import { probeVideo } from './video/probe';
import type { TrackerTrack } from '#core/tracks/track';

/** Each lane holds its own copy of the networks, about 220 MB. */
const MOST_NETWORK_LANES = 4;

/** What is to be opened. */
export type OpenRequest =
  | { source: 'project'; projectId: string; video?: string | undefined }
  | { source: 'file'; token: string; video?: string | undefined }
  | { source: 'sample' };

/** How a video becomes a project when no page asks. */
export interface OpenVideoOptions {
  /** Folder the project is made in; the data folder's `projects` by default. */
  projectsFolder?: string;
  /** Makes the boxes that stand in for detection, once the video's frames are known. */
  givenTracks?: (media: MediaFacts) => TrackerTrack[];
  /** Told the folder of a project that is made anew, not of one that was there. */
  onMade?: (root: string) => void;
}

/** What is known of the video of a project that is opened: its facts, or where it is now, and boxes for it. */
interface KnownVideo {
  media?: MediaFacts;
  located?: string | undefined;
  given?: TrackerTrack[] | undefined;
}

/** Everything one running engine knows: open projects, files it may touch, the compute threads. */
export class Workspace {
  readonly files: GrantedFiles;
  readonly exports = new ExportedFiles();
  readonly lanes: ComputeLanes;
  readonly bodies: BodyLibrary;
  readonly actors: ActorStore;
  readonly models: ModelLibrary;
  /** What networks run on. */
  readonly device: DeviceChoice;
  private readonly sessions = new Map<string, ProjectSession>();
  private readonly opening = new Map<string, Promise<ProjectSession>>();
  private readonly closing = new Map<string, Promise<void>>();
  private ffmpegPromise: Promise<FfmpegTool> | undefined;

  constructor(readonly configuration: EngineConfiguration) {
    makeDataFolder(configuration.dataFolder);
    sweepTemporaryFiles(configuration.dataFolder, false, true);
    this.files = new GrantedFiles(configuration.roots);
    const { modelsFolder, defaultBodyFile, computeEntry, dataFolder } = configuration;
    this.actors = new ActorStore(join(dataFolder, 'actors.json'));
    const userModelsFolder = join(dataFolder, 'models');
    // One single-threaded lane a core runs a quarter more crops than one session on all cores (docs/measurements.md).
    const compute = { modelsFolder, userModelsFolder, defaultBodyFile, networkThreads: 1 };
    const lanes = Math.max(1, Math.min(MOST_NETWORK_LANES, availableParallelism()));
    this.device = new DeviceChoice({
      probeEntry: configuration.probeEntry,
      memoryFile: join(dataFolder, 'devices.json'),
      appVersion: configuration.appVersion,
      wanted: process.env['RETAKE_PROVIDER'],
    });
    this.lanes = new ComputeLanes(computeEntry, compute, lanes, async () => (await this.device.choose()).providers);
    this.lanes.notices.subscribe((problem) => this.warnAll(problem));
    const uploadsFolder = join(dataFolder, 'uploads');
    this.models = new ModelLibrary({ modelsFolder, userModelsFolder, uploadsFolder, defaultBodyFile }, this.lanes);
    this.bodies = new BodyLibrary({ defaultBodyFile, imported: () => importedBodies(this.models.store) });
  }

  get projectsFolder(): string {
    return join(this.configuration.dataFolder, 'projects');
  }

  /** ffmpeg, looked for once; a failure is looked for anew. */
  ffmpeg(): Promise<FfmpegTool> {
    const { ffmpegPath } = this.configuration;
    this.ffmpegPromise ??= findFfmpeg(ffmpegPath === undefined ? {} : { setting: ffmpegPath }).catch((error) => {
      this.ffmpegPromise = undefined;
      throw error;
    });
    return this.ffmpegPromise;
  }

  /** What an estimator needs that is not on this computer, in a sentence; undefined when it can run. */
  missingFor({ partSet, onlyHolds }: Estimator): string | undefined {
    if (onlyHolds !== undefined) return onlyHolds;
    return partSet === undefined ? undefined : readinessOf(partSet, this.models.store.list()).sentence;
  }

  /** @throws AppError MODEL_MISSING when what the estimator of these settings needs is not on this computer */
  requireModels({ estimator }: RunSettings): void {
    const missing = this.missingFor(findEstimator(estimator));
    if (missing === undefined) return;
    throw new AppError('MODEL_MISSING', missing, {
      hint: 'Import it on the models page or with "retake models import", or choose another estimator.',
    });
  }

  /** What is known of the imported weights that settings run with. */
  private weightsOf({ estimator }: RunSettings): WeightFacts {
    const { partSet } = findEstimator(estimator);
    if (partSet === undefined) return { fingerprint: '', bidirectional: false };
    return weightFacts(partSet, this.models.store.list());
  }

  /**
   * The networks that a run with these settings uses, with their hashes, for provenance. `boxesGiven`: no detector ran.
   */
  async modelHashes(settings: RunSettings, boxesGiven: boolean): Promise<{ name: string; sha256: string }[]> {
    const quality = findEstimator(settings.estimator).qualities.find(({ id }) => id === settings.quality);
    const detection = boxesGiven ? [] : findDetector(settings.detector).models;
    const ids = new Set([...detection, ...(quality?.models ?? [])]);
    const store = new ModelStore(this.configuration.modelsFolder, this.models.store);
    const used = await Promise.all([...ids].map((id) => store.resolve(id)));
    // Several networks may come from one checkpoint.
    return [...new Map(used.map(({ title, sha256 }) => [sha256, { name: title, sha256 }])).values()];
  }

  /** An open project. @throws AppError NOT_FOUND. */
  session(projectId: string): ProjectSession {
    const session = this.sessions.get(projectId);
    if (!session) {
      throw new AppError('NOT_FOUND', 'This project is not open.', { hint: 'Open it again from the start page.' });
    }
    return session;
  }

  /** How many follow the events of an open project; 0 for one that is not open. */
  watchers(projectId: string): number {
    return this.sessions.get(projectId)?.events.listenerCount ?? 0;
  }

  findJob(jobId: string): JobTracker | undefined {
    for (const session of this.sessions.values()) {
      const job = session.findJob(jobId);
      if (job) return job;
    }
    return this.models.findJob(jobId);
  }

  /** Projects of the data folder, newest first. */
  recent(): RecentProject[] {
    return readRecentProjects(this.projectsFolder);
  }

  /** Opens a project or a video. The same project is opened once, however often it is asked for. */
  async open(request: OpenRequest, signal?: AbortSignal): Promise<ProjectSession> {
    const located = 'video' in request && request.video !== undefined ? this.files.resolve(request.video) : undefined;
    if (request.source === 'project')
      return this.openProjectFolder(this.folderOfProject(request.projectId), signal, located);
    if (request.source === 'sample') {
      const { sampleFile } = this.configuration;
      if (!sampleFile || !existsSync(sampleFile)) {
        throw new AppError('NOT_FOUND', 'The sample clip is not part of this installation.', {
          hint: 'Open a video of your own.',
        });
      }
      return this.openVideo(sampleFile, {}, signal);
    }
    const path = this.files.resolve(request.token);
    const isProject = path.endsWith(PROJECT_EXTENSION);
    return isProject ? this.openProjectFolder(path, signal, located) : this.openVideo(path, {}, signal);
  }

  /** Opens the project of a video: the one that stands for the same content, or a new one. */
  async openVideo(path: string, options: OpenVideoOptions = {}, signal?: AbortSignal): Promise<ProjectSession> {
    const media = await probeVideo(path, { ffmpeg: await this.ffmpeg() }, signal);
    const projects = resolve(options.projectsFolder ?? this.projectsFolder);
    // Before the project is made: boxes that cannot be read make none.
    const given = options.givenTracks?.(media);
    return this.openFolder(projectRootOf(projects, media, options.onMade), signal, { media, given });
  }

  /**
   * Opens the project in a folder, with its video at the place `located` where one is named.
   * @throws AppError VIDEO_MISSING, VIDEO_CHANGED with what differs
   */
  openProjectFolder(root: string, signal?: AbortSignal, located?: string): Promise<ProjectSession> {
    return this.openFolder(root, signal, { located });
  }

  /** Closes a project: running jobs are cancelled and waited for. Unknown ones are closed already. */
  async close(projectId: string): Promise<void> {
    const session = this.sessions.get(projectId);
    if (!session) return;
    const { root } = session.parts.folder;
    this.sessions.delete(projectId);
    this.opening.delete(root);
    const closed = session.close();
    const settled = closed.catch(() => undefined).finally(() => this.closing.delete(root));
    this.closing.set(root, settled);
    await closed;
  }

  /** Closes everything: running jobs are cancelled, documents saved, children and threads ended. */
  async stop(): Promise<void> {
    const closed = await Promise.allSettled([...this.sessions.keys()].map((id) => this.close(id)));
    for (const result of closed) {
      // A known problem is one sentence; what nobody foresaw keeps its stack.
      if (result.status === 'rejected') console.error(inWords(result.reason));
    }
    await this.models.stop();
    killAllChildren();
    await this.lanes.stop();
  }

  private warnAll(problem: Problem): void {
    for (const { events } of this.sessions.values()) events.emit({ type: 'notice', level: 'warning', problem });
  }

  private folderOfProject(projectId: string): string {
    const open = this.sessions.get(projectId);
    if (open) return open.parts.folder.root;
    for (const name of readdirSync(this.projectsFolder)) {
      const found = readRecentProjects(this.projectsFolder, name)[0];
      if (found?.projectId === projectId) return join(this.projectsFolder, name);
    }
    throw new AppError('NOT_FOUND', 'This project does not exist any more.', { hint: 'Open its video again.' });
  }

  private openFolder(folder: string, signal: AbortSignal | undefined, known: KnownVideo): Promise<ProjectSession> {
    const root = existsSync(folder) ? realpathSync(folder) : resolve(folder);
    const opening = this.opening.get(root);
    if (opening) return opening;
    const promise = (this.closing.get(root) ?? Promise.resolve())
      .then(() => this.makeSession(projectFolder(root), signal, known))
      .catch((error: unknown) => {
        this.opening.delete(root);
        throw error;
      });
    this.opening.set(root, promise);
    return promise;
  }

  private async makeSession(
    folder: ProjectFolder,
    signal: AbortSignal | undefined,
    { media: opened, located, given }: KnownVideo,
  ): Promise<ProjectSession> {
    const ffmpeg = await this.ffmpeg();
    const media =
      opened ??
      (located === undefined
        ? await loadMediaFacts(folder, ffmpeg, signal)
        : await locatedMediaFacts(folder, ffmpeg, located, signal));
    const bodies = new ProjectBodies(this.bodies);
    await bodies.load(DEFAULT_RUN_SETTINGS);
    const { lock, readOnly } = lockForEditing(folder);
    try {
      if (lock) {
        sweepTemporaryFiles(folder.root, false);
        const earlier = join(folder.cache, 'earlier');
        for (const own of [folder.detections, folder.results, folder.imports, earlier]) sweepTemporaryFiles(own, true);
        for (const own of [folder.exports, folder.tracks]) sweepTemporaryFiles(own, false);
        sweepOrphans(folder);
        await settleExports(folder.exports);
        saveMediaFacts(folder, ffmpeg, media);
      }
      const parts = {
        folder,
        media,
        ffmpeg,
        lanes: this.lanes,
        bodies,
        lock,
        readOnly,
        weightsOf: (settings: RunSettings) => this.weightsOf(settings),
      };
      const session = new ProjectSession({ ...parts, ...(given ? { givenTracks: given } : {}) });
      if (this.sessions.has(session.id)) {
        await session.frames.close();
        session.store.close();
        throw new AppError('PROJECT_LOCKED', 'A copy of this project is open already.', { hint: 'Close it first.' });
      }
      // A body that is not there is said by what needs it.
      await session.loadBody().catch(() => undefined);
      if (lock) followMovedMedia(session.store, folder.root, media, located !== undefined);
      this.sessions.set(session.id, session);
      return session;
    } catch (error) {
      lock?.release();
      throw error;
    }
  }
}

/** A known problem as its sentences, without the way through the code to it; anything else as it is. */
function inWords(error: unknown): unknown {
  return error instanceof AppError ? [error.message, error.hint ?? ''].join(' ').trim() : error;
}
