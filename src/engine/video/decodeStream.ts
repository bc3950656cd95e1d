import { AppError } from '#core/errors';
import type { Span } from '#core/frames/span';
import { ByteReader } from './byteReader';
import type { FfmpegTool } from './findFfmpeg';
import { assertUnchanged } from './fingerprint';
import { FrameQueue, RepeatingWriter } from './frameQueue';
import type { Placement } from './frameMatcher';
import { FrameRing, type FrameSlot } from './frameRing';
import { fitSize, type MediaFacts } from './mediaFacts';
import { PictureRun } from './pictureRun';

/** What {@link decodeFrames} is told. */
export interface DecodeOptions {
  media: MediaFacts;
  ffmpeg: FfmpegTool;
  /** Frames to deliver, inside `[0, media.frameCount)`. */
  span: Span;
  /** Longer side of the delivered picture, px; pictures are never enlarged. Default 1920. */
  maxLongSide?: number;
  /** Buffers to use; its slots must hold `width * height * 3` bytes. By default 8 of its own. */
  ring?: FrameRing;
  /** True: the decoder yields the processor to others. */
  lowPriority?: boolean;
  /** Told how the frames are reached: `seek` from a keyframe near `span.from`, or `start` from the first frame. */
  onOpen?: (reached: 'seek' | 'start') => void;
}

/** One frame at analysis size. Valid until the iterator is asked for the next one, unless {@link hold} was called. */
export interface DecodedFrame {
  frameIndex: number;
  /** Size of the picture, px; upright, square pixels. */
  width: number;
  height: number;
  /** RGB, 8 bits each, row by row from the top left, `width * height * 3` bytes on a SharedArrayBuffer. */
  data: Uint8Array;
  /** True when the file holds no decodable picture for this frame and the nearest earlier one stands in. */
  isRepeated: boolean;
  /**
   * Keeps the frame beyond the next step; the returned function gives it back and must be called. Decoding stands still
   * while all slots but two are held.
   */
  hold: () => () => void;
}

/** Number of slots of a ring that {@link decodeFrames} makes itself. */
const DEFAULT_SLOTS = 8;

/** How often it is made sure that the video still is what was opened, ms: a decoder reads on in a file that was taken away. */
const CHECK_MS = 2000;

/** Analysis size unless told otherwise: longer side, px. */
export const ANALYSIS_LONG_SIDE = 1920;

/**
 * Decodes frames of a span in order, each exactly once, at most `maxLongSide` px large. Reading ahead is limited by the
 * ring; ending the loop (return, throw, abort) ends the decoder before the iterator is done.
 *
 * @throws AppError `INVALID_ARGUMENT` for a span outside the video, `VIDEO_CHANGED`, `NOT_FOUND`, `VIDEO_DAMAGED`,
 * `FFMPEG_MISSING`; the signal's reason when cancelled.
 */
export async function* decodeFrames(
  options: DecodeOptions,
  signal?: AbortSignal,
): AsyncGenerator<DecodedFrame, void, undefined> {
  const { media, span } = options;
  checkSpan(media, span);
  signal?.throwIfAborted();
  await assertUnchanged(media);
  const size = fitSize(media.width, media.height, options.maxLongSide ?? ANALYSIS_LONG_SIDE);
  const bytes = size.width * size.height * 3;
  const ring = options.ring ?? new FrameRing(DEFAULT_SLOTS, bytes);
  if (ring.bytesPerSlot < bytes) {
    throw new AppError('INVALID_ARGUMENT', `The ring's slots hold ${ring.bytesPerSlot} bytes; a frame needs ${bytes}`);
  }
  const stopped = new AbortController();
  const stopping = signal ? AbortSignal.any([signal, stopped.signal]) : stopped.signal;
  const queue = new FrameQueue();
  const producing = produce(options, size, ring, queue, stopping).then(
    () => queue.end(),
    (error: unknown) => queue.end(error ?? new AppError('CANCELLED', 'Cancelled')),
  );
  const abort = (): void => queue.wakeUp();
  signal?.addEventListener('abort', abort, { once: true });
  let checkedAt = performance.now();
  try {
    for (;;) {
      if (performance.now() - checkedAt > CHECK_MS) {
        await assertUnchanged(media);
        checkedAt = performance.now();
      }
      const next = await queue.take(signal);
      if (next === null) return;
      const { frameIndex, data, isRepeated, release } = next;
      let isHeld = false;
      const hold = (): (() => void) => {
        isHeld = true;
        return release;
      };
      try {
        yield { frameIndex, ...size, data, isRepeated, hold };
      } finally {
        if (!isHeld) release();
      }
    }
  } finally {
    signal?.removeEventListener('abort', abort);
    stopped.abort();
    await producing;
    queue.releaseAll();
  }
}

/** Rejects a span that is not inside the video. @throws AppError `INVALID_ARGUMENT`. */
export function checkSpan(media: MediaFacts, span: Span): void {
  const { from, to } = span;
  if (Number.isInteger(from) && Number.isInteger(to) && from >= 0 && from < to && to <= media.frameCount) return;
  throw new AppError(
    'INVALID_ARGUMENT',
    `Frames ${from} to ${to} are not inside the video's ${media.frameCount} frames`,
  );
}

async function produce(
  options: DecodeOptions,
  size: { width: number; height: number },
  ring: FrameRing,
  queue: FrameQueue,
  signal: AbortSignal,
): Promise<void> {
  let fromStart = false;
  for (;;) {
    const outcome = await produceOnce(options, size, ring, queue, fromStart, signal);
    if (outcome === 'done') return;
    fromStart = true;
  }
}

/** One ffmpeg run; `overshoot` when a seek landed behind the first wanted frame and nothing was queued yet. */
async function produceOnce(
  options: DecodeOptions,
  size: { width: number; height: number },
  ring: FrameRing,
  queue: FrameQueue,
  fromStart: boolean,
  signal: AbortSignal,
): Promise<'done' | 'overshoot'> {
  const { media, ffmpeg, span } = options;
  const run = new PictureRun({
    ...{ media, ffmpeg, span, fromStart, lowPriority: options.lowPriority === true },
    // Named "auto" it makes old versions, too, go by the matrix that the video says it is in. Means over areas shrink in a
    // third of the time of the bicubic default.
    filters: `scale=${size.width}:${size.height}:in_color_matrix=auto:flags=area`,
    output: ['-f', 'rawvideo', '-pix_fmt', 'rgb24'],
  });
  const bytes = size.width * size.height * 3;
  const stop = (): void => {
    run.stdout.destroy();
  };
  signal.addEventListener('abort', stop, { once: true });
  const reader = new ByteReader(run.stdout);
  const writer = new RepeatingWriter(ring, queue, bytes, signal);
  try {
    while (!run.isComplete) {
      const slot = await ring.borrow(signal);
      const placed = await readPicture(run, reader, slot, bytes, signal).catch((error: unknown) => {
        slot.release();
        throw error;
      });
      const isOvershoot = run.seeks && placed?.missing?.from === span.from;
      if (placed === null || placed.frameIndex === null || isOvershoot) slot.release();
      if (placed === null) break;
      if (isOvershoot) return 'overshoot';
      const { frameIndex, missing } = placed;
      if (frameIndex === null) continue;
      if (writer.isEmpty) options.onOpen?.(run.seeks ? 'seek' : 'start');
      await writer.write(slot, frameIndex, missing);
    }
    if (run.seeks && writer.isEmpty) return 'overshoot';
    const rest = await run.finish();
    signal.throwIfAborted();
    if (rest) await writer.repeatLast(rest);
    return 'done';
  } finally {
    signal.removeEventListener('abort', stop);
    writer.close();
    await run.close();
  }
}

/** Reads the next picture into a slot and tells where it belongs; null at the end of the stream. */
async function readPicture(
  run: PictureRun,
  reader: ByteReader,
  slot: FrameSlot,
  bytes: number,
  signal: AbortSignal,
): Promise<Placement | null> {
  const isFull = await reader.readInto(slot.data.subarray(0, bytes));
  signal.throwIfAborted();
  return isFull ? run.place() : null;
}
