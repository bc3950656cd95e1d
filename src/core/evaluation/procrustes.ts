/** A similarity: y = scale R x + translation. */
export interface Similarity {
  scale: number;
  /** 9, row-major, a proper rotation. */
  rotation: Float64Array;
  /** 3. */
  translation: Float64Array;
}

/** Eigenvector of the largest eigenvalue of a symmetric 4 x 4 matrix, by cyclic Jacobi rotations. */
function largestEigenvector(matrix: Float64Array): Float64Array {
  const a = Float64Array.from(matrix);
  const v = new Float64Array(16);
  for (let k = 0; k < 4; k++) v[k * 5] = 1;
  for (let sweep = 0; sweep < 30; sweep++) {
    let off = 0;
    for (let p = 0; p < 4; p++) for (let q = p + 1; q < 4; q++) off += a[p * 4 + q]! ** 2;
    if (off < 1e-300) break;
    for (let p = 0; p < 4; p++) for (let q = p + 1; q < 4; q++) rotate(a, v, p, q);
  }
  let best = 0;
  for (let k = 1; k < 4; k++) if (a[k * 5]! > a[best * 5]!) best = k;
  return Float64Array.from([0, 1, 2, 3], (row) => v[row * 4 + best]!);
}

function rotate(a: Float64Array, v: Float64Array, p: number, q: number): void {
  const apq = a[p * 4 + q]!;
  if (apq === 0) return;
  const theta = (a[q * 5]! - a[p * 5]!) / (2 * apq);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const cosine = 1 / Math.sqrt(t * t + 1);
  const sine = t * cosine;
  for (let k = 0; k < 4; k++) {
    const kp = a[k * 4 + p]!;
    const kq = a[k * 4 + q]!;
    a[k * 4 + p] = cosine * kp - sine * kq;
    a[k * 4 + q] = sine * kp + cosine * kq;
  }
  for (let k = 0; k < 4; k++) {
    const pk = a[p * 4 + k]!;
    const qk = a[q * 4 + k]!;
    a[p * 4 + k] = cosine * pk - sine * qk;
    a[q * 4 + k] = sine * pk + cosine * qk;
    const vp = v[k * 4 + p]!;
    const vq = v[k * 4 + q]!;
    v[k * 4 + p] = cosine * vp - sine * vq;
    v[k * 4 + q] = sine * vp + cosine * vq;
  }
}

function meanOf(points: ArrayLike<number>): Float64Array {
  const mean = new Float64Array(3);
  const count = points.length / 3;
  for (let k = 0; k < points.length; k++) mean[k % 3]! += points[k]! / count;
  return mean;
}

/**
 * The similarity that takes `source` to `target` (same count x 3) with least squared distance; never a reflection.
 * Horn 1987, closed form by unit quaternions; the scale is that of Umeyama 1991, which leaves least residual in target
 * units (reference vibe-smpl 8). A source without extent keeps scale 1 and no rotation.
 */
export function fitSimilarity(source: ArrayLike<number>, target: ArrayLike<number>): Similarity {
  const from = meanOf(source);
  const to = meanOf(target);
  const h = new Float64Array(9);
  let spread = 0;
  for (let k = 0; k + 2 < source.length; k += 3) {
    for (let r = 0; r < 3; r++) {
      const x = source[k + r]! - from[r]!;
      spread += x * x;
      for (let c = 0; c < 3; c++) h[r * 3 + c]! += x * (target[k + c]! - to[c]!);
    }
  }
  const rotation = rotationOf(h);
  let projected = 0;
  for (let r = 0; r < 3; r++) for (let c = 0; c < 3; c++) projected += rotation[c * 3 + r]! * h[r * 3 + c]!;
  const scale = spread > 0 && projected > 0 ? projected / spread : 1;
  const translation = new Float64Array(3);
  for (let r = 0; r < 3; r++) {
    translation[r] = to[r]!;
    for (let c = 0; c < 3; c++) translation[r]! -= scale * rotation[r * 3 + c]! * from[c]!;
  }
  return { scale, rotation, translation };
}

/** Rotation of least squares from the 3 x 3 sum of source times target (rows source). */
function rotationOf(h: Float64Array): Float64Array {
  const [xx, xy, xz, yx, yy, yz, zx, zy, zz] = Array.from(h);
  const q = largestEigenvector(
    Float64Array.from([
      xx! + yy! + zz!,
      yz! - zy!,
      zx! - xz!,
      xy! - yx!,
      yz! - zy!,
      xx! - yy! - zz!,
      xy! + yx!,
      zx! + xz!,
      zx! - xz!,
      xy! + yx!,
      yy! - xx! - zz!,
      yz! + zy!,
      xy! - yx!,
      zx! + xz!,
      yz! + zy!,
      zz! - xx! - yy!,
    ]),
  );
  const [w, x, y, z] = [q[0]!, q[1]!, q[2]!, q[3]!];
  return Float64Array.from([
    1 - 2 * (y * y + z * z),
    2 * (x * y - w * z),
    2 * (x * z + w * y),
    2 * (x * y + w * z),
    1 - 2 * (x * x + z * z),
    2 * (y * z - w * x),
    2 * (x * z - w * y),
    2 * (y * z + w * x),
    1 - 2 * (x * x + y * y),
  ]);
}

/** Points (count x 3) under a similarity. */
export function applySimilarity(similarity: Similarity, points: ArrayLike<number>): Float64Array {
  const { scale, rotation, translation } = similarity;
  const out = new Float64Array(points.length);
  for (let k = 0; k + 2 < points.length; k += 3) {
    for (let r = 0; r < 3; r++) {
      let value = translation[r]!;
      for (let c = 0; c < 3; c++) value += scale * rotation[r * 3 + c]! * points[k + c]!;
      out[k + r] = value;
    }
  }
  return out;
}
