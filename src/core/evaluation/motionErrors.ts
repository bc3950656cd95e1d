import { aboutHips, commonFrames, type JointSeries } from './jointSeries';

/** Runs of `count` frames in a row that both series have, by first frame. */
function runsOf(estimate: JointSeries, reference: JointSeries, count: number): number[] {
  const have = new Set(commonFrames(estimate, reference));
  return [...have].filter((first) => {
    for (let k = 1; k < count; k++) if (!have.has(first + k)) return false;
    return true;
  });
}

/** Derivative of order 2 or 3 of root-relative joints over frames from `first` on, joints x 3, per s^order. */
function difference(series: JointSeries, first: number, coefficients: readonly number[], rate: number): Float64Array {
  const out = new Float64Array(series.joints * 3);
  const factor = rate ** (coefficients.length - 1);
  coefficients.forEach((coefficient, k) => {
    const joints = aboutHips(series, first + k);
    for (let c = 0; c < out.length; c++) out[c]! += coefficient * factor * joints[c]!;
  });
  return out;
}

function meanLength(vectors: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < vectors.length; k += 3) sum += Math.hypot(vectors[k]!, vectors[k + 1]!, vectors[k + 2]!);
  return sum / (vectors.length / 3);
}

/**
 * Mean |a - a_true| of root-relative joints, m/s2, from second differences at `rate` frames per second. A frozen pose
 * scores the mean true acceleration: read it beside {@link jitterRatio}. NaN for fewer than three frames in a row.
 */
export function accelerationError(estimate: JointSeries, reference: JointSeries, rate: number): number {
  const runs = runsOf(estimate, reference, 3);
  let sum = 0;
  for (const first of runs) {
    const a = difference(estimate, first, [1, -2, 1], rate);
    const b = difference(reference, first, [1, -2, 1], rate);
    sum += meanLength(a.map((value, c) => value - b[c]!));
  }
  return sum / runs.length;
}

/** Sum of true jerk, m/s3, below which there is only rounding. */
const LEAST_JERK = 1e-6;

/**
 * Mean |jerk| of root-relative joints over the true one: 1 is as lively as the truth, 0 frozen, much above 1 trembles.
 * NaN for fewer than four frames in a row, or a truth that does not move.
 */
export function jitterRatio(estimate: JointSeries, reference: JointSeries, rate: number): number {
  let own = 0;
  let truth = 0;
  for (const first of runsOf(estimate, reference, 4)) {
    own += meanLength(difference(estimate, first, [-1, 3, -3, 1], rate));
    truth += meanLength(difference(reference, first, [-1, 3, -3, 1], rate));
  }
  return truth > LEAST_JERK ? own / truth : Number.NaN;
}

/** A foot whose true ankle is slower than this stands, m/s. */
export const STANDING_SPEED = 0.15;

/** What {@link standingSkate} found. */
export interface Skate {
  /** Mean speed of the estimated ankle while the true one stands, m/s; NaN when no foot ever stands. */
  speed: number;
  /** Pairs of frames and feet that were judged. */
  samples: number;
}

/**
 * Slide of standing feet: mean speed between neighbouring frames of the estimated ankles, absolute and not root-relative,
 * wherever the true ankle moves slower than {@link STANDING_SPEED}. `ankles` are places in the series.
 */
export function standingSkate(
  estimate: JointSeries,
  reference: JointSeries,
  rate: number,
  ankles: readonly number[],
): Skate {
  const speedOf = (series: JointSeries, frame: number, joint: number): number => {
    const at = (frame * series.joints + joint) * 3;
    const next = at + series.joints * 3;
    const { positions } = series;
    return (
      rate *
      Math.hypot(
        positions[next]! - positions[at]!,
        positions[next + 1]! - positions[at + 1]!,
        positions[next + 2]! - positions[at + 2]!,
      )
    );
  };
  let sum = 0;
  let samples = 0;
  for (const frame of runsOf(estimate, reference, 2)) {
    for (const ankle of ankles) {
      if (speedOf(reference, frame, ankle) >= STANDING_SPEED) continue;
      sum += speedOf(estimate, frame, ankle);
      samples++;
    }
  }
  return { speed: sum / samples, samples };
}
