import { join } from 'node:path';
import type { BodyModel } from '#core/body/bodyModel';
import type { Edit } from '#core/document/patch';
import type { Choice, Person, ProjectDocument, RunSettings } from '#core/document/schema';
import { AppError } from '#core/errors';
import { meanFrameRate, secondsOfFrame } from '#core/frames/frameTimes';
import { mergeSpans } from '#core/frames/span';
import type { Job, Project, ProjectEvent, Results } from '#core/protocol/messages';
import type { TrackTable } from '#core/tracks/effectiveBoxes';
import type { TrackerTrack } from '#core/tracks/track';
import type { RecordCache } from '../cache/recordCache';
import { findDetector } from '../detection/registry';
import type { ClipCamera } from '../estimation/estimator';
import { EventSource } from '../events';
import { planTrackAdoption } from '../pipeline/adoptTracks';
import { staleness } from '../pipeline/frameKeys';
import type { JobTracker } from '../pipeline/jobTracker';
import type { RunContext } from '../pipeline/runContext';
import type { SceneFrame } from '../pipeline/sceneFrame';
import { TrackEnds } from '../pipeline/trackEnds';
import { createFrameServer, type FrameServer } from '../video/frameServer';
import { checkSettings } from './checkSettings';
import { AdoptedTracks } from './adoptedTracks';
import { ClipDecoder } from './clipDecoder';
import { ComparedRuns } from './comparedRuns';
import { DerivedStores } from './derivedStores';
import type { DetectionStore } from './detectionStore';
import { DocumentStore } from './documentStore';
import type { KeptRuns } from './keptRuns';
import { mediaMessageOf } from './mediaMessage';
import type { MotionStore } from './motionStore';
import { ImportedTracks } from './importedTracks';
import { repeatedFrames } from './repeatedFrames';
import { ProjectKeys } from './projectKeys';
import { ProjectMotion } from './projectMotion';
import { ProjectScene } from './projectScene';
import { ProjectTracks } from './projectTracks';
import type { SessionParts } from './sessionParts';
import type { ShownMotion } from './shownMotion';

const PREVIEW_BUDGET_BYTES = 2 * 1024 * 1024 * 1024;

/** One open project: its document, its results and its jobs. */
export class ProjectSession {
  readonly events = new EventSource<ProjectEvent>();
  readonly store: DocumentStore;
  readonly frames: FrameServer;
  readonly seconds: Float64Array;
  /** Kept runs and the newest as they are compared. */
  readonly compared: ComparedRuns;
  private readonly motions: ProjectMotion;
  private readonly jobs = new Map<string, JobTracker>();
  private readonly derived: DerivedStores;
  private readonly imported: ImportedTracks;
  private readonly people: ProjectTracks;
  private readonly trackEnds = new TrackEnds();
  private readonly decoder: ClipDecoder;
  private readonly keys: ProjectKeys;
  private readonly scene: ProjectScene;

  constructor(readonly parts: SessionParts) {
    const { folder, media, ffmpeg } = parts;
    this.keys = new ProjectKeys(parts);
    this.store = new DocumentStore(folder, parts.readOnly !== undefined);
    this.derived = new DerivedStores(folder, media.frameCount);
    this.motions = new ProjectMotion(parts, this.derived.earlier, () => this.document);
    this.decoder = new ClipDecoder(media, ffmpeg);
    this.frames = createFrameServer({
      media,
      ffmpeg,
      cacheDirectory: join(folder.cache, 'previews'),
      budgetBytes: PREVIEW_BUDGET_BYTES,
    });
    const { frameCount, width, height } = media;
    this.seconds = Float64Array.from({ length: frameCount }, (_, index) => secondsOfFrame(media.frameTimes, index));
    const clip = { frameCount, rate: meanFrameRate(media.frameTimes), width, height, seconds: this.seconds };
    const { settings } = this.document;
    const detections = this.derived.detections(settings);
    this.imported = new ImportedTracks(folder.imports);
    const adopted = new AdoptedTracks(folder, this.store.seq);
    if (parts.readOnly === undefined) adopted.settle(this.store.warnings.length > 0);
    this.people = new ProjectTracks(adopted, this.imported, clip, parts.givenTracks, this.document, detections);
    if (parts.readOnly === undefined) this.retrack(settings, detections);
    this.bringBack();
    const sceneOptions = () => ({ seconds: this.seconds, hasCuts: this.cuts.length > 0 });
    this.scene = new ProjectScene(this.document, this.body, this.motions.shown(), sceneOptions);
    const now = () => ({ document: this.document, body: this.body, newest: this.motion, sizes: this.scene.sizes });
    this.compared = new ComparedRuns(this.kept, now, sceneOptions);
    this.store.subscribe(({ label, reveal, isOlder }) => {
      const { document } = this;
      const history = this.store.history();
      this.events.emit({
        ...{ type: 'document', seq: this.store.seq, document, history, label },
        ...(reveal ? { reveal } : {}),
      });
      const renewal = isOlder ? this.trackEnds.planRenewal(document, this.tracks) : undefined;
      if (renewal) this.store.applySystem(renewal);
      else if (this.bringBack() || !this.scene.fits(document)) this.resultsChanged();
      else this.emitResults();
    });
  }

  get id(): string {
    return this.document.id;
  }

  get document(): ProjectDocument {
    return this.store.document;
  }

  get tracks(): TrackTable {
    return this.people.table;
  }

  /** The motion that belongs to the settings as they are. */
  get motion(): MotionStore {
    return this.motions.newest;
  }

  /** The same as it stands on the common ground, with what a human set over it: what is shown and exported. */
  get shown(): ShownMotion {
    return this.motions.shown(this.scene.sizes);
  }

  /** Runs that were kept to be compared with. */
  get kept(): KeptRuns {
    return this.motions.kept;
  }

  /** What of a person is taken from kept runs. */
  choicesOf(person: Person): Choice[] {
    return this.motions.choicesOf(person);
  }

  /** A person of the document. @throws AppError NOT_FOUND */
  requirePerson(id: string): Person {
    const person = this.document.people.find((entry) => entry.id === id);
    if (!person) throw new AppError('NOT_FOUND', 'This person is not in the project any more.');
    return person;
  }

  /** The body of the settings as they are; undefined while it is loaded, and where it is not on this computer. */
  get body(): BodyModel | undefined {
    return this.parts.bodies.known(this.document.settings);
  }

  /** The same where nothing can be done without it. @throws AppError MODEL_MISSING */
  requireBody(settings = this.document.settings): BodyModel {
    const body = this.parts.bodies.known(settings);
    if (body) return body;
    throw new AppError('MODEL_MISSING', 'The body model that these run options ask for is not on this computer.', {
      hint: 'Import it on the models page, or choose another estimator in the run options.',
    });
  }

  get camera(): ClipCamera {
    const { width, height } = this.parts.media;
    return { focal: this.document.settings.focalFactor * Math.max(width, height), width, height };
  }

  /** True when boxes came from a file instead of a detector. */
  get boxesGiven(): boolean {
    return this.people.isGiven;
  }

  /** Raised when tracker tracks changed: part of their address. */
  get currentTracksVersion(): number {
    return this.people.version;
  }

  /** Applies an edit of the page. @throws AppError as DocumentStore.apply. */
  applyEdit(baseSeq: number, edit: Edit): number {
    if ([...edit.patches, ...edit.inverse].some(({ path }) => path[0] === 'settings')) {
      throw new AppError('INVALID_ARGUMENT', 'Run settings are changed by their own method, which checks them.');
    }
    return this.store.apply(baseSeq, edit);
  }

  /**
   * Loads the body that the settings ask for, if it is not at hand.
   * @throws AppError MODEL_MISSING, NOT_FOUND, BODY_INVALID; what needs no body works all the same
   */
  async loadBody(): Promise<void> {
    const { settings } = this.document;
    if (this.parts.bodies.known(settings)) return;
    await this.parts.bodies.load(settings);
    this.resultsChanged();
  }

  /**
   * Changes the settings of the next run as an undoable edit; settings that change nothing make no edit.
   * @throws AppError NOT_FOUND for what this build does not have.
   */
  setRunSettings(settings: RunSettings): number {
    const old = this.document.settings;
    if (JSON.stringify(old) === JSON.stringify(settings)) return this.store.seq;
    checkSettings(settings);
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
      warnings: [
        ...[...this.store.warnings, ...this.people.warnings],
        ...[...this.imported.warnings, ...this.motions.warnings],
      ],
    };
  }

  /** What is computed and what is out of date. */
  results(): Results {
    const { settings } = this.document;
    const reach = this.keys.reachOf(settings);
    const { frameCount } = reach;
    const { motion, shown } = this;
    const newest = this.compared.newest();
    const keys = this.keys.of(settings, reach.weights, this.tracks);
    const { keptBodies } = this.motions;
    return {
      tracksVersion: this.people.version,
      detectedFrames: this.people.isGiven ? frameCount : this.derived.detections(settings).detectedFrames,
      cuts: [...this.cuts],
      people: this.document.people.map((person) => {
        const stored = motion.get(person.id);
        const { current, outOfDate, present } = staleness(keys, person, stored, reach);
        const chosen = mergeSpans(this.choicesOf(person));
        const version = shown.addressVersion(person);
        const newestVersion = newest.version(person.id);
        const all = { present: mergeSpans([...present, ...chosen]), chosen };
        const earlier = stored?.earlierVersion === undefined ? {} : { fromEarlierVersion: true };
        return { person: person.id, current, outOfDate, ...all, version, newestVersion, ...earlier };
      }),
      passedOver: this.motions.passedOver(),
      ...(keptBodies === undefined ? {} : { keptBodies }),
      camera: this.camera,
      sceneFromCamera: this.scene.frame.sceneFromCamera,
      bodyModel: this.body?.id ?? '',
      assumptions: this.scene.frame.assumptions,
    };
  }

  /** First frames of shots that were found so far, in order, without the clip's own first. */
  get cuts(): readonly number[] {
    return this.derived.detections(this.document.settings).cuts;
  }

  /** Camera axes to scene axes, and what is assumed in it. */
  get sceneFrame(): SceneFrame {
    return this.scene.frame;
  }

  /** Adds tracks of a file, for people to refer to; named anew. @throws AppError DISK_FULL, READ_ONLY. */
  addImportedTracks(tracks: readonly TrackerTrack[], source: string): TrackerTrack[] {
    const added = this.people.addImported(tracks, source);
    this.keys.forget();
    return added;
  }

  /** Tells the pages what is computed. */
  emitResults(): void {
    this.events.emit({ type: 'results', results: this.results() });
  }

  /**
   * Tells what came of a run, with earlier results put back where boxes returned while it went on, and for which frames
   * the video gave it no picture.
   */
  runEnded(): void {
    const problem = repeatedFrames(this.decoder.takeRepeated());
    if (problem) this.events.emit({ type: 'notice', level: 'warning', problem });
    if (this.bringBack()) this.resultsChanged();
    else this.emitResults();
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

  /**
   * What a run needs, with the settings as they are now: changing them later does not touch a run under way.
   * @throws AppError MODEL_MISSING when the body they ask for is not at hand
   */
  runContext(settings = this.document.settings): RunContext {
    const { lanes } = this.parts;
    const body = this.requireBody(settings);
    const observations: RecordCache = this.derived.observations(settings);
    const detections = this.derived.detections(settings);
    const reach = this.keys.reachOf(settings);
    return {
      ...reach,
      bodyModel: body.id,
      seconds: this.seconds,
      camera: this.camera,
      quality: settings.quality,
      detector: findDetector(settings.detector),
      detections: this.people.isGiven ? undefined : detections,
      motion: this.motions.of(settings),
      earlier: this.derived.earlier,
      observations,
      lanes,
      document: () => this.document,
      keys: () => this.keys.of(settings, reach.weights, this.tracks),
      retrack: () => this.retrack(settings, detections),
      resultsChanged: () => this.resultsChanged(),
      decode: (span, maxLongSide, signal) => this.decoder.frames(span, maxLongSide, signal),
    };
  }

  /** Cancels what runs, waits for it, and makes everything durable. @throws the first thing that went wrong, at the end. */
  async close(): Promise<void> {
    const jobs = [...this.jobs.values()];
    for (const job of jobs) job.controller.abort();
    await Promise.all(jobs.map((job) => job.ended));
    const failures: unknown[] = [];
    const attempt = async (step: () => void | Promise<void>) => {
      try {
        await step();
      } catch (error) {
        failures.push(error);
      }
    };
    if (this.parts.readOnly === undefined) {
      await attempt(() => this.motions.flush());
      await attempt(() => this.derived.flush());
      await attempt(() => this.people.save());
    }
    await attempt(() => this.store.close());
    await attempt(() => this.derived.close());
    await attempt(() => this.frames.close());
    await attempt(() => this.parts.lock?.release());
    if (failures.length > 0) throw failures[0];
  }

  /** Lets tracks and document follow what was detected; false while tracks of another detector still stand. */
  private retrack(settings: RunSettings, detections: DetectionStore): boolean {
    const next = this.people.next(settings, detections);
    if (next === 'pending' || next === 'current') return next === 'current';
    const { undo, redo } = this.store.history();
    const { tracks } = this.people;
    const edit = planTrackAdoption(this.document, tracks, next.tracks, {
      mayRemove: undo.length + redo.length === 0,
      firstNumber: this.store.freeNumber,
    });
    this.people.adopt(next, this.store.seq + (edit ? 1 : 0), () => {
      if (edit) this.store.applySystem(edit);
      this.trackEnds.note(tracks);
    });
    this.keys.forget();
    return true;
  }

  /** Follows changed motion or settings and tells the pages. */
  private resultsChanged(): void {
    this.scene.renew(this.document, this.body, this.motions.shown());
    this.emitResults();
    // What is missing is said when somebody runs.
    this.loadBody().catch(() => undefined);
  }

  /** Puts earlier results back that fit the document as it is; a run under way is not disturbed. */
  private bringBack(): boolean {
    const isRunning = this.jobList().some(({ kind, state }) => kind === 'run' && state === 'running');
    if (this.parts.readOnly !== undefined || isRunning) return false;
    const { settings } = this.document;
    const reach = this.keys.reachOf(settings);
    return this.motions.bringBack(reach, this.keys.of(settings, reach.weights, this.tracks));
  }
}
