import type { Span } from '#core/frames/span';
import type { FfmpegTool } from './findFfmpeg';
import { assertUnchanged } from './fingerprint';
import { JpegSplitter } from './jpegSplitter';
import { fitSize, type MediaFacts } from './mediaFacts';
import { type PictureRequest, PictureRun } from './pictureRun';

/** What {@link encodeJpegs} is told. */
export interface JpegOptions {
  media: MediaFacts;
  ffmpeg: FfmpegTool;
  /** Frames to deliver. */
  span: Span;
  /** Longer side of the pictures, px; never enlarged. */
  longSide: number;
  /** True: the encoder yields the processor to others. */
  lowPriority?: boolean;
  /** Only these frames of the span, ascending, in one pass. */
  only?: readonly number[];
}

/** A frame as JPEG. */
export interface JpegFrame {
  frameIndex: number;
  /** A whole JPEG file: 4:2:0, BT.601 full range, as browsers expect. */
  jpeg: Uint8Array;
}

/** ffmpeg's scale of 1 (best) to 31: visually clean, about 80 kB at 1280x720. */
const QUALITY = '3';

/**
 * The encoder refuses two pictures at one time. Its own clock ticks once a frame of the nominal rate, which is too
 * coarse for what a variable rate brings close together; this one, 1 us, is finer than any container's.
 */
const ENCODER_CLOCK = ['-enc_time_base', '1:1000000'];

/**
 * Frames of a span as JPEG, in order, each exactly once (with `only`: those). Ending the loop ends ffmpeg.
 *
 * @throws as `decodeFrames` does.
 */
export async function* encodeJpegs(
  options: JpegOptions,
  signal?: AbortSignal,
): AsyncGenerator<JpegFrame, void, undefined> {
  signal?.throwIfAborted();
  await assertUnchanged(options.media);
  let next = options.span.from;
  for (const fromStart of [false, true]) {
    const frames = runOnce(options, fromStart, signal);
    for await (const frame of frames) {
      if (frame === 'overshoot') break;
      next = frame.frameIndex + 1;
      yield frame;
    }
    if (next > options.span.from) return;
  }
}

async function* runOnce(
  options: JpegOptions,
  fromStart: boolean,
  signal: AbortSignal | undefined,
): AsyncGenerator<JpegFrame | 'overshoot', void, undefined> {
  const run = new PictureRun(requestOf(options, fromStart));
  const stop = (): void => {
    run.stdout.destroy();
  };
  signal?.addEventListener('abort', stop, { once: true });
  const splitter = new JpegSplitter();
  const listed = options.only !== undefined;
  let last: Uint8Array | null = null;
  try {
    for await (const chunk of chunksOf(run, signal)) {
      for (const jpeg of splitter.push(chunk)) {
        const { frameIndex, missing } = await run.place();
        if (frameIndex === null) continue;
        if (missing && !listed) {
          if (last === null && run.seeks) return yield 'overshoot';
          for (let index = missing.from; index < missing.to; index++) yield { frameIndex: index, jpeg: last ?? jpeg };
        }
        last = jpeg;
        yield { frameIndex, jpeg };
      }
      if (run.isComplete) return;
    }
    signal?.throwIfAborted();
    if (last === null && run.seeks && !listed) return yield 'overshoot';
    const rest = listed ? null : await run.finish();
    if (rest && last) for (let index = rest.from; index < rest.to; index++) yield { frameIndex: index, jpeg: last };
  } finally {
    signal?.removeEventListener('abort', stop);
    await run.close();
  }
}

/** Output of a run; a stream that was destroyed by cancelling throws the signal's reason. */
async function* chunksOf(
  run: PictureRun,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    for await (const chunk of run.stdout) yield chunk;
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}

/** JPEG means BT.601 at full range, whatever the video is in. */
const JPEG_COLOURS = 'out_range=pc:out_color_matrix=bt601,format=yuvj420p';

function requestOf(options: JpegOptions, fromStart: boolean): PictureRequest {
  const { media, ffmpeg, span } = options;
  const { width, height } = fitSize(media.width, media.height, options.longSide);
  // Frames that are counted may share a time or go back in it: they get a second each, which every clock can express.
  const retimed = media.access === 'count' ? 'setpts=N/TB,' : '';
  const scaled = ffmpeg.needsRgbForJpeg
    ? `scale=${width}:${height}:in_color_matrix=auto,format=rgb24,scale=${JPEG_COLOURS}`
    : `scale=${width}:${height}:${JPEG_COLOURS}`;
  return {
    ...{ media, ffmpeg, span, fromStart, lowPriority: options.lowPriority === true },
    filters: `${retimed}${scaled}`,
    output: ['-f', 'image2pipe', '-c:v', 'mjpeg', ...ENCODER_CLOCK, '-q:v', QUALITY],
    ...(options.only === undefined ? {} : { only: options.only }),
  };
}
