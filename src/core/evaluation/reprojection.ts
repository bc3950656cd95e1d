import type { PinholeCamera } from '../camera/projection';
import { projectPoints } from '../camera/projection';
import type { JointSeries } from './jointSeries';

/** Where joints are seen in the picture: frames x joints x 2, px of the upright video. */
export interface ImageSeries {
  frames: number;
  joints: number;
  positions: ArrayLike<number>;
  /** 1 where the frame has a value; all frames have one when absent. */
  present?: ArrayLike<number>;
}

/**
 * Mean distance in the picture between projected joints and where they are seen, as a share of `sizes` (px per frame,
 * usually the height of the person's box). NaN when no frame is common; joints behind the camera are left out.
 */
export function reprojectionError(
  estimate: JointSeries,
  seen: ImageSeries,
  camera: PinholeCamera,
  sizes: ArrayLike<number>,
): number {
  let sum = 0;
  let samples = 0;
  const size3 = estimate.joints * 3;
  for (let frame = 0; frame < Math.min(estimate.frames, seen.frames); frame++) {
    if ((estimate.present?.[frame] ?? 1) === 0 || (seen.present?.[frame] ?? 1) === 0) continue;
    const joints = Float64Array.from({ length: size3 }, (_, k) => estimate.positions[frame * size3 + k]!);
    const projected = projectPoints(camera, joints);
    for (let joint = 0; joint < estimate.joints; joint++) {
      const at = (frame * seen.joints + joint) * 2;
      const distance = Math.hypot(
        projected[joint * 2]! - seen.positions[at]!,
        projected[joint * 2 + 1]! - seen.positions[at + 1]!,
      );
      if (!Number.isFinite(distance)) continue;
      sum += distance / sizes[frame]!;
      samples++;
    }
  }
  return sum / samples;
}
