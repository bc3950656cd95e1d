import { CUT_NEIGHBOURS, isCut, type PictureSignature, signatureDistance, signatureOf } from '#core/frames/cuts';
import type { Detection } from '#core/tracks/track';
import type { DetectionStore } from '../project/detectionStore';
import type { RgbFrame } from '../video/rgbFrame';
import type { JobTracker } from './jobTracker';
import type { BorrowedFrame, RunContext } from './runContext';
import { NETWORK_QUEUE, TaskWindow } from './taskWindow';

/** Longer side of the pictures the detector is given; it works at 512 px and below, and at 768 for tiny people. */
const DETECTION_LONG_SIDE = 768;

/**
 * The detector's way through a clip, chunk by chunk, from the first frame without detections on. The decoder stays open in
 * between and waits: starting it anew costs time in which no network has work. Must be closed.
 */
export class DetectionPass {
  private readonly shots = new ShotProgress();
  private readonly progress: DetectionProgress;
  private readonly frames: AsyncIterator<BorrowedFrame>;

  constructor(
    private readonly context: RunContext,
    private readonly detections: DetectionStore,
    private readonly job: JobTracker,
  ) {
    const { detectedFrames } = detections;
    this.progress = new DetectionProgress(detectedFrames);
    // Whether a frame is a cut is seen beside its neighbours.
    const seen = { from: Math.max(0, detectedFrames - 1 - CUT_NEIGHBOURS), to: context.frameCount };
    this.frames = context.decode(seen, DETECTION_LONG_SIDE, job.signal)[Symbol.asyncIterator]();
  }

  /**
   * Looks at the frames up to `to` (and at those that tell whether the last of them are cuts) and adds what was found, and
   * where new shots begin. When it is stopped or fails, what was found up to the first unfinished frame is added all the
   * same, and the pass is over.
   */
  async advance(to: number): Promise<void> {
    const { context, detections, job, progress, shots } = this;
    const { frameCount } = context;
    const from = detections.detectedFrames;
    const tasks = new TaskWindow(NETWORK_QUEUE * context.lanes.networkLanes);
    try {
      while (shots.knownTo(frameCount) < to) {
        const { done, value: borrowed } = await this.frames.next();
        if (done) break;
        const begins = shots.see(borrowed.frame.frameIndex, borrowed.frame);
        if (borrowed.frame.frameIndex < from) borrowed.release();
        else await this.detect(borrowed, begins, tasks);
      }
    } finally {
      await tasks.settled();
      const finishedTo = Math.min(progress.finishedTo, shots.knownTo(frameCount));
      detections.add(finishedTo, progress.takeBefore(finishedTo), shots.cutsWithin(from, finishedTo));
    }
    tasks.throwIfFailed();
    job.signal.throwIfAborted();
  }

  /** Ends the decoder. */
  async close(): Promise<void> {
    await this.frames.return?.();
  }

  private async detect(borrowed: BorrowedFrame, begins: boolean, tasks: TaskWindow): Promise<void> {
    const { progress, job } = this;
    const { detector, lanes, rate } = this.context;
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

/** Which frames are done, while some are under way. */
class DetectionProgress {
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

  /** Hands over what was found before a frame that is not after {@link finishedTo}. */
  takeBefore(to: number): Map<number, Detection[]> {
    const taken = new Map([...this.found].filter(([frameIndex]) => frameIndex < to));
    for (const frameIndex of taken.keys()) this.found.delete(frameIndex);
    return taken;
  }
}
