import type { Bindings } from './skinning';
import type { Topology } from './topology';
import { cross, meanPoint, pointAt, subtract } from './vectors';

/** Width of the similarity kernel of Le and Hodgins 2016. */
const SIGMA = 0.1;

/** Sparse mean weights of each triangle as parallel arrays grouped by joint pair. */
interface PairTriangles {
  /** Triangle weights for the lower and the higher joint of the pair, area and centroid: 6 numbers per triangle. */
  rows: number[];
}

function trianglesByPair(topology: Topology, bindings: Bindings, rest: Float64Array): Map<number, PairTriangles> {
  const pairs = new Map<number, PairTriangles>();
  const { triangles } = topology;
  for (let face = 0; face < triangles.length; face += 3) {
    const corners = [triangles[face]!, triangles[face + 1]!, triangles[face + 2]!] as const;
    const weights = new Map<number, number>();
    for (const corner of corners) {
      for (let slot = bindings.starts[corner]!; slot < bindings.starts[corner + 1]!; slot++) {
        const joint = bindings.bones[slot]!;
        weights.set(joint, (weights.get(joint) ?? 0) + bindings.weights[slot]! / 3);
      }
    }
    if (weights.size < 2) continue;
    const a = pointAt(rest, corners[0]);
    const b = pointAt(rest, corners[1]);
    const c = pointAt(rest, corners[2]);
    const area = Math.hypot(...cross(subtract(b, a), subtract(c, a))) / 2;
    const centroid = meanPoint([a, b, c]);
    for (const [low, lowWeight] of weights) {
      for (const [high, highWeight] of weights) {
        if (low >= high) continue;
        const entry = pairs.get(low * 32 + high) ?? { rows: [] };
        entry.rows.push(lowWeight, highWeight, area, ...centroid);
        pairs.set(low * 32 + high, entry);
      }
    }
  }
  return pairs;
}

/**
 * Optimised centres of rotation, V * 3: for each vertex the mean of the surface whose weights resemble its own. A vertex
 * of one joint keeps its own place, which changes nothing for it.
 */
export function centresOfRotation(topology: Topology, bindings: Bindings, rest: Float64Array): Float64Array {
  const pairs = trianglesByPair(topology, bindings, rest);
  const centres = Float64Array.from(rest);
  for (let vertex = 0; vertex < topology.vertexCount; vertex++) {
    const [first, end] = [bindings.starts[vertex]!, bindings.starts[vertex + 1]!];
    const sum = [0, 0, 0];
    let total = 0;
    for (let i = first; i < end; i++) {
      for (let j = first; j < end; j++) {
        const [low, high] = [bindings.bones[i]!, bindings.bones[j]!];
        if (low >= high) continue;
        const rows = pairs.get(low * 32 + high)?.rows ?? [];
        const [wl, wh] = [bindings.weights[i]!, bindings.weights[j]!];
        for (let k = 0; k < rows.length; k += 6) {
          const [tl, th] = [rows[k]!, rows[k + 1]!];
          const apart = (wl * th - wh * tl) / SIGMA;
          const s = wl * wh * tl * th * Math.exp(-apart * apart) * rows[k + 2]!;
          total += s;
          for (let c = 0; c < 3; c++) sum[c]! += s * rows[k + 3 + c]!;
        }
      }
    }
    if (total > 1e-12) for (let c = 0; c < 3; c++) centres[vertex * 3 + c] = sum[c]! / total;
  }
  return centres;
}
