import { fromCropCamera, translationOf, vibeCrop } from '#core/camera/weakPerspective';
import type { Span } from '#core/frames/span';
import { smoothAsVibe, smoothRotations } from '#core/smoothing/oneEuro';
import type { ClipCamera, ObservationTrack, PersonMotion } from '../../estimator';
import { squareBox } from './squareBox';
import type { VibeOptions } from './options';
import type { ThetaTrack } from './temporal';

const POSE = 72;
const BETAS = 10;

/** What {@link motionOf} makes motion from. */
export interface MotionSource {
  /** Frames and boxes that `theta` was made from, row by row. */
  track: ObservationTrack;
  theta: ThetaTrack;
  camera: ClipCamera;
  options: VibeOptions;
  /** The shape that stands; found anew from `theta` when absent. */
  betas: Float32Array | undefined;
}

/**
 * Motion of the frames `changed` from what the networks gave: smoothed as the options say, one shape or one a frame, and
 * placed in space by the clip's camera: the crop's weak-perspective camera says where the body stands and how large it
 * looks, the focal length how far away that is (reference vibe-smpl 6.5, with the true side of the crop).
 */
export function motionOf(source: MotionSource, changed: Span): PersonMotion {
  const { track, theta, camera, options } = source;
  const poses = smoothedPoses(source);
  const length = changed.to - changed.from;
  const motion: PersonMotion = {
    start: changed.from,
    length,
    present: new Uint8Array(length),
    poses: new Float32Array(length * POSE),
    translations: new Float32Array(length * 3),
    betas: source.betas?.slice() ?? medianShape(theta),
    confidences: new Float32Array(length),
    channels: {
      cropCameras: new Float32Array(length * 3).fill(Number.NaN),
      ...(options.shape === 'frame' ? { frameBetas: new Float32Array(length * BETAS).fill(Number.NaN) } : {}),
    },
  };
  for (let index = 0; index < length; index++) {
    const row = changed.from + index - track.start;
    if (theta.present[row] !== 1) continue;
    motion.present[index] = 1;
    motion.poses.set(poses.subarray(row * POSE, (row + 1) * POSE), index * POSE);
    motion.translations.set(translationAt(track, theta, row, camera), index * 3);
    motion.channels?.cropCameras?.set(theta.cameras.subarray(row * 3, row * 3 + 3), index * 3);
    motion.channels?.frameBetas?.set(theta.betas.subarray(row * BETAS, (row + 1) * BETAS), index * BETAS);
    // VIBE says nothing of how sure it is; its plausibility is a channel of its own.
    motion.confidences[index] = 1;
  }
  return motion;
}

function translationAt(track: ObservationTrack, theta: ThetaTrack, row: number, camera: ClipCamera): number[] {
  const [s = 0, tx = 0, ty = 0] = theta.cameras.subarray(row * 3, row * 3 + 3);
  const { centreX, centreY, width } = squareBox(track.boxes, row);
  const weak = fromCropCamera({ s, tx, ty }, vibeCrop(centreX, centreY, width));
  // A scale of nothing or less is no camera; far away is the nearest thing that can be shown.
  return translationOf(camera, { ...weak, scale: Math.max(weak.scale, 1e-3) });
}

function smoothedPoses({ track, theta, options }: MotionSource): Float32Array {
  if (options.smoothing === 'none') return theta.poses;
  const { poses, present } = theta;
  if (options.smoothing === 'rotations') {
    return Float32Array.from(smoothRotations({ poses, present, seconds: track.seconds }));
  }
  const rows = [...present.keys()].filter((row) => present[row] === 1);
  const list = new Float32Array(rows.length * POSE);
  rows.forEach((row, at) => list.set(poses.subarray(row * POSE, (row + 1) * POSE), at * POSE));
  const smoothed = smoothAsVibe(list, POSE);
  const all = new Float32Array(poses.length);
  rows.forEach((row, at) => all.set(smoothed.subarray(at * POSE, (at + 1) * POSE), row * POSE));
  return all;
}

/** The median of each beta over all frames: frames in which the person is hidden or bent do not pull it. */
function medianShape({ betas, present }: ThetaTrack): Float32Array {
  const shape = new Float32Array(BETAS);
  for (let k = 0; k < BETAS; k++) {
    const values: number[] = [];
    for (let row = 0; row < present.length; row++) if (present[row] === 1) values.push(betas[row * BETAS + k] ?? 0);
    values.sort((a, b) => a - b);
    const middle = values.length >> 1;
    shape[k] = values.length % 2 === 1 ? values[middle]! : ((values[middle - 1] ?? 0) + (values[middle] ?? 0)) / 2;
  }
  return shape;
}
