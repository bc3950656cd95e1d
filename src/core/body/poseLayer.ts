import type { PoseEdit } from '../document/schema';
import { mergeSpans, type Span } from '../frames/span';
import { multiplyMatrices } from './matrices';
import {
  axisAngleToMatrix,
  axisAngleToQuaternion,
  matrixToAxisAngle,
  type Numbers,
  quaternionToMatrix,
  slerpQuaternions,
} from './rotations';
import { JOINT_COUNT } from './skeleton';

/** Seconds over which an offset fades away before its first and after its last keyframe. */
export const EASE_SECONDS = 0.4;

/** Frames over which an offset fades away at a rate (frames per second): at least 1. */
export function easeFramesOf(rate: number): number {
  return Math.max(1, Math.round(EASE_SECONDS * rate));
}

/** Rows of estimated poses: what {@link editedPoses} reads. */
export interface PoseRows {
  /** Frame of row 0. */
  start: number;
  length: number;
  /** 1 where the row is an estimate. */
  present: Uint8Array;
  /** length x 72, axis-angle, rad. */
  poses: Float32Array;
}

/** The edits of one joint, by frame. */
interface JointEdits {
  joint: number;
  offsets: { frame: number; quaternion: Float64Array }[];
  replacements: Map<number, PoseEdit['rotation']>;
}

const IDENTITY: Numbers = [1, 0, 0, 0];

function byJoint(edits: readonly PoseEdit[]): JointEdits[] {
  const joints = new Map<number, JointEdits>();
  for (const { frame, joint, kind, rotation } of edits) {
    const own: JointEdits = joints.get(joint) ?? { joint, offsets: [], replacements: new Map() };
    joints.set(joint, own);
    if (kind === 'replace') own.replacements.set(frame, rotation);
    else {
      const quaternion = new Float64Array(4);
      axisAngleToQuaternion(rotation, quaternion);
      own.offsets.push({ frame, quaternion });
    }
  }
  return [...joints.values()];
}

/** Share of an offset that is left `distance` frames away from its keyframe: 1 to 0, smooth at both ends. */
function easeOut(distance: number, easeFrames: number): number {
  const t = Math.max(0, 1 - distance / (easeFrames + 1));
  return t * t * (3 - 2 * t);
}

/** Writes the offset of a frame as a quaternion; false where there is none. */
function offsetAt(offsets: JointEdits['offsets'], frame: number, easeFrames: number, out: Float64Array): boolean {
  const next = offsets.findIndex((entry) => entry.frame >= frame);
  const after = offsets[next];
  const before = after?.frame === frame ? after : offsets[next < 0 ? offsets.length - 1 : next - 1];
  if (before && after && before !== after) {
    const t = (frame - before.frame) / (after.frame - before.frame);
    slerpQuaternions(before.quaternion, after.quaternion, t, out);
    return true;
  }
  const nearest = before ?? after;
  if (!nearest) return false;
  const share = easeOut(Math.abs(frame - nearest.frame), easeFrames);
  if (share === 0) return false;
  slerpQuaternions(IDENTITY, nearest.quaternion, share, out);
  return true;
}

/**
 * What a human's pose edits make of estimated poses (decision 0015): on the frame of a `replace` its rotation stands for
 * the estimate, on that frame alone; `offset`s turn the estimate further in the joint's own axes (R = estimate times
 * offset), by slerp from one keyframe to the next, fading over `easeFrames` before the first and after the last. Rows
 * without an estimate stay empty.
 * @param edits ordered by frame, one a frame and joint
 * @returns length x 72; the very array of `rows` when nothing changes in them
 */
export function editedPoses(rows: PoseRows, edits: readonly PoseEdit[], easeFrames: number): Float32Array {
  if (edits.length === 0) return rows.poses;
  const poses = rows.poses.slice();
  const offset = new Float64Array(4);
  const [estimate, turn, shown] = [new Float64Array(9), new Float64Array(9), new Float64Array(9)];
  for (const { joint, offsets, replacements } of byJoint(edits)) {
    for (let row = 0; row < rows.length; row++) {
      if (rows.present[row] !== 1) continue;
      const at = (row * JOINT_COUNT + joint) * 3;
      const replacement = replacements.get(rows.start + row);
      if (replacement) poses.set(replacement, at);
      else if (offsetAt(offsets, rows.start + row, easeFrames, offset)) {
        axisAngleToMatrix(rows.poses, estimate, at);
        quaternionToMatrix(offset, turn);
        multiplyMatrices(estimate, turn, shown);
        matrixToAxisAngle(shown, poses, 0, at);
      }
    }
  }
  return poses;
}

/** Frames that pose edits change: merged, within the clip. Of one joint, or of all. */
export function editedFrames(
  edits: readonly PoseEdit[],
  easeFrames: number,
  frameCount: number,
  joint?: number,
): Span[] {
  const spans = byJoint(joint === undefined ? edits : edits.filter((edit) => edit.joint === joint)).flatMap((own) => {
    const [first, last] = [own.offsets[0], own.offsets.at(-1)];
    const single = [...own.replacements.keys()].map((frame) => ({ from: frame, to: frame + 1 }));
    if (!first || !last) return single;
    return [...single, { from: first.frame - easeFrames, to: last.frame + easeFrames + 1 }];
  });
  const within = spans.map(({ from, to }) => ({ from: Math.max(0, from), to: Math.min(frameCount, to) }));
  return mergeSpans(within.filter(({ from, to }) => to > from));
}

/** The offset (axis-angle, rad) that turns an estimated rotation into a wanted one, in the joint's own axes. */
export function offsetBetween(estimate: Numbers, wanted: Numbers): [number, number, number] {
  const [from, to, between] = [new Float64Array(9), new Float64Array(9), new Float64Array(9)];
  // The estimate turned back, times what is wanted.
  axisAngleToMatrix([-estimate[0]!, -estimate[1]!, -estimate[2]!], from);
  axisAngleToMatrix(wanted, to);
  multiplyMatrices(from, to, between);
  const out: [number, number, number] = [0, 0, 0];
  matrixToAxisAngle(between, out);
  return out;
}

/** The edits that decide what a frame shows: replacements on it, and of each joint the offsets on either side. */
export function editsAround(edits: readonly PoseEdit[], frame: number): PoseEdit[] {
  return byJoint(edits).flatMap(({ joint }) => {
    const own = edits.filter((edit) => edit.joint === joint);
    const offsets = own.filter(({ kind }) => kind === 'offset');
    const before = offsets.findLast((edit) => edit.frame <= frame);
    const after = offsets.find((edit) => edit.frame > frame);
    return own.filter((edit) => edit === before || edit === after || (edit.kind === 'replace' && edit.frame === frame));
  });
}
