import type { Topology } from './topology';
import { normalsOf, smooth } from './topology';

/** How the smoothing of {@link deltaMush} works. */
export interface MushOptions {
  steps: number;
  lambda: number;
  /** Share of the result that replaces the skinned vertex, per vertex 0 to 1. */
  amount: ArrayLike<number>;
}

/** Orthonormal frame of each vertex from its normal and its first edge: 9 per vertex, columns tangent, bitangent, normal. */
function frames(topology: Topology, positions: Float64Array): Float64Array {
  const normals = normalsOf(topology, positions);
  const result = new Float64Array(topology.vertexCount * 9);
  for (let vertex = 0; vertex < topology.vertexCount; vertex++) {
    const other = topology.neighbours[topology.starts[vertex]!]! * 3;
    const v = vertex * 3;
    const [nx, ny, nz] = [normals[v]!, normals[v + 1]!, normals[v + 2]!];
    let ex = positions[other]! - positions[v]!;
    let ey = positions[other + 1]! - positions[v + 1]!;
    let ez = positions[other + 2]! - positions[v + 2]!;
    const along = ex * nx + ey * ny + ez * nz;
    ex -= along * nx;
    ey -= along * ny;
    ez -= along * nz;
    const length = Math.hypot(ex, ey, ez) || 1;
    ex /= length;
    ey /= length;
    ez /= length;
    result.set([ex, ny * ez - nz * ey, nx, ey, nz * ex - nx * ez, ny, ez, nx * ey - ny * ex, nz], vertex * 9);
  }
  return result;
}

/** A rest shape prepared for {@link deltaMush}: what smoothing takes away from it, in local frames. */
export interface MushDetail {
  /** V * 3. */
  local: Float64Array;
}

/** Smooths the rest shape and keeps the detail that was lost. */
export function captureDetail(topology: Topology, rest: Float64Array, options: MushOptions): MushDetail {
  const smoothed = Float64Array.from(rest);
  smooth(topology, smoothed, 3, options.steps, options.lambda);
  const frame = frames(topology, smoothed);
  const local = new Float64Array(rest.length);
  for (let v = 0, f = 0; v < rest.length; v += 3, f += 9) {
    for (let axis = 0; axis < 3; axis++) {
      for (let c = 0; c < 3; c++) local[v + axis]! += frame[f + c * 3 + axis]! * (rest[v + c]! - smoothed[v + c]!);
    }
  }
  return { local };
}

/**
 * Delta mush (Mancewicz et al. 2014): smooths the posed shape and puts the detail of the rest shape back in the posed
 * frames, in place. It irons the kinks of skinning out and keeps features; it also loses volume, so use little.
 */
export function deltaMush(topology: Topology, posed: Float64Array, detail: MushDetail, options: MushOptions): void {
  const smoothed = Float64Array.from(posed);
  smooth(topology, smoothed, 3, options.steps, options.lambda);
  const frame = frames(topology, smoothed);
  for (let v = 0, f = 0; v < posed.length; v += 3, f += 9) {
    const amount = options.amount[v / 3]!;
    if (amount === 0) continue;
    for (let c = 0; c < 3; c++) {
      let restored = smoothed[v + c]!;
      for (let axis = 0; axis < 3; axis++) restored += frame[f + c * 3 + axis]! * detail.local[v + axis]!;
      posed[v + c]! += amount * (restored - posed[v + c]!);
    }
  }
}
