import type { EvidenceRows } from './evidenceRows';
import { FIT_POINTS, POINT_COUNT } from './points';
import { FIT_WEIGHTS } from './weights';

const totalWeight = FIT_POINTS.reduce((sum, point) => sum + point.weight, 0);

/**
 * How well the body explains a row, 0 to 1: mean weight of its landmarks (visibility, doubts) times 1 / (1 + (r / r0)^2),
 * where r is the weighted mean distance of projected points to landmarks in units of the person's size.
 */
export function confidenceOfRow(
  evidence: EvidenceRows,
  row: number,
  points: Float64Array,
  translations: Float64Array,
  focal: number,
): number {
  let seen = 0;
  let distance = 0;
  for (let k = 0; k < POINT_COUNT; k++) {
    const at = row * POINT_COUNT + k;
    const weight = evidence.visibility[at]! * FIT_POINTS[k]!.weight;
    const z = Math.max(0.1, points[at * 3 + 2]! + translations[row * 3 + 2]!);
    const u = (focal * (points[at * 3]! + translations[row * 3]!)) / z;
    const v = (focal * (points[at * 3 + 1]! + translations[row * 3 + 1]!)) / z;
    seen += weight;
    distance += weight * Math.hypot(u - evidence.image[at * 2]!, v - evidence.image[at * 2 + 1]!);
  }
  if (seen === 0) return 0;
  const relative = distance / seen / evidence.sizes[row]! / FIT_WEIGHTS.confidence.residual;
  return Math.min(1, seen / totalWeight) / (1 + relative * relative);
}
