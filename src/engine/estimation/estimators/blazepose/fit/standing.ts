import { LANDMARK_COUNT } from '../observation';
import type { EvidenceRows } from './evidenceRows';
import { FIT_POINTS } from './points';
import { smoothstep } from './smoothing';
import { FIT_WEIGHTS } from './weights';

/** What standing is found from. */
export interface StandingEvidence extends Pick<EvidenceRows, 'length' | 'seconds' | 'linked' | 'sizes'> {
  /** length x 33 x 2 landmarks as they came, px. */
  image: Float64Array;
  /** The same after the Gaussian. */
  smoothed: Float64Array;
}

/** Rows of a track, both inside. */
interface RowRun {
  from: number;
  to: number;
}

const footLandmarks = [0, 1].map((side) =>
  FIT_POINTS.filter((point) => point.foot === side).map((point) => point.landmark),
);

/**
 * How surely the left and the right foot stand on each row, length x 2, 0 to 1: s of reference blazepose 11, smoothstep((1.5
 * v0 - v) / v0) of the image speed v of a foot's three landmarks around the row. On the row on which a foot comes down that
 * speed still has the swing in it, so such a row is looked for: the foot came fast and lies still from there on.
 */
export function findStanding(evidence: StandingEvidence, out: Float64Array): void {
  const { stillSpeed: still, strikeSpeed: fast } = FIT_WEIGHTS.standing;
  for (let row = 0; row < evidence.length; row++) {
    const around = { from: isLinked(evidence, row) ? row - 1 : row, to: isLinked(evidence, row + 1) ? row + 1 : row };
    if (around.from === around.to) continue;
    const size = evidence.sizes[row]!;
    const standing = (speed: number) => smoothstep(1.5 - speed / (still * size));
    footLandmarks.forEach((landmarks, side) => {
      const stands = standing(speedAround(evidence, landmarks, around));
      out[row * 2 + side] = stands;
      if (stands === 1) return;
      const after = runSpeed(evidence, landmarks, runFrom(evidence, row, 1));
      const before = runSpeed(evidence, landmarks, runFrom(evidence, row, -1));
      if (after === undefined || before === undefined) return;
      const strikes = standing(after) * smoothstep(before / (fast * size) - 1);
      out[row * 2 + side] = Math.max(stands, strikes);
    });
  }
}

function isLinked({ linked, length }: StandingEvidence, row: number): boolean {
  return row > 0 && row < length && linked[row] === 1;
}

/** Mean image speed of smoothed landmarks between the ends of a run, px/s. */
function speedAround({ seconds, smoothed }: StandingEvidence, landmarks: readonly number[], run: RowRun): number {
  const time = seconds[run.to]! - seconds[run.from]!;
  let speed = 0;
  for (const landmark of landmarks) {
    const a = (run.from * LANDMARK_COUNT + landmark) * 2;
    const b = (run.to * LANDMARK_COUNT + landmark) * 2;
    speed += Math.hypot(smoothed[b]! - smoothed[a]!, smoothed[b + 1]! - smoothed[a + 1]!) / time / landmarks.length;
  }
  return speed;
}

/** The run of the table's length that goes forth (1) or back (-1) from a row; undefined where the track ends within it. */
function runFrom(evidence: StandingEvidence, row: number, direction: 1 | -1): RowRun | undefined {
  const { seconds } = evidence;
  let end = row;
  while (Math.abs(seconds[end]! - seconds[row]!) < FIT_WEIGHTS.standing.strikeRun - 1e-6) {
    if (!isLinked(evidence, direction > 0 ? end + 1 : end)) return undefined;
    end += direction;
  }
  return direction > 0 ? { from: row, to: end } : { from: end, to: row };
}

/**
 * Mean image speed of the straight lines through the landmarks of a run, px/s: as they came, because a Gaussian would
 * bring the swing into the run. Undefined for fewer than three rows.
 */
function runSpeed(
  { seconds, image }: StandingEvidence,
  landmarks: readonly number[],
  run: RowRun | undefined,
): number | undefined {
  if (!run || run.to - run.from < 2) return undefined;
  const middle = seconds.subarray(run.from, run.to + 1).reduce((sum, time) => sum + time, 0) / (run.to - run.from + 1);
  let spread = 0;
  for (let row = run.from; row <= run.to; row++) spread += (seconds[row]! - middle) ** 2;
  let speed = 0;
  for (const landmark of landmarks) {
    let [x, y] = [0, 0];
    for (let row = run.from; row <= run.to; row++) {
      const at = (row * LANDMARK_COUNT + landmark) * 2;
      x += (seconds[row]! - middle) * image[at]!;
      y += (seconds[row]! - middle) * image[at + 1]!;
    }
    speed += Math.hypot(x, y) / spread / landmarks.length;
  }
  return speed;
}
