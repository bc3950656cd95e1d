import { matrixToQuaternion } from '../../src/core/body/rotations';
import { pointAt } from './vectors';

/** Weights of a vertex over bones or joints: slots starts[v] .. starts[v + 1] - 1. Weights of a vertex sum to 1. */
export interface Bindings {
  starts: Uint32Array;
  bones: Uint8Array;
  weights: Float64Array;
}

/** Rigid maps of bones: x -> rotation x + translation. */
export interface RigidMaps {
  /** 9 per bone, row-major. */
  rotations: Float64Array;
  /** 3 per bone. */
  translations: Float64Array;
}

/** Unit dual quaternions, 8 numbers per bone, each in its parent's hemisphere (aligning to the root only would flip). */
export function dualQuaternions(maps: RigidMaps, parents: ArrayLike<number>): Float64Array {
  const count = parents.length;
  const result = new Float64Array(count * 8);
  for (let bone = 0; bone < count; bone++) {
    const q = [1, 0, 0, 0];
    matrixToQuaternion(maps.rotations, q, bone * 9);
    const parent = parents[bone]!;
    let same = 0;
    for (let k = 0; k < 4; k++) same += parent < 0 ? 1 : q[k]! * result[parent * 8 + k]!;
    if (same < 0) for (let k = 0; k < 4; k++) q[k] = -q[k]!;
    const [w, x, y, z] = [q[0]!, q[1]!, q[2]!, q[3]!];
    const [tx, ty, tz] = pointAt(maps.translations, bone);
    result.set([w, x, y, z], bone * 8);
    result[bone * 8 + 4] = -0.5 * (tx * x + ty * y + tz * z);
    result[bone * 8 + 5] = 0.5 * (tx * w + ty * z - tz * y);
    result[bone * 8 + 6] = 0.5 * (-tx * z + ty * w + tz * x);
    result[bone * 8 + 7] = 0.5 * (tx * y - ty * x + tz * w);
  }
  return result;
}

/** Blended 3x4 maps of linear blend skinning, 12 per vertex (3x3 row-major, then translation). */
export function blendedMaps(bindings: Bindings, maps: RigidMaps): Float64Array {
  const count = bindings.starts.length - 1;
  const result = new Float64Array(count * 12);
  for (let vertex = 0; vertex < count; vertex++) {
    for (let slot = bindings.starts[vertex]!; slot < bindings.starts[vertex + 1]!; slot++) {
      const bone = bindings.bones[slot]!;
      const w = bindings.weights[slot]!;
      for (let k = 0; k < 9; k++) result[vertex * 12 + k]! += w * maps.rotations[bone * 9 + k]!;
      for (let k = 0; k < 3; k++) result[vertex * 12 + 9 + k]! += w * maps.translations[bone * 3 + k]!;
    }
  }
  return result;
}

/** Linear blend skinning of V * 3 rest positions by {@link blendedMaps}. */
export function skinLinear(rest: Float64Array, blended: Float64Array): Float64Array {
  const result = new Float64Array(rest.length);
  for (let v = 0, m = 0; v < rest.length; v += 3, m += 12) {
    const [x, y, z] = [rest[v]!, rest[v + 1]!, rest[v + 2]!];
    for (let row = 0; row < 3; row++) {
      const r = m + row * 3;
      result[v + row] = blended[r]! * x + blended[r + 1]! * y + blended[r + 2]! * z + blended[m + 9 + row]!;
    }
  }
  return result;
}

/** Blended, normalised dual quaternion of one vertex (Kavan et al. 2007), written to `out` (8 numbers). */
export function blendDual(bindings: Bindings, duals: Float64Array, vertex: number, out: Float64Array): void {
  out.fill(0);
  for (let slot = bindings.starts[vertex]!; slot < bindings.starts[vertex + 1]!; slot++) {
    const bone = bindings.bones[slot]! * 8;
    const w = bindings.weights[slot]!;
    for (let k = 0; k < 8; k++) out[k]! += w * duals[bone + k]!;
  }
  const length = Math.hypot(out[0]!, out[1]!, out[2]!, out[3]!) || 1;
  for (let k = 0; k < 8; k++) out[k]! /= length;
}

/** Rotates (x, y, z) by the unit quaternion in q[0..3] and adds the translation of the dual part when asked. */
export function transformDual(
  q: Float64Array,
  point: readonly [number, number, number],
  moved: boolean,
): [number, number, number] {
  const [w, x, y, z] = [q[0]!, q[1]!, q[2]!, q[3]!];
  const [px, py, pz] = point;
  const cx = y * pz - z * py + w * px;
  const cy = z * px - x * pz + w * py;
  const cz = x * py - y * px + w * pz;
  const result: [number, number, number] = [
    px + 2 * (y * cz - z * cy),
    py + 2 * (z * cx - x * cz),
    pz + 2 * (x * cy - y * cx),
  ];
  if (!moved) return result;
  const [dw, dx, dy, dz] = [q[4]!, q[5]!, q[6]!, q[7]!];
  result[0] += 2 * (w * dx - dw * x + y * dz - z * dy);
  result[1] += 2 * (w * dy - dw * y + z * dx - x * dz);
  result[2] += 2 * (w * dz - dw * z + x * dy - y * dx);
  return result;
}

/** Dual quaternion skinning of V * 3 rest positions. */
export function skinDual(rest: Float64Array, bindings: Bindings, duals: Float64Array): Float64Array {
  const result = new Float64Array(rest.length);
  const q = new Float64Array(8);
  for (let vertex = 0; vertex * 3 < rest.length; vertex++) {
    blendDual(bindings, duals, vertex, q);
    const v = vertex * 3;
    result.set(transformDual(q, [rest[v]!, rest[v + 1]!, rest[v + 2]!], true), v);
  }
  return result;
}

/** Bindings from a dense V x count table: small weights dropped, rows normalised. */
export function bindingsFromDense(dense: ArrayLike<number>, vertexCount: number, count: number, floor = 0): Bindings {
  const starts = new Uint32Array(vertexCount + 1);
  const bones: number[] = [];
  const weights: number[] = [];
  for (let vertex = 0; vertex < vertexCount; vertex++) {
    let sum = 0;
    const first = bones.length;
    for (let bone = 0; bone < count; bone++) {
      const w = dense[vertex * count + bone]!;
      if (w <= floor) continue;
      bones.push(bone);
      weights.push(w);
      sum += w;
    }
    for (let slot = first; slot < weights.length; slot++) weights[slot]! /= sum;
    starts[vertex + 1] = bones.length;
  }
  return { starts, bones: Uint8Array.from(bones), weights: Float64Array.from(weights) };
}
