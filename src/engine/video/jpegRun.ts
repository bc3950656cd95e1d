import type { Span } from '#core/frames/span';
import { encodeJpegs, type JpegOptions } from './jpegStream';

interface Waiter {
  resolve: (jpeg: Uint8Array) => void;
  reject: (error: unknown) => void;
}

/** A cancelled request leaves its run this long for the next one, which is often for a neighbouring frame, ms. */
const GRACE_MS = 150;

/** What a {@link JpegRun} is made from. */
export interface JpegRunOptions {
  encoding: JpegOptions;
  /** True: the run ends soon after nobody waits for its frames any more. */
  isOnDemand: boolean;
  /** Resolves when the run may start. */
  begin: (signal: AbortSignal) => Promise<void>;
  /** A frame is there. The run goes on when the promise resolves. */
  onFrame: (frameIndex: number, jpeg: Uint8Array) => Promise<void>;
}

/**
 * One ffmpeg run that makes JPEG pictures of a span, shared by everybody who waits for one of its frames. A run on
 * demand ends soon after nobody waits any more; one that was started for its own sake (prefetch, fill) goes on.
 */
export class JpegRun {
  readonly span: Span;
  /** Resolves when the run is over; never rejects. `error` is what ended it early. */
  readonly done: Promise<{ error?: unknown }>;
  private readonly waiters = new Map<number, Set<Waiter>>();
  private readonly stop = new AbortController();
  private next: number;
  private grace: NodeJS.Timeout | null = null;

  constructor(private readonly options: JpegRunOptions) {
    this.span = options.encoding.span;
    this.next = this.span.from;
    this.done = this.work().then(
      () => ({}),
      (error: unknown) => ({ error }),
    );
    void this.done.then(({ error }) => this.rejectAll(error));
  }

  /** True when the frame is still to come, at most `distance` frames ahead. */
  willDeliver(frameIndex: number, distance: number): boolean {
    const { aborted } = this.stop.signal;
    return !aborted && frameIndex >= this.next && frameIndex < this.span.to && frameIndex - this.next <= distance;
  }

  /** The first frame that has not been delivered yet; null when the run has been cancelled. */
  get position(): number | null {
    return this.stop.signal.aborted ? null : this.next;
  }

  /** True while somebody waits for one of its frames. */
  get isWanted(): boolean {
    return this.waiters.size > 0;
  }

  /** Waits for a frame of the run. Cancelled by `signal`. */
  async wait(frameIndex: number, signal?: AbortSignal): Promise<Uint8Array> {
    signal?.throwIfAborted();
    if (this.grace) clearTimeout(this.grace);
    this.grace = null;
    let cancel = (): void => undefined;
    try {
      return await new Promise<Uint8Array>((resolve, reject) => {
        const waiter = { resolve, reject };
        const waiting = this.waiters.get(frameIndex) ?? new Set();
        this.waiters.set(frameIndex, waiting.add(waiter));
        cancel = () => {
          waiting.delete(waiter);
          if (waiting.size === 0) this.waiters.delete(frameIndex);
          this.endIfUnwanted();
          reject(signal?.reason);
        };
        signal?.addEventListener('abort', cancel, { once: true });
      });
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  /** Ends the run; whoever waits gets the reason. */
  cancel(): void {
    this.stop.abort();
  }

  private async work(): Promise<void> {
    const { signal } = this.stop;
    await this.options.begin(signal);
    for await (const { frameIndex, jpeg } of encodeJpegs(this.options.encoding, signal)) {
      this.next = frameIndex + 1;
      for (const waiter of this.waiters.get(frameIndex) ?? []) waiter.resolve(jpeg);
      this.waiters.delete(frameIndex);
      await this.options.onFrame(frameIndex, jpeg);
    }
  }

  private rejectAll(error: unknown): void {
    if (this.grace) clearTimeout(this.grace);
    for (const waiting of this.waiters.values()) {
      for (const waiter of waiting) waiter.reject(error ?? new DOMException('The run has ended', 'AbortError'));
    }
    this.waiters.clear();
  }

  private endIfUnwanted(): void {
    if (!this.options.isOnDemand || this.isWanted) return;
    this.grace = setTimeout(() => {
      if (!this.isWanted) this.cancel();
    }, GRACE_MS);
    this.grace.unref();
  }
}
