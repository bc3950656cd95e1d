import type { EvidenceRows } from './evidenceRows';
import { FIT_POINTS, POINT_COUNT, pointOfLandmark } from './points';
import { LANDMARK } from '../observation';
import type { TermSums } from './termSums';
import { FIT_WEIGHTS } from './weights';

const pointWeights = Float64Array.from(FIT_POINTS.map((point) => point.weight));
const leftHip = pointOfLandmark(LANDMARK.leftHip) * 3;
const rightHip = pointOfLandmark(LANDMARK.rightHip) * 3;

/** A point closer to the camera than this is projected as if it were this far, m. */
const NEAREST = 0.1;

/**
 * Cost of the 2-D term of a row: Geman-McClure of the distance of projected points to landmarks. With `sums` it also
 * adds weights and forces. `kappa` is its width in scales; `points` are from the pelvis, which is at `translations` (row * 3).
 */
export function addImageTerm(
  evidence: EvidenceRows,
  focal: number,
  kappa: number,
  row: number,
  points: Float64Array,
  translations: Float64Array,
  sums?: TermSums,
): number {
  const inverse = 1 / (FIT_WEIGHTS.image.scale * evidence.sizes[row]!);
  const limit = kappa * kappa;
  const tx = translations[row * 3]!;
  const ty = translations[row * 3 + 1]!;
  const tz = translations[row * 3 + 2]!;
  let cost = 0;
  for (let k = 0; k < POINT_COUNT; k++) {
    const at = row * POINT_COUNT + k;
    const weight = evidence.visibility[at]! * pointWeights[k]!;
    if (weight === 0) continue;
    const z = Math.max(NEAREST, points[at * 3 + 2]! + tz);
    const a = (focal / z) * inverse;
    const bx = (points[at * 3]! + tx) / z;
    const by = (points[at * 3 + 1]! + ty) / z;
    const rx = a * z * bx - evidence.image[at * 2]! * inverse;
    const ry = a * z * by - evidence.image[at * 2 + 1]! * inverse;
    const squared = rx * rx + ry * ry;
    const share = limit / (limit + squared);
    cost += weight * squared * share;
    if (!sums) continue;
    // d(u, v)/dY = a [1 0 -bx; 0 1 -by]
    const w = weight * share * share * a;
    addAbsolute(sums, at, w * a, bx, by);
    sums.absoluteForces[at * 3]! += w * rx;
    sums.absoluteForces[at * 3 + 1]! += w * ry;
    sums.absoluteForces[at * 3 + 2]! -= w * (bx * rx + by * ry);
  }
  return cost;
}

function addAbsolute(sums: TermSums, at: number, w: number, bx: number, by: number): void {
  const m = at * 6;
  sums.absolute[m]! += w;
  sums.absolute[m + 2]! -= w * bx;
  sums.absolute[m + 3]! += w;
  sums.absolute[m + 4]! -= w * by;
  sums.absolute[m + 5]! += w * (bx * bx + by * by);
}

/** Cost of the 3-D term of a row: points about the middle of the hips against turned world landmarks. */
export function addWorldTerm(evidence: EvidenceRows, row: number, points: Float64Array, sums?: TermSums): number {
  const { scale, kappa } = FIT_WEIGHTS.world;
  const inverse = 1 / scale;
  const limit = kappa * kappa;
  const base = row * POINT_COUNT * 3;
  const hx = (points[base + leftHip]! + points[base + rightHip]!) / 2;
  const hy = (points[base + leftHip + 1]! + points[base + rightHip + 1]!) / 2;
  const hz = (points[base + leftHip + 2]! + points[base + rightHip + 2]!) / 2;
  let cost = 0;
  for (let k = 0; k < POINT_COUNT; k++) {
    const at = row * POINT_COUNT + k;
    const weight = evidence.visibility[at]! * pointWeights[k]!;
    if (weight === 0) continue;
    const rx = (points[at * 3]! - hx - evidence.world[at * 3]!) * inverse;
    const ry = (points[at * 3 + 1]! - hy - evidence.world[at * 3 + 1]!) * inverse;
    const rz = (points[at * 3 + 2]! - hz - evidence.world[at * 3 + 2]!) * inverse;
    const squared = rx * rx + ry * ry + rz * rz;
    const share = limit / (limit + squared);
    cost += weight * squared * share;
    if (!sums) continue;
    const w = weight * share * share * inverse;
    sums.hipRelative[at]! += w * inverse;
    sums.hipForces[at * 3]! += w * rx;
    sums.hipForces[at * 3 + 1]! += w * ry;
    sums.hipForces[at * 3 + 2]! += w * rz;
  }
  return cost;
}
