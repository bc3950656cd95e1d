import type { ExportPerson } from './exportClip';

/**
 * Bone names by SMPL joint index (reference export-formats section 3, "Skeleton naming presets"). Renaming is not
 * retargeting: the rest axes stay those of SMPL.
 */
const NAMINGS = {
  smpl: [
    ...['Pelvis', 'L_Hip', 'R_Hip', 'Spine1', 'L_Knee', 'R_Knee', 'Spine2', 'L_Ankle', 'R_Ankle', 'Spine3'],
    ...['L_Foot', 'R_Foot', 'Neck', 'L_Collar', 'R_Collar', 'Head', 'L_Shoulder', 'R_Shoulder'],
    ...['L_Elbow', 'R_Elbow', 'L_Wrist', 'R_Wrist', 'L_Hand', 'R_Hand'],
  ],
  humanik: [
    ...['Hips', 'LeftUpLeg', 'RightUpLeg', 'Spine', 'LeftLeg', 'RightLeg', 'Spine1', 'LeftFoot', 'RightFoot', 'Spine2'],
    ...['LeftToeBase', 'RightToeBase', 'Neck', 'LeftShoulder', 'RightShoulder', 'Head', 'LeftArm', 'RightArm'],
    ...['LeftForeArm', 'RightForeArm', 'LeftHand', 'RightHand', 'LeftHandMiddle1', 'RightHandMiddle1'],
  ],
  unreal: [
    ...['pelvis', 'thigh_l', 'thigh_r', 'spine_01', 'calf_l', 'calf_r', 'spine_02', 'foot_l', 'foot_r', 'spine_03'],
    ...['ball_l', 'ball_r', 'neck_01', 'clavicle_l', 'clavicle_r', 'head', 'upperarm_l', 'upperarm_r'],
    ...['lowerarm_l', 'lowerarm_r', 'hand_l', 'hand_r', 'middle_01_l', 'middle_01_r'],
  ],
  unity: [
    ...['Hips', 'LeftUpperLeg', 'RightUpperLeg', 'Spine', 'LeftLowerLeg', 'RightLowerLeg', 'Chest', 'LeftFoot'],
    ...['RightFoot', 'UpperChest', 'LeftToes', 'RightToes', 'Neck', 'LeftShoulder', 'RightShoulder', 'Head'],
    ...['LeftUpperArm', 'RightUpperArm', 'LeftLowerArm', 'RightLowerArm', 'LeftHand', 'RightHand'],
    ...['LeftHandMiddle', 'RightHandMiddle'],
  ],
} as const;

/** A set of bone names. */
export type JointNaming = keyof typeof NAMINGS;

/** Ids of the sets, for options. */
export const JOINT_NAMINGS = ['smpl', 'humanik', 'unreal', 'unity'] as const satisfies readonly JointNaming[];

/**
 * Bone names of a person in joint order. With several people in a file each name begins with `P{number}_`: many readers
 * bind motion to bones by name alone. A skeleton that is not SMPL's keeps the clip's own names.
 */
export function boneNames(person: ExportPerson, naming: JointNaming, severalPeople: boolean): string[] {
  const table: readonly string[] = NAMINGS[naming];
  const names = table.length === person.parents.length ? table : person.jointNames;
  const prefix = severalPeople ? `P${person.number}_` : '';
  return names.map((name) => `${prefix}${name}`);
}
