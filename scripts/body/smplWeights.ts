import { JOINT, JOINT_COUNT } from '../../src/core/body/skeleton';
import type { Rig } from './rig';
import type { Bindings } from './skinning';
import { bindingsFromDense } from './skinning';
import type { Topology } from './topology';
import { smooth } from './topology';

const TORSO = -1;

/** The SMPL joint that a bone of MakeHuman's rig belongs to; the torso is split by height instead. */
function jointOfBone(name: string): number {
  const left = name.endsWith('.L');
  const side = (l: number, r: number): number => (left ? l : r);
  if (/^(root|pelvis|spine|breast)/.test(name)) return TORSO;
  if (/^upperleg/.test(name)) return side(JOINT.leftHip, JOINT.rightHip);
  if (/^lowerleg/.test(name)) return side(JOINT.leftKnee, JOINT.rightKnee);
  if (/^foot/.test(name)) return side(JOINT.leftAnkle, JOINT.rightAnkle);
  if (/^toe/.test(name)) return side(JOINT.leftFoot, JOINT.rightFoot);
  if (/^neck/.test(name)) return JOINT.neck;
  if (/^(clavicle|shoulder)/.test(name)) return side(JOINT.leftCollar, JOINT.rightCollar);
  if (/^upperarm/.test(name)) return side(JOINT.leftShoulder, JOINT.rightShoulder);
  if (/^lowerarm/.test(name)) return side(JOINT.leftElbow, JOINT.rightElbow);
  if (/^(wrist|metacarpal|finger1)/.test(name)) return side(JOINT.leftWrist, JOINT.rightWrist);
  if (/^finger/.test(name)) return side(JOINT.leftHand, JOINT.rightHand);
  return JOINT.head;
}

/** Where the torso passes from one spine joint to the next: m below the joint, and over what height. */
const SPINE_STEPS = [
  { joint: JOINT.spine1, below: 0.105, over: 0.21 },
  { joint: JOINT.spine2, below: 0.09, over: 0.18 },
  { joint: JOINT.spine3, below: 0.075, over: 0.17 },
];

const smoothstep = (t: number): number => {
  const x = Math.min(1, Math.max(0, t));
  return x * x * (3 - 2 * x);
};

/** Skin weights of the 24 joints. */
export interface SmplWeights {
  /** V x 24, rows sum to 1. */
  dense: Float64Array;
  bindings: Bindings;
  /** Largest weight that keeping four joints cut off, before renormalising. */
  largestDropped: number;
}

/**
 * Merges MakeHuman's weights to the 24 joints. Its spine bones do not match SMPL's spine joints, so the torso's weight is
 * one lump that smooth steps split by height in the T-pose; then four smoothing steps, four joints per vertex.
 */
export function smplWeights(
  topology: Topology,
  rig: Rig,
  vertices: ArrayLike<number>,
  joints: ArrayLike<number>,
  headOnly: readonly number[],
): SmplWeights {
  const { vertexCount } = topology;
  const dense = new Float64Array(vertexCount * JOINT_COUNT);
  const owners = rig.names.map(jointOfBone);
  for (let vertex = 0; vertex < vertexCount; vertex++) {
    let torso = 0;
    owners.forEach((joint, bone) => {
      const weight = rig.dense[vertex * owners.length + bone]!;
      if (joint === TORSO) torso += weight;
      else dense[vertex * JOINT_COUNT + joint]! += weight;
    });
    let above = 1;
    let owner: number = JOINT.pelvis;
    for (const step of SPINE_STEPS) {
      const from = joints[step.joint * 3 + 1]! - step.below;
      const share = Math.min(above, smoothstep((vertices[vertex * 3 + 1]! - from) / step.over));
      dense[vertex * JOINT_COUNT + owner]! += torso * (above - share);
      above = share;
      owner = step.joint;
    }
    dense[vertex * JOINT_COUNT + owner]! += torso * above;
  }
  smooth(topology, dense, JOINT_COUNT, 4, 0.5, rig.smoothable);
  const eyes = Array.from({ length: vertexCount - topology.eyeStart }, (_, k) => topology.eyeStart + k);
  for (const vertex of [...headOnly, ...eyes]) {
    dense.fill(0, vertex * JOINT_COUNT, (vertex + 1) * JOINT_COUNT);
    dense[vertex * JOINT_COUNT + JOINT.head] = 1;
  }
  const largestDropped = keepLargest(dense, vertexCount);
  return { dense, bindings: bindingsFromDense(dense, vertexCount, JOINT_COUNT), largestDropped };
}

/** Keeps the four largest weights above 0.002 of each row and renormalises. */
function keepLargest(dense: Float64Array, vertexCount: number): number {
  let largestDropped = 0;
  for (let vertex = 0; vertex < vertexCount; vertex++) {
    const row = dense.subarray(vertex * JOINT_COUNT, (vertex + 1) * JOINT_COUNT);
    const total = row.reduce((sum, weight) => sum + weight, 0);
    const order = [...row.keys()].sort((a, b) => row[b]! - row[a]! || a - b);
    let dropped = 0;
    order.forEach((joint, rank) => {
      if (rank < 4 && row[joint]! / total >= 0.002) return;
      if (rank >= 4) dropped += row[joint]! / total;
      row[joint] = 0;
    });
    largestDropped = Math.max(largestDropped, dropped);
    const kept = row.reduce((sum, weight) => sum + weight, 0);
    for (let joint = 0; joint < JOINT_COUNT; joint++) row[joint]! /= kept;
  }
  return largestDropped;
}
