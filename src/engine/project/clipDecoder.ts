import type { Span } from '#core/frames/span';
import type { BorrowedFrame } from '../pipeline/runContext';
import { decodeFrames } from '../video/decodeStream';
import type { FfmpegTool } from '../video/findFfmpeg';
import { FrameRing } from '../video/frameRing';
import { fitSize, type MediaFacts } from '../video/mediaFacts';

/** Frames in memory while a run decodes: two being read, the rest at the networks. */
const SLOTS = 8;

/** Decodes spans of one clip for a run, into the same memory again and again. */
export class ClipDecoder {
  /** Nobody decodes into these; frames in them may still be on loan. */
  private idle: FrameRing[] = [];
  private readonly repeated = new Set<number>();

  constructor(
    private readonly media: MediaFacts,
    private readonly ffmpeg: FfmpegTool,
  ) {}

  /** Upright frames of a span in order, at most `maxLongSide` px on the longer side, each valid until it is released. */
  async *frames(span: Span, maxLongSide: number, signal: AbortSignal): AsyncGenerator<BorrowedFrame, void, undefined> {
    const { media, ffmpeg } = this;
    const ring = this.takeRing(maxLongSide);
    try {
      for await (const decoded of decodeFrames({ media, span, maxLongSide, ffmpeg, ring }, signal)) {
        const { frameIndex, width, height, data, isRepeated } = decoded;
        if (isRepeated) this.repeated.add(frameIndex);
        const frame = { frameIndex, width, height, data, scale: width / media.width };
        yield { frame, release: decoded.hold() };
      }
    } finally {
      this.idle.push(ring);
    }
  }

  /** Frames since the last call that the file does not give, and for which the picture before stood in; rising. */
  takeRepeated(): number[] {
    const frames = [...this.repeated].sort((a, b) => a - b);
    this.repeated.clear();
    return frames;
  }

  /** A ring of its own for each decoder: one that stands still would keep all slots from another. */
  private takeRing(maxLongSide: number): FrameRing {
    const { width, height } = fitSize(this.media.width, this.media.height, maxLongSide);
    const bytes = width * height * 3;
    const ofSize = this.idle.filter((ring) => ring.bytesPerSlot === bytes);
    this.idle = this.idle.filter((ring) => ring.bytesPerSlot !== bytes);
    // Rings somebody still holds frames of are left to them.
    const [ring = new FrameRing(SLOTS, bytes), ...others] = ofSize.filter(({ inUse }) => inUse === 0);
    this.idle.push(...others);
    return ring;
  }
}
