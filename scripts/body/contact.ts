import type { Topology } from './topology';
import { normalsOf, smooth } from './topology';

/** Rounds of pushing apart; each brings skin that sank in halfway to the surface that it met. */
const ROUNDS = 4;
/** Smoothing steps of the push, so that contact leaves no edge. */
const SMOOTHING = 3;
/** Width of the columns that triangles are sorted into, m. */
const CELL = 0.01;
/** Distance outside the skin at which a vertex asks whether other skin encloses it, m. */
const OUTSIDE = 0.001;
/** Normals of skin that meets point this much against each other, as a cosine. */
const AGAINST = -0.1;
/** Vertices farther apart than this did not meet, m. */
const REACH = 0.08;

/** Posed skin came this much nearer than at rest where it met. */
const NEARER = 2;

/** Which vertices may meet: bit j of `joints[v]` is set where joint j matters at vertex v. */
export interface ContactOptions {
  joints: Uint32Array;
  /** V * 3, unposed. Skin that lay about as near at rest is the far side of a limb and did not meet. */
  rest: Float64Array;
}

/** Triangles by the column of (x, z) that they lie over. */
interface Columns {
  /** Column of a point; outside of the grid there is none. */
  at: (x: number, z: number) => Uint32Array;
}

function sortIntoColumns(triangles: ArrayLike<number>, positions: Float64Array): Columns {
  const low = [Infinity, Infinity];
  const high = [-Infinity, -Infinity];
  for (let at = 0; at < positions.length; at += 3) {
    for (const k of [0, 1]) {
      low[k] = Math.min(low[k]!, positions[at + 2 * k]!);
      high[k] = Math.max(high[k]!, positions[at + 2 * k]!);
    }
  }
  const [x0, z0] = [low[0]!, low[1]!];
  const width = Math.floor((high[0]! - x0) / CELL) + 1;
  const depth = Math.floor((high[1]! - z0) / CELL) + 1;
  const eachCell = (visit: (cell: number, face: number) => void): void => {
    for (let face = 0; face < triangles.length; face += 3) {
      const [a, b, c] = [triangles[face]! * 3, triangles[face + 1]! * 3, triangles[face + 2]! * 3];
      const [ax, bx, cx] = [positions[a]!, positions[b]!, positions[c]!];
      const [az, bz, cz] = [positions[a + 2]!, positions[b + 2]!, positions[c + 2]!];
      const lastX = Math.floor((Math.max(ax, bx, cx) - x0) / CELL);
      const lastZ = Math.floor((Math.max(az, bz, cz) - z0) / CELL);
      for (let z = Math.floor((Math.min(az, bz, cz) - z0) / CELL); z <= lastZ; z++) {
        for (let x = Math.floor((Math.min(ax, bx, cx) - x0) / CELL); x <= lastX; x++) visit(z * width + x, face);
      }
    }
  };
  const starts = new Uint32Array(width * depth + 1);
  eachCell((cell) => {
    starts[cell + 1]!++;
  });
  for (let cell = 0; cell < width * depth; cell++) starts[cell + 1]! += starts[cell]!;
  const faces = new Uint32Array(starts.at(-1)!);
  const next = starts.slice();
  eachCell((cell, face) => {
    faces[next[cell]!++] = face;
  });
  return {
    at: (px, pz) => {
      const [x, z] = [Math.floor((px - x0) / CELL), Math.floor((pz - z0) / CELL)];
      if (x < 0 || z < 0 || x >= width || z >= depth) return faces.subarray(0, 0);
      return faces.subarray(starts[z * width + x]!, starts[z * width + x + 1]!);
    },
  };
}

/** How often the surface goes round a point, from the crossings of the ray upwards. */
function windingAt(
  triangles: ArrayLike<number>,
  positions: Float64Array,
  faces: Uint32Array,
  px: number,
  py: number,
  pz: number,
): number {
  let winding = 0;
  for (const face of faces) {
    const [a, b, c] = [triangles[face]! * 3, triangles[face + 1]! * 3, triangles[face + 2]! * 3];
    const [ax, az] = [positions[a]! - px, positions[a + 2]! - pz];
    const [bx, bz] = [positions[b]! - px, positions[b + 2]! - pz];
    const [cx, cz] = [positions[c]! - px, positions[c + 2]! - pz];
    const [u, v, w] = [bx * cz - bz * cx, cx * az - cz * ax, ax * bz - az * bx];
    const inside = (u >= 0 && v >= 0 && w >= 0) || (u <= 0 && v <= 0 && w <= 0);
    const area = u + v + w;
    if (!inside || area === 0) continue;
    const height = (u * positions[a + 1]! + v * positions[b + 1]! + w * positions[c + 1]!) / area;
    if (height > py) winding -= Math.sign(area);
  }
  return winding;
}

/** Those of the candidates that lie inside other skin. */
function findSunken(
  { triangles }: Topology,
  positions: Float64Array,
  normals: Float64Array,
  candidates: readonly number[],
): number[] {
  const columns = sortIntoColumns(triangles, positions);
  return candidates.filter((vertex) => {
    const v = vertex * 3;
    const x = positions[v]! + OUTSIDE * normals[v]!;
    const y = positions[v + 1]! + OUTSIDE * normals[v + 1]!;
    const z = positions[v + 2]! + OUTSIDE * normals[v + 2]!;
    return windingAt(triangles, positions, columns.at(x, z), x, y, z) > 0;
  });
}

/**
 * Pushes skin apart that sank into other skin across a joint that matters to both (belly and thigh, thigh and calf, both
 * arms of an elbow), in place: each vertex goes halfway to the nearest sunken one that faces it, along its own normal.
 * Skin that meets for other reasons, such as a hand in the belly, is left alone: no corrective could know of it.
 */
export function pushApart(topology: Topology, positions: Float64Array, options: ContactOptions): void {
  const { joints } = options;
  const push = new Float64Array(positions.length);
  let candidates = [...joints.keys()].filter((vertex) => joints[vertex] !== 0);
  for (let round = 0; round < ROUNDS; round++) {
    const normals = normalsOf(topology, positions);
    const sunken = findSunken(topology, positions, normals, candidates);
    if (sunken.length === 0) return;
    push.fill(0);
    for (const vertex of sunken) {
      const depth = depthOf(vertex, sunken, positions, normals, options);
      for (let c = 0; c < 3; c++) push[vertex * 3 + c] = -0.5 * depth * normals[vertex * 3 + c]!;
    }
    smooth(topology, push, 3, SMOOTHING, 0.5);
    for (let at = 0; at < positions.length; at++) positions[at]! += push[at]!;
    // Only skin that has just moved can still be sunk in.
    candidates = candidates.filter((vertex) => push[vertex * 3] !== 0 || push[vertex * 3 + 1] !== 0);
  }
}

/** How far a sunken vertex lies under the nearest sunken skin that faces it, m; 0 where nothing does. */
function depthOf(
  vertex: number,
  sunken: readonly number[],
  positions: Float64Array,
  normals: Float64Array,
  { joints, rest }: ContactOptions,
): number {
  const v = vertex * 3;
  const own = joints[vertex]!;
  const [px, py, pz] = [positions[v]!, positions[v + 1]!, positions[v + 2]!];
  const [nx, ny, nz] = [normals[v]!, normals[v + 1]!, normals[v + 2]!];
  let depth = 0;
  let nearest = REACH * REACH;
  for (const other of sunken) {
    const o = other * 3;
    const dx = positions[o]! - px;
    const dy = positions[o + 1]! - py;
    const dz = positions[o + 2]! - pz;
    const far = dx * dx + dy * dy + dz * dz;
    if (far >= nearest || (own & joints[other]!) === 0) continue;
    if (nx * normals[o]! + ny * normals[o + 1]! + nz * normals[o + 2]! > AGAINST) continue;
    const before = Math.hypot(rest[o]! - rest[v]!, rest[o + 1]! - rest[v + 1]!, rest[o + 2]! - rest[v + 2]!);
    if (before * before < NEARER * NEARER * far) continue;
    nearest = far;
    depth = Math.max(0, -(dx * nx + dy * ny + dz * nz));
  }
  return depth;
}
