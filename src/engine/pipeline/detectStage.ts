import type { Detection } from '#core/tracks/track';
import type { JobTracker } from './jobTracker';
import type { BorrowedFrame, RunContext } from './runContext';
import { TaskWindow } from './taskWindow';

/** Longer side of the pictures the detector is given; it works at 512 px and below, and at 768 for tiny people. */
const DETECTION_LONG_SIDE = 768;

/**
 * Takes the detector through the next frames `[detectedFrames, to)` and adds what it found. When it is stopped or fails,
 * what was found up to the first unfinished frame is added all the same.
 */
export async function detectChunk(context: RunContext, to: number, job: JobTracker): Promise<void> {
  const { detections, lanes } = context;
  if (!detections) return;
  const from = detections.detectedFrames;
  const progress = new ChunkProgress(from);
  const tasks = new TaskWindow(lanes.networkLanes);
  try {
    for await (const borrowed of context.decode({ from, to }, DETECTION_LONG_SIDE, job.signal)) {
      await detectFrame(context, borrowed, progress, tasks, job);
    }
  } finally {
    await tasks.settled();
    detections.add(progress.finishedTo, progress.finished());
  }
  tasks.throwIfFailed();
  job.signal.throwIfAborted();
}

async function detectFrame(
  context: RunContext,
  borrowed: BorrowedFrame,
  progress: ChunkProgress,
  tasks: TaskWindow,
  job: JobTracker,
): Promise<void> {
  const { detector, lanes, rate } = context;
  const { frame, release } = borrowed;
  const { frameIndex } = frame;
  const effort = detector.effortAt(frameIndex, rate);
  if (effort === undefined) {
    release();
    progress.skip(frameIndex);
    job.advance('detect', progress.finishedTo);
    return;
  }
  progress.begin(frameIndex);
  const detect = async () => {
    try {
      progress.end(frameIndex, await lanes.run('detect', { detector: detector.id, effort, frame }, job.signal));
    } finally {
      release();
    }
    job.advance('detect', progress.finishedTo);
  };
  await tasks.add(detect).catch((error: unknown) => {
    release();
    throw error;
  });
}

/** Which frames of a chunk are done, while some are under way. */
class ChunkProgress {
  private seenTo: number;
  private readonly underWay = new Set<number>();
  private readonly found = new Map<number, Detection[]>();

  constructor(from: number) {
    this.seenTo = from;
  }

  /** Everything before this frame is done. */
  get finishedTo(): number {
    return Math.min(this.seenTo, ...this.underWay);
  }

  skip(frameIndex: number): void {
    this.seenTo = frameIndex + 1;
  }

  begin(frameIndex: number): void {
    this.underWay.add(frameIndex);
    this.seenTo = frameIndex + 1;
  }

  end(frameIndex: number, people: Detection[]): void {
    this.underWay.delete(frameIndex);
    this.found.set(frameIndex, people);
  }

  /** What was found before {@link finishedTo}. */
  finished(): Map<number, Detection[]> {
    const to = this.finishedTo;
    return new Map([...this.found].filter(([frameIndex]) => frameIndex < to));
  }
}
