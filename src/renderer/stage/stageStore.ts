import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { Box } from '#core/tracks/box';
import { projectStore } from '../session/projectStore';
import {
  fitView,
  keptVisible,
  pannedBy,
  type Size,
  type StageView,
  toStage,
  viewCentredOn,
  zoomedAt,
} from './stageView';

/** How the stage looks at the picture. Neither saved nor undoable. */
export interface StageState {
  view: StageView;
  /** CSS px of the stage. */
  size: Size;
  /** While true the picture is fitted again whenever the stage changes its size. */
  isFitted: boolean;
}

/** The one store of the stage's view. */
export const stageStore = createStore<StageState>(() => ({
  view: { scale: 1, x: 0, y: 0 },
  size: { width: 0, height: 0 },
  isFitted: true,
}));

/** Reads a part of the stage's view in a component. */
export function useStage<T>(selector: (state: StageState) => T): T {
  return useStore(stageStore, selector);
}

/** Steps of the zoom buttons and keys. */
export const ZOOM_STEP = 1.25;

function media(): Size {
  return projectStore.getState().project?.media ?? { width: 16, height: 9 };
}

function setView(view: StageView): void {
  stageStore.setState(({ size }) => ({ view: keptVisible(view, media(), size), isFitted: false }));
}

/** Shows the whole picture and keeps doing so until the next zoom or pan. */
export function fitStage(): void {
  stageStore.setState(({ size }) => ({ view: fitView(media(), size), isFitted: true }));
}

/** Takes in a new size of the stage, CSS px; the middle of the picture stays in the middle. */
export function resizeStage(size: Size): void {
  const { size: before, view, isFitted } = stageStore.getState();
  if (before.width === size.width && before.height === size.height) return;
  stageStore.setState({ size });
  if (isFitted) return fitStage();
  const moved = pannedBy(view, (size.width - before.width) / 2, (size.height - before.height) / 2);
  stageStore.setState({ view: keptVisible(moved, media(), size) });
}

/** Zooms about a place of the stage (CSS px), by default its middle. */
export function zoomStage(factor: number, at?: { x: number; y: number }): void {
  const { view, size } = stageStore.getState();
  setView(zoomedAt(view, at ?? { x: size.width / 2, y: size.height / 2 }, factor));
}

/** One px of the picture on one CSS px of the screen. */
export function showActualPixels(): void {
  const { view, size } = stageStore.getState();
  setView(zoomedAt(view, { x: size.width / 2, y: size.height / 2 }, 1 / view.scale));
}

/** Moves the picture by CSS px. */
export function panStage(dx: number, dy: number): void {
  setView(pannedBy(stageStore.getState().view, dx, dy));
}

/** Brings a box (px of the picture) to the middle; the whole picture stays fitted where it is. */
export function centreOnStage(box: Box): void {
  const { view, size, isFitted } = stageStore.getState();
  if (isFitted || size.width === 0) return;
  setView(viewCentredOn(view, { x: box.x + box.width / 2, y: box.y + box.height / 2 }, size));
}

/** Brings a box (px of the picture) to the middle when nothing of it is on the stage. */
export function revealOnStage(box: Box): void {
  const { view, size } = stageStore.getState();
  const corner = toStage(view, box);
  const isOff =
    corner.x >= size.width ||
    corner.y >= size.height ||
    corner.x + box.width * view.scale <= 0 ||
    corner.y + box.height * view.scale <= 0;
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  if (isOff && size.width > 0) setView(viewCentredOn(view, middle, size));
}
