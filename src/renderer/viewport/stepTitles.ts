import type { BodyStep } from '#core/body/bodySteps';

/** Names of SMPL's steps with their numbers. */
export const STEP_TITLES: Readonly<Record<BodyStep, string>> = {
  template: '1 Template',
  shaped: '2 Shaped',
  joints: '3 Joints',
  corrected: '4 Pose-corrected',
  posed: '5 Posed',
  skinned: '6 Skinned',
};

/** What each step adds. */
export const STEP_NOTES: Readonly<Record<BodyStep, string>> = {
  template: 'the mean body',
  shaped: 'plus betas',
  joints: 'regressed from the shape',
  corrected: 'plus correctives of the pose',
  posed: 'skeleton turned, skin not yet',
  skinned: 'skin follows the joints',
};
