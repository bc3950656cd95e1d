import type { EvidenceRows } from './evidenceRows';
import { FIT_POINTS, POINT_COUNT } from './points';
import type { TermSums } from './termSums';
import { FIT_WEIGHTS } from './weights';

const pointWeights = Float64Array.from(FIT_POINTS.map((point) => point.weight));
const footPoints = FIT_POINTS.flatMap((point, k) => (point.foot < 0 ? [] : [{ k, side: point.foot }]));

/**
 * Coefficients of the acceleration at row t from rows t - 1, t, t + 1 at uneven times, written into `out`; false where
 * the three are not one motion.
 */
export function accelerationCoefficients(evidence: EvidenceRows, t: number, out: Float64Array): boolean {
  if (t < 1 || t + 1 >= evidence.length || !evidence.linked[t] || !evidence.linked[t + 1]) return false;
  const before = evidence.seconds[t]! - evidence.seconds[t - 1]!;
  const after = evidence.seconds[t + 1]! - evidence.seconds[t]!;
  out[0] = 2 / (before * (before + after));
  out[1] = -2 / (before * after);
  out[2] = 2 / (after * (before + after));
  return true;
}

const coefficients = new Float64Array(3);

/** Cost of the accelerations at row t (points about the pelvis, and the pelvis itself). */
export function addSmoothTerms(
  evidence: EvidenceRows,
  t: number,
  points: Float64Array,
  translations: Float64Array,
  sums?: TermSums,
): number {
  if (!accelerationCoefficients(evidence, t, coefficients)) return 0;
  const [c0, c1, c2] = [coefficients[0]!, coefficients[1]!, coefficients[2]!];
  const size = POINT_COUNT * 3;
  let cost = 0;
  const inverse = 1 / FIT_WEIGHTS.smoothPoints.scale ** 2;
  for (let k = 0; k < POINT_COUNT; k++) {
    const weight = pointWeights[k]! * inverse;
    const at = t * POINT_COUNT + k;
    for (let c = at * 3; c < at * 3 + 3; c++) {
      const a = c0 * points[c - size]! + c1 * points[c]! + c2 * points[c + size]!;
      cost += weight * a * a;
      if (!sums) continue;
      sums.relativeForces[c - size]! += weight * c0 * a;
      sums.relativeForces[c]! += weight * c1 * a;
      sums.relativeForces[c + size]! += weight * c2 * a;
    }
    if (!sums) continue;
    sums.relative[at - POINT_COUNT]! += weight * c0 * c0;
    sums.relative[at]! += weight * c1 * c1;
    sums.relative[at + POINT_COUNT]! += weight * c2 * c2;
    sums.relativeLinks[at]! += weight * c0 * c1;
    sums.relativeLinks[at + POINT_COUNT]! += weight * c1 * c2;
    sums.farLinks[at + POINT_COUNT]! += weight * c0 * c2;
  }
  return cost + addPelvisTerm(t, translations, sums);
}

function addPelvisTerm(t: number, translations: Float64Array, sums?: TermSums): number {
  const [c0, c1, c2] = [coefficients[0]!, coefficients[1]!, coefficients[2]!];
  const weight = 1 / FIT_WEIGHTS.smoothTranslation.scale ** 2;
  let cost = 0;
  for (let c = t * 3; c < t * 3 + 3; c++) {
    const a = c0 * translations[c - 3]! + c1 * translations[c]! + c2 * translations[c + 3]!;
    cost += weight * a * a;
    if (!sums) continue;
    sums.pelvisForces[c - 3]! += weight * c0 * a;
    sums.pelvisForces[c]! += weight * c1 * a;
    sums.pelvisForces[c + 3]! += weight * c2 * a;
  }
  if (!sums) return cost;
  const { pelvis } = sums;
  pelvis[t * 3 - 3]! += weight * c0 * c0;
  pelvis[t * 3]! += weight * c1 * c1;
  pelvis[t * 3 + 3]! += weight * c2 * c2;
  pelvis[t * 3 + 1]! += weight * c0 * c1;
  pelvis[t * 3 + 4]! += weight * c1 * c2;
  pelvis[t * 3 + 5]! += weight * c0 * c2;
  return cost;
}

/** Cost of the standing feet between rows t - 1 and t: what stands in the picture has no velocity in the room. */
export function addStandingTerm(
  evidence: EvidenceRows,
  t: number,
  points: Float64Array,
  translations: Float64Array,
  sums?: TermSums,
): number {
  if (t < 1 || !evidence.linked[t]) return 0;
  const { scale, kappa } = FIT_WEIGHTS.standing;
  const inverse = 1 / ((evidence.seconds[t]! - evidence.seconds[t - 1]!) * scale);
  const limit = kappa * kappa;
  const size = POINT_COUNT * 3;
  let cost = 0;
  for (const { k, side } of footPoints) {
    const at = t * POINT_COUNT + k;
    const stands = Math.min(evidence.standing[t * 2 + side]!, evidence.standing[t * 2 - 2 + side]!);
    const weight = stands * Math.min(evidence.visibility[at]!, evidence.visibility[at - POINT_COUNT]!);
    if (weight === 0) continue;
    let squared = 0;
    for (let c = 0; c < 3; c++) {
      const speed =
        points[at * 3 + c]! - points[at * 3 + c - size]! + translations[t * 3 + c]! - translations[t * 3 - 3 + c]!;
      speeds[c] = speed * inverse;
      squared += speed * speed * inverse * inverse;
    }
    const share = limit / (limit + squared);
    cost += weight * squared * share;
    if (sums) addSpring(sums, at, weight * share * share * inverse, inverse);
  }
  return cost;
}

const speeds = new Float64Array(3);

/** A spring between a point and itself one row before; `w` is weight over scale, residuals are in `speeds`. */
function addSpring(sums: TermSums, at: number, w: number, inverse: number): void {
  const before = at - POINT_COUNT;
  for (let c = 0; c < 3; c++) {
    sums.absoluteForces[at * 3 + c]! += w * speeds[c]!;
    sums.absoluteForces[before * 3 + c]! -= w * speeds[c]!;
  }
  for (const own of [at, before]) {
    sums.absolute[own * 6]! += w * inverse;
    sums.absolute[own * 6 + 3]! += w * inverse;
    sums.absolute[own * 6 + 5]! += w * inverse;
  }
  sums.absoluteLinks[at]! -= w * inverse;
}
