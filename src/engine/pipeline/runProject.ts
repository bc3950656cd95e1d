import type { Person } from '#core/document/schema';
import { countFrames, intersectSpans, type Span } from '#core/frames/span';
import { DetectionPass } from './detectStage';
import {
  type Counted,
  isObserved,
  observeWork,
  type PersonWork,
  planWhole,
  planWork,
  solveWork,
} from './estimateStage';
import { ForwardDecoding } from './forwardDecoding';
import { staleness } from './frameKeys';
import type { JobStage, JobTracker } from './jobTracker';
import type { RunContext } from './runContext';
import { runRegions } from './runRegions';

/** Length of the first chunk, s: short, so that the first bodies appear early. Each later one is twice as long… */
const FIRST_CHUNK_SECONDS = 3;
/** …up to this, s: what may have to be done again after a crash, and how long boxes take to settle at the end. */
const LONGEST_CHUNK_SECONDS = 20;
/** Boxes younger than this may still move when the next detections come, so they are not looked at yet. */
const SETTLING_SECONDS = 1.2;
/** Passes over what is out of date: the first does it, the second takes in what was edited meanwhile. */
const MOST_PASSES = 3;

/** What to compute. */
export interface RunRequest {
  /** `missing` finds people first; `outOfDate` only follows changed boxes. */
  scope: 'missing' | 'outOfDate';
  /** Person ids; absent means everybody who is not folded away. */
  people?: readonly string[];
  span?: Span;
  /** Frame somebody looks at: what is nearest to it is computed first. */
  focusFrame?: number;
}

/** What a frame of each stage costs, ms on two cores; only their ratios matter, and only until a stage was measured. */
const COSTS = { detect: 13, observe: 42, solve: 6, finish: 6 } as const;

/** Stages of a run as the job shows them. Until somebody is found, one person is expected on every frame. */
export function runStages(context: RunContext, request: RunRequest): JobStage[] {
  const isSearched = request.scope === 'outOfDate' || !context.detections;
  const expected = isSearched ? 0 : context.frameCount;
  const stage = (id: keyof typeof COSTS, title: string) => ({
    id,
    title,
    unit: 'frames',
    total: expected,
    cost: COSTS[id],
  });
  const stages = [
    stage('observe', 'Poses'),
    { ...stage('solve', 'Bodies'), overlaps: true },
    stage('finish', 'Final bodies'),
  ];
  return isSearched ? stages : [stage('detect', 'People'), ...stages];
}

function chosenPeople(context: RunContext, request: RunRequest): Person[] {
  return context
    .document()
    .people.filter((person) =>
      request.people ? request.people.includes(person.id) : person.foldedBecause === undefined,
    );
}

/**
 * Brings results up to date: finds people chunk by chunk, looks at them, fits drafts of their bodies while the next chunk
 * is searched, and at the end fits everybody as a whole, with one shape. Everything finished stays when the job is
 * cancelled or fails; the next run goes on from there.
 */
export async function runProject(context: RunContext, request: RunRequest, job: JobTracker): Promise<void> {
  const decoding = new ForwardDecoding(context, context.estimator.longestSide, job.signal);
  const progress = new RunProgress(context, decoding, job);
  const limit = limitOf(context, request);
  try {
    if (request.scope === 'missing') await findAndFollow(context, request, limit, progress, job);
    for (let pass = 0; pass < MOST_PASSES; pass++) {
      const work = planWork(context, chosenPeople(context, request), limit).filter(
        (entry) => !(awaitsWhole(context, entry.person, limit) && isObserved(context, entry)),
      );
      if (work.length === 0) break;
      const regions = runRegions(work, request.focusFrame);
      for (const [place, region] of regions.entries()) {
        const isLast = place === regions.length - 1;
        const later = (person: Person) => isLast && awaitsWhole(context, person, limit);
        await progress.estimate(chosenPeople(context, request), region, later);
      }
      await progress.settled();
    }
    await finishShapes(context, request, limit, progress, job);
    progress.finish();
  } finally {
    // What is under way writes results: nobody may close the project under it.
    await progress.ended();
    await decoding.close();
  }
}

function limitOf({ frameCount }: RunContext, { span }: RunRequest): Span {
  return span ? { from: Math.max(0, span.from), to: Math.min(frameCount, span.to) } : { from: 0, to: frameCount };
}

async function findAndFollow(
  context: RunContext,
  request: RunRequest,
  limit: Span,
  progress: RunProgress,
  job: JobTracker,
): Promise<void> {
  const { detections, frameCount, rate } = context;
  if (!detections) return;
  const settling = Math.ceil(SETTLING_SECONDS * rate);
  let chunk = Math.ceil(FIRST_CHUNK_SECONDS * rate);
  const longest = Math.max(chunk, Math.ceil(LONGEST_CHUNK_SECONDS * rate));
  context.retrack();
  const pass = new DetectionPass(context, detections, job);
  try {
    if (detections.detectedFrames < frameCount) await progress.prepare(limit.from);
    while (detections.detectedFrames < frameCount) {
      const to = Math.min(frameCount, detections.detectedFrames + chunk);
      await followChunk(context, pass, to);
      const seen = { from: limit.from, to: Math.min(limit.to, to - settling) };
      if (to < frameCount && context.retrack()) {
        progress.seenOf(to, frameCount);
        await progress.estimate(chosenPeople(context, request), seen);
      }
      chunk = Math.min(longest, chunk * 2);
    }
  } finally {
    await pass.close();
  }
  progress.seenOf(frameCount, frameCount);
  job.advance('detect', frameCount);
}

/**
 * The document follows what was found before the detections reach the disk: after a crash in between the same people are
 * found again, while the other way round people would be known to nobody.
 */
async function followChunk(context: RunContext, pass: DetectionPass, to: number): Promise<void> {
  const keep = () => {
    context.retrack();
    context.detections?.flush();
    context.resultsChanged();
  };
  try {
    await pass.advance(to);
  } catch (error) {
    try {
      keep();
    } catch {
      // Why the chunk was not finished says more than that its part could not be kept.
    }
    throw error;
  }
  keep();
}

/**
 * True for people whose shape is still to be found from all they have, when nothing outside `limit` is out of date: a
 * draft of them would be thrown away at once.
 */
function awaitsWhole(context: RunContext, person: Person, limit: Span): boolean {
  const stored = context.motion.get(person.id);
  if (stored?.isFinal) return false;
  const { outOfDate } = staleness(context.keys(), person, stored, context);
  return countFrames(intersectSpans(outOfDate, [limit])) === countFrames(outOfDate);
}

/** Fits people as a whole whose shape was found from a part or not yet. */
async function finishShapes(
  context: RunContext,
  request: RunRequest,
  limit: Span,
  progress: RunProgress,
  job: JobTracker,
): Promise<void> {
  const wholes = chosenPeople(context, request).flatMap((person) => {
    const whole = awaitsWhole(context, person, limit) ? planWhole(context, person) : undefined;
    return whole ? [whole] : [];
  });
  await progress.solveWholes(wholes, limit);
  job.signal.throwIfAborted();
}

/** Counts what the pose and body stages have done over a run, and lets the fit of one part overlap the next. */
class RunProgress {
  private solving: Promise<void> = Promise.resolve();
  private failure: { error: unknown } | undefined;
  private observed: Counted = { done: 0, total: 0 };
  private solved: Counted = { done: 0, total: 0 };
  /** What is fitted again as a whole at the end. */
  private whole: Counted = { done: 0, total: 0 };
  /** Frames of the clip for each frame that was searched for people: what the totals so far stand for. */
  private outlook = 1;

  constructor(
    private readonly context: RunContext,
    private readonly decoding: ForwardDecoding,
    private readonly job: JobTracker,
  ) {}

  /** Says how much of the clip was searched for people. */
  seenOf(frames: number, frameCount: number): void {
    this.outlook = frames > 0 ? frameCount / frames : 1;
  }

  /** Has pictures ready, from a frame on, for when the first people were found. */
  async prepare(from: number): Promise<void> {
    await this.decoding.prepare(from);
  }

  /** Looks at what is missing within `limit` and starts its fit, but for those who are fitted `later`. */
  async estimate(
    people: readonly Person[],
    limit: Span,
    later: (person: Person) => boolean = () => false,
  ): Promise<void> {
    if (limit.to <= limit.from) return;
    // The fit of the part before must be in, or its frames would count as missing.
    await this.settled();
    const work = planWork(this.context, people, limit);
    this.expectWholes(people);
    if (work.length === 0) return;
    await this.observe(work);
    this.solving = this.solve(work.filter(({ person }) => !later(person))).catch((error: unknown) => {
      this.failure ??= { error };
    });
  }

  /**
   * Looks at what is missing of people and fits each as a whole, with the shape found from all of it. Of those whom the
   * networks gave nothing for on some frame the rest is only drafted.
   */
  async solveWholes(work: readonly PersonWork[], limit: Span): Promise<void> {
    const { context, job } = this;
    await this.observe(work);
    const whole = work.filter((entry) => isObserved(context, entry));
    const onProgress = (frames: number) => {
      this.whole.done = Math.round(frames);
      this.tellWhole();
    };
    await solveWork(context, whole, job, { isWhole: true, onProgress });
    const rest = work.filter((entry) => !whole.includes(entry)).map(({ person }) => person);
    await this.solve(planWork(context, rest, limit));
  }

  /** Waits for the fit under way. @throws what it failed with. */
  async settled(): Promise<void> {
    await this.solving;
    if (this.failure) throw this.failure.error;
  }

  /** Waits for the fit under way, whatever comes of it. */
  async ended(): Promise<void> {
    await this.solving;
  }

  finish(): void {
    this.job.advance('observe', this.observed.total, this.observed.total);
    this.job.advance('solve', this.solved.total, this.solved.total);
    this.job.advance('finish', this.whole.done, this.whole.done);
  }

  /** Counts the frames of people whose shape will be found anew at the end. */
  private expectWholes(people: readonly Person[]): void {
    const { context } = this;
    const open = people.filter((person) => context.motion.get(person.id)?.isFinal !== true);
    this.whole.total = open.reduce((sum, person) => sum + countFrames(planWhole(context, person)?.spans ?? []), 0);
    this.tellWhole();
  }

  private tellWhole(): void {
    this.job.advance('finish', this.whole.done, Math.round(this.whole.total * this.outlook));
  }

  private async observe(work: readonly PersonWork[]): Promise<void> {
    const before = { ...this.observed };
    await observeWork(this.context, work, this.decoding, this.job, ({ done, total }) => {
      this.observed = { done: before.done + done, total: before.total + total };
      this.job.advance('observe', this.observed.done, Math.round(this.observed.total * this.outlook));
    });
  }

  private async solve(work: readonly PersonWork[]): Promise<void> {
    const { job } = this;
    const before = this.solved.done;
    this.solved.total = before + work.reduce((sum, { spans }) => sum + countFrames(spans), 0);
    const onProgress = (frames: number) => {
      this.solved.done = Math.round(before + frames);
      job.advance('solve', this.solved.done, Math.round(this.solved.total * this.outlook));
    };
    onProgress(0);
    await solveWork(this.context, work, job, { isWhole: false, onProgress });
  }
}
