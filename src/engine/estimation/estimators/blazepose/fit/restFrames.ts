import { JOINT } from '#core/body/skeleton';
import { LANDMARK } from '../observation';
import { type FitSkeleton, pointOfLandmark } from './points';
import { add, middle, subtract, type Vector3, vectorAt } from './vectors';

/** A limb of two bones with a hinge between them. */
export interface RestLimb {
  /** Joints: shoulder or hip, elbow or knee, wrist or ankle. */
  joints: readonly [number, number, number];
  /** BlazePose landmarks of the three. */
  landmarks: readonly [number, number, number];
  /** Upper and lower bone of the T-pose. */
  upper: Vector3;
  lower: Vector3;
  /** Axis about which the T-pose's hinge bends: n = upper x lower when bent. */
  hinge: Vector3;
  /** Joint that the limb hangs from. */
  parent: number;
}

/** A foot or a hand: two directions that give its rotation. */
export interface RestEnd {
  joint: number;
  /** T-pose directions: heel to toe and heel to ankle, or wrist to hand and pinky to index. */
  along: Vector3;
  across: Vector3;
}

/** Directions of the T-pose that the closed form compares landmarks with. */
export interface RestFrames {
  hips: Vector3;
  shoulders: Vector3;
  /** Middle of the hips to middle of the shoulders. */
  trunk: Vector3;
  /** Pelvis joint from the middle of the hips. */
  pelvisFromHips: Vector3;
  ears: Vector3;
  nose: Vector3;
  /** Collar to shoulder, left and right. */
  collars: readonly [Vector3, Vector3];
  arms: readonly [RestLimb, RestLimb];
  legs: readonly [RestLimb, RestLimb];
  hands: readonly [RestEnd, RestEnd];
  feet: readonly [RestEnd, RestEnd];
}

function limb(
  skeleton: FitSkeleton,
  joints: [number, number, number],
  landmarks: [number, number, number],
  hinge: Vector3,
): RestLimb {
  const [a, b, c] = joints.map((joint) => vectorAt(skeleton.joints, joint * 3));
  return {
    joints,
    landmarks,
    upper: subtract(b!, a!),
    lower: subtract(c!, b!),
    hinge,
    parent: skeleton.parents[joints[0]]!,
  };
}

/** Directions of a skeleton at rest. */
export function restFramesOf(skeleton: FitSkeleton): RestFrames {
  const joint = (index: number): Vector3 => vectorAt(skeleton.joints, index * 3);
  const offset = (landmark: number): Vector3 => vectorAt(skeleton.offsets, pointOfLandmark(landmark) * 3);
  const hipMiddle = middle(joint(JOINT.leftHip), joint(JOINT.rightHip));
  const foot = (ankle: number, toeJoint: number, heelPoint: number, toePoint: number): RestEnd => {
    const heel = add(joint(ankle), offset(heelPoint));
    const toe = add(joint(toeJoint), offset(toePoint));
    return { joint: ankle, along: subtract(toe, heel), across: subtract(joint(ankle), heel) };
  };
  const hand = (wrist: number, knuckles: number): RestEnd => ({
    joint: wrist,
    along: subtract(joint(knuckles), joint(wrist)),
    across: [0, 0, 1],
  });
  const l = LANDMARK;
  return {
    hips: subtract(joint(JOINT.leftHip), joint(JOINT.rightHip)),
    shoulders: subtract(joint(JOINT.leftShoulder), joint(JOINT.rightShoulder)),
    trunk: subtract(middle(joint(JOINT.leftShoulder), joint(JOINT.rightShoulder)), hipMiddle),
    pelvisFromHips: subtract(joint(JOINT.pelvis), hipMiddle),
    ears: subtract(offset(l.leftEar), offset(l.rightEar)),
    nose: subtract(offset(l.nose), middle(offset(l.leftEar), offset(l.rightEar))),
    collars: [
      subtract(joint(JOINT.leftShoulder), joint(JOINT.leftCollar)),
      subtract(joint(JOINT.rightShoulder), joint(JOINT.rightCollar)),
    ],
    arms: [
      limb(skeleton, [16, 18, 20], [l.leftShoulder, l.leftElbow, l.leftWrist], [0, -1, 0]),
      limb(skeleton, [17, 19, 21], [l.rightShoulder, l.rightElbow, l.rightWrist], [0, 1, 0]),
    ],
    legs: [
      limb(skeleton, [1, 4, 7], [l.leftHip, l.leftKnee, l.leftAnkle], [1, 0, 0]),
      limb(skeleton, [2, 5, 8], [l.rightHip, l.rightKnee, l.rightAnkle], [1, 0, 0]),
    ],
    hands: [hand(JOINT.leftWrist, JOINT.leftHand), hand(JOINT.rightWrist, JOINT.rightHand)],
    feet: [
      foot(JOINT.leftAnkle, JOINT.leftFoot, l.leftHeel, l.leftFootIndex),
      foot(JOINT.rightAnkle, JOINT.rightFoot, l.rightHeel, l.rightFootIndex),
    ],
  };
}
