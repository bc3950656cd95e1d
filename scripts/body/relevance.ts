import { ancestorsOf, JOINT, JOINT_COUNT } from '../../src/core/body/skeleton';
import type { PosableBody } from './poseTarget';
import { smooth } from './topology';

/** A joint matters at a vertex that lies across it: this share of the vertex's weight hangs below the joint. */
const ACROSS = [0.006, 0.994] as const;

/** Joints that matter at each vertex, rising. */
export function relevantJoints(body: PosableBody): number[][] {
  const { topology, weights } = body;
  const below = Array.from({ length: JOINT_COUNT }, () => new Float64Array(topology.vertexCount));
  for (let joint = 0; joint < JOINT_COUNT; joint++) {
    for (const above of ancestorsOf(joint)) {
      for (let vertex = 0; vertex < topology.vertexCount; vertex++) {
        below[above]![vertex]! += weights.dense[vertex * JOINT_COUNT + joint]!;
      }
    }
  }
  for (const field of below) smooth(topology, field, 1, 4, 0.5);
  return Array.from({ length: topology.vertexCount }, (_, vertex) => {
    const joints: number[] = [];
    if (vertex >= topology.eyeStart || headFade(body, vertex) === 0) return joints;
    for (let joint = 1; joint < JOINT_COUNT; joint++) {
      const share = below[joint]![vertex]!;
      if (share > ACROSS[0] && share < ACROSS[1]) joints.push(joint);
    }
    return joints;
  });
}

const HIPS = [JOINT.leftHip, JOINT.rightHip];
const ARM_ROOTS = [JOINT.leftCollar, JOINT.rightCollar, JOINT.leftShoulder, JOINT.rightShoulder];

/** True at vertices that collars or shoulders move. */
export function isOfArms(joints: readonly number[]): boolean {
  return joints.some((joint) => ARM_ROOTS.includes(joint));
}

/**
 * Joints that the correctives of a vertex may listen to: those that matter there ({@link relevantJoints}), and others that
 * decide with them where the skin goes. A raised arm is collar, shoulder and chest together; belly and thighs meet by both
 * hips and the waist.
 */
export function heardJoints(relevant: readonly number[]): number[] {
  const heard = new Set(relevant);
  const hear = (joints: readonly number[]): void => joints.forEach((joint) => heard.add(joint));
  if (relevant.some((joint) => HIPS.includes(joint))) hear([...HIPS, JOINT.spine1, JOINT.spine2]);
  if (isOfArms(relevant)) hear([...ARM_ROOTS, JOINT.spine2, JOINT.spine3]);
  if (relevant.includes(JOINT.leftElbow)) hear([JOINT.leftShoulder]);
  if (relevant.includes(JOINT.rightElbow)) hear([JOINT.rightShoulder]);
  return [...heard].sort((a, b) => a - b);
}

/** Correctives fade out where the head takes over: a face must not swim. */
export function headFade({ weights }: PosableBody, vertex: number): number {
  return Math.min(1, (1 - weights.dense[vertex * JOINT_COUNT + JOINT.head]!) / 0.06);
}
