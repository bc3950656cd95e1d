import { axisAngleToMatrix } from '#core/body/rotations';
import type { PersonMotion } from '../../../estimator';
import { confidenceOfRow } from './confidence';
import type { EvidenceRows } from './evidenceRows';
import { createFrameScratch, evaluatePoints } from './kinematics';
import type { LandmarkRows } from './landmarkRows';
import { GROUP_COUNT, GROUP_OF_JOINT, ROTATION_GROUPS } from './parameters';
import { type FitSkeleton, POINT_COUNT } from './points';
import { rotationLogarithm } from './rotationSteps';
import type { FitSpan, HeldRows } from './windows';

/** Motion over frames [from, to) in which nobody is seen yet. */
export function emptyMotion(changed: { from: number; to: number }, previous: PersonMotion | undefined): PersonMotion {
  const length = changed.to - changed.from;
  return {
    start: changed.from,
    length,
    present: new Uint8Array(length),
    poses: new Float32Array(length * 72),
    translations: new Float32Array(length * 3),
    betas: previous ? Float32Array.from(previous.betas) : new Float32Array(10),
    confidences: new Float32Array(length),
  };
}

/**
 * Puts up to two rows of standing motion on each side of a span into its poses, where they touch it without a gap, and
 * says how many there are.
 */
export function holdRows(
  previous: PersonMotion,
  landmarks: LandmarkRows,
  evidence: EvidenceRows,
  trackStart: number,
  span: FitSpan,
  skeleton: FitSkeleton,
): HeldRows {
  const held: HeldRows = { before: 0, after: 0 };
  const hold = (row: number): boolean => {
    const at = trackStart + (landmarks.trackRows[row] ?? 0) - previous.start;
    if (row < 0 || row >= landmarks.length || at < 0 || at >= previous.length || !previous.present[at]) return false;
    ROTATION_GROUPS.forEach((joints, group) => {
      axisAngleToMatrix(
        previous.poses,
        span.poses.rotations,
        at * 72 + joints[0]! * 3,
        (row * GROUP_COUNT + group) * 9,
      );
    });
    for (let c = 0; c < 3; c++) {
      span.poses.translations[row * 3 + c] = previous.translations[at * 3 + c]! + skeleton.joints[c]!;
    }
    return true;
  };
  while (held.before < 2 && evidence.linked[span.from - held.before] && hold(span.from - held.before - 1))
    held.before++;
  while (held.after < 2 && evidence.linked[span.to + held.after] && hold(span.to + held.after)) held.after++;
  return held;
}

/** Writes the fitted rows of a span as SMPL motion with its confidences. */
export function writeRows(
  motion: PersonMotion,
  landmarks: LandmarkRows,
  span: FitSpan,
  skeleton: FitSkeleton,
  trackStart: number,
): void {
  const { poses, evidence } = span;
  const scratch = createFrameScratch();
  const points = new Float64Array(evidence.length * POINT_COUNT * 3);
  const logarithm = new Float64Array(3);
  for (let row = span.from; row < span.to; row++) {
    const at = trackStart + landmarks.trackRows[row]! - motion.start;
    motion.present[at] = 1;
    for (let joint = 0; joint < 24; joint++) {
      const group = GROUP_OF_JOINT[joint]!;
      if (group < 0) continue;
      rotationLogarithm(poses.rotations, (row * GROUP_COUNT + group) * 9, logarithm, 0);
      motion.poses.set(logarithm, at * 72 + joint * 3);
    }
    for (let c = 0; c < 3; c++) {
      motion.translations[at * 3 + c] = poses.translations[row * 3 + c]! - skeleton.joints[c]!;
    }
    evaluatePoints(skeleton, poses, row, scratch, points);
    motion.confidences[at] = confidenceOfRow(evidence, row, points, poses.translations, span.focal);
  }
}
