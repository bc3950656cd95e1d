import type { Person } from '#core/document/schema';
import { countFrames, type Span } from '#core/frames/span';
import { detectChunk } from './detectStage';
import { observeWork, planWork, solveWhole, solveWork } from './estimateStage';
import type { JobTracker } from './jobTracker';
import type { RunContext } from './runContext';

/** Frames between two looks at what is there so far: short enough that bodies appear early, long enough to fit well. */
const CHUNK_FRAMES = 192;
/** Boxes younger than this may still move when the next detections come, so they are not looked at yet. */
const SETTLING_SECONDS = 1.2;

/** What to compute. */
export interface RunRequest {
  /** `missing` finds people first; `outOfDate` only follows changed boxes. */
  scope: 'missing' | 'outOfDate';
  /** Person ids; absent means everybody who is not folded away. */
  people?: readonly string[];
  span?: Span;
}

/** Stages of a run as the job shows them. */
export function runStages(context: RunContext, request: RunRequest) {
  const observe = { id: 'observe', title: 'Poses', unit: 'frames', total: 0 };
  const solve = { id: 'solve', title: 'Bodies', unit: 'frames', total: 0 };
  if (request.scope === 'outOfDate' || !context.detections) return [observe, solve];
  return [{ id: 'detect', title: 'People', unit: 'frames', total: context.frameCount }, observe, solve];
}

function chosenPeople(context: RunContext, request: RunRequest): Person[] {
  return context
    .document()
    .people.filter((person) =>
      request.people ? request.people.includes(person.id) : person.foldedBecause === undefined,
    );
}

/**
 * Brings results up to date: finds people chunk by chunk, looks at them, fits bodies while the next chunk is searched,
 * and at the end fits everybody whose shape was found from a part only once more as a whole. Everything finished stays
 * when the job is cancelled; the next run goes on from there.
 */
export async function runProject(context: RunContext, request: RunRequest, job: JobTracker): Promise<void> {
  const progress = new RunProgress(context, job);
  const limit = request.span ?? { from: 0, to: context.frameCount };
  if (request.scope === 'missing') await findAndFollow(context, request, progress, job);
  await progress.estimate(chosenPeople(context, request), limit);
  await progress.settled();
  for (const person of chosenPeople(context, request)) {
    if (context.motion.get(person.id)?.isFinal === false) await solveWhole(context, person, job);
    job.signal.throwIfAborted();
  }
  progress.finish();
}

async function findAndFollow(
  context: RunContext,
  request: RunRequest,
  progress: RunProgress,
  job: JobTracker,
): Promise<void> {
  const { detections, frameCount } = context;
  if (!detections) return;
  const settling = Math.ceil(SETTLING_SECONDS * context.rate);
  while (detections.detectedFrames < frameCount) {
    const to = Math.min(frameCount, detections.detectedFrames + CHUNK_FRAMES);
    await detectChunk(context, to, job);
    context.retrack();
    context.resultsChanged();
    if (to < frameCount) await progress.estimate(chosenPeople(context, request), { from: 0, to: to - settling });
  }
  job.advance('detect', frameCount);
}

/** Counts what the pose and body stages have done over all chunks of a run, and lets the fit of one chunk overlap the next. */
class RunProgress {
  private solving: Promise<void> = Promise.resolve();
  private failure: { error: unknown } | undefined;
  private observed = 0;
  private solved = 0;

  constructor(
    private readonly context: RunContext,
    private readonly job: JobTracker,
  ) {}

  /** Looks at what is missing within `limit` and starts its fit. */
  async estimate(people: readonly Person[], limit: Span): Promise<void> {
    if (limit.to <= limit.from) return;
    // The fit of the chunk before must be in, or its frames would count as missing.
    await this.settled();
    const work = planWork(this.context, people, limit);
    if (work.length === 0) return;
    this.observed = await observeWork(this.context, work, this.job, this.observed);
    const frames = work.reduce((sum, { spans }) => sum + countFrames(spans), 0);
    this.solving = solveWork(this.context, work, this.job)
      .then(() => {
        this.solved += frames;
        this.job.advance('solve', this.solved, this.solved);
      })
      .catch((error: unknown) => {
        this.failure ??= { error };
      });
  }

  /** Waits for the fit under way. @throws what it failed with. */
  async settled(): Promise<void> {
    await this.solving;
    if (this.failure) throw this.failure.error;
  }

  finish(): void {
    this.job.advance('solve', this.solved, this.solved);
  }
}
