import { solveCholesky } from './linearAlgebra';
import type { SourceAssets } from './source';
import type { Topology } from './topology';

/** Everything nearer than this to a breast's tip is replaced, m on the average body. */
const RADIUS = 0.03;

/** A patch of skin whose points follow from the skin around it. */
export interface ChestFill {
  /** Replaced vertices, left side. */
  inside: number[];
  /** The two rings around them. */
  outside: number[];
  /** inside x outside. */
  weights: Float64Array;
}

/** Scale-dependent umbrella operator: row of a vertex as [vertex, coefficient] pairs, sum 0. */
function umbrella(topology: Topology, rest: ArrayLike<number>, vertex: number): [number, number][] {
  const row: [number, number][] = [];
  let own = 0;
  let total = 0;
  for (let k = topology.starts[vertex]!; k < topology.starts[vertex + 1]!; k++) {
    const other = topology.neighbours[k]!;
    const length = Math.hypot(...[0, 1, 2].map((c) => rest[other * 3 + c]! - rest[vertex * 3 + c]!));
    row.push([other, 1 / length]);
    own -= 1 / length;
    total += length;
  }
  row.push([vertex, own]);
  return row.map(([other, value]) => [other, (2 * value) / total]);
}

/**
 * Prepares the smoothing of the left breast's tip on the average body: its points are placed so that the curvature of the
 * patch is as even as the skin around it allows (least squares of the umbrella operator), which leaves a mannequin's form.
 * @param rest V * 3 of the average body in the source's rest pose
 */
export function prepareChestFill(source: SourceAssets, topology: Topology, rest: ArrayLike<number>): ChestFill {
  const tip = source.bones.find((bone) => bone.name === 'breast.L')?.tail[0];
  if (tip === undefined || tip >= topology.eyeStart) throw new Error("The rig's breast.L does not end on the skin");
  const distance = (vertex: number): number =>
    Math.hypot(...[0, 1, 2].map((c) => rest[vertex * 3 + c]! - rest[tip * 3 + c]!));
  const inside = Array.from({ length: topology.eyeStart }, (_, vertex) => vertex).filter(
    (vertex) => distance(vertex) < RADIUS,
  );
  const ring = (vertices: readonly number[]): number[] =>
    vertices.flatMap((vertex) => [
      ...topology.neighbours.subarray(topology.starts[vertex]!, topology.starts[vertex + 1]!),
    ]);
  const touched = [...new Set([...inside, ...ring(inside)])];
  const isInside = new Map(inside.map((vertex, k) => [vertex, k]));
  const outside = [...new Set(ring(touched))].filter((vertex) => !isInside.has(vertex)).sort((a, b) => a - b);
  const isOutside = new Map(outside.map((vertex, k) => [vertex, k]));
  const n = inside.length;
  const m = outside.length;
  const gram = new Float64Array(n * n);
  const weights = new Float64Array(n * m);
  for (const vertex of touched) {
    const row = umbrella(topology, rest, vertex);
    for (const [a, x] of row) {
      const i = isInside.get(a);
      if (i === undefined) continue;
      for (const [b, y] of row) {
        const j = isInside.get(b);
        if (j !== undefined) gram[i * n + j]! += x * y;
        else weights[i * m + isOutside.get(b)!]! -= x * y;
      }
    }
  }
  solveCholesky(gram, weights, n, m);
  return { inside, outside, weights };
}

/** Replaces the patch on both sides of a symmetric body, in place. */
export function fillChest(fill: ChestFill, mirror: ArrayLike<number>, vertices: Float64Array): void {
  const { inside, outside, weights } = fill;
  inside.forEach((vertex, i) => {
    for (let c = 0; c < 3; c++) {
      let sum = 0;
      outside.forEach((other, j) => {
        sum += weights[i * outside.length + j]! * vertices[other * 3 + c]!;
      });
      vertices[vertex * 3 + c] = sum;
      vertices[mirror[vertex]! * 3 + c] = c === 0 ? -sum : sum;
    }
  });
}
