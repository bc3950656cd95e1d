import { matrixToQuaternion, quaternionToMatrix, slerpQuaternions } from '#core/body/rotations';
import { copyPoseRows, GROUP_COUNT, type PoseRows } from './parameters';
import { FIT_WEIGHTS } from './weights';

/** How far a row can be believed when the fit starts. */
export const ROW_TRUST = { nothing: 0, weak: 1, strong: 2 } as const;

/**
 * Gives rows that show little (covered, somebody else's landmarks, nobody) a start between their neighbours instead of
 * one from what they show: turns and moves evenly from the strong row before to the strong row after. Where there is no
 * strong row on one side or they are too far apart, weak rows keep their own start and empty ones repeat the nearest.
 * `trust` has a value of {@link ROW_TRUST} for each row; rows [from, to) are looked at.
 */
export function bridgeRows(poses: PoseRows, seconds: Float64Array, trust: Uint8Array, from: number, to: number): void {
  let before = -1;
  for (let row = from; row <= to; row++) {
    if (row < to && trust[row] !== ROW_TRUST.strong) continue;
    const after = row < to ? row : -1;
    const near = before >= 0 && after >= 0 && seconds[after]! - seconds[before]! <= FIT_WEIGHTS.start.longestBridge;
    for (let between = before < 0 ? from : before + 1; between < row; between++) {
      if (near) interpolateRow(poses, seconds, before, after, between);
      else if (trust[between] === ROW_TRUST.nothing) repeatNearest(poses, seconds, trust, between, from, to);
    }
    before = after;
  }
}

const a = [1, 0, 0, 0];
const b = [1, 0, 0, 0];
const middle = [1, 0, 0, 0];

function interpolateRow(poses: PoseRows, seconds: Float64Array, before: number, after: number, row: number): void {
  const { rotations, translations } = poses;
  const share = (seconds[row]! - seconds[before]!) / (seconds[after]! - seconds[before]!);
  for (let group = 0; group < GROUP_COUNT; group++) {
    matrixToQuaternion(rotations, a, (before * GROUP_COUNT + group) * 9);
    matrixToQuaternion(rotations, b, (after * GROUP_COUNT + group) * 9);
    slerpQuaternions(a, b, share, middle);
    quaternionToMatrix(middle, rotations, 0, (row * GROUP_COUNT + group) * 9);
  }
  for (let c = 0; c < 3; c++) {
    translations[row * 3 + c] = (1 - share) * translations[before * 3 + c]! + share * translations[after * 3 + c]!;
  }
}

function repeatNearest(
  poses: PoseRows,
  seconds: Float64Array,
  trust: Uint8Array,
  row: number,
  from: number,
  to: number,
): void {
  let nearest = -1;
  for (let other = from; other < to; other++) {
    if (trust[other] === ROW_TRUST.nothing) continue;
    const distance = Math.abs(seconds[other]! - seconds[row]!);
    if (nearest < 0 || distance < Math.abs(seconds[nearest]! - seconds[row]!)) nearest = other;
  }
  if (nearest >= 0) copyPoseRows(poses, nearest, poses, row, 1);
}
