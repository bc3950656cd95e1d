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

/** Correctives fade out where the head takes over: a face must not swim. */
export function headFade({ weights }: PosableBody, vertex: number): number {
  return Math.min(1, (1 - weights.dense[vertex * JOINT_COUNT + JOINT.head]!) / 0.06);
}
