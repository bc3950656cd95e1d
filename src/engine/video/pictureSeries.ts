import type { Span } from '#core/frames/span';
import type { ChunkStore } from './chunkStore';
import type { FfmpegTool } from './findFfmpeg';
import type { JpegMemory } from './jpegMemory';
import { JpegRun } from './jpegRun';
import type { MediaFacts } from './mediaFacts';
import type { RunSlots } from './runSlots';

/** What a {@link PictureSeries} works with; memory, store and slots are shared by all series of a video. */
export interface SeriesOptions {
  media: MediaFacts;
  ffmpeg: FfmpegTool;
  /** Longer side of the pictures, px. */
  longSide: number;
  /** Frames in one file of the cache. */
  chunkFrames: number;
  /** Unique name of the series in memory and on disk. */
  key: string;
  memory: JpegMemory;
  store: ChunkStore;
  slots: RunSlots;
}

/** Why a run was started: somebody waits, or it works ahead. */
export type RunPurpose = 'demand' | 'ahead';

/** A frame this close ahead of a running encoder is waited for rather than sought, frames. */
const WORTH_WAITING = 48;

/** All frames of one video at one size: from memory, from disk, from a run that is under way, or from a new one. */
export class PictureSeries {
  private readonly runs = new Set<JpegRun>();
  /** Why pictures no longer go to disk; they are still made and kept in memory. */
  diskError: unknown = null;

  constructor(private readonly options: SeriesOptions) {}

  /** A frame. Cancelled by `signal`; a run that nobody waits for any more ends soon. */
  async get(frameIndex: number, signal?: AbortSignal): Promise<Uint8Array> {
    signal?.throwIfAborted();
    const known = await this.lookUp(frameIndex);
    signal?.throwIfAborted();
    if (known) return known;
    // A run may have delivered it while the disk was asked.
    const delivered = this.options.memory.get(this.memoryKey(frameIndex));
    if (delivered) return delivered;
    const running = [...this.runs].find((run) => run.willDeliver(frameIndex, WORTH_WAITING));
    return (running ?? this.start(this.chunkOf(frameIndex), 'demand')).wait(frameIndex, signal);
  }

  /** A frame if it is in memory or on disk. */
  async lookUp(frameIndex: number): Promise<Uint8Array | null> {
    const { memory, store, chunkFrames } = this.options;
    const held = memory.get(this.memoryKey(frameIndex));
    if (held) return held;
    const stored = await store.read(this.storeKey(frameIndex), frameIndex % chunkFrames);
    if (stored) memory.set(this.memoryKey(frameIndex), stored);
    return stored;
  }

  /** The frames of the file in which a frame is kept. */
  chunkOf(frameIndex: number): Span {
    const { chunkFrames, media } = this.options;
    const from = Math.floor(frameIndex / chunkFrames) * chunkFrames;
    return { from, to: Math.min(media.frameCount, from + chunkFrames) };
  }

  /** The first run of whole chunks at or after `frameIndex` that are not on disk; null when all are. */
  async nextMissing(frameIndex: number): Promise<Span | null> {
    const { media, chunkFrames, store } = this.options;
    let from = this.chunkOf(frameIndex).from;
    while (from < media.frameCount && (await store.has(this.storeKey(from)))) from += chunkFrames;
    if (from >= media.frameCount) return null;
    let to = from;
    while (to < media.frameCount && !(await store.has(this.storeKey(to)))) to += chunkFrames;
    return { from, to: Math.min(media.frameCount, to) };
  }

  /** True when a run is at work on the file of this frame, or will be soon. */
  isUnderWay(frameIndex: number): boolean {
    return [...this.runs].some(({ position, span }) => {
      if (position === null || frameIndex >= span.to) return false;
      const current = this.chunkOf(Math.max(span.from, position - 1)).from;
      return frameIndex >= current && frameIndex - position <= WORTH_WAITING;
    });
  }

  /** Starts a run over whole chunks. `hold` is asked after every frame and may hold the run back. */
  start(span: Span, purpose: RunPurpose, hold?: (frameIndex: number) => Promise<void> | void): JpegRun {
    const { media, ffmpeg, longSide, slots } = this.options;
    let pictures: Uint8Array[] = [];
    let leave = (): void => undefined;
    const run = new JpegRun({
      encoding: { media, ffmpeg, span, longSide, lowPriority: purpose === 'ahead' },
      isOnDemand: purpose === 'demand',
      begin: async (signal) => {
        if (purpose === 'ahead') return;
        const ticket = slots.enter(signal);
        leave = ticket.leave;
        await ticket.ready;
      },
      onFrame: async (frameIndex, jpeg) => {
        this.options.memory.set(this.memoryKey(frameIndex), jpeg);
        pictures.push(jpeg);
        if (frameIndex + 1 === this.chunkOf(frameIndex).to) {
          await this.write(frameIndex, pictures);
          pictures = [];
        }
        await hold?.(frameIndex);
      },
    });
    this.runs.add(run);
    void run.done.then(() => {
      this.runs.delete(run);
      leave();
    });
    return run;
  }

  /** Keeps a picture that was made elsewhere; only for series with one frame in a file. */
  async keep(frameIndex: number, jpeg: Uint8Array): Promise<void> {
    this.options.memory.set(this.memoryKey(frameIndex), jpeg);
    if (this.options.chunkFrames === 1) await this.write(frameIndex, [jpeg]);
  }

  /** Ends all runs and waits for them. */
  async close(): Promise<void> {
    const runs = [...this.runs];
    for (const run of runs) run.cancel();
    await Promise.all(runs.map((run) => run.done));
  }

  private async write(frameIndex: number, pictures: readonly Uint8Array[]): Promise<void> {
    try {
      await this.options.store.write(this.storeKey(frameIndex), pictures);
      this.diskError = null;
    } catch (error) {
      this.diskError = error;
    }
  }

  private memoryKey(frameIndex: number): string {
    return `${this.options.key}:${frameIndex}`;
  }

  private storeKey(frameIndex: number): string {
    return `${this.options.key}/${Math.floor(frameIndex / this.options.chunkFrames)}`;
  }
}
