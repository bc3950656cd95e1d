import type { Span } from '#core/frames/span';
import { scaleOf, type TimelineView, visibleFrames, xOfFrame } from './geometry';

/** Where a strip is drawn; px. */
export interface StripFrame {
  view: TimelineView;
  frameCount: number;
  width: number;
  height: number;
}

/** px that the line of reviewed frames lies below the middle of a lane. */
const REVIEWED_DROP = 10;
const REVIEWED_WIDTH = 2;
const STRIP_LEAST = 1.5;
const STRIP_MOST = 6;

/** A line under the bar with a stop at the end of each reviewed stretch. */
export function drawReviewed(
  context: CanvasRenderingContext2D,
  reviewed: readonly Span[],
  frame: StripFrame,
  ink: string,
): void {
  const top = Math.round(frame.height / 2) + REVIEWED_DROP - 1;
  context.fillStyle = ink;
  for (const span of reviewed) {
    const left = xOfFrame(frame.view, span.from, frame.frameCount, frame.width);
    const right = xOfFrame(frame.view, span.to, frame.frameCount, frame.width);
    if (right < 0 || left > frame.width) continue;
    context.fillRect(left, top, Math.max(REVIEWED_WIDTH, right - left), REVIEWED_WIDTH);
    context.fillRect(Math.max(left, right - REVIEWED_WIDTH), top - 1.5, REVIEWED_WIDTH, REVIEWED_WIDTH + 3);
  }
}

/**
 * The same score as the list "To check" along the lower edge of a lane: suspect frames stand higher as well as in another
 * colour. `colors` are the ten steps of the ramp, from suspect to good; `values` are 0 (suspect) to 1 (good).
 */
export function drawLaneQuality(
  context: CanvasRenderingContext2D,
  values: Float32Array,
  frame: StripFrame,
  colors: readonly string[],
): void {
  const scale = scaleOf(frame.view, frame.frameCount, frame.width);
  const { from, to } = visibleFrames(frame.view, frame.frameCount, frame.width);
  const perPixel = Math.max(1, Math.floor(1 / scale));
  for (let at = from - (from % perPixel); at < to; at += perPixel) {
    let worst = Number.POSITIVE_INFINITY;
    for (let inner = at; inner < Math.min(values.length, at + perPixel); inner++) {
      const value = values[inner] ?? Number.NaN;
      if (value < worst) worst = value;
    }
    if (worst === Number.POSITIVE_INFINITY) continue;
    const height = STRIP_LEAST + (STRIP_MOST - STRIP_LEAST) * (1 - worst);
    context.fillStyle = colors[Math.max(0, Math.min(9, Math.floor(worst * 10)))] ?? '';
    const x = xOfFrame(frame.view, at, frame.frameCount, frame.width);
    context.fillRect(x, frame.height - height, Math.max(1, scale * perPixel) + 0.3, height);
  }
}
