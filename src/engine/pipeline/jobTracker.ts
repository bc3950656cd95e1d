import { isCancelled, toPlainError } from '#core/errors';
import type { Job } from '#core/protocol/messages';

const EMIT_EVERY_MS = 120;
/** Share of the newest measurement in the running rate; old enough to be calm, new enough to follow a change. */
const RATE_WEIGHT = 0.2;
/** A rate is measured over at least this time, s. */
const MEASURED_SECONDS = 0.4;
/** A stage that was not heard of for so long, s, was waiting for another one: that time says nothing of its rate. */
const IDLE_SECONDS = 4;

/** A stage of a job as it is declared. */
export interface JobStage {
  id: string;
  title: string;
  /** What is counted: `frames`, `MB`. */
  unit: string;
  total: number;
  /** It runs beside the other stages, not in turn with them. */
  overlaps?: boolean;
  /**
   * What a unit costs compared with the units of the other stages, in whatever measure: how long a stage will take is told
   * from the others' rates until it has been measured itself. Without it nothing is told before.
   */
  cost?: number;
}

interface Stage extends JobStage {
  done: number;
  /** Units per second while it was at work. */
  rate: number | undefined;
  /** Begin of the measurement under way, and what was done then; undefined before the first word. */
  measuredFrom: { at: number; done: number } | undefined;
  /** Something was done while it was watched: what came first also loaded networks and says nothing of the rate. */
  isWarm: boolean;
  heardAt: number;
}

/** What a job may produce for the page to offer. */
export type JobFiles = NonNullable<Job['files']>;

/**
 * Progress of one job: stages with counts, time left from measured rates, at most eight events a second. Holds the
 * AbortController of the job.
 */
export class JobTracker {
  readonly controller = new AbortController();
  /** Resolves when the job has ended, whatever came of it. */
  readonly ended: Promise<void>;
  private tellEnd: () => void = () => undefined;
  private readonly stages: Stage[];
  private state: Job['state'] = 'running';
  private problem: Job['problem'];
  private files: JobFiles | undefined;
  private stop: Job['stop'];
  private lastEmit = 0;
  /** The last stage in turn that was heard of. */
  private heard: Stage | undefined;

  constructor(
    readonly id: string,
    private readonly kind: Job['kind'],
    private readonly title: string,
    stages: readonly JobStage[],
    private readonly emit: (job: Job) => void,
  ) {
    this.stages = stages.map((stage) => ({
      ...stage,
      done: 0,
      rate: undefined,
      measuredFrom: undefined,
      isWarm: false,
      heardAt: 0,
    }));
    this.ended = new Promise((resolve) => {
      this.tellEnd = resolve;
    });
    this.send(true);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Sets how far a stage is; `total` may be corrected as it becomes known. */
  advance(stageId: string, done: number, total?: number): void {
    const stage = this.stages.find((entry) => entry.id === stageId);
    if (!stage) return;
    if (total !== undefined) stage.total = total;
    measure(stage, done);
    if (!stage.overlaps && done > stage.done) this.heard = stage;
    stage.done = done;
    this.send(false);
  }

  /** Says on which frame the job comes to an end before its goal, and why, in a phrase; it is told with the end. */
  stopped(frame: number, reason: string): void {
    this.stop = { frame, reason };
  }

  /** Ends the job, once; an aborted signal makes it `cancelled`, anything else thrown `failed` with its sentence. */
  finish(error?: unknown, files?: JobFiles): void {
    if (this.state !== 'running') return;
    if (error === undefined) this.state = 'done';
    else if (isCancelled(error) || this.signal.aborted) this.state = 'cancelled';
    else {
      this.state = 'failed';
      this.problem = toPlainError(error);
    }
    this.files = files;
    this.send(true);
    this.tellEnd();
  }

  /** The job as the page sees it. */
  snapshot(): Job {
    const secondsLeft = this.state === 'running' ? this.secondsLeft() : undefined;
    const activeStage = this.activeStage()?.id;
    return {
      id: this.id,
      kind: this.kind,
      title: this.title,
      state: this.state,
      stages: this.stages.map(({ id, title, done, total, unit }) => ({ id, title, done, total, unit })),
      fraction: this.fraction(),
      ...(activeStage === undefined ? {} : { activeStage }),
      ...(secondsLeft === undefined ? {} : { secondsLeft }),
      ...(this.problem ? { problem: this.problem } : {}),
      ...(this.files ? { files: this.files } : {}),
      ...(this.stop ? { stop: this.stop } : {}),
    };
  }

  /** The stage in turn that was heard of last, or the first one with something left. */
  private activeStage(): Stage | undefined {
    if (this.heard && leftOf(this.heard) > 0) return this.heard;
    const unfinished = this.stages.filter((stage) => leftOf(stage) > 0);
    return unfinished.find((stage) => !stage.overlaps) ?? unfinished[0];
  }

  private fraction(): number {
    let done = 0;
    let total = 0;
    for (const stage of this.stages) {
      const cost = stage.cost ?? 1;
      done += cost * Math.min(stage.done, stage.total);
      total += cost * stage.total;
    }
    return total > 0 ? done / total : 0;
  }

  /** What is left of stages that take turns adds up; one that overlaps them only counts where it takes longer. */
  private secondsLeft(): number | undefined {
    let inTurn = 0;
    let beside = 0;
    for (const stage of this.stages) {
      const left = leftOf(stage);
      const unit = this.secondsPerUnit(stage);
      if (unit === undefined && (left > 0 || stage.measuredFrom === undefined)) return undefined;
      const seconds = left * (unit ?? 0);
      if (stage.overlaps) beside += seconds;
      else inTurn += seconds;
    }
    return Math.max(inTurn, beside);
  }

  /** As measured, else as the measured stages in turn let expect it. */
  private secondsPerUnit({ rate, cost }: Stage): number | undefined {
    if (rate !== undefined) return 1 / rate;
    if (cost === undefined) return undefined;
    const known = this.stages.filter(
      (stage) => !stage.overlaps && stage.rate !== undefined && stage.cost !== undefined,
    );
    if (known.length === 0) return undefined;
    const perCost = known.reduce((sum, stage) => sum + 1 / ((stage.rate ?? 1) * (stage.cost ?? 1)), 0) / known.length;
    return cost * perCost;
  }

  private send(always: boolean): void {
    const now = performance.now();
    if (!always && now - this.lastEmit < EMIT_EVERY_MS) return;
    this.lastEmit = now;
    this.emit(this.snapshot());
  }
}

function leftOf({ total, done }: Stage): number {
  return Math.max(0, total - done);
}

function measure(stage: Stage, done: number): void {
  const now = performance.now();
  const { measuredFrom: begin } = stage;
  const isResumed = begin !== undefined && now - stage.heardAt > IDLE_SECONDS * 1000;
  stage.heardAt = now;
  const isFirst = begin !== undefined && !stage.isWarm && done > begin.done;
  if (isFirst) stage.isWarm = true;
  if (!begin || isResumed || isFirst || done < begin.done) {
    stage.measuredFrom = { at: now, done };
    return;
  }
  const seconds = (now - begin.at) / 1000;
  if (seconds < MEASURED_SECONDS || done === begin.done) return;
  const measured = (done - begin.done) / seconds;
  stage.rate = stage.rate === undefined ? measured : stage.rate + RATE_WEIGHT * (measured - stage.rate);
  stage.measuredFrom = { at: now, done };
}
