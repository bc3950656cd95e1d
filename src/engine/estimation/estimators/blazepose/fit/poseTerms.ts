import { JOINT } from '#core/body/skeleton';
import type { Equations } from './equations';
import { GROUP_COUNT, GROUP_OF_JOINT, type PoseRows, ROTATION_GROUPS, UNKNOWNS } from './parameters';
import { inverseRightJacobian, rotationLogarithm } from './rotationSteps';
import { FIT_WEIGHTS, PRIOR_DEVIATIONS } from './weights';

/** GROUP_COUNT x 3 weights 1/sd^2, times the joints that share the rotation; zero for the pelvis. */
const priorWeights = ((): Float64Array => {
  const weights = new Float64Array(GROUP_COUNT * 3);
  for (const { joints, deviation } of PRIOR_DEVIATIONS) {
    for (const joint of joints) {
      deviation.forEach((value, c) => {
        weights[GROUP_OF_JOINT[joint]! * 3 + c]! += 1 / value ** 2;
      });
    }
  }
  return weights;
})();

/** GROUP_COUNT x 3: +1 where the component must not be negative, -1 where it must not be positive, else 0. */
const limitSigns = ((): Float64Array => {
  const signs = new Float64Array(GROUP_COUNT * 3);
  signs[GROUP_OF_JOINT[JOINT.leftKnee]! * 3] = 1;
  signs[GROUP_OF_JOINT[JOINT.rightKnee]! * 3] = 1;
  signs[GROUP_OF_JOINT[JOINT.leftElbow]! * 3 + 1] = -1;
  signs[GROUP_OF_JOINT[JOINT.rightElbow]! * 3 + 1] = 1;
  return signs;
})();

const logarithm = new Float64Array(3);
const jacobian = new Float64Array(9);
const weights = new Float64Array(3);

/** Cost of prior and limits of one rotation; leaves `logarithm` and `weights` (per component, limits included). */
function weigh(poses: PoseRows, row: number, group: number): number {
  rotationLogarithm(poses.rotations, (row * GROUP_COUNT + group) * 9, logarithm, 0);
  let cost = 0;
  for (let c = 0; c < 3; c++) {
    const value = logarithm[c]!;
    const beyond = value * limitSigns[group * 3 + c]! < 0;
    weights[c] = priorWeights[group * 3 + c]! + (beyond ? 1 / FIT_WEIGHTS.limit.scale ** 2 : 0);
    cost += weights[c]! * value * value;
  }
  return cost;
}

/** Cost of the pose prior and the joint limits of one row. */
export function poseCost(poses: PoseRows, row: number): number {
  let cost = 0;
  for (let group = 1; group < GROUP_COUNT; group++) cost += weigh(poses, row, group);
  return cost;
}

/** The same with its normal equations, added to those of unknown frame `at` (rows before the first are held). */
export function addPoseTerms(poses: PoseRows, row: number, equations: Equations, at: number): number {
  const { values, gradient } = equations;
  const width = 3 * UNKNOWNS;
  let cost = 0;
  for (let group = 1; group < ROTATION_GROUPS.length; group++) {
    cost += weigh(poses, row, group);
    inverseRightJacobian(logarithm, 0, jacobian);
    for (let a = 0; a < 3; a++) {
      const w0 = weights[0]! * jacobian[a]!;
      const w1 = weights[1]! * jacobian[3 + a]!;
      const w2 = weights[2]! * jacobian[6 + a]!;
      gradient[at * UNKNOWNS + group * 3 + a]! += w0 * logarithm[0]! + w1 * logarithm[1]! + w2 * logarithm[2]!;
      const start = (at * UNKNOWNS + group * 3 + a) * width + 2 * UNKNOWNS + group * 3;
      for (let b = 0; b <= a; b++) {
        values[start + b]! += w0 * jacobian[b]! + w1 * jacobian[3 + b]! + w2 * jacobian[6 + b]!;
      }
    }
  }
  return cost;
}
