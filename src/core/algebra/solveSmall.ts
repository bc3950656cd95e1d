/**
 * Solves a small symmetric positive definite system by elimination without pivoting; its arguments stay as they are.
 * @param matrix count x count, row after row
 * @param vector count, the right side
 */
export function solveSmall(matrix: Float64Array, vector: Float64Array, count: number): Float64Array {
  const a = Float64Array.from(matrix);
  const b = Float64Array.from(vector);
  for (let k = 0; k < count; k++) {
    for (let i = k + 1; i < count; i++) {
      const factor = a[i * count + k]! / a[k * count + k]!;
      for (let j = k; j < count; j++) a[i * count + j]! -= factor * a[k * count + j]!;
      b[i]! -= factor * b[k]!;
    }
  }
  for (let k = count - 1; k >= 0; k--) {
    for (let j = k + 1; j < count; j++) b[k]! -= a[k * count + j]! * b[j]!;
    b[k]! /= a[k * count + k]!;
  }
  return b;
}
