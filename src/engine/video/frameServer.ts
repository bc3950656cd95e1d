import { createHash } from 'node:crypto';
import { AppError, isCancelled } from '#core/errors';
import type { Span } from '#core/frames/span';
import { ChunkStore } from './chunkStore';
import { checkSpan } from './decodeStream';
import { chooseStripFrames, isOnePassCheaper } from './filmStrip';
import type { FfmpegTool } from './findFfmpeg';
import { JpegMemory } from './jpegMemory';
import { encodeJpegs, type JpegFrame } from './jpegStream';
import type { MediaFacts } from './mediaFacts';
import { PictureSeries } from './pictureSeries';
import { PlaybackAhead } from './playbackAhead';
import { RunSlots } from './runSlots';

/** What {@link createFrameServer} is told. */
export interface FrameServerOptions {
  media: MediaFacts;
  ffmpeg: FfmpegTool;
  /** Folder of the disk cache; several videos may share one. It may be deleted at any time nothing is open. */
  cacheDirectory: string;
  /** Bytes that the whole cache folder may hold. */
  budgetBytes: number;
  /** Bytes of pictures kept in memory; 96 MiB by default. */
  memoryBytes?: number;
}

/** Progress of {@link FrameServer.fill}. */
export interface FillProgress {
  /** Frames that are in the cache now. */
  done: number;
  /** Frames of the video. */
  total: number;
}

/** Gives the pictures of one video by frame index, as JPEG, always exactly that frame. */
export interface FrameServer {
  readonly media: MediaFacts;
  /**
   * Frame `frameIndex` as a JPEG file whose longer side is about `longSide` px (rounded up to a step, never enlarged).
   * @throws AppError as `decodeFrames`; the signal's reason when cancelled.
   */
  jpeg: (frameIndex: number, longSide: number, signal?: AbortSignal) => Promise<Uint8Array>;
  /** A small picture of the frame, `height` px high. */
  thumbnail: (frameIndex: number, height: number, signal?: AbortSignal) => Promise<Uint8Array>;
  /**
   * About `count` small pictures spread over the video, `height` px high, each with the frame it shows, in no certain
   * order; keyframes are preferred where they are close enough, which makes this fast.
   */
  filmStrip: (count: number, height: number, signal?: AbortSignal) => AsyncGenerator<JpegFrame, void, undefined>;
  /** Starts making a span available (playback ahead of the playhead); replaces what was asked before. */
  prefetch: (span: Span, longSide: number) => void;
  /**
   * Makes the whole video available at {@link PREVIEW_LONG_SIDE} at low priority; requests go first. Ends early, with
   * `isComplete` false, when the disk budget is used up.
   */
  fill: (onProgress?: (progress: FillProgress) => void, signal?: AbortSignal) => Promise<{ isComplete: boolean }>;
  /** Ends all runs and waits until their ffmpegs are gone. */
  close: () => Promise<void>;
}

/** Longer side of the preview that {@link FrameServer.fill} makes, px. */
export const PREVIEW_LONG_SIDE = 1280;

/** Frames in one file of the cache. */
const CHUNK_FRAMES = 32;
const SIZE_STEPS = [160, 320, 640, 960, 1280, 1920, 2560, 3840, 7680];
const DEFAULT_MEMORY_BYTES = 96 * 1024 * 1024;
/** Part of the disk budget that a fill may use; the rest is for other sizes. */
const FILL_SHARE = 0.8;

/** Makes a server for one video. Nothing is read or started before the first request. */
export function createFrameServer(options: FrameServerOptions): FrameServer {
  return new CachedFrameServer(options);
}

class CachedFrameServer implements FrameServer {
  readonly media: MediaFacts;
  private readonly memory: JpegMemory;
  private readonly store: ChunkStore;
  private readonly slots = new RunSlots();
  private readonly series = new Map<string, PictureSeries>();
  private readonly mediaKey: string;
  private readonly ahead = new PlaybackAhead();
  private isClosed = false;

  constructor(private readonly options: FrameServerOptions) {
    this.media = options.media;
    this.memory = new JpegMemory(options.memoryBytes ?? DEFAULT_MEMORY_BYTES);
    this.store = new ChunkStore(options.cacheDirectory, options.budgetBytes);
    const { fingerprint, ptsHash } = options.media;
    const identity = createHash('sha256').update(`${fingerprint.sampledHash}\n${ptsHash}`).digest('hex');
    this.mediaKey = identity.slice(0, 24);
  }

  async jpeg(frameIndex: number, longSide: number, signal?: AbortSignal): Promise<Uint8Array> {
    this.check({ from: frameIndex, to: frameIndex + 1 });
    return this.previews(longSide).get(frameIndex, signal);
  }

  async thumbnail(frameIndex: number, height: number, signal?: AbortSignal): Promise<Uint8Array> {
    this.check({ from: frameIndex, to: frameIndex + 1 });
    return this.thumbnails(height).get(frameIndex, signal);
  }

  async *filmStrip(count: number, height: number, signal?: AbortSignal): AsyncGenerator<JpegFrame, void, undefined> {
    this.check({ from: 0, to: 1 });
    const frames = chooseStripFrames(this.media, count);
    const series = this.thumbnails(height);
    const wanted: number[] = [];
    for (const frameIndex of frames) {
      const known = await series.lookUp(frameIndex);
      if (known) yield { frameIndex, jpeg: known };
      else wanted.push(frameIndex);
    }
    if (isOnePassCheaper(this.media, wanted)) {
      const { media, ffmpeg } = this.options;
      const span = { from: 0, to: media.frameCount };
      const longSide = this.thumbnailLongSide(height);
      for await (const frame of encodeJpegs({ media, ffmpeg, span, longSide, only: [...wanted] }, signal)) {
        await series.keep(frame.frameIndex, frame.jpeg);
        wanted.splice(wanted.indexOf(frame.frameIndex), 1);
        yield frame;
      }
    }
    for (const frameIndex of wanted) yield { frameIndex, jpeg: await series.get(frameIndex, signal) };
  }

  prefetch(span: Span, longSide: number): void {
    this.check(span);
    void this.ahead.advance(this.previews(longSide), span);
  }

  async fill(onProgress?: (progress: FillProgress) => void, signal?: AbortSignal): Promise<{ isComplete: boolean }> {
    this.check({ from: 0, to: 1 });
    const series = this.previews(PREVIEW_LONG_SIDE);
    const total = this.media.frameCount;
    for (let span = await series.nextMissing(0); span !== null; span = await series.nextMissing(span.to)) {
      signal?.throwIfAborted();
      let isOverBudget = false;
      const run = series.start(span, 'ahead', async (frameIndex) => {
        if (series.chunkOf(frameIndex).to === frameIndex + 1) {
          onProgress?.({ done: frameIndex + 1, total });
          isOverBudget = this.store.bytes > this.options.budgetBytes * FILL_SHARE;
          if (isOverBudget || series.diskError !== null) run.cancel();
        }
        await this.slots.whenIdle();
      });
      const stop = (): void => run.cancel();
      signal?.addEventListener('abort', stop, { once: true });
      const { error } = await run.done;
      signal?.removeEventListener('abort', stop);
      signal?.throwIfAborted();
      if (series.diskError !== null) throw series.diskError;
      if (isOverBudget || isCancelled(error)) return { isComplete: false };
      if (error !== undefined) throw error;
    }
    onProgress?.({ done: total, total });
    return { isComplete: true };
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.ahead.stop();
    await Promise.all([...this.series.values()].map((series) => series.close()));
  }

  private check(span: Span): void {
    checkSpan(this.media, span);
    if (this.isClosed) throw new AppError('ENGINE_STOPPED', 'The video has been closed.', { hint: 'Open it again.' });
  }

  private previews(longSide: number): PictureSeries {
    const largest = Math.max(this.media.width, this.media.height);
    const size = Math.min(largest, SIZE_STEPS.find((step) => step >= longSide) ?? largest);
    return this.seriesOf(`s${size}`, size, CHUNK_FRAMES);
  }

  private thumbnails(height: number): PictureSeries {
    return this.seriesOf(`t${height}`, this.thumbnailLongSide(height), 1);
  }

  private thumbnailLongSide(height: number): number {
    const { media } = this;
    return Math.max(1, Math.round((height * Math.max(media.width, media.height)) / media.height));
  }

  private seriesOf(name: string, longSide: number, chunkFrames: number): PictureSeries {
    const key = `${this.mediaKey}/${name}`;
    const known = this.series.get(key);
    if (known) return known;
    const { media, ffmpeg } = this.options;
    const { memory, store, slots } = this;
    const made = new PictureSeries({ media, ffmpeg, longSide, chunkFrames, key, memory, store, slots });
    this.series.set(key, made);
    return made;
  }
}
