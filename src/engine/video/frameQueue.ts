import type { Span } from '#core/frames/span';
import type { FrameRing, FrameSlot } from './frameRing';

/** A frame between decoder and consumer. */
export interface QueuedFrame {
  frameIndex: number;
  data: Uint8Array;
  isRepeated: boolean;
  /** Gives the consumer's share of the slot back. */
  release: () => void;
}

/** Frames on their way from the decoder to the consumer, in order; bounded by the ring they live in. */
export class FrameQueue {
  private readonly frames: QueuedFrame[] = [];
  private ended: { error?: unknown } | null = null;
  private wake: (() => void) | null = null;

  /** Adds a frame. */
  push(frame: QueuedFrame): void {
    this.frames.push(frame);
    this.wakeUp();
  }

  /** Nothing more will come; with `error`, because of it. */
  end(error?: unknown): void {
    this.ended = error === undefined ? {} : { error };
    this.wakeUp();
  }

  /** Lets {@link take} look at its signal again. */
  wakeUp(): void {
    this.wake?.();
    this.wake = null;
  }

  /** The next frame, null after the last. @throws what {@link end} was given; the signal's reason. */
  async take(signal: AbortSignal | undefined): Promise<QueuedFrame | null> {
    for (;;) {
      signal?.throwIfAborted();
      const frame = this.frames.shift();
      if (frame) return frame;
      if (this.ended) {
        if ('error' in this.ended) throw this.ended.error;
        return null;
      }
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  /** Gives back everything that nobody took. */
  releaseAll(): void {
    for (const frame of this.frames.splice(0)) frame.release();
  }
}

/**
 * Queues decoded frames and fills those that the file does not hold with the picture before them (before the first
 * one, with the first one). It keeps a share of the last slot for that, so at least 3 slots are needed.
 */
export class RepeatingWriter {
  private last: { data: Uint8Array; release: () => void } | null = null;

  constructor(
    private readonly ring: FrameRing,
    private readonly queue: FrameQueue,
    private readonly bytes: number,
    private readonly signal: AbortSignal,
  ) {}

  /** True until the first frame is written. */
  get isEmpty(): boolean {
    return this.last === null;
  }

  /** Queues `frameIndex`, after the `missing` frames before it; takes over the slot. */
  async write(slot: FrameSlot, frameIndex: number, missing: Span | null): Promise<void> {
    let shares = 2;
    const releaseShare = (): void => {
      shares--;
      if (shares === 0) slot.release();
    };
    try {
      if (missing) await this.repeat(missing, this.last?.data ?? slot.data);
    } catch (error) {
      slot.release();
      throw error;
    }
    this.last?.release();
    this.last = { data: slot.data, release: releaseShare };
    this.queue.push({
      frameIndex,
      data: slot.data.subarray(0, this.bytes),
      isRepeated: false,
      release: once(releaseShare),
    });
  }

  /** Fills frames that never came with the last picture. */
  async repeatLast(missing: Span): Promise<void> {
    if (this.last) await this.repeat(missing, this.last.data);
  }

  /** Gives the writer's own share back. */
  close(): void {
    this.last?.release();
    this.last = null;
  }

  private async repeat(missing: Span, picture: Uint8Array): Promise<void> {
    for (let frameIndex = missing.from; frameIndex < missing.to; frameIndex++) {
      const copy = await this.ring.borrow(this.signal);
      const data = copy.data.subarray(0, this.bytes);
      data.set(picture.subarray(0, this.bytes));
      this.queue.push({ frameIndex, data, isRepeated: true, release: copy.release });
    }
  }
}

function once(action: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    action();
  };
}
