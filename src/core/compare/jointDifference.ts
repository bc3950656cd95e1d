import { axisAngleToQuaternion } from '../body/rotations';
import { JOINT_COUNT } from '../body/skeleton';

/** How two motions of a person differ, joint by joint: frames x 24, NaN on frames where one of the two has no body. */
export interface JointDifference {
  /** mm, with the pelves on each other. */
  distances: Float32Array;
  /** Degrees, 0 to 180: the turn between the two rotations of a joint relative to its parent; of the pelvis in camera axes. */
  angles: Float32Array;
}

/** A motion over a clip: the frames that have a body, joints (frames x 24 x 3, m, camera axes) and poses. */
export interface ComparedMotion {
  present: Uint8Array;
  joints: Float32Array;
  /** frames x 72, axis-angle, rad. */
  poses: Float32Array;
}

/** Which number stands for a frame: the mean of all joints, the joint that differs most, or one joint (0 to 23). */
export type CurveJoint = 'mean' | 'worst' | number;

const MM = 1000;
const DEGREES = 180 / Math.PI;

/**
 * Compares two motions over the same frames, with the pelves on each other: what the pose does, not where it stands. The
 * turn between unit quaternions p and q is 2 acos |p . q| (Huynh 2009, "Metrics for 3D rotations", phi 3 doubled).
 */
export function jointDifference(a: ComparedMotion, b: ComparedMotion): JointDifference {
  const frames = Math.min(a.present.length, b.present.length);
  const distances = new Float32Array(frames * JOINT_COUNT).fill(Number.NaN);
  const angles = new Float32Array(frames * JOINT_COUNT).fill(Number.NaN);
  for (let frame = 0; frame < frames; frame++) {
    if (a.present[frame] !== 1 || b.present[frame] !== 1) continue;
    const root = frame * JOINT_COUNT * 3;
    for (let joint = 0; joint < JOINT_COUNT; joint++) {
      const at = root + joint * 3;
      distances[frame * JOINT_COUNT + joint] = MM * distanceFromRoot(a.joints, b.joints, root, at);
      angles[frame * JOINT_COUNT + joint] = DEGREES * turnBetween(a.poses, b.poses, at);
    }
  }
  return { distances, angles };
}

function distanceFromRoot(a: Float32Array, b: Float32Array, root: number, at: number): number {
  let square = 0;
  for (let axis = 0; axis < 3; axis++) {
    square += (a[at + axis]! - a[root + axis]! - (b[at + axis]! - b[root + axis]!)) ** 2;
  }
  return Math.sqrt(square);
}

const inA = [1, 0, 0, 0];
const inB = [1, 0, 0, 0];

/** rad, 0 to pi; by the sine, which keeps small turns exact where the cosine is flat. */
function turnBetween(a: Float32Array, b: Float32Array, at: number): number {
  axisAngleToQuaternion(a, inA, at);
  axisAngleToQuaternion(b, inB, at);
  let dot = 0;
  for (let part = 0; part < 4; part++) dot += inA[part]! * inB[part]!;
  let square = 0;
  for (let part = 0; part < 4; part++) square += (inA[part]! - (dot < 0 ? -1 : 1) * inB[part]!) ** 2;
  return 4 * Math.asin(Math.min(1, Math.sqrt(square) / 2));
}

/** One number a frame out of a table of frames x 24; NaN where the table has none. */
export function differenceCurve(byJoint: Float32Array, joint: CurveJoint): Float32Array {
  return Float32Array.from({ length: byJoint.length / JOINT_COUNT }, (_, frame) => {
    const row = byJoint.subarray(frame * JOINT_COUNT, (frame + 1) * JOINT_COUNT);
    if (joint === 'mean') return row.reduce((sum, value) => sum + value, 0) / JOINT_COUNT;
    return joint === 'worst' ? row.reduce((most, value) => Math.max(most, value), 0) : row[joint]!;
  });
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
