/** Edges of an element, CSS px of the page. */
export interface Edges {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** How far to move an element inside of its room, and its size, CSS px. */
export interface Placement {
  left: number;
  top: number;
  width: number;
  height: number;
}

/**
 * The rectangle of whole px of the screen that is nearest to a room. Edges on whole px stay where they are.
 * @param ratio px of the screen per CSS px
 */
export function wholePixels(room: Edges, ratio: number): Placement {
  const whole = (edge: number) => Math.round(edge * ratio) / ratio;
  const [left, top] = [whole(room.left), whole(room.top)];
  return {
    left: left - room.left,
    top: top - room.top,
    width: whole(room.right) - left,
    height: whole(room.bottom) - top,
  };
}

/**
 * Gives an element (`position: relative`) whole px inside of its parent. Chromium takes a layer that begins or ends between
 * two px for one that lets through what is behind it, and blends all of it.
 */
export function settleOnPixels(element: HTMLElement): void {
  const room = element.parentElement?.getBoundingClientRect();
  if (!room) return;
  const { left, top, width, height } = wholePixels(room, window.devicePixelRatio);
  Object.assign(element.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
}
