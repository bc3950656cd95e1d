import { CUT_NEIGHBOURS, isCut, type PictureSignature, signatureDistance, signatureOf } from '#core/frames/cuts';
import type { Detection } from '#core/tracks/track';
import type { RgbFrame } from '../video/rgbFrame';
import type { JobTracker } from './jobTracker';
import type { BorrowedFrame, RunContext } from './runContext';
import { NETWORK_QUEUE, TaskWindow } from './taskWindow';

/** Longer side of the pictures the detector is given; it works at 512 px and below, and at 768 for tiny people. */
const DETECTION_LONG_SIDE = 768;

/**
 * Takes the detector through the next frames `[detectedFrames, to)` and adds what it found, and where new shots begin.
 * When it is stopped or fails, what was found up to the first unfinished frame is added all the same.
 */
export async function detectChunk(context: RunContext, to: number, job: JobTracker): Promise<void> {
  const { detections, lanes, frameCount } = context;
  if (!detections) return;
  const from = detections.detectedFrames;
  const progress = new ChunkProgress(from);
  const shots = new ShotProgress();
  const tasks = new TaskWindow(NETWORK_QUEUE * lanes.networkLanes);
  // Whether a frame is a cut is seen beside its neighbours.
  const seen = { from: Math.max(0, from - 1 - CUT_NEIGHBOURS), to: Math.min(frameCount, to + CUT_NEIGHBOURS) };
  try {
    for await (const borrowed of context.decode(seen, DETECTION_LONG_SIDE, job.signal)) {
      const { frameIndex } = borrowed.frame;
      const begins = shots.see(frameIndex, borrowed.frame);
      if (frameIndex < from || frameIndex >= to) borrowed.release();
      else await detectFrame(context, borrowed, begins, progress, tasks, job);
    }
  } finally {
    await tasks.settled();
    const finishedTo = Math.min(progress.finishedTo, shots.knownTo(frameCount));
    detections.add(finishedTo, progress.finishedBefore(finishedTo), shots.cutsWithin(from, finishedTo));
  }
  tasks.throwIfFailed();
  job.signal.throwIfAborted();
}

async function detectFrame(
  context: RunContext,
  borrowed: BorrowedFrame,
  begins: boolean,
  progress: ChunkProgress,
  tasks: TaskWindow,
  job: JobTracker,
): Promise<void> {
  const { detector, lanes, rate } = context;
  const { frame, release } = borrowed;
  const { frameIndex } = frame;
  // People of a new shot are looked for at once.
  const effort = begins ? 'full' : detector.effortAt(frameIndex, rate);
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

/** Where shots begin, from the pictures as they pass. */
class ShotProgress {
  private seenTo = 0;
  private last: PictureSignature | undefined;
  private readonly changes = new Map<number, number>();
  private readonly changeOn = (frame: number) => this.changes.get(frame);

  /** Takes the next picture; true when a shot seems to begin with it, before those after it are known. */
  see(frameIndex: number, picture: RgbFrame): boolean {
    const signature = signatureOf(picture);
    if (this.last) this.changes.set(frameIndex, signatureDistance(this.last, signature));
    this.last = signature;
    this.seenTo = frameIndex + 1;
    return isCut(frameIndex, this.changeOn);
  }

  /** Frames before this one have their neighbours seen, so that a stop in between changes nothing of their cuts. */
  knownTo(frameCount: number): number {
    return this.seenTo === frameCount ? frameCount : Math.max(0, this.seenTo - CUT_NEIGHBOURS);
  }

  /** First frames of shots in [from, to), in order. */
  cutsWithin(from: number, to: number): number[] {
    return [...this.changes.keys()].filter((frame) => frame >= from && frame < to && isCut(frame, this.changeOn));
  }
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

  /** What was found before a frame that is not after {@link finishedTo}. */
  finishedBefore(to: number): Map<number, Detection[]> {
    return new Map([...this.found].filter(([frameIndex]) => frameIndex < to));
  }
}
