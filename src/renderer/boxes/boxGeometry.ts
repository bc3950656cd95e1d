import type { Box } from '#core/tracks/box';

/** A place in px of the upright picture, or of the screen where said. */
export interface Point {
  x: number;
  y: number;
}

/** The eight handles of a box: which sides they move (-1 left or top, 0 none, 1 right or bottom). */
export const HANDLES = [
  { id: 'nw', x: -1, y: -1, name: 'top left' },
  { id: 'n', x: 0, y: -1, name: 'top' },
  { id: 'ne', x: 1, y: -1, name: 'top right' },
  { id: 'e', x: 1, y: 0, name: 'right' },
  { id: 'se', x: 1, y: 1, name: 'bottom right' },
  { id: 's', x: 0, y: 1, name: 'bottom' },
  { id: 'sw', x: -1, y: 1, name: 'bottom left' },
  { id: 'w', x: -1, y: 0, name: 'left' },
] as const;

/** Name of a handle as a compass direction. */
export type HandleId = (typeof HANDLES)[number]['id'];

/** Smallest side that dragging makes, px of the picture. */
export const MIN_DRAGGED_SIDE = 4;

/** Side of the drawn handle and of its hit area, screen px. */
export const HANDLE_SIZE = 9;
/** See {@link HANDLE_SIZE}. */
export const HANDLE_HIT_SIZE = 24;
/** Below this width or height on screen only the corner handles stay, outside the box. */
export const SMALL_BOX = 40;

/** What the keys held during a drag ask for. */
export interface ResizeOptions {
  /** Alt: the centre stays. */
  fromCentre: boolean;
  /** Shift: the ratio of the sides stays. */
  keepShape: boolean;
}

function handleOf(id: HandleId): { x: number; y: number } {
  return HANDLES.find((entry) => entry.id === id) ?? { x: 0, y: 0 };
}

/** The box moved by whole or part px. */
export function movedBox(box: Box, dx: number, dy: number): Box {
  return { ...box, x: box.x + dx, y: box.y + dy };
}

/**
 * The box after its handle was dragged by (dx, dy) px: the opposite side stays, or the centre; a side never gets shorter
 * than {@link MIN_DRAGGED_SIDE} and never turns over. With the shape kept, a side handle grows the other axis about its
 * middle.
 */
export function resizedBox(box: Box, id: HandleId, dx: number, dy: number, options: ResizeOptions): Box {
  const handle = handleOf(id);
  const reach = options.fromCentre ? 2 : 1;
  let width = box.width + handle.x * dx * reach;
  let height = box.height + handle.y * dy * reach;
  if (options.keepShape) {
    const horizontal = width / box.width;
    const vertical = height / box.height;
    const dominant = Math.abs(horizontal - 1) >= Math.abs(vertical - 1) ? horizontal : vertical;
    const wanted = handle.x === 0 ? vertical : handle.y === 0 ? horizontal : dominant;
    const factor = Math.max(wanted, MIN_DRAGGED_SIDE / Math.min(box.width, box.height));
    width = box.width * factor;
    height = box.height * factor;
  }
  width = Math.max(MIN_DRAGGED_SIDE, width);
  height = Math.max(MIN_DRAGGED_SIDE, height);
  return {
    x: box.x + anchorShift(handle.x, width - box.width, options.fromCentre),
    y: box.y + anchorShift(handle.y, height - box.height, options.fromCentre),
    width,
    height,
  };
}

/** How far the top-left corner goes when a side grows by `growth`. */
function anchorShift(side: number, growth: number, fromCentre: boolean): number {
  if (fromCentre || side === 0) return -growth / 2;
  return side < 0 ? -growth : 0;
}

/** The box between two corners, kept inside the picture and at least {@link MIN_DRAGGED_SIDE} wide and high. */
export function boxBetween(a: Point, b: Point, media: { width: number; height: number }): Box {
  const clampX = (value: number) => Math.max(0, Math.min(media.width, value));
  const clampY = (value: number) => Math.max(0, Math.min(media.height, value));
  const left = clampX(Math.min(a.x, b.x));
  const top = clampY(Math.min(a.y, b.y));
  return {
    x: left,
    y: top,
    width: Math.max(MIN_DRAGGED_SIDE, clampX(Math.max(a.x, b.x)) - left),
    height: Math.max(MIN_DRAGGED_SIDE, clampY(Math.max(a.y, b.y)) - top),
  };
}

/** A box of a given size about a place. */
export function boxAround(centre: Point, size: { width: number; height: number }): Box {
  return { x: centre.x - size.width / 2, y: centre.y - size.height / 2, width: size.width, height: size.height };
}

/** True when a place lies in a box or within `margin` px of it. */
export function isInBox(box: Box, point: Point, margin = 0): boolean {
  return (
    point.x >= box.x - margin &&
    point.x <= box.x + box.width + margin &&
    point.y >= box.y - margin &&
    point.y <= box.y + box.height + margin
  );
}

/** A box that can be hit. */
export interface HitBox {
  person: string;
  box: Box;
}

/**
 * People whose box holds a place, nearest the pointer's meaning first: the selected one, then smaller boxes before larger
 * ones (a small box over a large one must stay reachable).
 */
export function boxesAt(
  boxes: readonly HitBox[],
  point: Point,
  selected: string | undefined,
  margin: number,
): string[] {
  return boxes
    .filter((entry) => isInBox(entry.box, point, margin))
    .sort(
      (a, b) =>
        Number(b.person === selected) - Number(a.person === selected) ||
        a.box.width * a.box.height - b.box.width * b.box.height,
    )
    .map((entry) => entry.person);
}

/** Centres of the handles to draw for a box, all in screen px. Small boxes keep their corners only, outside the box. */
export function handleCentres(box: Box): { id: HandleId; x: number; y: number }[] {
  const isSmall = box.width < SMALL_BOX || box.height < SMALL_BOX;
  const outset = isSmall ? HANDLE_SIZE : 0;
  return HANDLES.filter((handle) => !isSmall || (handle.x !== 0 && handle.y !== 0)).map((handle) => ({
    id: handle.id,
    x: box.x + ((handle.x + 1) / 2) * box.width + handle.x * outset,
    y: box.y + ((handle.y + 1) / 2) * box.height + handle.y * outset,
  }));
}

/** The handle whose hit area holds a place (screen px); of several the nearest. */
export function handleAt(box: Box, point: Point): HandleId | undefined {
  let best: { id: HandleId; distance: number } | undefined;
  for (const { id, x, y } of handleCentres(box)) {
    const distance = Math.max(Math.abs(point.x - x), Math.abs(point.y - y));
    if (distance <= HANDLE_HIT_SIZE / 2 && (!best || distance < best.distance)) best = { id, distance };
  }
  return best?.id;
}

/** A square as large as the longer side of a box; what lies away from the handle in hand stays, without one the middle. */
export function squaredBox(box: Box, handle: HandleId | undefined): Box {
  const side = Math.max(box.width, box.height);
  const place = (start: number, length: number, holdsEnd: boolean, holdsStart: boolean) => {
    if (holdsEnd) return start + length - side;
    return holdsStart ? start : start + (length - side) / 2;
  };
  return {
    x: place(box.x, box.width, handle?.includes('w') ?? false, handle?.includes('e') ?? false),
    y: place(box.y, box.height, handle?.includes('n') ?? false, handle?.includes('s') ?? false),
    width: side,
    height: side,
  };
}
