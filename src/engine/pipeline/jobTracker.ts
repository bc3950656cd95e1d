import { isCancelled, toPlainError } from '#core/errors';
import type { Job } from '#core/protocol/messages';

const EMIT_EVERY_MS = 120;
/** Share of the newest measurement in the running rate; old enough to be calm, new enough to follow a change. */
const RATE_WEIGHT = 0.2;

interface Stage {
  id: string;
  title: string;
  unit: string;
  done: number;
  total: number;
  startedAt: number | undefined;
  /** Units per second. */
  rate: number | undefined;
  lastAt: number;
  lastDone: number;
}

/** What a job may produce for the page to offer. */
export type JobFiles = NonNullable<Job['files']>;

/**
 * Progress of one job: stages with counts, time left from measured rates, at most eight events a second. Holds the
 * AbortController of the job.
 */
export class JobTracker {
  readonly controller = new AbortController();
  private readonly stages: Stage[];
  private state: Job['state'] = 'running';
  private problem: Job['problem'];
  private files: JobFiles | undefined;
  private lastEmit = 0;

  constructor(
    readonly id: string,
    private readonly kind: Job['kind'],
    private readonly title: string,
    stages: readonly { id: string; title: string; unit: string; total: number }[],
    private readonly emit: (job: Job) => void,
  ) {
    this.stages = stages.map((stage) => ({
      ...stage,
      done: 0,
      startedAt: undefined,
      rate: undefined,
      lastAt: 0,
      lastDone: 0,
    }));
    this.send(true);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Sets how far a stage is; `total` may be corrected as it becomes known. */
  advance(stageId: string, done: number, total?: number): void {
    const stage = this.stages.find((entry) => entry.id === stageId);
    if (!stage) return;
    const now = performance.now();
    if (total !== undefined) stage.total = total;
    stage.startedAt ??= now;
    const seconds = (now - stage.lastAt) / 1000;
    if (stage.lastAt === 0) {
      stage.lastAt = now;
      stage.lastDone = done;
    } else if (seconds > 0.5 && done > stage.lastDone) {
      const measured = (done - stage.lastDone) / seconds;
      stage.rate = stage.rate === undefined ? measured : stage.rate + RATE_WEIGHT * (measured - stage.rate);
      stage.lastAt = now;
      stage.lastDone = done;
    }
    stage.done = done;
    this.send(false);
  }

  /** Ends the job; an aborted signal makes it `cancelled`, anything else thrown `failed` with its sentence. */
  finish(error?: unknown, files?: JobFiles): void {
    if (error === undefined) this.state = 'done';
    else if (isCancelled(error) || this.signal.aborted) this.state = 'cancelled';
    else {
      this.state = 'failed';
      this.problem = toPlainError(error);
    }
    this.files = files;
    this.send(true);
  }

  /** The job as the page sees it. */
  snapshot(): Job {
    const secondsLeft = this.state === 'running' ? this.secondsLeft() : undefined;
    return {
      id: this.id,
      kind: this.kind,
      title: this.title,
      state: this.state,
      stages: this.stages.map(({ id, title, done, total, unit }) => ({ id, title, done, total, unit })),
      ...(secondsLeft === undefined ? {} : { secondsLeft }),
      ...(this.problem ? { problem: this.problem } : {}),
      ...(this.files ? { files: this.files } : {}),
    };
  }

  /** Stages take turns on the same cores, so what is left adds up. Unknown while a stage with work has no rate yet. */
  private secondsLeft(): number | undefined {
    let seconds = 0;
    let known = false;
    for (const stage of this.stages) {
      const left = stage.total - stage.done;
      if (left <= 0 || stage.total === 0) continue;
      if (stage.rate === undefined) {
        if (stage.startedAt !== undefined) return undefined;
        continue;
      }
      seconds += left / stage.rate;
      known = true;
    }
    return known ? seconds : undefined;
  }

  private send(always: boolean): void {
    const now = performance.now();
    if (!always && now - this.lastEmit < EMIT_EVERY_MS) return;
    this.lastEmit = now;
    this.emit(this.snapshot());
  }
}
