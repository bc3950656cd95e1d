import type { PinholeCamera } from '../camera/projection';
import { hipAlignedErrors, mean, procrustesErrors } from './jointErrors';
import { commonFrames, type JointSeries, LIMB_ANKLES } from './jointSeries';
import { accelerationError, jitterRatio, standingSkate } from './motionErrors';
import { type ImageSeries, reprojectionError } from './reprojection';

/** Figures of one person's motion against the truth, over the 12 limb joints. NaN where there was too little to judge. */
export interface MotionScore {
  /** Frames that both sides have. */
  frames: number;
  /** Share of the reference's frames that the estimate has. */
  coverage: number;
  /** mm. */
  paMpjpe: number;
  /** mm. */
  mpjpe: number;
  /** m/s2. */
  acceleration: number;
  /** The same as VIBE and 3DPW's authors count it, mm per frame squared. */
  accelerationPerFrame: number;
  /** mm, over vertices; only where both sides have meshes of the same topology. */
  pve?: number;
  /** Times the true jerk. */
  jitter: number;
  /** mm/s. */
  skate: number;
  /** Samples behind `skate`. */
  skateSamples: number;
  /** % of the box height; only where the picture's joints are given. */
  reprojection?: number;
}

/** What {@link scoreMotion} compares; both series are in the order of LIMB_JOINTS and share their frames. */
export interface ScoredMotion {
  estimate: JointSeries;
  reference: JointSeries;
  /** Frames per second. */
  rate: number;
  /** Where the limb joints are in the picture, with the box heights that make it relative. */
  picture?: { seen: ImageSeries; camera: PinholeCamera; sizes: ArrayLike<number> };
}

/** All figures of `retake evaluate` for one person. */
export function scoreMotion({ estimate, reference, rate, picture }: ScoredMotion): MotionScore {
  const frames = commonFrames(estimate, reference).length;
  const wanted = commonFrames(reference, reference).length;
  const acceleration = accelerationError(estimate, reference, rate);
  const skate = standingSkate(estimate, reference, rate, LIMB_ANKLES);
  return {
    frames,
    coverage: frames / wanted,
    paMpjpe: mean(procrustesErrors(estimate, reference)) * 1000,
    mpjpe: mean(hipAlignedErrors(estimate, reference)) * 1000,
    acceleration,
    accelerationPerFrame: (acceleration * 1000) / rate ** 2,
    jitter: jitterRatio(estimate, reference, rate),
    skate: skate.speed * 1000,
    skateSamples: skate.samples,
    ...(picture
      ? { reprojection: reprojectionError(estimate, picture.seen, picture.camera, picture.sizes) * 100 }
      : {}),
  };
}
