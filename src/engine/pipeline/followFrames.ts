import { isCancelled } from '#core/errors';
import type { Span } from '#core/frames/span';
import type { Detection } from '#core/tracks/track';
import { type GrayFrame, grayOf } from '../tracking/follow/grayFrame';
import type { RgbFrame } from '../video/rgbFrame';
import type { RunContext } from './runContext';

/** Frames are looked at with this longer side, px: a person a fifth of the picture high still has 36 rows. */
const LONG_SIDE = 480;
/** Frames that are decoded at once when going backwards, and kept in memory: about 8 MB. */
const CHUNK = 64;

/** Part of a run's context that following needs. */
type Context = Pick<RunContext, 'decode' | 'detections' | 'detector' | 'lanes' | 'rate'>;

/** A frame as a follower needs it. */
export interface FollowFrame {
  gray: GrayFrame;
  /** People who are seen there; undefined where nobody looked. */
  people: readonly Detection[] | undefined;
}

/**
 * The frames of a span in the order of the direction, with the people on them: those that a run found, and beyond what was
 * searched those that the detector sees now, as often as it looks in a run. `start` is looked at in any case. Where the
 * detector cannot run nobody is seen.
 */
export async function* followFrames(
  context: Context,
  span: Span,
  direction: 'forward' | 'backward',
  signal: AbortSignal,
): AsyncGenerator<FollowFrame> {
  const looks = new Looks(context, direction === 'forward' ? span.from : span.to - 1, signal);
  if (direction === 'forward') {
    yield* inOrder(context, span, looks, signal);
    return;
  }
  for (let to = span.to; to > span.from; to -= CHUNK) {
    const piece: FollowFrame[] = [];
    for await (const frame of inOrder(context, { from: Math.max(span.from, to - CHUNK), to }, looks, signal)) {
      piece.push(frame);
    }
    yield* piece.reverse();
  }
}

async function* inOrder(context: Context, span: Span, looks: Looks, signal: AbortSignal): AsyncGenerator<FollowFrame> {
  for await (const { frame, release } of context.decode(span, LONG_SIDE, signal)) {
    const gray = grayOf(frame);
    const people = await looks.on(frame).finally(release);
    yield { gray, people };
  }
}

class Looks {
  private canLook = true;

  constructor(
    private readonly context: Context,
    private readonly start: number,
    private readonly signal: AbortSignal,
  ) {}

  async on(frame: RgbFrame): Promise<readonly Detection[] | undefined> {
    const { detections, detector, lanes, rate } = this.context;
    const { frameIndex } = frame;
    if (!detections || frameIndex < detections.detectedFrames) return detections?.detections[frameIndex];
    const effort = frameIndex === this.start ? 'full' : detector.effortAt(frameIndex, rate);
    if (!this.canLook || effort === undefined) return undefined;
    try {
      return await lanes.run('detect', { detector: detector.id, effort, frame }, this.signal);
    } catch (error) {
      if (isCancelled(error) || this.signal.aborted) throw error;
      // Following goes on by the picture: a run says what is wrong with the detector.
      this.canLook = false;
      return undefined;
    }
  }
}
