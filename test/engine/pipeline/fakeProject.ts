import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type BodyModel, sparseRowsFromDense } from '#core/body/bodyModel';
import { JOINT_COUNT, JOINT_PARENTS } from '#core/body/skeleton';
import type { Job, PersonResults } from '#core/protocol/messages';
import type { Detection, TrackerTrack } from '#core/tracks/track';
import type { ComputeTaskName, ComputeTasks } from '#engine/compute/task';
import { ComputeLanes } from '#engine/compute/lanes';
import { BodyLibrary } from '#engine/bodymodel/bodyLibrary';
import type { PersonMotion } from '#engine/estimation/estimator';
import type { RunRequest } from '#engine/pipeline/runProject';
import { launchRun } from '#engine/pipeline/startRun';
import { ProjectBodies } from '#engine/project/projectBodies';
import { ProjectSession } from '#engine/project/projectSession';
import type { SessionParts } from '#engine/project/sessionParts';
import { DocumentStore } from '#engine/project/documentStore';
import { projectFolder } from '#engine/project/projectFolder';
import type { MediaFacts } from '#engine/video/mediaFacts';
import { documentOf } from '../project/documents';
import { scratchFolder } from '../project/projects';
import { editOf } from '../project/randomEdits';
import { Calls, decodeFor } from './fakeDecoder';
import { type Actor, detectionOf, fakeJudge, fakeSolve, observationOf } from './madeUpVideo';

const RATE = 30;
const WIDTH = 1280;
const HEIGHT = 720;

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Compute lanes that answer from a made-up video, in this thread. */
export class FakeLanes extends ComputeLanes {
  constructor(
    private readonly actors: readonly Actor[],
    private readonly calls: Calls,
  ) {
    super('nowhere', { modelsFolder: '', userModelsFolder: '', defaultBodyFile: '', networkThreads: 1 }, 2);
  }

  override async run<Name extends ComputeTaskName>(
    task: Name,
    input: ComputeTasks[Name]['input'],
    signal?: AbortSignal,
  ): Promise<ComputeTasks[Name]['output']> {
    signal?.throwIfAborted();
    await nextTurn();
    signal?.throwIfAborted();
    const output = this.answer(task, input);
    if (task === 'solve') await this.fit();
    await nextTurn();
    signal?.throwIfAborted();
    return output as ComputeTasks[Name]['output'];
  }

  private async fit(): Promise<void> {
    const { calls } = this;
    calls.fits += 1;
    calls.mostFitsAtOnce = Math.max(calls.mostFitsAtOnce, calls.fits);
    await calls.fitting;
    await nextTurn();
    calls.fits -= 1;
  }

  private answer(task: ComputeTaskName, input: unknown): unknown {
    if (task === 'detect') return this.detect(input as ComputeTasks['detect']['input']);
    if (task === 'observe') return this.observe(input as ComputeTasks['observe']['input']);
    if (task === 'judge') return fakeJudge(input as ComputeTasks['judge']['input']);
    if (task === 'solve') return this.solve(input as ComputeTasks['solve']['input']);
    throw new Error(`nobody asks for ${task} here`);
  }

  private detect({ frame: { frameIndex } }: ComputeTasks['detect']['input']): Detection[] {
    this.calls.note('detect', frameIndex);
    this.calls.detected.push(frameIndex);
    return this.actors.filter(({ seen }) => seen(frameIndex)).map(({ boxAt }) => detectionOf(boxAt(frameIndex)));
  }

  private observe({ frame: { frameIndex }, requests, quality }: ComputeTasks['observe']['input']): Float32Array[] {
    this.calls.note('observe', frameIndex);
    if (this.calls.unseen.has(frameIndex)) return [];
    return requests.map(({ box }) => {
      this.calls.observed.push(frameIndex);
      return observationOf(box, frameIndex, quality);
    });
  }

  private solve(input: ComputeTasks['solve']['input']): PersonMotion {
    this.calls.note('solve', input.changed.from);
    this.calls.solved.push({ ...input.changed, held: input.previous !== undefined, isDraft: input.isDraft });
    return fakeSolve(input);
  }
}

/** A body of 24 vertices, one at each joint. */
function tinyBody(): BodyModel {
  const template = Float32Array.from({ length: JOINT_COUNT * 3 }, (_, k) => Math.sin(k * 1.7));
  const identity = Float64Array.from({ length: JOINT_COUNT ** 2 }, (_, k) => (k % (JOINT_COUNT + 1) === 0 ? 1 : 0));
  return {
    id: 'retake-default-1',
    title: 'Tiny',
    vertexCount: JOINT_COUNT,
    faceCount: 0,
    template,
    faces: new Uint32Array(0),
    shapeCount: 10,
    shapeDirections: new Float32Array(10 * JOINT_COUNT * 3),
    poseCorrectives: [],
    jointRegressor: sparseRowsFromDense(identity, JOINT_COUNT),
    skin: {
      influences: 1,
      joints: Uint8Array.from({ length: JOINT_COUNT }, (_, k) => k),
      weights: new Float32Array(JOINT_COUNT).fill(1),
    },
    parents: JOINT_PARENTS,
  };
}

function mediaOf(frameCount: number): MediaFacts {
  return {
    kind: 'file',
    path: '/videos/clip.mp4',
    images: [],
    container: 'mp4',
    codec: 'h264',
    pixelFormat: 'yuv420p',
    bitDepth: 8,
    codedWidth: WIDTH,
    codedHeight: HEIGHT,
    width: WIDTH,
    height: HEIGHT,
    rotation: 0,
    sampleAspect: 1,
    frameCount,
    frameTimes: {
      timeBase: { numerator: 1, denominator: RATE },
      pts: Array.from({ length: frameCount }, (_, k) => k),
    },
    keyframes: [0],
    keyframeTicks: [0],
    access: 'seek',
    seekMargin: 0,
    variableRate: false,
    averageRate: { numerator: RATE, denominator: 1 },
    rateAssumed: false,
    durationSeconds: frameCount / RATE,
    sizeBytes: 1,
    modifiedAt: 0,
    hasAudio: false,
    fingerprint: { size: 1, sampledHash: 'f' },
    ptsHash: 'p',
    warnings: [],
  };
}

/** The tiny body, loaded for every setting. */
function loadedBodies(sha256: string | undefined): ProjectBodies {
  const bodies = new ProjectBodies(new BodyLibrary({ defaultBodyFile: '', imported: () => [] }));
  const body = { ...tinyBody(), ...(sha256 === undefined ? {} : { sha256 }) };
  bodies.known = () => body;
  bodies.load = () => Promise.resolve(body);
  return bodies;
}

/** A project on disk whose video is made up. */
export class FakeProject {
  readonly root = join(scratchFolder(), 'clip.retake');
  readonly calls: Calls;
  /** SHA-256 of the file that the body is said to be from. */
  bodyFile: string | undefined;

  constructor(
    readonly actors: readonly Actor[],
    readonly frameCount: number,
  ) {
    this.calls = new Calls();
    mkdirSync(this.root, { recursive: true });
    const media = { ...documentOf([]).media, width: WIDTH, height: HEIGHT, frameCount };
    DocumentStore.create(projectFolder(this.root), documentOf([], { media }));
  }

  /** Opens it; `calls` of earlier sessions go on. */
  open(givenTracks?: TrackerTrack[]): ProjectSession {
    decodeFor(this.calls);
    const parts: SessionParts = {
      folder: projectFolder(this.root),
      media: mediaOf(this.frameCount),
      ffmpeg: { path: '', version: '5', source: 'path', passthrough: [], needsRgbForJpeg: false },
      lanes: new FakeLanes(this.actors, this.calls),
      bodies: loadedBodies(this.bodyFile),
      weightsOf: () => ({ fingerprint: '', bidirectional: false }),
      lock: undefined,
      readOnly: undefined,
    };
    return new ProjectSession({ ...parts, ...(givenTracks ? { givenTracks } : {}) });
  }
}

/** Runs a session to the end; the job as it ended. */
export async function run(
  session: ProjectSession,
  request: RunRequest = { scope: 'missing' },
): Promise<{ job: Job; error: unknown }> {
  const { jobId, ended } = launchRun(session, request);
  const error = await ended.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  const job = session.findJob(jobId)?.snapshot();
  if (!job) throw new Error('a run is a job');
  return { job, error };
}

/** Everything a run computes, in a form that two projects can be compared by: who is where, and their motion. */
export function outcome(session: ProjectSession): unknown {
  return session.document.people
    .map(({ name: _name, id, number: _number, ...person }) => {
      const { version: _version, ...motion } = session.motion.get(id) ?? {};
      // Copied: a store changes its arrays in place.
      return { person, motion: structuredClone({ ...motion, version: undefined }) };
    })
    .sort((a, b) => JSON.stringify(a.person).localeCompare(JSON.stringify(b.person)));
}

/** A tracker's track with the boxes of an actor on every frame `[from, to)`. */
export function trackOf(id: string, actor: Actor, from: number, to: number): TrackerTrack {
  const length = to - from;
  const boxes = new Float64Array(length * 4);
  for (let row = 0; row < length; row++) {
    const { x, y, width, height } = actor.boxAt(from + row);
    boxes.set([x, y, width, height], row * 4);
  }
  const origins = new Uint8Array(length).fill(1);
  return { id, start: from, length, boxes, scores: new Float32Array(length).fill(0.9), origins };
}

/** Makes an edit as the page would. */
export function applyPlan(session: ProjectSession, plan: Parameters<typeof editOf>[1]): void {
  const edit = editOf(session.document, plan);
  if (!edit) throw new Error('the edit changes something');
  session.applyEdit(session.store.seq, edit);
}

/** Id of the person at a place of the list. */
export function personAt(session: ProjectSession, place: number): string {
  const person = session.document.people[place];
  if (!person) throw new Error(`there is no person ${place}`);
  return person.id;
}

/** Results of the person at a place of the list. */
export function resultsOf(session: ProjectSession, place: number): PersonResults {
  const found = session.results().people.find(({ person }) => person === personAt(session, place));
  if (!found) throw new Error(`there are no results of person ${place}`);
  return found;
}
