import { type BodyLandmark, type BodyModel } from '#core/body/bodyModel';
import { createJointTemplate, restJoints } from '#core/body/kinematics';
import { JOINT } from '#core/body/skeleton';
import { AppError } from '#core/errors';
import { LANDMARK } from '../observation';
import { FIT_WEIGHTS } from './weights';

/** A point of the body that a landmark is fitted with. */
export interface FitPoint {
  /** Index of the BlazePose landmark. */
  landmark: number;
  /** Joint that carries the point. */
  joint: number;
  /** Surface point or offset from a joint; the joint itself when absent. */
  surface?: BodyLandmark;
  /** From the hand joint along z of the T-pose, m (index and pinky knuckles). */
  alongHand?: number;
  /** l of reference blazepose 11: how much the point counts. */
  weight: number;
  /** 0 left, 1 right for the three points of a foot that can stand, -1 for others. */
  foot: number;
}

const limbs: [number, number, number][] = [
  [LANDMARK.leftShoulder, JOINT.leftShoulder, 1],
  [LANDMARK.rightShoulder, JOINT.rightShoulder, 1],
  [LANDMARK.leftElbow, JOINT.leftElbow, 1],
  [LANDMARK.rightElbow, JOINT.rightElbow, 1],
  [LANDMARK.leftWrist, JOINT.leftWrist, 1],
  [LANDMARK.rightWrist, JOINT.rightWrist, 1],
  [LANDMARK.leftHip, JOINT.leftHip, 0.5],
  [LANDMARK.rightHip, JOINT.rightHip, 0.5],
  [LANDMARK.leftKnee, JOINT.leftKnee, 1],
  [LANDMARK.rightKnee, JOINT.rightKnee, 1],
];

const knuckle = 0.033;

/** The 23 fitted points in the order of every array of the fit. */
export const FIT_POINTS: readonly FitPoint[] = [
  ...limbs.map(([landmark, joint, weight]) => ({ landmark, joint, weight, foot: -1 })),
  { landmark: LANDMARK.leftAnkle, joint: JOINT.leftAnkle, weight: 1, foot: 0 },
  { landmark: LANDMARK.rightAnkle, joint: JOINT.rightAnkle, weight: 1, foot: 1 },
  { landmark: LANDMARK.nose, joint: JOINT.head, surface: 'nose', weight: 0.5, foot: -1 },
  { landmark: LANDMARK.leftEar, joint: JOINT.head, surface: 'leftEar', weight: 0.5, foot: -1 },
  { landmark: LANDMARK.rightEar, joint: JOINT.head, surface: 'rightEar', weight: 0.5, foot: -1 },
  { landmark: LANDMARK.leftHeel, joint: JOINT.leftAnkle, surface: 'leftHeel', weight: 0.5, foot: 0 },
  { landmark: LANDMARK.rightHeel, joint: JOINT.rightAnkle, surface: 'rightHeel', weight: 0.5, foot: 1 },
  { landmark: LANDMARK.leftFootIndex, joint: JOINT.leftFoot, surface: 'leftToe', weight: 0.5, foot: 0 },
  { landmark: LANDMARK.rightFootIndex, joint: JOINT.rightFoot, surface: 'rightToe', weight: 0.5, foot: 1 },
  { landmark: LANDMARK.leftIndex, joint: JOINT.leftHand, alongHand: knuckle, weight: 0.3, foot: -1 },
  { landmark: LANDMARK.rightIndex, joint: JOINT.rightHand, alongHand: knuckle, weight: 0.3, foot: -1 },
  { landmark: LANDMARK.leftPinky, joint: JOINT.leftHand, alongHand: -knuckle, weight: 0.3, foot: -1 },
  { landmark: LANDMARK.rightPinky, joint: JOINT.rightHand, alongHand: -knuckle, weight: 0.3, foot: -1 },
];

/** Number of fitted points. */
export const POINT_COUNT = FIT_POINTS.length;

/** Index in {@link FIT_POINTS} by BlazePose landmark; -1 for landmarks that are not fitted. */
export function pointOfLandmark(landmark: number): number {
  return FIT_POINTS.findIndex((point) => point.landmark === landmark);
}

/** Sources of surface points when the body does not name them: offsets from the carrying joint in m, T-pose. */
const usualOffsets: Partial<Record<BodyLandmark, readonly [number, number, number]>> = {
  nose: [0, 0.065, 0.12],
  leftEar: [0.075, 0.07, 0.0],
  rightEar: [-0.075, 0.07, 0.0],
  leftHeel: [0, -0.05, -0.05],
  rightHeel: [0, -0.05, -0.05],
  leftToe: [0.01, -0.01, 0.08],
  rightToe: [-0.01, -0.01, 0.08],
};

/** A body reduced to what the fit needs: joints and fitted points as affine functions of the first betas. */
export interface FitBody {
  parents: readonly number[];
  /** Number of betas that are fitted. */
  shapeCount: number;
  /** 24 x 3 rest joints at betas 0, m. */
  joints: Float64Array;
  /** shapeCount x 24 x 3, m per beta. */
  jointDirections: Float64Array;
  /** POINT_COUNT x 3: rest position of the point minus that of its joint, betas 0, m. */
  offsets: Float64Array;
  /** shapeCount x POINT_COUNT x 3, m per beta. */
  offsetDirections: Float64Array;
}

/**
 * Reduces a body model for the fit. Surface points follow their joint rigidly (skin weights there are near 1).
 * @throws AppError BODY_INVALID when the body does not have SMPL's 24 joints
 */
export function createFitBody(body: BodyModel): FitBody {
  if (body.parents.length !== 24) {
    throw new AppError('BODY_INVALID', `The body has ${body.parents.length} joints where SMPL's 24 are expected.`);
  }
  const template = createJointTemplate(body);
  const shapeCount = Math.min(FIT_WEIGHTS.shape.count, body.shapeCount);
  const fit: FitBody = {
    parents: body.parents,
    shapeCount,
    joints: template.joints,
    jointDirections: template.directions.slice(0, shapeCount * 72),
    offsets: new Float64Array(POINT_COUNT * 3),
    offsetDirections: new Float64Array(shapeCount * POINT_COUNT * 3),
  };
  FIT_POINTS.forEach((point, k) => {
    if (point.alongHand !== undefined) fit.offsets[k * 3 + 2] = point.alongHand;
    if (point.surface !== undefined) placeSurfacePoint(body, fit, k, point.joint, point.surface);
  });
  return fit;
}

function placeSurfacePoint(body: BodyModel, fit: FitBody, k: number, joint: number, surface: BodyLandmark): void {
  const vertex = body.landmarks?.[surface];
  for (let c = 0; c < 3; c++) {
    if (vertex === undefined) {
      fit.offsets[k * 3 + c] = usualOffsets[surface]?.[c] ?? 0;
      continue;
    }
    fit.offsets[k * 3 + c] = body.template[vertex * 3 + c]! - fit.joints[joint * 3 + c]!;
    for (let i = 0; i < fit.shapeCount; i++) {
      const direction = body.shapeDirections[(i * body.vertexCount + vertex) * 3 + c]!;
      fit.offsetDirections[(i * POINT_COUNT + k) * 3 + c] = direction - fit.jointDirections[(i * 24 + joint) * 3 + c]!;
    }
  }
}

/** Rest skeleton of a shape: what forward kinematics of the fit runs on. */
export interface FitSkeleton {
  parents: readonly number[];
  /** 24 x 3 rest joints, m. */
  joints: Float64Array;
  /** 24 x 3: rest joint minus its parent's; the pelvis has zeros. */
  bones: Float64Array;
  /** POINT_COUNT x 3: point minus its joint, rest, m. */
  offsets: Float64Array;
}

/** The skeleton of a shape (missing betas count as 0). */
export function skeletonOf(body: FitBody, betas: ArrayLike<number>): FitSkeleton {
  const template = {
    jointCount: 24,
    shapeCount: body.shapeCount,
    joints: body.joints,
    directions: body.jointDirections,
  };
  const joints = restJoints(template, betas);
  const offsets = Float64Array.from(body.offsets);
  const count = Math.min(betas.length, body.shapeCount);
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < offsets.length; c++) {
      offsets[c]! += betas[i]! * body.offsetDirections[i * offsets.length + c]!;
    }
  }
  return { parents: body.parents, joints, bones: bonesOf(body.parents, joints), offsets };
}

/** Bone vectors (24 x 3) of rest joints or of their derivatives. */
export function bonesOf(parents: readonly number[], joints: Float64Array): Float64Array {
  const bones = new Float64Array(72);
  for (let joint = 1; joint < 24; joint++) {
    for (let c = 0; c < 3; c++) bones[joint * 3 + c] = joints[joint * 3 + c]! - joints[parents[joint]! * 3 + c]!;
  }
  return bones;
}
