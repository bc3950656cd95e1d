/** Most px a frame may take. */
export const MAX_PIXELS_PER_FRAME = 24;
/** From this many px a frame has a column of its own. */
export const COLUMN_PIXELS = 6;
/** Most handles, and most marks, of one lane in sight: more would lie on each other, and zooming in shows them. */
export const MOST_MARKS_IN_SIGHT = 160;

/** The part of a clip that lanes show. `scale` in px per frame; 0 means the whole clip fits the width. */
export interface TimelineView {
  /** Frame at the left edge, may be fractional. */
  start: number;
  scale: number;
}

/** All frames, whatever the width. */
export const WHOLE_CLIP: TimelineView = { start: 0, scale: 0 };

function fittingScale(frameCount: number, width: number): number {
  return width / Math.max(1, frameCount);
}

/** px per frame of a view. At most {@link MAX_PIXELS_PER_FRAME}, unless the whole clip is shorter than the lanes. */
export function scaleOf(view: TimelineView, frameCount: number, width: number): number {
  const fitting = fittingScale(frameCount, width);
  if (view.scale === 0) return fitting;
  return Math.max(fitting, Math.min(MAX_PIXELS_PER_FRAME, view.scale));
}

/** A view that shows no emptiness: inside the clip, never smaller than the whole of it. */
export function clampView(view: TimelineView, frameCount: number, width: number): TimelineView {
  const scale = scaleOf(view, frameCount, width);
  const fitting = fittingScale(frameCount, width);
  if (scale <= fitting * (1 + 1e-9)) return WHOLE_CLIP;
  const last = Math.max(0, frameCount - width / scale);
  return { start: Math.min(last, Math.max(0, view.start)), scale };
}

/** px from the left edge of the lanes to the left edge of a frame's column. */
export function xOfFrame(view: TimelineView, frameIndex: number, frameCount: number, width: number): number {
  const scale = scaleOf(view, frameCount, width);
  return (frameIndex - (view.scale === 0 ? 0 : view.start)) * scale;
}

/** The frame whose column is at `x` px, inside the clip. */
export function frameAtX(view: TimelineView, x: number, frameCount: number, width: number): number {
  const scale = scaleOf(view, frameCount, width);
  const frame = Math.floor((view.scale === 0 ? 0 : view.start) + x / scale + 1e-9);
  return Math.max(0, Math.min(frameCount - 1, frame));
}

/** First frame in sight and the one after the last. */
export function visibleFrames(view: TimelineView, frameCount: number, width: number): { from: number; to: number } {
  const scale = scaleOf(view, frameCount, width);
  const start = view.scale === 0 ? 0 : view.start;
  return { from: Math.max(0, Math.floor(start)), to: Math.min(frameCount, Math.ceil(start + width / scale)) };
}

/** Zooms by a factor; what is at `anchor` (px, or a frame) stays where it is. */
export function zoomAround(
  view: TimelineView,
  factor: number,
  anchor: number | { frame: number },
  frameCount: number,
  width: number,
): TimelineView {
  const before = scaleOf(view, frameCount, width);
  const start = view.scale === 0 ? 0 : view.start;
  const frame = typeof anchor === 'number' ? start + anchor / before : anchor.frame;
  const x = typeof anchor === 'number' ? anchor : Math.min(width, Math.max(0, (frame - start) * before));
  const limit = Math.max(MAX_PIXELS_PER_FRAME, fittingScale(frameCount, width));
  const scale = Math.min(limit, Math.max(fittingScale(frameCount, width), before * factor));
  return clampView({ start: frame - x / scale, scale }, frameCount, width);
}

/** Moves a view by px; positive shows later frames. */
export function panBy(view: TimelineView, pixels: number, frameCount: number, width: number): TimelineView {
  if (view.scale === 0) return view;
  const scale = scaleOf(view, frameCount, width);
  return clampView({ start: view.start + pixels / scale, scale }, frameCount, width);
}

/** Moves a view just so far that a frame's column is in it, with some frames of room. */
export function revealFrame(view: TimelineView, frameIndex: number, frameCount: number, width: number): TimelineView {
  if (view.scale === 0) return view;
  const scale = scaleOf(view, frameCount, width);
  const shown = width / scale;
  const room = Math.min(2, shown / 4);
  if (frameIndex < view.start + room) return clampView({ start: frameIndex - room, scale }, frameCount, width);
  if (frameIndex + 1 > view.start + shown - room) {
    return clampView({ start: frameIndex + 1 + room - shown, scale }, frameCount, width);
  }
  return view;
}

/** Steps between marks that read well. */
function niceStep(atLeast: number): number {
  if (atLeast <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(atLeast));
  const unit = [1, 2, 5, 10].find((candidate) => candidate * power >= atLeast - 1e-9) ?? 10;
  return unit * power;
}

/** A mark of the ruler. */
export interface RulerMark {
  frame: number;
  /** px from the left edge. */
  x: number;
  isMajor: boolean;
  /** The frame's number, where there is room for one. */
  label?: string;
}

const LABEL_PIXELS = 54;
const MARK_PIXELS = 6;

/** Marks of the ruler for the frames in sight: labels at least 54 px apart, marks at least 6 px. */
export function rulerMarks(view: TimelineView, frameCount: number, width: number): RulerMark[] {
  const scale = scaleOf(view, frameCount, width);
  const labelStep = niceStep(LABEL_PIXELS / scale);
  const markStep = Math.min(labelStep, niceStep(MARK_PIXELS / scale));
  const majorStep = labelStep % (markStep * 5) === 0 ? markStep * 5 : labelStep;
  const { from, to } = visibleFrames(view, frameCount, width);
  const marks: RulerMark[] = [];
  for (let frame = Math.floor(from / markStep) * markStep; frame < to; frame += markStep) {
    const x = xOfFrame(view, frame, frameCount, width);
    const isLabelled = frame % labelStep === 0;
    marks.push({
      frame,
      x,
      isMajor: isLabelled || frame % majorStep === 0,
      ...(isLabelled ? { label: `${frame}` } : {}),
    });
  }
  return marks;
}
