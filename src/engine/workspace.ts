import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, dirname, extname, join, relative, resolve } from 'node:path';
import type { BodyModel } from '#core/body/bodyModel';
import { DEFAULT_RUN_SETTINGS, DOCUMENT_VERSION, type ProjectDocument, type RunSettings } from '#core/document/schema';
import { AppError } from '#core/errors';
import type { Problem, RecentProject } from '#core/protocol/messages';
import type { EngineConfiguration } from '#core/protocol/engineMessages';
import { loadDefaultBody } from './bodymodel/defaultBody';
import { ExportedFiles } from './export/exportedFiles';
import { ComputeLanes } from './compute/lanes';
import { findDetector } from './detection/registry';
import { findEstimator } from './estimation/registry';
import { ModelStore } from './weights/modelStore';
import type { JobTracker } from './pipeline/jobTracker';
import { GrantedFiles } from './project/grantedFiles';
import { loadMediaFacts, saveMediaFacts } from './project/mediaFile';
import { DocumentStore } from './project/documentStore';
import { PROJECT_EXTENSION, type ProjectFolder, projectFolder } from './project/projectFolder';
import { takeLock } from './project/projectLock';
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
  | { source: 'project'; projectId: string }
  | { source: 'file'; token: string }
  | { source: 'sample' };

/** How a video becomes a project when no page asks. */
export interface OpenVideoOptions {
  /** Folder the project is made in; the data folder's `projects` by default. */
  projectsFolder?: string;
  /** Makes the boxes that stand in for detection, once the video's frames are known. */
  givenTracks?: (media: MediaFacts) => TrackerTrack[];
}

/** Everything one running engine knows: open projects, files it may touch, the compute threads. */
export class Workspace {
  readonly files: GrantedFiles;
  readonly exports = new ExportedFiles();
  readonly lanes: ComputeLanes;
  private readonly sessions = new Map<string, ProjectSession>();
  private readonly opening = new Map<string, Promise<ProjectSession>>();
  private bodyPromise: Promise<BodyModel> | undefined;
  private ffmpegPromise: Promise<FfmpegTool> | undefined;

  constructor(readonly configuration: EngineConfiguration) {
    mkdirSync(this.projectsFolder, { recursive: true });
    this.files = new GrantedFiles(configuration.roots);
    const { modelsFolder, defaultBodyFile, computeEntry } = configuration;
    // One single-threaded lane a core runs a quarter more crops than one session on all cores (docs/measurements.md).
    const compute = { modelsFolder, defaultBodyFile, networkThreads: 1 };
    const lanes = Math.max(1, Math.min(MOST_NETWORK_LANES, availableParallelism()));
    this.lanes = new ComputeLanes(computeEntry, compute, lanes);
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

  /** The default body, read once. */
  body(): Promise<BodyModel> {
    this.bodyPromise ??= loadDefaultBody(this.configuration.defaultBodyFile);
    return this.bodyPromise;
  }

  /** The networks that a run with these settings uses, with their hashes, for provenance. */
  modelHashes(settings: RunSettings): Promise<{ name: string; sha256: string }[]> {
    const quality = findEstimator(settings.estimator).qualities.find(({ id }) => id === settings.quality);
    const ids = new Set([...findDetector(settings.detector).models, ...(quality?.models ?? [])]);
    const store = new ModelStore(this.configuration.modelsFolder);
    return Promise.all(
      [...ids].map(async (id) => {
        const { title, sha256 } = await store.resolve(id);
        return { name: title, sha256 };
      }),
    );
  }

  /** An open project. @throws AppError NOT_FOUND. */
  session(projectId: string): ProjectSession {
    const session = this.sessions.get(projectId);
    if (!session) {
      throw new AppError('NOT_FOUND', 'This project is not open.', { hint: 'Open it again from the start page.' });
    }
    return session;
  }

  findJob(jobId: string): JobTracker | undefined {
    for (const session of this.sessions.values()) {
      const job = session.findJob(jobId);
      if (job) return job;
    }
    return undefined;
  }

  /** Projects of the data folder, newest first. */
  recent(): RecentProject[] {
    return readRecentProjects(this.projectsFolder);
  }

  /** Opens a project or a video. The same project is opened once, however often it is asked for. */
  async open(request: OpenRequest, signal?: AbortSignal): Promise<ProjectSession> {
    if (request.source === 'project') return this.openFolder(this.folderOfProject(request.projectId), signal);
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
    return path.endsWith(PROJECT_EXTENSION) ? this.openFolder(path, signal) : this.openVideo(path, {}, signal);
  }

  /** Opens the project of a video: the one that stands for the same content, or a new one. */
  async openVideo(path: string, options: OpenVideoOptions = {}, signal?: AbortSignal): Promise<ProjectSession> {
    const media = await probeVideo(path, { ffmpeg: await this.ffmpeg() }, signal);
    const givenTracks = options.givenTracks?.(media);
    const name = basename(path, extname(path)) || 'video';
    const projects = options.projectsFolder ?? this.projectsFolder;
    const short = media.fingerprint.sampledHash.slice(0, 8);
    const root = join(projects, `${name.replace(/[^\p{L}\p{N} _-]/gu, '_')}-${short}${PROJECT_EXTENSION}`);
    const folder = projectFolder(root);
    if (!existsSync(folder.document)) DocumentStore.create(folder, newDocument(name, media, root));
    saveMediaFacts(folder, media);
    return this.openFolder(root, signal, media, givenTracks);
  }

  async close(projectId: string): Promise<void> {
    const session = this.sessions.get(projectId);
    this.sessions.delete(projectId);
    if (session) this.opening.delete(session.parts.folder.root);
    await session?.close();
  }

  /** Closes everything: running jobs are cancelled, documents saved, children and threads ended. */
  async stop(): Promise<void> {
    await Promise.all([...this.sessions.keys()].map((id) => this.close(id)));
    killAllChildren();
    await this.lanes.stop();
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

  private openFolder(
    root: string,
    signal?: AbortSignal,
    media?: MediaFacts,
    givenTracks?: TrackerTrack[],
  ): Promise<ProjectSession> {
    const known = this.opening.get(root);
    if (known) return known;
    const promise = this.makeSession(projectFolder(root), signal, media, givenTracks).catch((error: unknown) => {
      this.opening.delete(root);
      throw error;
    });
    this.opening.set(root, promise);
    return promise;
  }

  private async makeSession(
    folder: ProjectFolder,
    signal: AbortSignal | undefined,
    known: MediaFacts | undefined,
    givenTracks: TrackerTrack[] | undefined,
  ): Promise<ProjectSession> {
    const ffmpeg = await this.ffmpeg();
    const media = known ?? (await loadMediaFacts(folder, ffmpeg, signal));
    const body = await this.body();
    const lock = takeLock(folder.lock);
    const held = 'release' in lock ? lock : undefined;
    const readOnly: Problem | undefined = held
      ? undefined
      : {
          code: 'PROJECT_LOCKED',
          message: 'This project is open in another Retake; here it can be looked at but not changed.',
          hint: 'Close it there and open it again here to edit.',
        };
    const parts = { folder, media, ffmpeg, lanes: this.lanes, body, lock: held, readOnly };
    try {
      const session = new ProjectSession({ ...parts, ...(givenTracks ? { givenTracks } : {}) });
      this.sessions.set(session.id, session);
      return session;
    } catch (error) {
      held?.release();
      throw error;
    }
  }
}

function newDocument(name: string, media: MediaFacts, root: string): ProjectDocument {
  return {
    schemaVersion: DOCUMENT_VERSION,
    id: randomUUID(),
    name,
    createdAt: new Date().toISOString(),
    media: {
      path: relative(dirname(root), resolve(media.path)),
      size: statSync(media.path).size,
      fingerprint: media.fingerprint.sampledHash,
      ptsHash: media.ptsHash,
      width: media.width,
      height: media.height,
      frameCount: media.frameCount,
    },
    settings: DEFAULT_RUN_SETTINGS,
    people: [],
    nextNumber: 1,
  };
}
