import type { Span } from '#core/frames/span';
import { xOfFrame } from './geometry';
import type { StripFrame } from './drawReview';

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
    const left = Math.max(1, xOfFrame(frame.view, span.from, frame.frameCount, frame.width));
    const right = Math.min(frame.width - 1, xOfFrame(frame.view, span.to, frame.frameCount, frame.width));
    if (right <= 1 || left >= frame.width - 1) continue;
    context.setLineDash([4, 3]);
    context.strokeRect(left, 1.5, Math.max(3, right - left), frame.height - 3);
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
