import { multiplyMatrices } from '../../src/core/body/matrices';
import { axisAngleToMatrix } from '../../src/core/body/rotations';

/** A point or direction. */
export type Vector = readonly [number, number, number];

/** A 3x3 row-major matrix. */
export type Matrix = number[];

/** The point at index `index` of a flat array. */
export function pointAt(values: ArrayLike<number>, index: number): Vector {
  return [values[index * 3]!, values[index * 3 + 1]!, values[index * 3 + 2]!];
}

/** a - b. */
export function subtract(a: Vector, b: Vector): Vector {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

/** a + s b. */
export function addScaled(a: Vector, b: Vector, s: number): Vector {
  return [a[0] + s * b[0], a[1] + s * b[1], a[2] + s * b[2]];
}

/** a (1 - t) + b t. */
export function mix(a: Vector, b: Vector, t: number): Vector {
  return addScaled(addScaled([0, 0, 0], a, 1 - t), b, t);
}

/** Scalar product. */
export function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/** Vector product. */
export function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

/** Length 1 in the same direction. */
export function unit(a: Vector): Vector {
  const length = Math.hypot(...a) || 1;
  return [a[0] / length, a[1] / length, a[2] / length];
}

/** Mean of points. */
export function meanPoint(points: readonly Vector[]): Vector {
  return points.reduce((sum, point) => addScaled(sum, point, 1 / points.length), [0, 0, 0] as Vector);
}

/** A v. */
export function apply(a: ArrayLike<number>, v: Vector): Vector {
  return [
    a[0]! * v[0] + a[1]! * v[1] + a[2]! * v[2],
    a[3]! * v[0] + a[4]! * v[1] + a[5]! * v[2],
    a[6]! * v[0] + a[7]! * v[1] + a[8]! * v[2],
  ];
}

/** A B. */
export function multiply(a: ArrayLike<number>, b: ArrayLike<number>): Matrix {
  const result = new Array<number>(9).fill(0);
  multiplyMatrices(a, b, result);
  return result;
}

/** Rotation about an axis by an angle in rad. */
export function rotation(axis: Vector, angle: number): Matrix {
  const result = new Array<number>(9).fill(0);
  axisAngleToMatrix(addScaled([0, 0, 0], unit(axis), angle), result);
  return result;
}

/** The smallest rotation that takes direction `from` to `to`, or a share of it. */
export function align(from: Vector, to: Vector, share = 1): Matrix {
  const [a, b] = [unit(from), unit(to)];
  const axis = cross(a, b);
  const angle = Math.atan2(Math.hypot(...axis), dot(a, b));
  return angle < 1e-9 ? rotation([1, 0, 0], 0) : rotation(axis, angle * share);
}

/** The same rotation on the other side of the body: M R M with M = diag(-1, 1, 1). */
export function mirrorRotation(r: ArrayLike<number>): Matrix {
  return [r[0]!, -r[1]!, -r[2]!, -r[3]!, r[4]!, r[5]!, -r[6]!, r[7]!, r[8]!];
}
