/** Solves A x = b for symmetric positive definite A (n x n, row-major; overwritten) and `columns` right sides in `b`. */
export function solveCholesky(a: Float64Array, b: Float64Array, n: number, columns: number): void {
  for (let row = 0; row < n; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = a[row * n + column]!;
      for (let k = 0; k < column; k++) sum -= a[row * n + k]! * a[column * n + k]!;
      a[row * n + column] = row === column ? Math.sqrt(Math.max(sum, 1e-300)) : sum / a[column * n + column]!;
    }
  }
  for (let c = 0; c < columns; c++) {
    for (let row = 0; row < n; row++) {
      let sum = b[row * columns + c]!;
      for (let k = 0; k < row; k++) sum -= a[row * n + k]! * b[k * columns + c]!;
      b[row * columns + c] = sum / a[row * n + row]!;
    }
    for (let row = n - 1; row >= 0; row--) {
      let sum = b[row * columns + c]!;
      for (let k = row + 1; k < n; k++) sum -= a[k * n + row]! * b[k * columns + c]!;
      b[row * columns + c] = sum / a[row * n + row]!;
    }
  }
}

/** Ordinary least squares: inputs (rows x n) to outputs (rows x m); gives n x m coefficients and R2 per output. */
export function leastSquares(
  inputs: Float64Array,
  outputs: Float64Array,
  rows: number,
): { coefficients: Float64Array; r2: number[] } {
  const n = inputs.length / rows;
  const m = outputs.length / rows;
  const gram = new Float64Array(n * n);
  const coefficients = new Float64Array(n * m);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) gram[i * n + j]! += inputs[row * n + i]! * inputs[row * n + j]!;
      for (let c = 0; c < m; c++) coefficients[i * m + c]! += inputs[row * n + i]! * outputs[row * m + c]!;
    }
  }
  solveCholesky(gram, coefficients, n, m);
  const r2 = Array.from({ length: m }, (_, c) => {
    let [mean, total, left] = [0, 0, 0];
    for (let row = 0; row < rows; row++) mean += outputs[row * m + c]! / rows;
    for (let row = 0; row < rows; row++) {
      let predicted = 0;
      for (let i = 0; i < n; i++) predicted += inputs[row * n + i]! * coefficients[i * m + c]!;
      total += (outputs[row * m + c]! - mean) ** 2;
      left += (outputs[row * m + c]! - predicted) ** 2;
    }
    return 1 - left / total;
  });
  return { coefficients, r2 };
}

/**
 * Non-negative least squares from normal equations (Bro and De Jong 1997): x >= 0 minimising x'Gx/2 - x'b.
 * @param gram n x n
 */
export function nonNegativeLeastSquares(gram: Float64Array, right: Float64Array): Float64Array {
  const n = right.length;
  const x = new Float64Array(n);
  const active: number[] = [];
  const tolerance = 1e-10 * Math.max(...right.map(Math.abs));
  const gradient = (k: number): number => {
    let value = right[k]!;
    for (const j of active) value -= gram[k * n + j]! * x[j]!;
    return value;
  };
  for (let iteration = 0; iteration < 4 * n; iteration++) {
    let enter = -1;
    let steepest = tolerance;
    for (let k = 0; k < n; k++) {
      if (active.includes(k)) continue;
      const value = gradient(k);
      if (value > steepest) [enter, steepest] = [k, value];
    }
    if (enter < 0) break;
    active.push(enter);
    for (;;) {
      const solution = solveOn(gram, right, active, n);
      let share = 1;
      active.forEach((k, at) => {
        if (solution[at]! <= 0) share = Math.min(share, x[k]! / (x[k]! - solution[at]!));
      });
      active.forEach((k, at) => {
        x[k] = share < 1 ? x[k]! + share * (solution[at]! - x[k]!) : solution[at]!;
      });
      if (share >= 1) break;
      for (let at = active.length - 1; at >= 0; at--) {
        if (x[active[at]!]! > 1e-12) continue;
        x[active[at]!] = 0;
        active.splice(at, 1);
      }
    }
  }
  return x;
}

function solveOn(gram: Float64Array, right: Float64Array, active: readonly number[], n: number): Float64Array {
  const p = active.length;
  const a = new Float64Array(p * p);
  const b = new Float64Array(p);
  active.forEach((row, i) => {
    b[i] = right[row]!;
    active.forEach((column, j) => {
      a[i * p + j] = gram[row * n + column]!;
    });
  });
  solveCholesky(a, b, p, 1);
  return b;
}

/** Eigenvalues (falling) and eigenvectors (as rows) of a small symmetric matrix by cyclic Jacobi rotations. */
export function symmetricEigen(matrix: Float64Array, n: number): { values: Float64Array; vectors: Float64Array } {
  const a = Float64Array.from(matrix);
  const v = new Float64Array(n * n);
  for (let k = 0; k < n; k++) v[k * n + k] = 1;
  for (let sweep = 0; sweep < 60; sweep++) {
    let off = 0;
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) off += a[p * n + q]! ** 2;
    if (off < 1e-26 * n) break;
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(a, v, n, p, q);
  }
  const order = Array.from({ length: n }, (_, k) => k).sort((i, j) => a[j * n + j]! - a[i * n + i]!);
  return {
    values: Float64Array.from(order, (k) => a[k * n + k]!),
    vectors: Float64Array.from(order.flatMap((k) => Array.from({ length: n }, (_, row) => v[row * n + k]!))),
  };
}

function rotate(a: Float64Array, v: Float64Array, n: number, p: number, q: number): void {
  const apq = a[p * n + q]!;
  if (Math.abs(apq) < 1e-300) return;
  const theta = (a[q * n + q]! - a[p * n + p]!) / (2 * apq);
  const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (let k = 0; k < n; k++) {
    const [akp, akq] = [a[k * n + p]!, a[k * n + q]!];
    a[k * n + p] = c * akp - s * akq;
    a[k * n + q] = s * akp + c * akq;
  }
  for (let k = 0; k < n; k++) {
    const [apk, aqk] = [a[p * n + k]!, a[q * n + k]!];
    a[p * n + k] = c * apk - s * aqk;
    a[q * n + k] = s * apk + c * aqk;
    const [vkp, vkq] = [v[k * n + p]!, v[k * n + q]!];
    v[k * n + p] = c * vkp - s * vkq;
    v[k * n + q] = s * vkp + c * vkq;
  }
}
