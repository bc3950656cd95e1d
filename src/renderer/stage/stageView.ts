/** Where the picture lies on the stage: screen = picture * scale + offset, in CSS px. */
export interface StageView {
  /** CSS px per px of the upright picture. */
  scale: number;
  x: number;
  y: number;
}

/** Width and height; px of what is said where it is used. */
export interface Size {
  width: number;
  height: number;
}

/** Limits of the zoom, CSS px per px. */
export const MIN_SCALE = 0.05;
/** See {@link MIN_SCALE}. */
export const MAX_SCALE = 16;

/** CSS px of the picture that always stay on the stage. */
const KEPT_VISIBLE = 48;

/** The whole picture, centred, as large as it fits. */
export function fitView(media: Size, stage: Size): StageView {
  const fitting = Math.min(stage.width / media.width, stage.height / media.height);
  const scale = Number.isFinite(fitting) && fitting > 0 ? Math.max(MIN_SCALE, fitting) : 1;
  return centredView(media, stage, scale);
}

/** The picture centred at a scale. */
export function centredView(media: Size, stage: Size, scale: number): StageView {
  return { scale, x: (stage.width - media.width * scale) / 2, y: (stage.height - media.height * scale) / 2 };
}

/** Keeps some of the picture on the stage. */
export function keptVisible(view: StageView, media: Size, stage: Size): StageView {
  const clamp = (offset: number, size: number, room: number) =>
    Math.min(room - KEPT_VISIBLE, Math.max(KEPT_VISIBLE - size * view.scale, offset));
  return { ...view, x: clamp(view.x, media.width, stage.width), y: clamp(view.y, media.height, stage.height) };
}

/** Scaled by `factor` so that the place under the pointer (CSS px on the stage) stays where it is. */
export function zoomedAt(view: StageView, pointer: { x: number; y: number }, factor: number): StageView {
  const scale = Math.min(MAX_SCALE, Math.max(MIN_SCALE, view.scale * factor));
  const ratio = scale / view.scale;
  return { scale, x: pointer.x - (pointer.x - view.x) * ratio, y: pointer.y - (pointer.y - view.y) * ratio };
}

/** Moved by CSS px. */
export function pannedBy(view: StageView, dx: number, dy: number): StageView {
  return { ...view, x: view.x + dx, y: view.y + dy };
}

/** A place on the stage (CSS px) in px of the picture. */
export function toPicture(view: StageView, point: { x: number; y: number }): { x: number; y: number } {
  return { x: (point.x - view.x) / view.scale, y: (point.y - view.y) / view.scale };
}

/** A place of the picture (px) in CSS px on the stage. */
export function toStage(view: StageView, point: { x: number; y: number }): { x: number; y: number } {
  return { x: point.x * view.scale + view.x, y: point.y * view.scale + view.y };
}

/** The view that shows a place of the picture in the middle, at the same scale. */
export function viewCentredOn(view: StageView, point: { x: number; y: number }, stage: Size): StageView {
  return { ...view, x: stage.width / 2 - point.x * view.scale, y: stage.height / 2 - point.y * view.scale };
}
