import type { Numbers, NumbersOut } from './rotations';

/** out = A B for 3x3 row-major matrices. `out` must not be `a` or `b`. */
export function multiplyMatrices(
  a: Numbers,
  b: Numbers,
  out: NumbersOut,
  aOffset = 0,
  bOffset = 0,
  outOffset = 0,
): void {
  for (let row = 0; row < 3; row++) {
    const a0 = a[aOffset + 3 * row]!;
    const a1 = a[aOffset + 3 * row + 1]!;
    const a2 = a[aOffset + 3 * row + 2]!;
    for (let column = 0; column < 3; column++) {
      out[outOffset + 3 * row + column] =
        a0 * b[bOffset + column]! + a1 * b[bOffset + 3 + column]! + a2 * b[bOffset + 6 + column]!;
    }
  }
}

/** out = transpose(A) B for 3x3 row-major matrices: the rotation from frame A to frame B. `out` must not be an input. */
export function multiplyTransposed(
  a: Numbers,
  b: Numbers,
  out: NumbersOut,
  aOffset = 0,
  bOffset = 0,
  outOffset = 0,
): void {
  for (let row = 0; row < 3; row++) {
    const a0 = a[aOffset + row]!;
    const a1 = a[aOffset + 3 + row]!;
    const a2 = a[aOffset + 6 + row]!;
    for (let column = 0; column < 3; column++) {
      out[outOffset + 3 * row + column] =
        a0 * b[bOffset + column]! + a1 * b[bOffset + 3 + column]! + a2 * b[bOffset + 6 + column]!;
    }
  }
}

/** out = A v for a 3x3 row-major matrix and a column vector. `out` may be `v`. */
export function transformVector(
  a: Numbers,
  v: Numbers,
  out: NumbersOut,
  aOffset = 0,
  vOffset = 0,
  outOffset = 0,
): void {
  const x = v[vOffset]!;
  const y = v[vOffset + 1]!;
  const z = v[vOffset + 2]!;
  out[outOffset] = a[aOffset]! * x + a[aOffset + 1]! * y + a[aOffset + 2]! * z;
  out[outOffset + 1] = a[aOffset + 3]! * x + a[aOffset + 4]! * y + a[aOffset + 5]! * z;
  out[outOffset + 2] = a[aOffset + 6]! * x + a[aOffset + 7]! * y + a[aOffset + 8]! * z;
}
