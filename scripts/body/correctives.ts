import type { PoseCorrectiveBlock } from '../../src/core/body/bodyModel';
import { JOINT_COUNT, JOINT_MIRROR } from '../../src/core/body/skeleton';
import { solveCholesky } from './linearAlgebra';
import type { PosableBody, PoseTarget } from './poseTarget';
import { headFade, heardJoints, isOfArms, relevantJoints } from './relevance';
import { fitRobustRidge } from './robustRidge';

/** Regularisation of the pull-back through skinning, and of the ridge regression. */
const PULL_BACK = 0.02;
const RIDGE = 0.05;
/**
 * Error from which a wide pose counts half for the skin that arms move, m: what correctives cannot follow there should not
 * swell the poses that they can. Folds count in full: their contact is the large error.
 */
const ARM_SCALE = 0.008;

/** Rest-space offset that linear skinning carries to the target: (M'M + l I)^-1 M' (target - linear), 3 numbers. */
function pullBack(pose: PoseTarget, vertex: number, out: Float64Array): void {
  const m = pose.blended.subarray(vertex * 12, vertex * 12 + 9);
  const a = new Float64Array(9);
  for (let i = 0; i < 3; i++) {
    out[i] = 0;
    for (let k = 0; k < 3; k++) {
      out[i]! += m[k * 3 + i]! * (pose.target[vertex * 3 + k]! - pose.linear[vertex * 3 + k]!);
      for (let j = 0; j < 3; j++) a[i * 3 + j]! += m[k * 3 + i]! * m[k * 3 + j]!;
    }
    a[i * 3 + i]! += PULL_BACK;
  }
  solveCholesky(a, out, 3, 1);
}

/** R - I of some joints of a pose, 9 numbers each. */
function features(rotations: Float64Array, joints: readonly number[]): Float64Array {
  const values = new Float64Array(joints.length * 9);
  joints.forEach((joint, at) => {
    for (let f = 0; f < 9; f++) values[at * 9 + f] = rotations[joint * 9 + f]! - (f % 4 === 0 ? 1 : 0);
  });
  return values;
}

/** What a pose is to the regression. */
export interface PoseRole {
  weight: number;
  /** One of {@link randomPoses}: as wide as joints turn, seldom what people do. */
  isWide: boolean;
}

/** Offsets of the vertices that correctives touch, collected pose by pose. */
export interface CorrectiveData {
  /** Vertices with at least one relevant joint. */
  vertices: number[];
  /** Joints that each may listen to. */
  joints: number[][];
  /** True for vertices that collars or shoulders move. */
  ofArms: boolean[];
  /** Per pose. */
  roles: PoseRole[];
  /** Local rotations per pose. */
  rotations: Float64Array[];
  /** Per pose: vertices.length * 3 offsets. */
  offsets: Float32Array[];
}

/** Starts an empty collection. */
export function createCorrectiveData(body: PosableBody): CorrectiveData {
  const joints = relevantJoints(body);
  const vertices = joints.flatMap((list, vertex) => (list.length > 0 ? [vertex] : []));
  return {
    vertices,
    joints: vertices.map((vertex) => heardJoints(joints[vertex]!)),
    ofArms: vertices.map((vertex) => isOfArms(joints[vertex]!)),
    ...{ roles: [], rotations: [], offsets: [] },
  };
}

/** Adds one pose. */
export function addPose(data: CorrectiveData, body: PosableBody, pose: PoseTarget, role: PoseRole): void {
  const row = new Float32Array(data.vertices.length * 3);
  const offset = new Float64Array(3);
  data.vertices.forEach((vertex, n) => {
    pullBack(pose, vertex, offset);
    const fade = headFade(body, vertex);
    for (let c = 0; c < 3; c++) row[n * 3 + c] = fade * offset[c]!;
  });
  data.roles.push(role);
  data.rotations.push(pose.rotations);
  data.offsets.push(row);
}

/** Learns pose correctives and makes them symmetric. */
export function fitCorrectives(data: CorrectiveData, mirror: ArrayLike<number>): PoseCorrectiveBlock[] {
  // blocks[joint] holds 27 numbers (3 x 9) per vertex.
  const blocks = Array.from({ length: JOINT_COUNT }, () => new Map<number, Float64Array>());
  const weights = data.roles.map(({ weight }) => weight);
  const scales = data.roles.map(({ isWide }) => (isWide ? ARM_SCALE : Infinity));
  const [lightly, firmly] = [Float64Array.from(scales), new Float64Array(scales.length).fill(Infinity)];
  const inputsOf = new Map<string, Float64Array>();
  data.vertices.forEach((vertex, n) => {
    const joints = data.joints[n]!;
    const key = joints.join(' ');
    const inputs = inputsOf.get(key) ?? Float64Array.from(data.rotations.flatMap((one) => [...features(one, joints)]));
    inputsOf.set(key, inputs);
    const outputs = Float64Array.from(data.offsets.flatMap((row) => [...row.subarray(n * 3, n * 3 + 3)]));
    const problem = { inputs, width: joints.length * 9, weights, outputs, ridge: RIDGE };
    const fitted = fitRobustRidge({ ...problem, scales: data.ofArms[n] ? lightly : firmly });
    joints.forEach((joint, at) => {
      const block = Float64Array.from({ length: 27 }, (_, k) => fitted[(at * 9 + (k % 9)) * 3 + Math.floor(k / 9)]!);
      blocks[joint]!.set(vertex, block);
    });
  });
  return symmetric(blocks, mirror);
}

/** Means each block with its mirror image: sign s_axis s_row s_column with s = (-1, 1, 1). */
function symmetric(blocks: readonly Map<number, Float64Array>[], mirror: ArrayLike<number>): PoseCorrectiveBlock[] {
  const sign = (axis: number): number => (axis === 0 ? -1 : 1);
  return blocks.flatMap((own, joint) => {
    const other = blocks[JOINT_MIRROR[joint]!]!;
    const vertices = [...new Set([...own.keys(), ...[...other.keys()].map((vertex) => mirror[vertex]!)])].sort(
      (a, b) => a - b,
    );
    if (vertices.length === 0) return [];
    const directions = new Float32Array(vertices.length * 27);
    vertices.forEach((vertex, n) => {
      const [a, b] = [own.get(vertex), other.get(mirror[vertex]!)];
      for (let k = 0; k < 27; k++) {
        const flip = sign(Math.floor(k / 9)) * sign(Math.floor((k % 9) / 3)) * sign(k % 3);
        directions[n * 27 + k] = ((a?.[k] ?? 0) + flip * (b?.[k] ?? 0)) / 2;
      }
    });
    return [{ joint, vertices: Uint32Array.from(vertices), directions }];
  });
}
