import type { BodyModel } from './bodyModel';
import { multiplyMatrices, transformVector } from './matrices';
import type { Numbers, NumbersOut } from './rotations';
import { axisAngleToMatrix } from './rotations';

/**
 * The joint regressor applied once to template and shape directions: rest joints are affine in betas, so a fitter never
 * needs vertices for them.
 */
export interface JointTemplate {
  jointCount: number;
  shapeCount: number;
  /** jointCount * 3, m, betas 0. */
  joints: Float64Array;
  /** shapeCount x (jointCount * 3), m per unit of beta. */
  directions: Float64Array;
}

/** Regresses one field of V * 3 numbers starting at `offset` to 24 * 3. */
function regress(body: BodyModel, field: Numbers, offset: number, out: Float64Array, outOffset: number): void {
  const { rowStarts, columns, values } = body.jointRegressor;
  for (let joint = 0; joint + 1 < rowStarts.length; joint++) {
    for (let k = rowStarts[joint]!; k < rowStarts[joint + 1]!; k++) {
      const at = offset + columns[k]! * 3;
      const value = values[k]!;
      for (let c = 0; c < 3; c++) out[outOffset + joint * 3 + c]! += value * field[at + c]!;
    }
  }
}

/** Builds the {@link JointTemplate} of a body model. */
export function createJointTemplate(body: BodyModel): JointTemplate {
  const jointCount = body.parents.length;
  const joints = new Float64Array(jointCount * 3);
  const directions = new Float64Array(body.shapeCount * jointCount * 3);
  regress(body, body.template, 0, joints, 0);
  for (let k = 0; k < body.shapeCount; k++) {
    regress(body, body.shapeDirections, k * body.vertexCount * 3, directions, k * jointCount * 3);
  }
  return { jointCount, shapeCount: body.shapeCount, joints, directions };
}

/** Rest joints (jointCount * 3, m) for betas; missing betas count as 0. */
export function restJoints(template: JointTemplate, betas: Numbers, out?: Float64Array): Float64Array {
  const size = template.jointCount * 3;
  const joints = out ?? new Float64Array(size);
  joints.set(template.joints);
  const count = Math.min(betas.length, template.shapeCount);
  for (let k = 0; k < count; k++) {
    const beta = betas[k]!;
    if (beta === 0) continue;
    for (let c = 0; c < size; c++) joints[c]! += beta * template.directions[k * size + c]!;
  }
  return joints;
}

/** Result of {@link forwardKinematics}. */
export interface GlobalTransforms {
  /** jointCount * 9, row-major global rotations. */
  rotations: Float64Array;
  /** jointCount * 3, posed joints, m. */
  positions: Float64Array;
}

/** Room for the global transforms of one pose, to be reused between frames. */
export function createGlobalTransforms(jointCount: number): GlobalTransforms {
  return { rotations: new Float64Array(jointCount * 9), positions: new Float64Array(jointCount * 3) };
}

/**
 * Chains local rotations down the tree (step 5 of reference vibe-smpl 7.4): the root turns about its own rest joint,
 * every other joint hangs from its parent by its rest offset.
 * @param joints rest joints, jointCount * 3, m
 * @param localRotations row-major matrices of this pose, starting at `offset`
 */
export function forwardKinematics(
  parents: readonly number[],
  joints: Numbers,
  localRotations: Numbers,
  out: GlobalTransforms,
  offset = 0,
): void {
  const { rotations, positions } = out;
  const bone = [0, 0, 0];
  for (let joint = 0; joint < parents.length; joint++) {
    const parent = parents[joint]!;
    if (parent < 0) {
      for (let k = 0; k < 9; k++) rotations[joint * 9 + k] = localRotations[offset + joint * 9 + k]!;
      for (let c = 0; c < 3; c++) positions[joint * 3 + c] = joints[joint * 3 + c]!;
      continue;
    }
    multiplyMatrices(rotations, localRotations, rotations, parent * 9, offset + joint * 9, joint * 9);
    for (let c = 0; c < 3; c++) bone[c] = joints[joint * 3 + c]! - joints[parent * 3 + c]!;
    transformVector(rotations, bone, positions, parent * 9, 0, joint * 3);
    for (let c = 0; c < 3; c++) positions[joint * 3 + c]! += positions[parent * 3 + c]!;
  }
}

/**
 * Affine maps from rest to posed space, 3x4 row-major per joint (12 numbers), written at `outOffset`: rotation and
 * translation t = posed joint - rotation * rest joint (A of step 5).
 */
export function skinTransforms(joints: Numbers, transforms: GlobalTransforms, out: NumbersOut, outOffset = 0): void {
  const { rotations, positions } = transforms;
  const jointCount = positions.length / 3;
  for (let joint = 0; joint < jointCount; joint++) {
    for (let row = 0; row < 3; row++) {
      const at = outOffset + joint * 12 + row * 4;
      let moved = positions[joint * 3 + row]!;
      for (let c = 0; c < 3; c++) {
        const value = rotations[joint * 9 + row * 3 + c]!;
        out[at + c] = value;
        moved -= value * joints[joint * 3 + c]!;
      }
      out[at + 3] = moved;
    }
  }
}

/** Local rotation matrices (count * 9) of `count` axis-angle vectors, row-major. */
export function rotationsFromAxisAngles(axisAngles: Numbers, out?: Float64Array): Float64Array {
  const count = Math.floor(axisAngles.length / 3);
  const rotations = out ?? new Float64Array(count * 9);
  for (let k = 0; k < count; k++) axisAngleToMatrix(axisAngles, rotations, k * 3, k * 9);
  return rotations;
}
