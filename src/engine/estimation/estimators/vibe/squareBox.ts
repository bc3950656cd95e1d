import type { CentredBox } from './crop';

/**
 * VIBE's square box (reference vibe-smpl 1.1) for row `row` of boxes x, y, width, height in px: the same centre, the longer
 * side on both.
 */
export function squareBox(boxes: ArrayLike<number>, row = 0): CentredBox {
  const [x = 0, y = 0, width = 0, height = 0] = [0, 1, 2, 3].map((k) => boxes[row * 4 + k]);
  const side = Math.max(width, height);
  return { centreX: x + width / 2, centreY: y + height / 2, width: side, height: side };
}
