import type { BodyModel } from '#core/body/bodyModel';
import type { PersonMotion } from '#engine/estimation/estimator';
import { fitTrack } from '#engine/estimation/estimators/blazepose/fit/fitTrack';
import { jointDistances, jointsOf, type SyntheticClip } from './syntheticTrack';

/** SMPL indices of the 12 limb joints. */
const limbs = [1, 2, 4, 5, 7, 8, 16, 17, 18, 19, 20, 21];

/** Fits a made-up clip, or a span of it. */
export function fitClip(
  body: BodyModel,
  clip: SyntheticClip,
  changed?: { from: number; to: number },
  previous?: PersonMotion,
): Promise<PersonMotion> {
  const { track, camera } = clip;
  const span = changed ?? { from: track.start, to: track.start + track.length };
  const pause = () => Promise.resolve();
  return fitTrack({ track, camera, body, changed: span, pause, ...(previous ? { previous } : {}) });
}

/** Distances of limb joints from where they really are, m. */
export function placeErrors(body: BodyModel, clip: SyntheticClip, motion: PersonMotion, rows?: readonly number[]) {
  return jointDistances(jointsOf(body, motion), clip.joints, rows, limbs);
}

/** The same with both pelvises on each other: how right the pose is apart from where it stands. */
export function poseErrors(body: BodyModel, clip: SyntheticClip, motion: PersonMotion, rows?: readonly number[]) {
  const own = jointsOf(body, motion);
  const aboutPelvis = (joints: Float64Array): Float64Array =>
    joints.map((value, at) => value - joints[Math.floor(at / 72) * 72 + (at % 3)]!);
  return jointDistances(aboutPelvis(own), aboutPelvis(clip.joints), rows, limbs);
}
