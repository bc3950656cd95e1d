import type { BodyModel } from '#core/body/bodyModel';
import {
  createGlobalTransforms,
  createJointTemplate,
  forwardKinematics,
  restJoints,
  rotationsFromAxisAngles,
} from '#core/body/kinematics';
import { multiplyMatrices } from '#core/body/matrices';
import { matrixToAxisAngle } from '#core/body/rotations';
import { JOINT, JOINT_COUNT } from '#core/body/skeleton';
import { type Dancer, SAMPLE_FRAMES, SAMPLE_RATE } from './choreography';
import { axisAnglesOf } from './poses';

/** Motion of a dancer in scene axes (y up, floor at 0, m): SMPL parameters for every frame of the clip. */
export interface SceneMotion {
  /** frames x 72, rad. */
  poses: Float64Array;
  /** frames x 3: SMPL trans, m. */
  translations: Float64Array;
}

/** Joints that can carry the weight: ball and heel of the left foot, then of the right. */
const SUPPORT_JOINTS = [JOINT.leftFoot, JOINT.leftAnkle, JOINT.rightFoot, JOINT.rightAnkle] as const;

/** The other foot must be this much lower before the weight changes over to it, m. */
const CHANGE_OVER = 0.012;

/** Index in SUPPORT_JOINTS of what carries the weight, from heights above the floor and the foot that carried before. */
function standingOn(heights: readonly number[], before: 'left' | 'right' | undefined): number {
  const [leftBall = 0, leftHeel = 0, rightBall = 0, rightHeel = 0] = heights;
  const [left, right] = [Math.min(leftBall, leftHeel), Math.min(rightBall, rightHeel)];
  const bias = before === 'left' ? CHANGE_OVER : before === 'right' ? -CHANGE_OVER : 0;
  if (left - bias <= right) return leftBall <= leftHeel ? 0 : 1;
  return rightBall <= rightHeel ? 2 : 3;
}

/** Turns the root by `heading` degrees about y, in front of the pose's own root rotation. */
function turnRoot(rotations: Float64Array, heading: number): void {
  const angle = (heading * Math.PI) / 180;
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  multiplyMatrices([c, 0, s, 0, 1, 0, -s, 0, c], rotations.slice(0, 9), rotations);
}

/**
 * Poses a dancer and lets the feet carry it: on every frame the body moves so that the lower foot stays where it stood,
 * so feet that stand do not slide, whatever the poses are.
 */
export function danceMotion(body: BodyModel, dancer: Dancer): SceneMotion {
  const rest = restJoints(createJointTemplate(body), dancer.betas);
  const transforms = createGlobalTransforms(JOINT_COUNT);
  const motion = { poses: new Float64Array(SAMPLE_FRAMES * 72), translations: new Float64Array(SAMPLE_FRAMES * 3) };
  const floor = lowestOf(body, dancer.betas);
  const clearance = SUPPORT_JOINTS.map((joint) => (rest[joint * 3 + 1] ?? 0) - floor);
  const place = [dancer.start[0], 0, dancer.start[1]];
  let before: Float64Array | undefined;
  let foot: 'left' | 'right' | undefined;
  for (let frame = dancer.from; frame < dancer.to; frame++) {
    const { pose, heading } = dancer.at((frame - dancer.from) / SAMPLE_RATE);
    const rotations = rotationsFromAxisAngles(axisAnglesOf(pose));
    turnRoot(rotations, heading);
    forwardKinematics(body.parents, rest, rotations, transforms);
    const joints = transforms.positions.slice();
    const heights = SUPPORT_JOINTS.map((joint, k) => (joints[joint * 3 + 1] ?? 0) - (clearance[k] ?? 0));
    const lowest = Math.min(...heights);
    const support = standingOn(heights, foot);
    foot = support < 2 ? 'left' : 'right';
    if (before) {
      const standing = SUPPORT_JOINTS[support] ?? SUPPORT_JOINTS[0];
      for (const axis of [0, 2]) {
        place[axis] = (place[axis] ?? 0) - (joints[standing * 3 + axis] ?? 0) + (before[standing * 3 + axis] ?? 0);
      }
    }
    before = joints;
    for (let joint = 0; joint < JOINT_COUNT; joint++) {
      matrixToAxisAngle(rotations, motion.poses, joint * 9, frame * 72 + joint * 3);
    }
    motion.translations.set([place[0] ?? 0, -lowest, place[2] ?? 0], frame * 3);
  }
  return motion;
}

function lowestOf(body: BodyModel, betas: readonly number[]): number {
  let lowest = Infinity;
  for (let vertex = 0; vertex < body.vertexCount; vertex++) {
    let y = body.template[vertex * 3 + 1] ?? 0;
    betas.forEach((beta, k) => {
      y += beta * (body.shapeDirections[(k * body.vertexCount + vertex) * 3 + 1] ?? 0);
    });
    lowest = Math.min(lowest, y);
  }
  return lowest;
}
