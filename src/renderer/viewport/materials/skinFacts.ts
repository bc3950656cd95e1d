import { type Skin, weightOf } from './skinColors';

/** A joint that a vertex follows. */
export interface JointWeight {
  joint: number;
  /** Above 0, up to 1. */
  weight: number;
}

/** Joints a vertex follows with their weights, strongest first, none at 0. */
export function weightsOfVertex({ influences, skinJoints, skinWeights }: Skin, vertex: number): JointWeight[] {
  const start = vertex * influences;
  return Array.from(skinJoints.subarray(start, start + influences))
    .map((joint, k) => ({ joint, weight: skinWeights[start + k] ?? 0 }))
    .filter((entry) => entry.weight > 0)
    .sort((a, b) => b.weight - a.weight);
}

const counted = new WeakMap<Uint8Array, Uint32Array>();

/** Number of vertices that follow each joint at all; counted once for a body. */
export function verticesOfJoints(skin: Skin, jointCount: number): Uint32Array {
  const { influences, skinJoints, skinWeights } = skin;
  const known = counted.get(skinJoints);
  if (known) return known;
  const counts = new Uint32Array(jointCount);
  for (let slot = 0; slot < skinJoints.length; slot++) {
    const joint = skinJoints[slot]!;
    const first = slot - (slot % influences);
    // A joint that fills two slots of a vertex counts once.
    if (skinWeights[slot]! > 0 && isFirst(skinJoints, skinWeights, first, slot)) counts[joint]! += 1;
  }
  counted.set(skinJoints, counts);
  return counts;
}

function isFirst(joints: Uint8Array, weights: Float32Array, first: number, slot: number): boolean {
  for (let k = first; k < slot; k++) if (joints[k] === joints[slot] && weights[k]! > 0) return false;
  return true;
}

/** The next vertex after `from` (before it for -1) that follows a joint, going round; any vertex without a joint. */
export function nextVertex(skin: Skin, from: number, direction: 1 | -1, joint: number | undefined): number {
  const count = skin.skinJoints.length / skin.influences;
  for (let step = 1; step <= count; step++) {
    const vertex = (((from + direction * step) % count) + count) % count;
    if (joint === undefined || weightOf(skin, vertex, joint) > 0) return vertex;
  }
  return from;
}
