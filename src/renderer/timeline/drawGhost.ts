import type { Span } from '#core/frames/span';
import { xOfFrame } from './geometry';
import type { StripFrame } from './drawReview';

/** Where a stretch of frames is on the canvas, px. */
interface Stretch {
  left: number;
  right: number;
}

function stretchOf(span: Span, frame: StripFrame): Stretch | undefined {
  const left = Math.max(1, xOfFrame(frame.view, span.from, frame.frameCount, frame.width));
  const right = Math.min(frame.width - 1, xOfFrame(frame.view, span.to, frame.frameCount, frame.width));
  return right <= 1 || left >= frame.width - 1 ? undefined : { left, right: Math.max(left + 3, right) };
}

/** Boxes that would be nobody's: paled and struck through, on the lane as it is. */
export function drawDropped(
  context: CanvasRenderingContext2D,
  spans: readonly Span[],
  frame: StripFrame,
  ink: { line: string; well: string },
): void {
  for (const span of spans) {
    const stretch = stretchOf(span, frame);
    if (!stretch) continue;
    const { left, right } = stretch;
    context.globalAlpha = 0.55;
    context.fillStyle = ink.well;
    context.fillRect(left, 0, right - left, frame.height);
    context.globalAlpha = 1;
    context.fillStyle = ink.line;
    context.fillRect(left, Math.round(frame.height / 2) - 1, right - left, 1.5);
  }
}

/** A dashed frame around what a proposed edit would change in a lane, with a few words in the first one that holds them. */
export function drawGhost(
  context: CanvasRenderingContext2D,
  spans: readonly Span[],
  note: string,
  frame: StripFrame,
  ink: { line: string; ground: string; font: string },
): void {
  let isNoted = note === '';
  context.strokeStyle = ink.line;
  context.lineWidth = 1.5;
  context.font = `500 11px ${ink.font}`;
  const room = context.measureText(note).width + 12;
  for (const span of spans) {
    const stretch = stretchOf(span, frame);
    if (!stretch) continue;
    const { left, right } = stretch;
    context.setLineDash([4, 3]);
    context.strokeRect(left, 1.5, right - left, frame.height - 3);
    context.setLineDash([]);
    if (isNoted || right - left < room) continue;
    isNoted = true;
    context.fillStyle = ink.ground;
    context.fillRect(left + 3, frame.height / 2 - 8, room, 16);
    context.fillStyle = ink.line;
    context.textBaseline = 'middle';
    context.fillText(note, left + 9, frame.height / 2 + 0.5);
  }
}
