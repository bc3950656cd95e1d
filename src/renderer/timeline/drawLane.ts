import type { Span } from '#core/frames/span';
import type { LanePattern } from '../theme/identity';
import { scaleOf, type TimelineView, visibleFrames, xOfFrame } from './geometry';
import { framesBetweenLooks } from '../session/shownBox';
import { joinShortPieces, type Lane, type LanePiece } from './laneModel';
import { patternFill } from './lanePatterns';

/** Resolved colours of a lane. */
export interface LaneInk {
  person: string;
  well: string;
  line: string;
  stale: string;
  /** Outline that pale colours need on light ground; empty in the dark theme. */
  outline: string;
}

/** Where and how a lane is drawn; px. */
export interface LaneFrame {
  view: TimelineView;
  frameCount: number;
  framesPerSecond: number;
  width: number;
  height: number;
  pattern: LanePattern;
  ink: LaneInk;
}

type Context = CanvasRenderingContext2D;

const BAR_HEIGHT = 17;
const THIN_HEIGHT = 5;
/** Interpolation between detections that is narrower than this is drawn as part of the bar, px. */
const SHORT_PIXELS = 12;

interface Edges {
  left: number;
  right: number;
}

function edgesOf(frame: LaneFrame, span: Span): Edges {
  const left = xOfFrame(frame.view, span.from, frame.frameCount, frame.width);
  const right = xOfFrame(frame.view, span.to, frame.frameCount, frame.width);
  return { left: Math.max(-4, left), right: Math.min(frame.width + 4, Math.max(right, left + 1)) };
}

function roundedBar(context: Context, { left, right }: Edges, top: number, height: number): void {
  context.beginPath();
  context.roundRect(left, top, right - left, height, Math.min(3, (right - left) / 2));
}

function drawBar(context: Context, frame: LaneFrame, piece: LanePiece, top: number): void {
  const edges = edgesOf(frame, piece);
  const isManual = piece.state === 'manual';
  context.globalAlpha = isManual ? 1 : 0.46;
  context.fillStyle = frame.ink.person;
  roundedBar(context, edges, top, BAR_HEIGHT);
  context.fill();
  context.globalAlpha = 1;
  const fill = patternFill(context, frame.pattern);
  if (fill) {
    context.fillStyle = fill;
    context.fill();
  }
  if (frame.ink.outline !== '') {
    context.strokeStyle = frame.ink.outline;
    context.lineWidth = 1;
    context.stroke();
  }
  if (isManual) {
    context.fillStyle = 'rgb(255 255 255 / .55)';
    context.fillRect(edges.left, top, edges.right - edges.left, 2);
  }
}

function drawInterpolated(context: Context, frame: LaneFrame, piece: LanePiece, top: number): void {
  const { left, right } = edgesOf(frame, piece);
  const y = top + (BAR_HEIGHT - THIN_HEIGHT) / 2 + THIN_HEIGHT / 2;
  context.strokeStyle = frame.ink.person;
  context.lineWidth = THIN_HEIGHT;
  context.setLineDash([5, 3]);
  context.beginPath();
  context.moveTo(left, y);
  context.lineTo(right, y);
  context.stroke();
  context.setLineDash([]);
}

function drawDotted(context: Context, frame: LaneFrame, { left, right }: Edges): void {
  if (right <= left) return;
  context.strokeStyle = frame.ink.line;
  context.lineWidth = 1;
  context.setLineDash([1.5, 2.5]);
  context.beginPath();
  context.moveTo(left, frame.height / 2 + 0.5);
  context.lineTo(right, frame.height / 2 + 0.5);
  context.stroke();
  context.setLineDash([]);
}

function drawBracket(context: Context, frame: LaneFrame, x: number, direction: 1 | -1, top: number): void {
  context.strokeStyle = frame.ink.person;
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(x + 4 * direction, top - 1);
  context.lineTo(x, top - 1);
  context.lineTo(x, top + BAR_HEIGHT + 1);
  context.lineTo(x + 4 * direction, top + BAR_HEIGHT + 1);
  context.stroke();
}

function drawHatch(context: Context, frame: LaneFrame, span: Span): void {
  const { left, right } = edgesOf(frame, span);
  context.save();
  context.beginPath();
  context.rect(left, 0, right - left, frame.height);
  context.clip();
  context.globalAlpha = 0.45;
  context.fillStyle = frame.ink.well;
  context.fillRect(left, 0, right - left, frame.height);
  context.globalAlpha = 0.85;
  context.strokeStyle = frame.ink.stale;
  context.lineWidth = 2;
  context.beginPath();
  for (let x = Math.floor((left - frame.height) / 9) * 9; x < right; x += 9) {
    context.moveTo(x, frame.height);
    context.lineTo(x + frame.height, 0);
  }
  context.stroke();
  context.globalAlpha = 1;
  context.fillStyle = frame.ink.stale;
  context.fillRect(left, 0, 1.5, frame.height);
  context.fillRect(right - 1.5, 0, 1.5, frame.height);
  context.restore();
}

function isInSight(frame: LaneFrame, span: Span): boolean {
  const { from, to } = visibleFrames(frame.view, frame.frameCount, frame.width);
  return span.to > from && span.from < to;
}

/**
 * Draws a person's lane as the design's table says: full bars for detected and manual boxes, a thin dashed line for
 * interpolated ones, a dotted baseline with brackets for gaps and outside, an amber hatch for what is out of date.
 */
export function drawLane(context: Context, lane: Lane, frame: LaneFrame): void {
  context.clearRect(0, 0, frame.width, frame.height);
  const top = Math.round((frame.height - BAR_HEIGHT) / 2) - 1;
  const first = lane.pieces[0];
  const last = lane.pieces.at(-1);
  if (!first || !last) return drawDotted(context, frame, { left: 0, right: frame.width });
  const start = xOfFrame(frame.view, first.from, frame.frameCount, frame.width);
  const end = xOfFrame(frame.view, last.to, frame.frameCount, frame.width);
  drawDotted(context, frame, { left: 0, right: Math.min(start, frame.width) });
  drawDotted(context, frame, { left: Math.max(0, end), right: frame.width });
  const scale = scaleOf(frame.view, frame.frameCount, frame.width);
  const shortest = Math.max(Math.floor(SHORT_PIXELS / scale), framesBetweenLooks(frame.framesPerSecond));
  for (const piece of joinShortPieces(lane.pieces, shortest)) {
    if (!isInSight(frame, piece)) continue;
    if (piece.state === 'gap') {
      const edges = edgesOf(frame, piece);
      drawDotted(context, frame, edges);
      drawBracket(context, frame, edges.left - 1, -1, top);
      drawBracket(context, frame, edges.right + 1, 1, top);
    } else if (piece.state === 'interpolated') drawInterpolated(context, frame, piece, top);
    else drawBar(context, frame, piece, top);
  }
  drawBracket(context, frame, start + 0.75, 1, top);
  drawBracket(context, frame, end - 0.75, -1, top);
  for (const span of lane.outOfDate) if (isInSight(frame, span)) drawHatch(context, frame, span);
}

/** Draws strips of quality, one row of `rowHeight` px per person, worst step of each px. */
export function drawQuality(
  context: Context,
  rows: readonly Float32Array[],
  frame: Pick<LaneFrame, 'view' | 'frameCount' | 'width' | 'height'>,
  colors: readonly string[],
): void {
  context.clearRect(0, 0, frame.width, frame.height);
  const gap = 2;
  const rowHeight = Math.max(2, Math.min(8, (frame.height - 10 - gap * (rows.length - 1)) / Math.max(1, rows.length)));
  const scale = scaleOf(frame.view, frame.frameCount, frame.width);
  const { from, to } = visibleFrames(frame.view, frame.frameCount, frame.width);
  const perPixel = Math.max(1, Math.floor(1 / scale));
  rows.forEach((values, row) => {
    const top = Math.max(2, (frame.height - rows.length * (rowHeight + gap) + gap) / 2) + row * (rowHeight + gap);
    for (let at = from; at < to; at += perPixel) {
      let worst = Infinity;
      for (let inner = at; inner < Math.min(to, at + perPixel); inner++)
        worst = Math.min(worst, values[inner] ?? Infinity);
      if (!Number.isFinite(worst)) continue;
      context.fillStyle = colors[Math.max(0, Math.min(9, Math.floor(worst * 10)))] ?? '';
      const x = xOfFrame(frame.view, at, frame.frameCount, frame.width);
      context.fillRect(x, top, Math.max(1, scale * perPixel) + 0.3, rowHeight);
    }
  });
}
