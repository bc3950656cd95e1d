import { type Pinhole, projectPoint } from '../viewport/pinhole';
import type { Size, StageView } from './stageView';

/** A rectangle of the stage, whole CSS px. */
export interface StageRect {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** How far a body's surface reaches beyond its joints, m: head top, fingers, toes and the girth of anybody. */
const BODY_MARGIN = 0.32;

/**
 * The part of the stage that bodies can cover, from their joints (24 * 3, m, camera axes), kept inside the stage.
 * Undefined when none is on the stage.
 */
export function overlayBounds(
  camera: Pinhole,
  view: StageView,
  stage: Size,
  bodies: readonly { joints: ArrayLike<number> }[],
): StageRect | undefined {
  let left = Infinity;
  let top = Infinity;
  let right = -Infinity;
  let bottom = -Infinity;
  for (const { joints } of bodies) {
    for (let at = 0; at + 2 < joints.length; at += 3) {
      const depth = joints[at + 2]!;
      // A joint beside or behind the lens has no place on the picture: anything may be covered.
      if (depth < BODY_MARGIN * 2)
        return { x: 0, y: 0, width: Math.ceil(stage.width), height: Math.ceil(stage.height) };
      const place = projectPoint(camera, joints[at]!, joints[at + 1]!, depth);
      const x = place.x * view.scale + view.x;
      const y = place.y * view.scale + view.y;
      const margin = (BODY_MARGIN * camera.focal * view.scale) / (depth - BODY_MARGIN);
      left = Math.min(left, x - margin);
      right = Math.max(right, x + margin);
      top = Math.min(top, y - margin);
      bottom = Math.max(bottom, y + margin);
    }
  }
  const x = Math.max(0, Math.floor(left));
  const y = Math.max(0, Math.floor(top));
  const width = Math.min(Math.ceil(stage.width), Math.ceil(right)) - x;
  const height = Math.min(Math.ceil(stage.height), Math.ceil(bottom)) - y;
  if (!(width > 0 && height > 0)) return undefined;
  return { x, y, width, height };
}

/** The smallest such part that holds all of these. Undefined for none. */
export function joinBounds(rects: readonly StageRect[]): StageRect | undefined {
  const [first, ...others] = rects;
  if (!first || others.length === 0) return first;
  const x = Math.min(...rects.map((rect) => rect.x));
  const y = Math.min(...rects.map((rect) => rect.y));
  const width = Math.max(...rects.map((rect) => rect.x + rect.width)) - x;
  const height = Math.max(...rects.map((rect) => rect.y + rect.height)) - y;
  return { x, y, width, height };
}
