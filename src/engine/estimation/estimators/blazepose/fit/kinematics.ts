import { DERIVATIVES, GROUP_COUNT, GROUP_OF_JOINT, type PoseRows } from './parameters';
import { FIT_POINTS, type FitBody, type FitSkeleton, POINT_COUNT, bonesOf } from './points';

const groupOfJoint = Int32Array.from(GROUP_OF_JOINT);
const jointOfPoint = Int32Array.from(FIT_POINTS.map((point) => point.joint));

/** Room for the transforms of one frame, reused between frames. */
export interface FrameScratch {
  /** 24 x 9 global rotations. */
  globals: Float64Array;
  /** 24 x 3 joints from the pelvis, m. */
  positions: Float64Array;
}

/** See {@link FrameScratch}. */
export function createFrameScratch(): FrameScratch {
  return { globals: new Float64Array(216), positions: new Float64Array(72) };
}

/** Global rotations of one frame (24 x 9) from its local group rotations. */
export function chainRotations(parents: readonly number[], poses: PoseRows, row: number, globals: Float64Array): void {
  const local = poses.rotations;
  const base = row * GROUP_COUNT * 9;
  for (let k = 0; k < 9; k++) globals[k] = local[base + k]!;
  for (let joint = 1; joint < 24; joint++) {
    const parent = parents[joint]! * 9;
    const out = joint * 9;
    const group = groupOfJoint[joint]!;
    if (group < 0) {
      for (let k = 0; k < 9; k++) globals[out + k] = globals[parent + k]!;
      continue;
    }
    const l = base + group * 9;
    for (let r = 0; r < 9; r += 3) {
      const g0 = globals[parent + r]!;
      const g1 = globals[parent + r + 1]!;
      const g2 = globals[parent + r + 2]!;
      globals[out + r] = g0 * local[l]! + g1 * local[l + 3]! + g2 * local[l + 6]!;
      globals[out + r + 1] = g0 * local[l + 1]! + g1 * local[l + 4]! + g2 * local[l + 7]!;
      globals[out + r + 2] = g0 * local[l + 2]! + g1 * local[l + 5]! + g2 * local[l + 8]!;
    }
  }
}

/** Joints and points from the pelvis for given global rotations; linear in bones and offsets. */
export function placePoints(
  parents: readonly number[],
  bones: Float64Array,
  offsets: Float64Array,
  offsetAt: number,
  scratch: FrameScratch,
  points: Float64Array,
  pointsAt: number,
): void {
  const { globals, positions } = scratch;
  positions[0] = 0;
  positions[1] = 0;
  positions[2] = 0;
  for (let joint = 1; joint < 24; joint++) {
    addTurned(globals, parents[joint]! * 9, bones, joint * 3, positions, parents[joint]! * 3, positions, joint * 3);
  }
  for (let point = 0; point < POINT_COUNT; point++) {
    const joint = jointOfPoint[point]!;
    addTurned(globals, joint * 9, offsets, offsetAt + point * 3, positions, joint * 3, points, pointsAt + point * 3);
  }
}

/** out = origin + rotation vector. */
function addTurned(
  rotations: Float64Array,
  r: number,
  vectors: Float64Array,
  v: number,
  origins: Float64Array,
  o: number,
  out: Float64Array,
  at: number,
): void {
  const x = vectors[v]!;
  const y = vectors[v + 1]!;
  const z = vectors[v + 2]!;
  out[at] = origins[o]! + rotations[r]! * x + rotations[r + 1]! * y + rotations[r + 2]! * z;
  out[at + 1] = origins[o + 1]! + rotations[r + 3]! * x + rotations[r + 4]! * y + rotations[r + 5]! * z;
  out[at + 2] = origins[o + 2]! + rotations[r + 6]! * x + rotations[r + 7]! * y + rotations[r + 8]! * z;
}

/** Fitted points of one row (POINT_COUNT x 3, m, from the pelvis) written at `row`; `scratch` keeps its transforms. */
export function evaluatePoints(
  skeleton: FitSkeleton,
  poses: PoseRows,
  row: number,
  scratch: FrameScratch,
  points: Float64Array,
): void {
  chainRotations(skeleton.parents, poses, row, scratch.globals);
  placePoints(skeleton.parents, skeleton.bones, skeleton.offsets, 0, scratch, points, row * POINT_COUNT * 3);
}

/**
 * Derivatives of the points of `row` by right-hand rotation increments R <- R exp(d): a 3 x 3 block for each (point,
 * group), stored column by column (column a = how the point moves with component a). `scratch` must hold that row.
 */
export function evaluateDerivatives(
  scratch: FrameScratch,
  points: Float64Array,
  row: number,
  derivatives: Float64Array,
): void {
  const { globals, positions } = scratch;
  const { starts, jointStarts, joints, blockCount } = DERIVATIVES;
  for (let point = 0; point < POINT_COUNT; point++) {
    const p = (row * POINT_COUNT + point) * 3;
    const px = points[p]!;
    const py = points[p + 1]!;
    const pz = points[p + 2]!;
    for (let block = starts[point]!; block < starts[point + 1]!; block++) {
      const out = (row * blockCount + block) * 9;
      for (let k = 0; k < 9; k++) derivatives[out + k] = 0;
      for (let n = jointStarts[block]!; n < jointStarts[block + 1]!; n++) {
        const joint = joints[n]!;
        const dx = px - positions[joint * 3]!;
        const dy = py - positions[joint * 3 + 1]!;
        const dz = pz - positions[joint * 3 + 2]!;
        for (let a = 0; a < 3; a++) {
          const gx = globals[joint * 9 + a]!;
          const gy = globals[joint * 9 + 3 + a]!;
          const gz = globals[joint * 9 + 6 + a]!;
          derivatives[out + a * 3]! += gy * dz - gz * dy;
          derivatives[out + a * 3 + 1]! += gz * dx - gx * dz;
          derivatives[out + a * 3 + 2]! += gx * dy - gy * dx;
        }
      }
    }
  }
}

/** Bones and offsets per unit of each beta, for {@link placePoints}: points are linear in betas at fixed rotations. */
export interface ShapeDerivativeTables {
  bones: Float64Array[];
  offsets: Float64Array;
}

/** See {@link ShapeDerivativeTables}. */
export function shapeDerivativeTables(body: FitBody): ShapeDerivativeTables {
  const bones = Array.from({ length: body.shapeCount }, (_, i) =>
    bonesOf(body.parents, body.jointDirections.subarray(i * 72, (i + 1) * 72)),
  );
  return { bones, offsets: body.offsetDirections };
}
