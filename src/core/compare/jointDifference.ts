import { JOINT_COUNT } from '../body/skeleton';

/** How two motions of a person differ, frame by frame. */
export interface JointDifference {
  /** frames x 24, mm: distance of each joint with the pelves on each other; NaN where one of the two has no body. */
  byJoint: Float32Array;
  /** frames, mm: mean over the joints; NaN as above. */
  mean: Float32Array;
}

/** Joints (frames x 24 x 3, m, camera axes) and the frames that have a body. */
export interface ComparedMotion {
  joints: Float32Array;
  present: Uint8Array;
}

const MM = 1000;

/** Compares two motions over the same frames, with the pelves on each other: what the pose does, not where it stands. */
export function jointDifference(a: ComparedMotion, b: ComparedMotion): JointDifference {
  const frames = Math.min(a.present.length, b.present.length);
  const byJoint = new Float32Array(frames * JOINT_COUNT).fill(Number.NaN);
  const mean = new Float32Array(frames).fill(Number.NaN);
  for (let frame = 0; frame < frames; frame++) {
    if (a.present[frame] !== 1 || b.present[frame] !== 1) continue;
    const root = frame * JOINT_COUNT * 3;
    let sum = 0;
    for (let joint = 0; joint < JOINT_COUNT; joint++) {
      let square = 0;
      for (let axis = 0; axis < 3; axis++) {
        const at = root + joint * 3 + axis;
        const inA = a.joints[at]! - a.joints[root + axis]!;
        const inB = b.joints[at]! - b.joints[root + axis]!;
        square += (inA - inB) ** 2;
      }
      const distance = MM * Math.sqrt(square);
      byJoint[frame * JOINT_COUNT + joint] = distance;
      sum += distance;
    }
    mean[frame] = sum / JOINT_COUNT;
  }
  return { byJoint, mean };
}

/**
 * Frames where a curve peaks, highest first: each stands out from what is within `apart` frames, and is at least `least`
 * (same unit as the curve). NaN is no value.
 */
export function peaks(curve: Float32Array, apart: number, least: number): number[] {
  const order = Array.from(curve.keys())
    .filter((frame) => curve[frame]! >= least)
    .sort((x, y) => curve[y]! - curve[x]! || x - y);
  const taken: number[] = [];
  const isCovered = new Uint8Array(curve.length);
  for (const frame of order) {
    if (isCovered[frame] === 1) continue;
    taken.push(frame);
    isCovered.fill(1, Math.max(0, frame - apart), frame + apart + 1);
  }
  return taken;
}
