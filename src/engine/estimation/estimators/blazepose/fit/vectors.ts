/** A vector in m or without unit. */
export type Vector3 = readonly [number, number, number];

/** A 3 x 3 row-major matrix. */
export type Matrix3 = readonly [number, number, number, number, number, number, number, number, number];

/** Reads three numbers at `at`. */
export function vectorAt(values: ArrayLike<number>, at: number): Vector3 {
  return [values[at]!, values[at + 1]!, values[at + 2]!];
}

/** a + b * scale. */
export function add(a: Vector3, b: Vector3, scale = 1): Vector3 {
  return [a[0] + b[0] * scale, a[1] + b[1] * scale, a[2] + b[2] * scale];
}

/** a - b. */
export function subtract(a: Vector3, b: Vector3): Vector3 {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

/** (a + b) / 2. */
export function middle(a: Vector3, b: Vector3): Vector3 {
  return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (a[2] + b[2]) / 2];
}

/** a . b. */
export function dot(a: Vector3, b: Vector3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/** a x b. */
export function cross(a: Vector3, b: Vector3): Vector3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

/** |a|. */
export function lengthOf(a: Vector3): number {
  return Math.sqrt(dot(a, a));
}

/** a / |a|; `fallback` when a is too short to have a direction. */
export function unit(a: Vector3, fallback: Vector3): Vector3 {
  const length = lengthOf(a);
  return length > 1e-9 ? [a[0] / length, a[1] / length, a[2] / length] : fallback;
}

/** M v. */
export function turn(m: Matrix3, v: Vector3): Vector3 {
  return [
    m[0] * v[0] + m[1] * v[1] + m[2] * v[2],
    m[3] * v[0] + m[4] * v[1] + m[5] * v[2],
    m[6] * v[0] + m[7] * v[1] + m[8] * v[2],
  ];
}

/** transpose(M). */
export function transposed(m: Matrix3): Matrix3 {
  return [m[0], m[3], m[6], m[1], m[4], m[7], m[2], m[5], m[8]];
}

/** A B. */
export function multiply(a: Matrix3, b: Matrix3): Matrix3 {
  const [x0, y0, z0] = [turn(a, [b[0], b[3], b[6]]), turn(a, [b[1], b[4], b[7]]), turn(a, [b[2], b[5], b[8]])];
  return [x0[0], y0[0], z0[0], x0[1], y0[1], z0[1], x0[2], y0[2], z0[2]];
}

/** No rotation. */
export const IDENTITY: Matrix3 = [1, 0, 0, 0, 1, 0, 0, 0, 1];

/** Any unit vector at a right angle to a unit vector. */
export function perpendicular(u: Vector3): Vector3 {
  const other: Vector3 = Math.abs(u[0]) < 0.7 ? [1, 0, 0] : [0, 1, 0];
  return unit(cross(u, other), [0, 0, 1]);
}

/** The frame F(a, b) of reference blazepose 9: first axis along a, second in the half plane of b. */
export function frameOf(a: Vector3, b: Vector3): Matrix3 {
  const e1 = unit(a, [1, 0, 0]);
  const e2 = unit(add(b, e1, -dot(b, e1)), perpendicular(e1));
  const e3 = cross(e1, e2);
  return [e1[0], e2[0], e3[0], e1[1], e2[1], e3[1], e1[2], e2[2], e3[2]];
}

/** The rotation that takes the pair (a0, b0) to the pair (a, b): R = F(a, b) F(a0, b0)'. */
export function rotationBetween(a: Vector3, b: Vector3, a0: Vector3, b0: Vector3): Matrix3 {
  return multiply(frameOf(a, b), transposed(frameOf(a0, b0)));
}

/** exp of a rotation vector (Rodrigues). */
export function exponential(v: Vector3): Matrix3 {
  const angle = lengthOf(v);
  if (angle < 1e-12) return IDENTITY;
  const [x, y, z] = unit(v, [1, 0, 0]);
  const s = Math.sin(angle);
  const c = 1 - Math.cos(angle);
  return [
    1 - c * (y * y + z * z),
    c * x * y - s * z,
    c * x * z + s * y,
    c * x * y + s * z,
    1 - c * (x * x + z * z),
    c * y * z - s * x,
    c * x * z - s * y,
    c * y * z + s * x,
    1 - c * (x * x + y * y),
  ];
}

/** The smallest rotation (as a rotation vector) that takes unit vector `from` to unit vector `to`. */
export function swing(from: Vector3, to: Vector3): Vector3 {
  const axis = cross(from, to);
  const sine = lengthOf(axis);
  const angle = Math.atan2(sine, dot(from, to));
  const direction = sine > 1e-9 ? unit(axis, [1, 0, 0]) : perpendicular(from);
  return [direction[0] * angle, direction[1] * angle, direction[2] * angle];
}
