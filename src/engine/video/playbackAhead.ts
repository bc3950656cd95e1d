import type { Span } from '#core/frames/span';
import type { JpegRun } from './jpegRun';
import type { PictureSeries } from './pictureSeries';

/** A run that nobody has moved on for so long is ended, ms. */
const IDLE_MS = 10_000;

/**
 * Works ahead of the playhead with one run, which is held back at the end of the wanted span and goes on from there
 * when the span moves on: playback through a long group of pictures decodes it once.
 */
export class PlaybackAhead {
  private run: JpegRun | null = null;
  private limit = 0;
  private wake: (() => void) | null = null;
  private idle: NodeJS.Timeout | null = null;
  /** Requests are looked at one after the other; only the newest counts. */
  private request = 0;

  /** Makes `span` available, first frames first. A jump away from what is being made starts over. */
  async advance(series: PictureSeries, span: Span): Promise<void> {
    const request = ++this.request;
    this.limit = span.to;
    this.wake?.();
    const missing = await series.nextMissing(span.from);
    if (request !== this.request) return;
    if (missing === null || missing.from >= span.to) return;
    const first = Math.max(missing.from, series.chunkOf(span.from).from);
    if (series.isUnderWay(Math.max(first, span.from))) return;
    this.stop();
    this.limit = span.to;
    const run = series.start({ from: first, to: missing.to }, 'ahead', (frameIndex) => this.hold(frameIndex));
    this.run = run;
    void run.done.then(() => {
      if (this.run === run) this.run = null;
    });
  }

  /** Ends the run. */
  stop(): void {
    if (this.idle) clearTimeout(this.idle);
    this.idle = null;
    this.run?.cancel();
    this.run = null;
    this.wake?.();
    this.wake = null;
  }

  private async hold(frameIndex: number): Promise<void> {
    const run = this.run;
    while (frameIndex + 1 >= this.limit && this.run === run && run !== null) {
      this.idle = setTimeout(() => this.stop(), IDLE_MS);
      this.idle.unref();
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
      if (this.idle) clearTimeout(this.idle);
    }
  }
}
