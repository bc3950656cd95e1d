/** How much a value without any weight still counts, so that a Gaussian has something to average. */
const LEAST_WEIGHT = 1e-4;

/**
 * Zero-phase Gaussian over uneven times: value i becomes the weighted mean of its neighbours within 3 sigma.
 * `values` and `out` are rows x count x size; `weights` is rows x count, or absent for equal ones.
 */
export function smoothRows(
  seconds: Float64Array,
  values: Float64Array,
  weights: Float64Array | undefined,
  count: number,
  size: number,
  sigma: Float64Array,
): Float64Array {
  const rows = seconds.length;
  const out = new Float64Array(values.length);
  const total = new Float64Array(count);
  let first = 0;
  for (let row = 0; row < rows; row++) {
    const reach = 3 * sigma[row]!;
    while (seconds[row]! - seconds[first]! > reach) first++;
    total.fill(0);
    const to = row * count * size;
    for (let other = first; other < rows && seconds[other]! - seconds[row]! <= reach; other++) {
      const distance = (seconds[other]! - seconds[row]!) / sigma[row]!;
      const gauss = Math.exp(-0.5 * distance * distance);
      for (let k = 0; k < count; k++) {
        const weight = gauss * (weights ? weights[other * count + k]! + LEAST_WEIGHT : 1);
        total[k]! += weight;
        const from = (other * count + k) * size;
        for (let c = 0; c < size; c++) out[to + k * size + c]! += weight * values[from + c]!;
      }
    }
    for (let k = 0; k < count; k++) for (let c = 0; c < size; c++) out[to + k * size + c]! /= total[k]!;
  }
  return out;
}

/** Sigma of each row in s: `wanted`, but at least `leastFrames` of the row's own spacing. */
export function sigmaOfRows(seconds: Float64Array, wanted: number, leastFrames: number): Float64Array {
  return seconds.map((time, row) => {
    const before = row > 0 ? time - seconds[row - 1]! : Infinity;
    const after = row + 1 < seconds.length ? seconds[row + 1]! - time : Infinity;
    const spacing = Math.min(before, after);
    return Number.isFinite(spacing) ? Math.max(wanted, leastFrames * spacing) : wanted;
  });
}

/** Median of the values whose times are within `reach` s of each row; NaN values are left out, NaN where none is left. */
export function runningMedian(seconds: Float64Array, values: Float64Array, reach: number): Float64Array {
  const out = new Float64Array(values.length);
  let first = 0;
  for (let row = 0; row < values.length; row++) {
    while (seconds[row]! - seconds[first]! > reach) first++;
    let last = row;
    while (last + 1 < values.length && seconds[last + 1]! - seconds[row]! <= reach) last++;
    const sorted = values
      .slice(first, last + 1)
      .filter((value) => !Number.isNaN(value))
      .sort();
    const middle = (sorted.length - 1) / 2;
    out[row] = sorted.length > 0 ? (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2 : Number.NaN;
  }
  return out;
}

/** 0 below 0, 1 above 1, smooth between. */
export function smoothstep(value: number): number {
  const t = Math.min(1, Math.max(0, value));
  return t * t * (3 - 2 * t);
}
