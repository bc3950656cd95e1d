import { join } from 'node:path';
import type { ProjectDocument, RunSettings } from '#core/document/schema';
import { meanFrameRate, secondsOfFrame } from '#core/frames/frameTimes';
import type { Job, Media, Problem, Project, ProjectEvent, Results } from '#core/protocol/messages';
import type { TrackerTrack } from '#core/tracks/track';
import { RecordCache } from '../cache/recordCache';
import type { ComputeLanes } from '../compute/lanes';
import { findDetector } from '../detection/registry';
import { findEstimator } from '../estimation/registry';
import type { ClipCamera } from '../estimation/estimator';
import { EventSource } from '../events';
import { planTrackAdoption } from '../pipeline/adoptTracks';
import { FrameKeys, staleness } from '../pipeline/frameKeys';
import type { JobTracker } from '../pipeline/jobTracker';
import type { BorrowedFrame, RunContext } from '../pipeline/runContext';
import { levelScene, type SceneFrame } from '../pipeline/sceneFrame';
import { findTracker } from '../tracking/registry';
import { decodeFrames } from '../video/decodeStream';
import type { FfmpegTool } from '../video/findFfmpeg';
import { createFrameServer, type FrameServer } from '../video/frameServer';
import type { MediaFacts } from '../video/mediaFacts';
import type { BodyModel } from '#core/body/bodyModel';
import { DetectionStore } from './detectionStore';
import { DocumentStore } from './documentStore';
import { MotionStore } from './motionStore';
import type { ProjectFolder } from './projectFolder';
import type { ProjectLock } from './projectLock';

const OBSERVATION_BUDGET_BYTES = 512 * 1024 * 1024;
const PREVIEW_BUDGET_BYTES = 2 * 1024 * 1024 * 1024;

/** What a session is made of; whoever opens a project gathers it. */
export interface SessionParts {
  folder: ProjectFolder;
  media: MediaFacts;
  ffmpeg: FfmpegTool;
  lanes: ComputeLanes;
  body: BodyModel;
  lock: ProjectLock | undefined;
  readOnly: Problem | undefined;
  /** Boxes given from a file: they stand in for detector and tracker. */
  givenTracks?: TrackerTrack[];
}

/** One open project: its document, its results and its jobs. */
export class ProjectSession {
  readonly events = new EventSource<ProjectEvent>();
  readonly store: DocumentStore;
  readonly motion: MotionStore;
  readonly frames: FrameServer;
  readonly seconds: Float64Array;
  private readonly jobs = new Map<string, JobTracker>();
  private detections: DetectionStore | undefined;
  private observations: RecordCache | undefined;
  private trackTable: ReadonlyMap<string, TrackerTrack> = new Map();
  private frameKeys: FrameKeys;
  private scene: SceneFrame;
  private tracksVersion = 1;

  constructor(readonly parts: SessionParts) {
    const { folder, media, ffmpeg } = parts;
    this.store = new DocumentStore(folder, parts.readOnly !== undefined);
    this.motion = new MotionStore(folder.results, media.frameCount);
    this.frames = createFrameServer({
      media,
      ffmpeg,
      cacheDirectory: join(folder.cache, 'previews'),
      budgetBytes: PREVIEW_BUDGET_BYTES,
    });
    this.seconds = Float64Array.from({ length: media.frameCount }, (_, index) =>
      secondsOfFrame(media.frameTimes, index),
    );
    this.openDerived();
    this.frameKeys = this.makeKeys();
    this.scene = this.makeScene();
    // The same detections make the same tracks again: people must be held against these, not against nothing.
    this.setTracks(this.trackAll());
    if (parts.readOnly === undefined) this.retrack();
    this.store.subscribe((change) => {
      this.events.emit({
        type: 'document',
        seq: this.store.seq,
        document: this.document,
        history: this.store.history(),
        label: change.label,
        ...(change.reveal ? { reveal: change.reveal } : {}),
      });
      this.emitResults();
    });
  }

  get id(): string {
    return this.document.id;
  }

  get document(): ProjectDocument {
    return this.store.document;
  }

  get tracks(): ReadonlyMap<string, TrackerTrack> {
    return this.trackTable;
  }

  get camera(): ClipCamera {
    const { width, height } = this.parts.media;
    return { focal: this.document.settings.focalFactor * Math.max(width, height), width, height };
  }

  /** Raised when tracker tracks changed: part of their address. */
  get currentTracksVersion(): number {
    return this.tracksVersion;
  }

  /** Changes the settings of the next run as an undoable edit; settings that change nothing make no edit. */
  setRunSettings(settings: RunSettings): number {
    const old = this.document.settings;
    if (JSON.stringify(old) === JSON.stringify(settings)) return this.store.seq;
    return this.store.apply(this.store.seq, {
      label: 'Change run settings',
      patches: [{ op: 'replace', path: ['settings'], value: settings }],
      inverse: [{ op: 'replace', path: ['settings'], value: old }],
    });
  }

  /** Everything a page needs to show the project. */
  snapshot(): Project {
    const { folder, media, readOnly } = this.parts;
    return {
      projectId: this.id,
      folder: folder.root,
      document: this.document,
      seq: this.store.seq,
      history: this.store.history(),
      media: mediaMessageOf(media),
      results: this.results(),
      jobs: this.jobList(),
      ...(readOnly ? { readOnly } : {}),
      warnings: [...this.store.warnings, ...this.motion.warnings],
    };
  }

  /** What is computed and what is out of date. */
  results(): Results {
    const estimator = findEstimator(this.document.settings.estimator);
    const { frameCount } = this.parts.media;
    return {
      tracksVersion: this.tracksVersion,
      detectedFrames: this.parts.givenTracks ? frameCount : (this.detections?.detectedFrames ?? 0),
      people: this.document.people.map((person) => {
        const stored = this.motion.get(person.id);
        const { current, outOfDate, present } = staleness(this.frameKeys, person, stored, estimator, frameCount);
        return { person: person.id, current, outOfDate, present, version: stored?.version ?? 0 };
      }),
      camera: this.camera,
      sceneFromCamera: this.scene.sceneFromCamera,
      bodyModel: this.parts.body.id,
      assumptions: this.scene.assumptions,
    };
  }

  /** Camera axes to scene axes, and what is assumed in it. */
  get sceneFrame(): SceneFrame {
    return this.scene;
  }

  emitResults(): void {
    this.events.emit({ type: 'results', results: this.results() });
  }

  addJob(job: JobTracker): void {
    this.jobs.set(job.id, job);
  }

  findJob(jobId: string): JobTracker | undefined {
    return this.jobs.get(jobId);
  }

  jobList(): Job[] {
    return [...this.jobs.values()].map((job) => job.snapshot());
  }

  /** What a run needs, with the settings as they are now. */
  runContext(): RunContext {
    const { media, lanes } = this.parts;
    const { settings } = this.document;
    this.openDerived();
    if (!this.observations) throw new Error('a run needs the observation cache');
    return {
      frameCount: media.frameCount,
      rate: meanFrameRate(media.frameTimes),
      seconds: this.seconds,
      camera: this.camera,
      quality: settings.quality,
      detector: findDetector(settings.detector),
      estimator: findEstimator(settings.estimator),
      detections: this.parts.givenTracks ? undefined : this.detections,
      motion: this.motion,
      observations: this.observations,
      lanes,
      document: () => this.document,
      tracks: () => this.trackTable,
      keys: () => this.frameKeys,
      retrack: () => this.retrack(),
      resultsChanged: () => {
        this.scene = this.makeScene();
        this.emitResults();
      },
      decode: (span, maxLongSide, signal) => this.decode(span, maxLongSide, signal),
    };
  }

  async close(): Promise<void> {
    for (const job of this.jobs.values()) job.controller.abort();
    this.motion.flush();
    this.store.close();
    this.observations?.close();
    await this.frames.close();
    this.parts.lock?.release();
  }

  /** Runs the tracker on all that was detected and lets the document follow. */
  retrack(): void {
    const before = [...this.trackTable.values()];
    const after = this.trackAll();
    const { undo, redo } = this.store.history();
    const edit = planTrackAdoption(this.document, before, after, undo.length + redo.length === 0);
    this.setTracks(after);
    if (edit) this.store.applySystem(edit);
  }

  private trackAll(): TrackerTrack[] {
    if (this.parts.givenTracks) return this.parts.givenTracks;
    if (!this.detections) return [];
    const { media } = this.parts;
    return findTracker(this.document.settings.tracker).track({
      frameCount: media.frameCount,
      rate: meanFrameRate(media.frameTimes),
      width: media.width,
      height: media.height,
      seconds: this.seconds,
      detections: this.detections.detections,
    });
  }

  private setTracks(tracks: readonly TrackerTrack[]): void {
    this.trackTable = new Map(tracks.map((track) => [track.id, track]));
    this.tracksVersion += 1;
    this.frameKeys = this.makeKeys();
  }

  private makeKeys(): FrameKeys {
    const { settings } = this.document;
    const estimator = findEstimator(settings.estimator);
    const source = {
      mediaFingerprint: this.parts.media.fingerprint.sampledHash,
      estimator: estimator.id,
      version: estimator.version,
      quality: settings.quality,
    };
    return new FrameKeys(source, this.trackTable, this.parts.media.frameCount);
  }

  private makeScene(): SceneFrame {
    const people = this.document.people.filter((person) => person.foldedBecause === undefined);
    const motions = people.flatMap((person) => this.motion.get(person.id) ?? []);
    return levelScene(this.parts.body, motions);
  }

  /** Opens stores whose place depends on the settings; a second call with the same settings does nothing. */
  private openDerived(): void {
    const { folder, media } = this.parts;
    const { settings } = this.document;
    const detector = findDetector(settings.detector);
    const estimator = findEstimator(settings.estimator);
    this.detections ??= new DetectionStore(
      join(folder.detections, `${detector.id}-${detector.version}`),
      media.frameCount,
    );
    const name = `observations-${estimator.id}-${estimator.version}-${settings.quality}.records`;
    this.observations ??= new RecordCache(
      join(folder.cache, name),
      estimator.observationLength,
      OBSERVATION_BUDGET_BYTES,
    );
  }

  private async *decode(
    span: { from: number; to: number },
    maxLongSide: number,
    signal: AbortSignal,
  ): AsyncIterable<BorrowedFrame> {
    const { media, ffmpeg } = this.parts;
    for await (const decoded of decodeFrames({ media, span, maxLongSide, ffmpeg }, signal)) {
      const { frameIndex, width, height, data } = decoded;
      const frame = { frameIndex, width, height, data, scale: width / media.width };
      yield { frame, release: decoded.hold() };
    }
  }
}

function mediaMessageOf(media: MediaFacts): Media {
  return {
    name: media.path.split(/[\\/]/).pop() ?? media.path,
    codec: media.codec,
    container: media.container,
    width: media.width,
    height: media.height,
    rotation: media.rotation,
    frameCount: media.frameCount,
    rate: media.averageRate.numerator / media.averageRate.denominator,
    variableRate: media.variableRate,
    rateAssumed: media.rateAssumed,
    seconds: media.durationSeconds,
    sizeBytes: media.sizeBytes,
    timeBase: media.frameTimes.timeBase,
    pts: [...media.frameTimes.pts],
    notes: [...media.warnings],
  };
}
