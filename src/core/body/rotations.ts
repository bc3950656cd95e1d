/**
 * Rotations as flat numbers. Matrices are 3x3 row-major (9 numbers) and act on column vectors; quaternions are
 * (w, x, y, z); axis-angle vectors are in radians. Every function writes into `out` at `outOffset`, so that hot loops
 * allocate nothing; `out` may be the input unless a comment says otherwise. Float64Array is the fastest.
 */

/** Numbers that are only read. */
export type Numbers = ArrayLike<number>;

/** Numbers that are written: a typed array or a plain array that is long enough. */
export interface NumbersOut {
  readonly length: number;
  [index: number]: number;
}

/** Writes the identity matrix. */
export function writeIdentity(out: NumbersOut, outOffset = 0): void {
  for (let k = 0; k < 9; k++) out[outOffset + k] = k % 4 === 0 ? 1 : 0;
}

/** Axis-angle to matrix by Rodrigues' formula, exact identity at zero. */
export function axisAngleToMatrix(axisAngle: Numbers, out: NumbersOut, offset = 0, outOffset = 0): void {
  const x = axisAngle[offset]!;
  const y = axisAngle[offset + 1]!;
  const z = axisAngle[offset + 2]!;
  const squared = x * x + y * y + z * z;
  const angle = Math.sqrt(squared);
  // Series below 1e-4 rad: sin(a)/a and (1-cos a)/a^2 lose digits in the closed form.
  const s = angle < 1e-4 ? 1 - squared / 6 : Math.sin(angle) / angle;
  const c = angle < 1e-4 ? 0.5 - squared / 24 : (1 - Math.cos(angle)) / squared;
  out[outOffset] = 1 - c * (y * y + z * z);
  out[outOffset + 1] = c * x * y - s * z;
  out[outOffset + 2] = c * x * z + s * y;
  out[outOffset + 3] = c * x * y + s * z;
  out[outOffset + 4] = 1 - c * (x * x + z * z);
  out[outOffset + 5] = c * y * z - s * x;
  out[outOffset + 6] = c * x * z - s * y;
  out[outOffset + 7] = c * y * z + s * x;
  out[outOffset + 8] = 1 - c * (x * x + y * y);
}

/**
 * Matrix to quaternion by branch on the diagonal (reference vibe-smpl 5.5). Not normalised beyond what the matrix is;
 * w may be negative.
 */
export function matrixToQuaternion(matrix: Numbers, out: NumbersOut, offset = 0, outOffset = 0): void {
  const r00 = matrix[offset]!;
  const r01 = matrix[offset + 1]!;
  const r02 = matrix[offset + 2]!;
  const r10 = matrix[offset + 3]!;
  const r11 = matrix[offset + 4]!;
  const r12 = matrix[offset + 5]!;
  const r20 = matrix[offset + 6]!;
  const r21 = matrix[offset + 7]!;
  const r22 = matrix[offset + 8]!;
  let w: number;
  let x: number;
  let y: number;
  let z: number;
  let t: number;
  if (r22 < 1e-6 && r00 > r11) {
    t = 1 + r00 - r11 - r22;
    [w, x, y, z] = [r21 - r12, t, r10 + r01, r02 + r20];
  } else if (r22 < 1e-6) {
    t = 1 - r00 + r11 - r22;
    [w, x, y, z] = [r02 - r20, r10 + r01, t, r21 + r12];
  } else if (r00 < -r11) {
    t = 1 - r00 - r11 + r22;
    [w, x, y, z] = [r10 - r01, r02 + r20, r21 + r12, t];
  } else {
    t = 1 + r00 + r11 + r22;
    [w, x, y, z] = [t, r21 - r12, r02 - r20, r10 - r01];
  }
  const scale = 0.5 / Math.sqrt(t);
  out[outOffset] = w * scale;
  out[outOffset + 1] = x * scale;
  out[outOffset + 2] = y * scale;
  out[outOffset + 3] = z * scale;
}

/** Quaternion to matrix; the quaternion is normalised first, a zero one gives the identity. */
export function quaternionToMatrix(quaternion: Numbers, out: NumbersOut, offset = 0, outOffset = 0): void {
  let w = quaternion[offset]!;
  let x = quaternion[offset + 1]!;
  let y = quaternion[offset + 2]!;
  let z = quaternion[offset + 3]!;
  const length = Math.sqrt(w * w + x * x + y * y + z * z);
  if (length === 0) return writeIdentity(out, outOffset);
  w /= length;
  x /= length;
  y /= length;
  z /= length;
  out[outOffset] = 1 - 2 * (y * y + z * z);
  out[outOffset + 1] = 2 * (x * y - w * z);
  out[outOffset + 2] = 2 * (x * z + w * y);
  out[outOffset + 3] = 2 * (x * y + w * z);
  out[outOffset + 4] = 1 - 2 * (x * x + z * z);
  out[outOffset + 5] = 2 * (y * z - w * x);
  out[outOffset + 6] = 2 * (x * z - w * y);
  out[outOffset + 7] = 2 * (y * z + w * x);
  out[outOffset + 8] = 1 - 2 * (x * x + y * y);
}

/** Quaternion to axis-angle with an angle of at most pi (reference vibe-smpl 5.5); NaN becomes 0. */
export function quaternionToAxisAngle(quaternion: Numbers, out: NumbersOut, offset = 0, outOffset = 0): void {
  const w = quaternion[offset]!;
  const x = quaternion[offset + 1]!;
  const y = quaternion[offset + 2]!;
  const z = quaternion[offset + 3]!;
  const length = Math.sqrt(x * x + y * y + z * z);
  const angle = w >= 0 ? 2 * Math.atan2(length, w) : 2 * Math.atan2(-length, -w);
  const factor = length === 0 ? 2 : angle / length;
  out[outOffset] = x * factor || 0;
  out[outOffset + 1] = y * factor || 0;
  out[outOffset + 2] = z * factor || 0;
}

/** Axis-angle to unit quaternion with w >= 0 for angles up to pi. */
export function axisAngleToQuaternion(axisAngle: Numbers, out: NumbersOut, offset = 0, outOffset = 0): void {
  const x = axisAngle[offset]!;
  const y = axisAngle[offset + 1]!;
  const z = axisAngle[offset + 2]!;
  const angle = Math.sqrt(x * x + y * y + z * z);
  const factor = angle < 1e-4 ? 0.5 - (angle * angle) / 48 : Math.sin(angle / 2) / angle;
  out[outOffset] = Math.cos(angle / 2);
  out[outOffset + 1] = x * factor;
  out[outOffset + 2] = y * factor;
  out[outOffset + 3] = z * factor;
}

/** Matrix to axis-angle, the log map: angle at most pi, NaN becomes 0 (reference vibe-smpl 5.5). */
export function matrixToAxisAngle(matrix: Numbers, out: NumbersOut, offset = 0, outOffset = 0): void {
  const quaternion = [1, 0, 0, 0];
  matrixToQuaternion(matrix, quaternion, offset);
  quaternionToAxisAngle(quaternion, out, 0, outOffset);
}

/**
 * The network's 6 numbers to a matrix: they are a 3x2 row-major matrix whose columns are the first two columns of R,
 * orthonormalised by Gram-Schmidt with 1e-6 as the floor of both norms (reference vibe-smpl 5.3). Zeros give zeros.
 */
export function rotation6dToMatrix(sixD: Numbers, out: NumbersOut, offset = 0, outOffset = 0): void {
  const a1x = sixD[offset]!;
  const a1y = sixD[offset + 2]!;
  const a1z = sixD[offset + 4]!;
  const a2x = sixD[offset + 1]!;
  const a2y = sixD[offset + 3]!;
  const a2z = sixD[offset + 5]!;
  const n1 = Math.max(Math.sqrt(a1x * a1x + a1y * a1y + a1z * a1z), 1e-6);
  const x1 = a1x / n1;
  const y1 = a1y / n1;
  const z1 = a1z / n1;
  const along = x1 * a2x + y1 * a2y + z1 * a2z;
  let x2 = a2x - along * x1;
  let y2 = a2y - along * y1;
  let z2 = a2z - along * z1;
  const n2 = Math.max(Math.sqrt(x2 * x2 + y2 * y2 + z2 * z2), 1e-6);
  x2 /= n2;
  y2 /= n2;
  z2 /= n2;
  out[outOffset] = x1;
  out[outOffset + 1] = x2;
  out[outOffset + 2] = y1 * z2 - z1 * y2;
  out[outOffset + 3] = y1;
  out[outOffset + 4] = y2;
  out[outOffset + 5] = z1 * x2 - x1 * z2;
  out[outOffset + 6] = z1;
  out[outOffset + 7] = z2;
  out[outOffset + 8] = x1 * y2 - y1 * x2;
}

/** The inverse of {@link rotation6dToMatrix}: (R00, R01, R10, R11, R20, R21). `out` must not be `matrix`. */
export function matrixToRotation6d(matrix: Numbers, out: NumbersOut, offset = 0, outOffset = 0): void {
  for (let row = 0; row < 3; row++) {
    out[outOffset + 2 * row] = matrix[offset + 3 * row]!;
    out[outOffset + 2 * row + 1] = matrix[offset + 3 * row + 1]!;
  }
}

/**
 * Euler angles (x, y, z) in radians with R = Rz(z) Ry(y) Rx(x): the order FBX calls eEulerXYZ (x is applied first).
 * y is in [-pi/2, pi/2]; at the gimbal (|y| = pi/2) z is 0.
 */
export function matrixToEulerXyz(matrix: Numbers, out: NumbersOut, offset = 0, outOffset = 0): void {
  const r00 = matrix[offset]!;
  const r10 = matrix[offset + 3]!;
  const r20 = matrix[offset + 6]!;
  const r11 = matrix[offset + 4]!;
  const r12 = matrix[offset + 5]!;
  const r21 = matrix[offset + 7]!;
  const r22 = matrix[offset + 8]!;
  const cosY = Math.sqrt(r00 * r00 + r10 * r10);
  const gimbal = cosY < 1e-9;
  out[outOffset] = gimbal ? Math.atan2(-r12, r11) : Math.atan2(r21, r22);
  out[outOffset + 1] = Math.atan2(-r20, cosY);
  out[outOffset + 2] = gimbal ? 0 : Math.atan2(r10, r00);
}

/** The inverse of {@link matrixToEulerXyz}. */
export function eulerXyzToMatrix(euler: Numbers, out: NumbersOut, offset = 0, outOffset = 0): void {
  const x = euler[offset]!;
  const y = euler[offset + 1]!;
  const z = euler[offset + 2]!;
  const [cx, cy, cz] = [Math.cos(x), Math.cos(y), Math.cos(z)];
  const [sx, sy, sz] = [Math.sin(x), Math.sin(y), Math.sin(z)];
  out[outOffset] = cy * cz;
  out[outOffset + 1] = sx * sy * cz - cx * sz;
  out[outOffset + 2] = cx * sy * cz + sx * sz;
  out[outOffset + 3] = cy * sz;
  out[outOffset + 4] = sx * sy * sz + cx * cz;
  out[outOffset + 5] = cx * sy * sz - sx * cz;
  out[outOffset + 6] = -sy;
  out[outOffset + 7] = sx * cy;
  out[outOffset + 8] = cx * cy;
}

/** Spherical interpolation from quaternion `a` (t = 0) to `b` (t = 1) along the shorter arc; the result has unit length. */
export function slerpQuaternions(a: Numbers, b: Numbers, t: number, out: NumbersOut): void {
  let cosine = 0;
  for (let k = 0; k < 4; k++) cosine += a[k]! * b[k]!;
  const sign = cosine < 0 ? -1 : 1;
  const angle = Math.acos(Math.min(1, Math.abs(cosine)));
  const sine = Math.sin(angle);
  // Nearly parallel: linear interpolation, then normalise below.
  const fromWeight = sine < 1e-6 ? 1 - t : Math.sin((1 - t) * angle) / sine;
  const toWeight = (sine < 1e-6 ? t : Math.sin(t * angle) / sine) * sign;
  let squared = 0;
  for (let k = 0; k < 4; k++) {
    const value = a[k]! * fromWeight + b[k]! * toWeight;
    out[k] = value;
    squared += value * value;
  }
  const scale = 1 / Math.sqrt(squared);
  for (let k = 0; k < 4; k++) out[k] = out[k]! * scale;
}
