import type { Detection } from '#core/tracks/track';

/**
 * Order of detections: best score first, equal ones from left to right, top to bottom, narrow to wide. Two detections
 * that compare equal have the same box, so what follows from this order does not depend on the order given.
 */
export function byScore(a: Detection, b: Detection): number {
  return (
    b.score - a.score ||
    a.box.x - b.box.x ||
    a.box.y - b.box.y ||
    a.box.width - b.box.width ||
    a.box.height - b.box.height
  );
}
