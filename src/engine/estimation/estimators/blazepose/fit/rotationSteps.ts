/** Rotation increments and logarithms for the fit: row-major 3 x 3 matrices in flat arrays, nothing allocated. */

/**
 * R <- R exp(d): turns the matrix at `at` by the increment at `d`, then makes it orthonormal again (two steps of Gram-
 * Schmidt by rows, third row as the cross product), so that hundreds of steps do not drift.
 */
export function turnRotation(rotations: Float64Array, at: number, increments: Float64Array, d: number): void {
  const x = increments[d]!;
  const y = increments[d + 1]!;
  const z = increments[d + 2]!;
  const squared = x * x + y * y + z * z;
  const angle = Math.sqrt(squared);
  const s = angle < 1e-4 ? 1 - squared / 6 : Math.sin(angle) / angle;
  const c = angle < 1e-4 ? 0.5 - squared / 24 : (1 - Math.cos(angle)) / squared;
  for (let row = 0; row < 6; row += 3) {
    const r0 = rotations[at + row]!;
    const r1 = rotations[at + row + 1]!;
    const r2 = rotations[at + row + 2]!;
    rotations[at + row] = r0 * (1 - c * (y * y + z * z)) + r1 * (c * x * y + s * z) + r2 * (c * x * z - s * y);
    rotations[at + row + 1] = r0 * (c * x * y - s * z) + r1 * (1 - c * (x * x + z * z)) + r2 * (c * y * z + s * x);
    rotations[at + row + 2] = r0 * (c * x * z + s * y) + r1 * (c * y * z - s * x) + r2 * (1 - c * (x * x + y * y));
  }
  orthonormalise(rotations, at);
}

function orthonormalise(m: Float64Array, at: number): void {
  let a0 = m[at]!;
  let a1 = m[at + 1]!;
  let a2 = m[at + 2]!;
  const la = 1 / Math.sqrt(a0 * a0 + a1 * a1 + a2 * a2);
  a0 *= la;
  a1 *= la;
  a2 *= la;
  let b0 = m[at + 3]!;
  let b1 = m[at + 4]!;
  let b2 = m[at + 5]!;
  const along = a0 * b0 + a1 * b1 + a2 * b2;
  b0 -= along * a0;
  b1 -= along * a1;
  b2 -= along * a2;
  const lb = 1 / Math.sqrt(b0 * b0 + b1 * b1 + b2 * b2);
  b0 *= lb;
  b1 *= lb;
  b2 *= lb;
  m[at] = a0;
  m[at + 1] = a1;
  m[at + 2] = a2;
  m[at + 3] = b0;
  m[at + 4] = b1;
  m[at + 5] = b2;
  m[at + 6] = a1 * b2 - a2 * b1;
  m[at + 7] = a2 * b0 - a0 * b2;
  m[at + 8] = a0 * b1 - a1 * b0;
}

/** log(R) of the matrix at `at`, rad, angle at most pi, written at `outAt`. */
export function rotationLogarithm(rotations: Float64Array, at: number, out: Float64Array, outAt: number): void {
  const x = rotations[at + 7]! - rotations[at + 5]!;
  const y = rotations[at + 2]! - rotations[at + 6]!;
  const z = rotations[at + 3]! - rotations[at + 1]!;
  const trace = rotations[at]! + rotations[at + 4]! + rotations[at + 8]!;
  const sine = Math.sqrt(x * x + y * y + z * z) / 2;
  const angle = Math.atan2(sine, (trace - 1) / 2);
  if (sine > 1e-5 || trace > 1) {
    // sin(a)/a by series near zero, where both vanish.
    const factor = angle < 1e-4 ? 0.5 + (angle * angle) / 12 : angle / (2 * sine);
    out[outAt] = x * factor;
    out[outAt + 1] = y * factor;
    out[outAt + 2] = z * factor;
    return;
  }
  halfTurnLogarithm(rotations, at, angle, out, outAt);
}

/** Near a half turn the antisymmetric part vanishes: the axis comes from the largest column of R + I. */
function halfTurnLogarithm(m: Float64Array, at: number, angle: number, out: Float64Array, outAt: number): void {
  let column = 0;
  for (let k = 1; k < 3; k++) if (m[at + k * 4]! > m[at + column * 4]!) column = k;
  let squared = 0;
  for (let row = 0; row < 3; row++) {
    const value = m[at + row * 3 + column]! + (row === column ? 1 : 0);
    out[outAt + row] = value;
    squared += value * value;
  }
  const factor = angle / Math.sqrt(squared);
  for (let row = 0; row < 3; row++) out[outAt + row]! *= factor;
}

/**
 * Inverse right Jacobian of SO(3) at the rotation vector `v`: log(R exp(d)) = log(R) + J d + O(d^2), row-major into
 * `out` (Chirikjian 2011, eq. 10.86).
 */
export function inverseRightJacobian(v: Float64Array, at: number, out: Float64Array): void {
  const x = v[at]!;
  const y = v[at + 1]!;
  const z = v[at + 2]!;
  const squared = x * x + y * y + z * z;
  const half = Math.sqrt(squared) / 2;
  const factor = squared < 1e-6 ? 1 / 12 + squared / 720 : (1 - half / Math.tan(half)) / squared;
  out[0] = 1 - factor * (y * y + z * z);
  out[1] = factor * x * y - z / 2;
  out[2] = factor * x * z + y / 2;
  out[3] = factor * x * y + z / 2;
  out[4] = 1 - factor * (x * x + z * z);
  out[5] = factor * y * z - x / 2;
  out[6] = factor * x * z - y / 2;
  out[7] = factor * y * z + x / 2;
  out[8] = 1 - factor * (x * x + y * y);
}
