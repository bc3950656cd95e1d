import type { SourceAssets } from './source';
import { cross, pointAt, subtract } from './vectors';

/** Vertices of MakeHuman's mesh that stay: the body and both eye balls. */
const BODY_VERTICES = 13380;
const EYES_FROM = 14598;

/** The fixed connectivity of the default body. */
export interface Topology {
  vertexCount: number;
  /** First eye ball vertex; left ball first. */
  eyeStart: number;
  /** MakeHuman index of each vertex. */
  sourceIndex: Uint16Array;
  quads: Uint16Array;
  uvQuads: Uint16Array;
  /** Pairs, only those in use. */
  uvs: Float32Array;
  triangles: Uint32Array;
  /** Edge neighbours of vertex v: neighbours[starts[v]] .. neighbours[starts[v + 1] - 1]. */
  starts: Uint32Array;
  neighbours: Uint32Array;
  /** Vertex on the other side. */
  mirror: Uint16Array;
}

function findNeighbours(quads: ArrayLike<number>, vertexCount: number): Pick<Topology, 'starts' | 'neighbours'> {
  const sets = Array.from({ length: vertexCount }, () => new Set<number>());
  for (let corner = 0; corner < quads.length; corner++) {
    const next = quads[corner % 4 === 3 ? corner - 3 : corner + 1]!;
    sets[quads[corner]!]!.add(next);
    sets[next]!.add(quads[corner]!);
  }
  const starts = new Uint32Array(vertexCount + 1);
  sets.forEach((set, vertex) => {
    starts[vertex + 1] = starts[vertex]! + set.size;
  });
  return { starts, neighbours: Uint32Array.from(sets.flatMap((set) => [...set].sort((a, b) => a - b))) };
}

/** Nearest vertex to the mirrored position of each vertex. */
function findMirror(positions: Float64Array, vertexCount: number): Uint16Array {
  const order = Array.from({ length: vertexCount }, (_, vertex) => vertex).sort(
    (a, b) => positions[a * 3 + 1]! - positions[b * 3 + 1]! || a - b,
  );
  const mirror = new Uint16Array(vertexCount);
  const heights = order.map((vertex) => positions[vertex * 3 + 1]!);
  for (let vertex = 0; vertex < vertexCount; vertex++) {
    const [x, y, z] = [-positions[vertex * 3]!, positions[vertex * 3 + 1]!, positions[vertex * 3 + 2]!];
    let low = heights.findIndex((height) => height > y - 0.001);
    let nearest = Infinity;
    for (; low < vertexCount && heights[low]! < y + 0.001; low++) {
      const other = order[low]!;
      const distance = Math.hypot(
        positions[other * 3]! - x,
        positions[other * 3 + 1]! - y,
        positions[other * 3 + 2]! - z,
      );
      if (distance >= nearest) continue;
      nearest = distance;
      mirror[vertex] = other;
    }
  }
  return mirror;
}

/** Cuts the body and the eyes out of MakeHuman's mesh. */
export function buildTopology(source: SourceAssets): Topology {
  const sourceIndex = Uint16Array.from([
    ...Array.from({ length: BODY_VERTICES }, (_, k) => k),
    ...Array.from({ length: 144 }, (_, k) => EYES_FROM + k),
  ]);
  const vertexCount = sourceIndex.length;
  const quads = Uint16Array.from(source.quads, (vertex) =>
    vertex < BODY_VERTICES ? vertex : vertex - EYES_FROM + BODY_VERTICES,
  );
  const used = new Map<number, number>();
  const uvQuads = Uint16Array.from(source.uvQuads, (uv) => {
    const known = used.get(uv) ?? used.size;
    used.set(uv, known);
    return known;
  });
  const uvs = Float32Array.from([...used.keys()].flatMap((uv) => [source.uvs[uv * 2]!, source.uvs[uv * 2 + 1]!]));
  const triangles = new Uint32Array((quads.length / 4) * 6);
  for (let quad = 0; quad * 4 < quads.length; quad++) {
    [0, 1, 2, 0, 2, 3].forEach((corner, k) => {
      triangles[quad * 6 + k] = quads[quad * 4 + corner]!;
    });
  }
  const rest = pick(source.positions, sourceIndex);
  const mirror = findMirror(rest, vertexCount);
  for (let vertex = 0; vertex < vertexCount; vertex++) {
    if (mirror[mirror[vertex]!] !== vertex) throw new Error(`Vertex ${vertex} has no partner on the other side`);
  }
  return {
    vertexCount,
    eyeStart: BODY_VERTICES,
    sourceIndex,
    quads,
    uvQuads,
    uvs,
    triangles,
    ...findNeighbours(quads, vertexCount),
    mirror,
  };
}

/** Positions of some vertices. */
export function pick(positions: ArrayLike<number>, indices: ArrayLike<number>): Float64Array {
  const result = new Float64Array(indices.length * 3);
  for (let k = 0; k < indices.length; k++)
    for (let c = 0; c < 3; c++) result[k * 3 + c] = positions[indices[k]! * 3 + c]!;
  return result;
}

/** Makes positions their own mirror image, in place: the mean of each point and its partner's reflection. */
export function symmetrise(positions: Float64Array, mirror: ArrayLike<number>): void {
  for (let vertex = 0; vertex < mirror.length; vertex++) {
    const other = mirror[vertex]!;
    if (other < vertex) continue;
    const [a, b] = [vertex * 3, other * 3];
    const x = (positions[a]! - positions[b]!) / 2;
    const y = (positions[a + 1]! + positions[b + 1]!) / 2;
    const z = (positions[a + 2]! + positions[b + 2]!) / 2;
    positions.set([x, y, z], a);
    positions.set([-x, y, z], b);
  }
}

/**
 * Uniform Laplacian smoothing of a field with `channels` numbers per vertex, in place:
 * x += lambda * mask * (mean of neighbours - x), `steps` times.
 */
export function smooth(
  topology: Topology,
  field: Float64Array,
  channels: number,
  steps: number,
  lambda: number,
  mask?: ArrayLike<number>,
): void {
  const { starts, neighbours, vertexCount } = topology;
  let from: Float64Array = field;
  let to: Float64Array = new Float64Array(field.length);
  for (let step = 0; step < steps; step++) {
    for (let vertex = 0; vertex < vertexCount; vertex++) {
      const amount = lambda * (mask ? mask[vertex]! : 1);
      const first = starts[vertex]!;
      const end = starts[vertex + 1]!;
      const share = amount / (end - first);
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        if (amount > 0) for (let k = first; k < end; k++) sum += from[neighbours[k]! * channels + c]!;
        to[vertex * channels + c] = from[vertex * channels + c]! * (1 - amount) + sum * share;
      }
    }
    [from, to] = [to, from];
  }
  if (from !== field) field.set(from);
}

/** Unit normals, V * 3. */
export function normalsOf(topology: Topology, positions: ArrayLike<number>): Float64Array {
  const normals = new Float64Array(positions.length);
  const { triangles } = topology;
  for (let face = 0; face < triangles.length; face += 3) {
    const [a, b, c] = [triangles[face]! * 3, triangles[face + 1]! * 3, triangles[face + 2]! * 3];
    const [ax, ay, az] = [positions[a]!, positions[a + 1]!, positions[a + 2]!];
    const [ux, uy, uz] = [positions[b]! - ax, positions[b + 1]! - ay, positions[b + 2]! - az];
    const [vx, vy, vz] = [positions[c]! - ax, positions[c + 1]! - ay, positions[c + 2]! - az];
    const [nx, ny, nz] = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx];
    for (const at of [a, b, c]) {
      normals[at]! += nx;
      normals[at + 1]! += ny;
      normals[at + 2]! += nz;
    }
  }
  for (let at = 0; at < normals.length; at += 3) {
    const length = Math.hypot(normals[at]!, normals[at + 1]!, normals[at + 2]!) || 1;
    for (let c = 0; c < 3; c++) normals[at + c]! /= length;
  }
  return normals;
}

/** Surface area that belongs to each vertex (a third of each triangle around it), m2. */
export function vertexAreas(topology: Topology, positions: ArrayLike<number>): Float64Array {
  const areas = new Float64Array(topology.vertexCount);
  const { triangles } = topology;
  for (let face = 0; face < triangles.length; face += 3) {
    const [a, b, c] = [triangles[face]! * 3, triangles[face + 1]! * 3, triangles[face + 2]! * 3];
    const own = pointAt(positions, triangles[face]!);
    const [u, v] = [b, c].map((at) => subtract(pointAt(positions, at / 3), own));
    const area = u && v ? Math.hypot(...cross(u, v)) / 6 : 0;
    for (const at of [a, b, c]) areas[at / 3]! += area;
  }
  return areas;
}

/** Signed volume inside the triangles, m3. */
export function volumeOf(triangles: ArrayLike<number>, positions: ArrayLike<number>): number {
  let six = 0;
  for (let face = 0; face < triangles.length; face += 3) {
    const [a, b, c] = [triangles[face]! * 3, triangles[face + 1]! * 3, triangles[face + 2]! * 3];
    const [ax, ay, az] = [positions[a]!, positions[a + 1]!, positions[a + 2]!];
    const [bx, by, bz] = [positions[b]!, positions[b + 1]!, positions[b + 2]!];
    const [cx, cy, cz] = [positions[c]!, positions[c + 1]!, positions[c + 2]!];
    six += ax * (by * cz - bz * cy) - ay * (bx * cz - bz * cx) + az * (bx * cy - by * cx);
  }
  return six / 6;
}
