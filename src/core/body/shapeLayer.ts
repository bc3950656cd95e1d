import { BETA_COUNT } from './bodyModel';
import { type JointTemplate, restJoints } from './kinematics';
import type { Numbers } from './rotations';
import { JOINT } from './skeleton';

/** Rows of estimated motion as far as the shape reaches into them. */
export interface ShapeRows {
  length: number;
  present: Uint8Array;
  /** length x 3, m, camera axes: posed pelvis = rest pelvis of the betas + translation. */
  translations: Float32Array;
}

const LEGS = [
  [JOINT.leftHip, JOINT.leftKnee],
  [JOINT.leftKnee, JOINT.leftAnkle],
  [JOINT.rightHip, JOINT.rightKnee],
  [JOINT.rightKnee, JOINT.rightAnkle],
] as const;

/** Thighs and shins together, m. */
function legLength(joints: Numbers): number {
  let sum = 0;
  for (const [from, to] of LEGS) {
    const [a, b] = [from * 3, to * 3];
    sum += Math.hypot(joints[b]! - joints[a]!, joints[b + 1]! - joints[a + 1]!, joints[b + 2]! - joints[a + 2]!);
  }
  return sum;
}

/** Estimated betas with those that a human set in their place; 10. */
export function editedBetas(estimate: Numbers, edit: Numbers): Float32Array {
  return Float32Array.from({ length: BETA_COUNT }, (_, k) => edit[k] ?? estimate[k] ?? 0);
}

/**
 * Translations for another shape (decision 0015). One picture does not say how large somebody is: a body that is larger
 * by a factor and farther away by the same looks the same. So the pelvis moves along its ray from the camera by the ratio
 * of the legs' lengths: feet stay where they are in the picture and on the ground, and steps grow with the legs.
 * @param before betas of each row as they were estimated
 * @param after betas of all rows as they are shown
 */
export function reshapedTranslations(
  template: JointTemplate,
  rows: ShapeRows,
  before: (row: number) => Numbers,
  after: Numbers,
): Float32Array {
  const translations = rows.translations.slice();
  const shown = restJoints(template, after);
  const legs = legLength(shown);
  let estimated: Float64Array = new Float64Array(0);
  let known: Numbers | undefined;
  for (let row = 0; row < rows.length; row++) {
    if (rows.present[row] !== 1) continue;
    const betas = before(row);
    if (betas !== known) estimated = restJoints(template, betas);
    known = betas;
    const ratio = legs / Math.max(1e-6, legLength(estimated));
    for (let axis = 0; axis < 3; axis++) {
      const pelvis = estimated[axis]! + rows.translations[row * 3 + axis]!;
      translations[row * 3 + axis] = ratio * pelvis - shown[axis]!;
    }
  }
  return translations;
}
