import type { Readable } from 'node:stream';
import type { Span } from '#core/frames/span';
import { AppError } from '#core/errors';
import { cannotStart, type RunningChild, startChild } from './childProcesses';
import { explainFailure } from './ffmpegErrors';
import { parseShowinfo, parseShowinfoTimeBase } from './ffmpegOutput';
import type { FfmpegTool } from './findFfmpeg';
import { assertUnchanged } from './fingerprint';
import { FrameMatcher, type Placement } from './frameMatcher';
import type { MediaFacts } from './mediaFacts';
import { openAt, openOnly } from './mediaInput';

/** What is asked of one ffmpeg run that delivers pictures on standard output. */
export interface PictureRequest {
  media: MediaFacts;
  ffmpeg: FfmpegTool;
  span: Span;
  /** Filters after the frame has been counted, e.g. `scale=640:360`. */
  filters: string;
  /** Output options, e.g. `-f rawvideo -pix_fmt rgb24`. */
  output: readonly string[];
  lowPriority?: boolean;
  /** Forbids seeking: used when a seek has turned out not to be exact. */
  fromStart?: boolean;
  /** Only these frames of the span ascending. Where all are keyframes nothing else is decoded. */
  only?: readonly number[];
}

/**
 * One ffmpeg run over a span: pictures come on `stdout`, and {@link place} tells for each, in the same order, which
 * frame it is. The tie between the two is the `showinfo` filter, which reports every frame that goes to the encoder.
 */
export class PictureRun {
  readonly stdout: Readable;
  /** True when decoding began at a keyframe in the middle of the file. */
  readonly seeks: boolean;
  private readonly child: RunningChild;
  private readonly matcher: FrameMatcher;
  private readonly times: (number | null)[] = [];
  private wake: (() => void) | null = null;
  private hasEnded = false;
  private ticksPerUnit = 1;

  constructor(private readonly request: PictureRequest) {
    const { media, ffmpeg, span } = request;
    const input = request.only ? openOnly(media, request.only) : openAt(media, span, request.fromStart);
    this.seeks = input.seeks;
    this.matcher = new FrameMatcher(span, input.pts, request.only ?? null);
    this.child = startChild({
      path: ffmpeg.path,
      args: [
        ...input.args,
        ...['-map', '0:V:0', ...ffmpeg.passthrough],
        ...['-vf', `${input.trim},showinfo=checksum=0,${request.filters}`],
        ...request.output,
        'pipe:1',
      ],
      ...input.script,
      lowPriority: request.lowPriority === true,
      onErrorLine: (line) => this.readErrorLine(line),
    });
    this.stdout = this.child.stdout;
    void this.child.ended.then(() => {
      this.hasEnded = true;
      this.wake?.();
    });
  }

  /** Where the next picture of `stdout` belongs. @throws AppError `INTERNAL` when ffmpeg reported fewer pictures. */
  async place(): Promise<Placement> {
    while (this.times.length === 0) {
      if (this.hasEnded) throw new AppError('INTERNAL', 'ffmpeg delivered a picture that it did not report');
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
      this.wake = null;
    }
    return this.matcher.place(this.times.shift() ?? null);
  }

  /** True when every frame of the span has been placed. */
  get isComplete(): boolean {
    return this.matcher.isComplete;
  }

  /**
   * To be called when `stdout` has ended: the frames that never came, or null. A file that changed or a decoder that
   * failed is an error; a decoder that ended in order and left frames out is not (a damaged place in the file).
   */
  async finish(): Promise<Span | null> {
    const rest = this.matcher.rest();
    if (rest === null) return null;
    const end = await this.child.ended;
    // First: in a folder of pictures that is gone no program can start either.
    await assertUnchanged(this.request.media);
    if (end.startError) throw cannotStart(this.request.ffmpeg.path, end.startError);
    const nothingCame = rest.from === this.request.span.from;
    if (end.code !== 0 || nothingCame) throw explainFailure(this.request.media.path, this.child.lastErrorLines());
    return rest;
  }

  /** Ends ffmpeg and waits until it is gone. */
  async close(): Promise<void> {
    this.child.kill();
    await this.child.ended;
  }

  private readErrorLine(line: string): void {
    const frame = parseShowinfo(line);
    if (frame) {
      this.times.push(frame.pts === null ? null : frame.pts / this.ticksPerUnit);
      this.wake?.();
      return;
    }
    // Pictures of a folder are whole seconds apart, in whatever time base the demuxer has chosen.
    const timeBase = this.request.media.kind === 'imageFolder' ? parseShowinfoTimeBase(line) : null;
    if (timeBase) this.ticksPerUnit = timeBase.denominator / timeBase.numerator;
  }
}
