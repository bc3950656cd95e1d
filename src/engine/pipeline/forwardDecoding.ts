import { AppError } from '#core/errors';
import type { Span } from '#core/frames/span';
import type { BorrowedFrame, RunContext } from './runContext';

/** Starting to decode anew costs more than decoding this many frames in between. */
export const BRIDGE_FRAMES = 24;

/** A decoder under way to the end of the clip. */
interface OpenDecoder {
  frames: AsyncIterator<BorrowedFrame>;
  /** Frame that comes next. */
  next: number;
  /** That frame, where it was asked for before anybody wanted it. */
  early?: Promise<IteratorResult<BorrowedFrame>> | undefined;
}

/**
 * Decodes spans of a clip one after the other. Where a span begins where the one before ended, or shortly after it, the same
 * decoder goes on: it stays open in between and waits. Starting anew means decoding from the keyframe before, while no
 * network has work. Must be closed.
 */
export class ForwardDecoding {
  private open: OpenDecoder | undefined;

  /** @param maxLongSide longer side of the pictures at most, px */
  constructor(
    private readonly context: Pick<RunContext, 'decode' | 'frameCount'>,
    private readonly maxLongSide: number,
    private readonly signal: AbortSignal,
  ) {}

  /** Starts decoding from a frame on that is going to be wanted. */
  async prepare(from: number): Promise<void> {
    const open = await this.reach(from);
    open.early ??= open.frames.next();
    // Whoever takes the frame hears of it.
    open.early.catch(() => undefined);
  }

  /**
   * Upright frames of a span in order, each valid until it is released. One span at a time.
   * @throws what the decoder failed with; the signal's reason when cancelled.
   */
  async *frames(span: Span): AsyncGenerator<BorrowedFrame, void, undefined> {
    const open = await this.reach(span.from);
    while (open.next < span.to) {
      const borrowed = await this.take(open);
      if (borrowed.frame.frameIndex < span.from) borrowed.release();
      else yield borrowed;
    }
  }

  /** Ends the decoder. */
  async close(): Promise<void> {
    const { open } = this;
    this.open = undefined;
    const early = await open?.early?.catch(() => undefined);
    if (early && !early.done) early.value.release();
    await open?.frames.return?.();
  }

  private async take(open: OpenDecoder): Promise<BorrowedFrame> {
    try {
      const { early } = open;
      open.early = undefined;
      const { done, value } = await (early ?? open.frames.next());
      if (done) throw new AppError('INTERNAL', `The decoder ended before frame ${open.next}.`);
      open.next = value.frame.frameIndex + 1;
      return value;
    } catch (error) {
      // What has failed gives no more frames.
      this.open = undefined;
      throw error;
    }
  }

  private async reach(from: number): Promise<OpenDecoder> {
    const { open, context } = this;
    if (open && open.next <= from && from - open.next <= BRIDGE_FRAMES) return open;
    await this.close();
    const rest = { from, to: context.frameCount };
    const frames = context.decode(rest, this.maxLongSide, this.signal)[Symbol.asyncIterator]();
    const opened: OpenDecoder = { frames, next: from };
    this.open = opened;
    return opened;
  }
}
