import type { BodyModel } from './bodyModel';
import {
  createGlobalTransforms,
  createJointTemplate,
  forwardKinematics,
  restJoints,
  skinTransforms,
} from './kinematics';
import type { Numbers } from './rotations';

/** What poses a body: one frame. */
export interface BodyPose {
  /** Up to shapeCount numbers, standard deviations. */
  betas: Numbers;
  /** 24 * 9 local rotation matrices, row-major; joint 0 is the global orientation. */
  rotations: Numbers;
  /** Added to vertices and joints, m; none means zero. */
  translation?: Numbers;
}

/** A posed body. */
export interface PosedBody {
  /** V * 3, m. */
  vertices: Float64Array;
  /** 24 * 3, m. */
  joints: Float64Array;
}

/** Step 1: template plus shape offsets, V * 3, m. Missing betas count as 0. */
export function shapedVertices(body: BodyModel, betas: Numbers): Float64Array {
  const size = body.vertexCount * 3;
  const vertices = Float64Array.from(body.template);
  for (let k = 0; k < Math.min(betas.length, body.shapeCount); k++) {
    for (let c = 0; c < size; c++) vertices[c]! += betas[k]! * body.shapeDirections[k * size + c]!;
  }
  return vertices;
}

/** Step 4: adds the pose correctives of local rotations to `vertices` in place. */
export function addPoseCorrectives(body: BodyModel, rotations: Numbers, vertices: Float64Array): void {
  for (const block of body.poseCorrectives) {
    for (let n = 0; n < block.vertices.length; n++) {
      for (let c = 0; c < 3; c++) {
        let offset = 0;
        for (let f = 0; f < 9; f++) {
          const feature = rotations[block.joint * 9 + f]! - (f % 4 === 0 ? 1 : 0);
          offset += block.directions[(3 * n + c) * 9 + f]! * feature;
        }
        vertices[block.vertices[n]! * 3 + c]! += offset;
      }
    }
  }
}

/** Step 6: linear blend skinning of rest vertices by 24 affine maps (3x4 each). */
function skinVertices(body: BodyModel, rest: Float64Array, maps: Float64Array): Float64Array {
  const { influences, joints, weights } = body.skin;
  const vertices = new Float64Array(rest.length);
  for (let vertex = 0; vertex < body.vertexCount; vertex++) {
    for (let k = 0; k < influences; k++) {
      const weight = weights[vertex * influences + k]!;
      if (weight === 0) continue;
      const map = joints[vertex * influences + k]! * 12;
      for (let row = 0; row < 3; row++) {
        let value = maps[map + row * 4 + 3]!;
        for (let c = 0; c < 3; c++) value += maps[map + row * 4 + c]! * rest[vertex * 3 + c]!;
        vertices[vertex * 3 + row]! += weight * value;
      }
    }
  }
  return vertices;
}

/**
 * The six SMPL steps in double precision, written to be read (reference vibe-smpl 7.4). It is the truth that faster
 * kernels are tested against.
 */
export function evaluateReference(body: BodyModel, pose: BodyPose): PosedBody {
  const joints = restJoints(createJointTemplate(body), pose.betas);
  const transforms = createGlobalTransforms(body.parents.length);
  forwardKinematics(body.parents, joints, pose.rotations, transforms);
  const maps = new Float64Array(body.parents.length * 12);
  skinTransforms(joints, transforms, maps);
  const rest = shapedVertices(body, pose.betas);
  addPoseCorrectives(body, pose.rotations, rest);
  const vertices = skinVertices(body, rest, maps);
  const posedJoints = Float64Array.from(transforms.positions);
  const translation = pose.translation ?? [0, 0, 0];
  for (let at = 0; at < vertices.length; at++) vertices[at]! += translation[at % 3]!;
  for (let at = 0; at < posedJoints.length; at++) posedJoints[at]! += translation[at % 3]!;
  return { vertices, joints: posedJoints };
}
