import type { BodyModel } from './bodyModel';
import {
  createGlobalTransforms,
  createJointTemplate,
  forwardKinematics,
  type JointTemplate,
  restJoints,
} from './kinematics';
import { transformVector } from './matrices';
import { addPoseCorrectives, type BodyPose, evaluateReference, shapedVertices } from './reference';
import { writeIdentity } from './rotations';

/**
 * The six steps in which an SMPL body comes about, as it is taught (reference vibe-smpl 7.4): the mean body; its shape by
 * betas; the joints regressed from it; the correctives of the pose, still unposed; the skeleton posed, the skin not yet;
 * the skin following the joints.
 */
export const BODY_STEPS = ['template', 'shaped', 'joints', 'corrected', 'posed', 'skinned'] as const;

/** One of {@link BODY_STEPS}. */
export type BodyStep = (typeof BODY_STEPS)[number];

/** A body as far as a step. */
export interface SteppedBody {
  /** V * 3, m. */
  vertices: Float64Array;
  /** 24 * 3, m. */
  joints: Float64Array;
  /** 24 * 9, global, row-major. */
  jointRotations: Float64Array;
}

const templates = new WeakMap<BodyModel, JointTemplate>();

/** Made once for a body: it costs a pass over all shape directions. */
function templateOf(body: BodyModel): JointTemplate {
  const template = templates.get(body) ?? createJointTemplate(body);
  templates.set(body, template);
  return template;
}

const NO_BETAS: readonly number[] = [];

/** Unposed vertices and joints of a step, in the body's own axes. */
function restOf(body: BodyModel, template: JointTemplate, pose: BodyPose, step: BodyStep) {
  const betas = step === 'template' ? NO_BETAS : pose.betas;
  const vertices = shapedVertices(body, betas);
  if (step === 'corrected' || step === 'posed') addPoseCorrectives(body, pose.rotations, vertices);
  return { vertices, joints: restJoints(template, betas) };
}

/** Turns points about `from` as the pelvis is turned and puts that place to `to`, in place. */
function placeRest(points: Float64Array, pose: BodyPose, from: readonly number[], to: readonly number[]): void {
  const away = [0, 0, 0];
  for (let at = 0; at < points.length; at += 3) {
    for (let axis = 0; axis < 3; axis++) away[axis] = points[at + axis]! - from[axis]!;
    transformVector(pose.rotations, away, points, 0, 0, at);
    for (let axis = 0; axis < 3; axis++) points[at + axis]! += to[axis]!;
  }
}

/**
 * A body as far as a step, in double precision by the reference kernel. What is not posed yet stands where the pelvis of
 * the posed body is and is turned as it is, so that the steps can be compared; nothing else of the pose is in it.
 */
export function bodyAtStep(body: BodyModel, pose: BodyPose, step: BodyStep): SteppedBody {
  const template = templateOf(body);
  const shaped = restJoints(template, pose.betas);
  const transforms = createGlobalTransforms(body.parents.length);
  forwardKinematics(body.parents, shaped, pose.rotations, transforms);
  const translation = [0, 1, 2].map((axis) => pose.translation?.[axis] ?? 0);
  const posedJoints = transforms.positions.map((value, at) => value + translation[at % 3]!);
  if (step === 'skinned') {
    return { ...evaluateReference(body, pose), jointRotations: transforms.rotations };
  }
  const { vertices, joints } = restOf(body, template, pose, step);
  const pelvis = Array.from(joints.subarray(0, 3));
  const place = Array.from(posedJoints.subarray(0, 3));
  placeRest(vertices, pose, pelvis, place);
  if (step === 'posed') return { vertices, joints: posedJoints, jointRotations: transforms.rotations };
  placeRest(joints, pose, pelvis, place);
  const still = new Float64Array(pose.rotations.length);
  for (let joint = 0; joint * 9 < still.length; joint++) writeIdentity(still, joint * 9);
  for (let k = 0; k < 9; k++) still[k] = pose.rotations[k]!;
  forwardKinematics(body.parents, shaped, still, transforms);
  return { vertices, joints, jointRotations: transforms.rotations };
}
