import { ancestorsOf, JOINT, JOINT_COUNT } from '../../src/core/body/skeleton';
import type { PosableBody } from './poseTarget';
import { normalsOf, smooth, vertexAreas, volumeOf } from './topology';

/**
 * Joints whose flesh keeps some of its volume when they bend, and the share of the change that is taken back. More than 1
 * makes up for what linear correctives miss of it: knees lose by contact, wrists beyond the twists that are learned.
 */
const KEPT: readonly { joints: readonly number[]; share: number }[] = [
  { joints: [JOINT.leftElbow], share: 0.8 },
  { joints: [JOINT.rightElbow], share: 0.8 },
  { joints: [JOINT.leftKnee], share: 1.15 },
  { joints: [JOINT.rightKnee], share: 1.15 },
  { joints: [JOINT.leftHip], share: 0.8 },
  { joints: [JOINT.rightHip], share: 0.8 },
  { joints: [JOINT.leftShoulder], share: 0.25 },
  { joints: [JOINT.rightShoulder], share: 0.25 },
  { joints: [JOINT.leftWrist], share: 1.5 },
  { joints: [JOINT.rightWrist], share: 1.5 },
  { joints: [JOINT.spine1, JOINT.spine2, JOINT.spine3], share: 0.12 },
];

/** Joints that move the trunk's skin from the side. */
const ARMS = [JOINT.leftCollar, JOINT.rightCollar, JOINT.leftShoulder, JOINT.rightShoulder];

/** Flesh around a joint: a patch of skin whose holes are closed by fans, so that it has a volume in every pose. */
interface Flesh {
  share: number;
  /** 0 to 1 per vertex: how much the skin gives. */
  mask: Float64Array;
  /** Sum of mask times area, m2. */
  area: number;
  triangles: Uint32Array;
  /** Boundary loops, vertices in order. */
  loops: number[][];
  /** m3. */
  volume: number;
}

/** Closed boundary loops of triangles, each against the direction of the triangles beside it. */
function findLoops(triangles: ArrayLike<number>, vertexCount: number): number[][] {
  const edges = new Set<number>();
  for (let face = 0; face < triangles.length; face += 3) {
    for (let k = 0; k < 3; k++) {
      const [a, b] = [triangles[face + k]!, triangles[face + ((k + 1) % 3)]!];
      if (!edges.delete(b * vertexCount + a)) edges.add(a * vertexCount + b);
    }
  }
  // From the end of each open edge to its start: a fan that follows these closes the patch.
  const next = new Map<number, number[]>();
  for (const edge of edges) {
    const [a, b] = [Math.floor(edge / vertexCount), edge % vertexCount];
    next.set(b, [...(next.get(b) ?? []), a]);
  }
  const loops: number[][] = [];
  for (const [start, ends] of next) {
    while (ends.length > 0) {
      const loop = [start];
      for (let at = ends.pop()!; at !== start; at = next.get(at)!.pop()!) loop.push(at);
      loops.push(loop);
    }
  }
  return loops;
}

/** Volume of a patch with its holes closed, m3. */
function fleshVolume(
  triangles: ArrayLike<number>,
  loops: readonly (readonly number[])[],
  positions: Float64Array,
): number {
  let volume = volumeOf(triangles, positions);
  for (const loop of loops) {
    const middle = [0, 1, 2].map(
      (c) => loop.reduce((sum, vertex) => sum + positions[vertex * 3 + c]!, 0) / loop.length,
    );
    const points = Float64Array.from([
      ...middle,
      ...loop.flatMap((vertex) => [...positions.subarray(vertex * 3, vertex * 3 + 3)]),
    ]);
    const fan = loop.flatMap((_, k) => [0, k + 1, ((k + 1) % loop.length) + 1]);
    volume += volumeOf(fan, points);
  }
  return volume;
}

/** How much of each vertex lies across the joints: 1 where half of its weight hangs below, falling to 0. */
function acrossMask({ topology, weights, smoothable }: PosableBody, joints: readonly number[]): Float64Array {
  const mask = new Float64Array(topology.vertexCount);
  const onTrunk = joints.includes(JOINT.spine3);
  for (const bent of joints) {
    const below = new Float64Array(topology.vertexCount);
    for (let joint = 0; joint < JOINT_COUNT; joint++) {
      if (!ancestorsOf(joint).includes(bent)) continue;
      for (let vertex = 0; vertex < topology.vertexCount; vertex++)
        below[vertex]! += weights.dense[vertex * JOINT_COUNT + joint]!;
    }
    smooth(topology, below, 1, 12, 0.5);
    below.forEach((share, vertex) => {
      mask[vertex] = Math.max(mask[vertex]!, 4 * share * (1 - share));
    });
  }
  return mask.map((value, vertex) => {
    const arms = ARMS.reduce((sum, joint) => sum + weights.dense[vertex * JOINT_COUNT + joint]!, 0);
    // Of the trunk only what no arm moves: its correctives could not know of the arm.
    const own = onTrunk ? Math.max(0, 1 - 10 * arms) : 1;
    return value < 0.02 ? 0 : value * own * smoothable[vertex]!;
  });
}

function findFlesh(body: PosableBody, joints: readonly number[], share: number): Flesh {
  const { topology, rest } = body;
  const mask = acrossMask(body, joints);
  const areas = vertexAreas(topology, rest);
  const chosen: number[] = [];
  for (let face = 0; face < topology.triangles.length; face += 3) {
    const corners = [...topology.triangles.subarray(face, face + 3)];
    if (corners.some((corner) => mask[corner]! > 0)) chosen.push(...corners);
  }
  const triangles = Uint32Array.from(chosen);
  const loops = findLoops(triangles, topology.vertexCount);
  return {
    ...{ share, mask, triangles, loops },
    area: mask.reduce((sum, value, vertex) => sum + value * areas[vertex]!, 0),
    volume: fleshVolume(triangles, loops, rest),
  };
}

/**
 * Prepares the flesh of elbows, knees, hips, shoulders and waist. The result swells or shrinks a posed body along its
 * normals, in place, so that a share of the volume that bending took from each of them, or gave it, is taken back: flesh
 * gives way, it neither vanishes nor grows.
 */
export function createKeptVolume(body: PosableBody): (positions: Float64Array) => void {
  const all = KEPT.map(({ joints, share }) => findFlesh(body, joints, share)).filter(({ area }) => area > 0);
  return (positions) => {
    const normals = normalsOf(body.topology, positions);
    const rise = new Float64Array(body.topology.vertexCount);
    for (const { share, mask, area, triangles, loops, volume } of all) {
      const lost = volume - fleshVolume(triangles, loops, positions);
      for (let vertex = 0; vertex < rise.length; vertex++) rise[vertex]! += (share * lost * mask[vertex]!) / area;
    }
    rise.forEach((height, vertex) => {
      for (let c = 0; c < 3; c++) positions[vertex * 3 + c]! += height * normals[vertex * 3 + c]!;
    });
  };
}
