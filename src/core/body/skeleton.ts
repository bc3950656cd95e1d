/** Number of joints of an SMPL-format body. */
export const JOINT_COUNT = 24;

/** Names of the 24 SMPL joints in file order (reference vibe-smpl 7.3, spelled as identifiers). */
export const JOINT_NAMES = [
  'pelvis',
  'leftHip',
  'rightHip',
  'spine1',
  'leftKnee',
  'rightKnee',
  'spine2',
  'leftAnkle',
  'rightAnkle',
  'spine3',
  'leftFoot',
  'rightFoot',
  'neck',
  'leftCollar',
  'rightCollar',
  'head',
  'leftShoulder',
  'rightShoulder',
  'leftElbow',
  'rightElbow',
  'leftWrist',
  'rightWrist',
  'leftHand',
  'rightHand',
] as const;

/** One of {@link JOINT_NAMES}. */
export type JointName = (typeof JOINT_NAMES)[number];

/** Joint index by name: `JOINT.leftKnee === 4`. */
export const JOINT: Readonly<Record<JointName, number>> = {
  pelvis: 0,
  leftHip: 1,
  rightHip: 2,
  spine1: 3,
  leftKnee: 4,
  rightKnee: 5,
  spine2: 6,
  leftAnkle: 7,
  rightAnkle: 8,
  spine3: 9,
  leftFoot: 10,
  rightFoot: 11,
  neck: 12,
  leftCollar: 13,
  rightCollar: 14,
  head: 15,
  leftShoulder: 16,
  rightShoulder: 17,
  leftElbow: 18,
  rightElbow: 19,
  leftWrist: 20,
  rightWrist: 21,
  leftHand: 22,
  rightHand: 23,
};

/** Parent of each joint, -1 for the pelvis. Parents come before children, so index order is topological. */
export const JOINT_PARENTS: readonly number[] = [
  -1, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 12, 13, 14, 16, 17, 18, 19, 20, 21,
];

/**
 * The joint on the other side of the body; centre joints are their own mirror. To mirror a pose left to right, permute
 * the joints by this table and negate the y and z components of each axis-angle (reference vibe-smpl 7.7).
 */
export const JOINT_MIRROR: readonly number[] = [
  0, 2, 1, 3, 5, 4, 6, 8, 7, 9, 11, 10, 12, 14, 13, 15, 17, 16, 19, 18, 21, 20, 23, 22,
];

/** Joints from `joint` up to the pelvis, `joint` first. */
export function ancestorsOf(joint: number, parents: readonly number[] = JOINT_PARENTS): number[] {
  const chain: number[] = [];
  for (let at = joint; at >= 0; at = parents[at] ?? -1) chain.push(at);
  return chain;
}
