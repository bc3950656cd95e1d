import { matrixToEulerXyz, quaternionToMatrix } from '#core/body/rotations';
import type { MotionTrack } from '../../motionTrack';

const DEGREES = 180 / Math.PI;

/** Below this distance of y from 90 degrees (as |cos y|) x and z are one angle in two numbers. */
const GIMBAL_COSINE = 1e-6;

/** The angle that differs from `angle` by whole turns and is nearest to `reference`; degrees. */
function nearest(angle: number, reference: number): number {
  return angle - 360 * Math.round((angle - reference) / 360);
}

/**
 * The spelling of an XYZ Euler triple (degrees) nearest to the one before: (x, y, z) or (x + 180, 180 - y, z + 180), each
 * shifted by whole turns. Readers interpolate the three numbers, so a jump would spin the limb between two keys.
 */
export function unrollEuler(euler: readonly number[], previous: readonly number[]): [number, number, number] {
  const [x = 0, y = 0, z = 0] = euler;
  const [px = 0, py = 0, pz = 0] = previous;
  const candidates: [number, number, number][] = [
    [nearest(x, px), nearest(y, py), nearest(z, pz)],
    [nearest(x + 180, px), nearest(180 - y, py), nearest(z + 180, pz)],
  ];
  const distance = ([a, b, c]: [number, number, number]): number => Math.hypot(a - px, b - py, c - pz);
  const [direct, turned] = candidates;
  if (!direct || !turned) return [x, y, z];
  return distance(turned) < distance(direct) ? turned : direct;
}

/**
 * Euler triple in degrees of a row-major matrix. Straight up or down (gimbal) only x - z or x + z is determined; z is
 * then kept from the key before, so that the curves go on instead of jumping.
 */
function eulerOf(matrix: Float64Array, previous: readonly number[]): number[] {
  const euler = [0, 0, 0];
  matrixToEulerXyz(matrix, euler);
  const degrees = euler.map((angle) => angle * DEGREES);
  if (Math.hypot(matrix[0]!, matrix[3]!) >= GIMBAL_COSINE) return degrees;
  const kept = previous[2] ?? 0;
  // At y = +90: R depends on x - z, at y = -90 on x + z.
  const [x = 0, y = 0, z = 0] = degrees;
  return [y > 0 ? x - z + kept : x + z - kept, y, kept];
}

/**
 * Rotation curves of a joint in degrees, FBX order XYZ (x is applied first), one Float32Array per axis, continuous from
 * key to key.
 */
export function eulerCurves(track: MotionTrack, joint: number): [Float32Array, Float32Array, Float32Array] {
  const curves: [Float32Array, Float32Array, Float32Array] = [
    new Float32Array(track.count),
    new Float32Array(track.count),
    new Float32Array(track.count),
  ];
  const matrix = new Float64Array(9);
  const quaternion = [1, 0, 0, 0];
  let previous: readonly number[] = [0, 0, 0];
  for (let row = 0; row < track.count; row++) {
    const at = (row * track.jointCount + joint) * 4;
    quaternion[0] = track.rotations[at + 3]!;
    for (let k = 0; k < 3; k++) quaternion[k + 1] = track.rotations[at + k]!;
    quaternionToMatrix(quaternion, matrix);
    previous = unrollEuler(eulerOf(matrix, previous), previous);
    for (let axis = 0; axis < 3; axis++) curves[axis]![row] = previous[axis]!;
  }
  return curves;
}
