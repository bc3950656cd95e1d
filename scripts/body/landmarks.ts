import type { BodyLandmark } from '../../src/core/body/bodyModel';

/** What the landmark search needs to know of the T-posed mean body. */
export interface LandmarkMesh {
  /** V * 3, m, T-pose, y up, face to +z. */
  positions: ArrayLike<number>;
  /** Weight of a vertex for a bone of the source rig, 0 where it has none. */
  boneWeight: (bone: string, vertex: number) => number;
  /** Vertices of the closed eye balls: left then right, equal counts at the end of the vertex list. */
  eyeStart: number;
  /** Vertices where the lips meet the inside of the mouth. */
  mouthRim: readonly number[];
  /** Vertices of the inside of the mouth. */
  mouthInterior: readonly number[];
  /** Vertex on the other side, V. */
  mirror: ArrayLike<number>;
}

/** The vertex of `candidates` with the largest score. */
function best(candidates: Iterable<number>, score: (vertex: number) => number): number {
  let chosen = -1;
  let highest = -Infinity;
  for (const vertex of candidates) {
    const value = score(vertex);
    if (value > highest) {
      highest = value;
      chosen = vertex;
    }
  }
  if (chosen < 0) throw new Error('No vertex qualifies for a landmark');
  return chosen;
}

/**
 * Named surface points by geometry; the right side is the mirror of the left.
 * Eyes are the front poles of the eye balls, ears the tragus, heels the rearmost point of the sole's first 4 cm, toes the
 * tip of the big toe, knuckles the highest point where a finger's first bone takes over from its metacarpal.
 */
export function findLandmarks(mesh: LandmarkMesh): Record<BodyLandmark, number> {
  const { positions, mirror, eyeStart } = mesh;
  const x = (vertex: number): number => positions[vertex * 3]!;
  const y = (vertex: number): number => positions[vertex * 3 + 1]!;
  const z = (vertex: number): number => positions[vertex * 3 + 2]!;
  const vertexCount = positions.length / 3;
  const skin = Array.from({ length: eyeStart }, (_, vertex) => vertex);
  const left = skin.filter((vertex) => x(vertex) > 0.001);
  const eyeCount = (vertexCount - eyeStart) / 2;
  const leftEyeBall = Array.from({ length: eyeCount }, (_, k) => eyeStart + k);
  const leftEye = best(leftEyeBall, z);
  const aboveNeck = y(leftEye) - 0.08;
  const nose = best(
    skin.filter((vertex) => y(vertex) > aboveNeck && Math.abs(x(vertex)) < 0.002 && y(vertex) < y(leftEye)),
    z,
  );
  const floor = Math.min(...skin.map(y));
  const foot = left.filter((vertex) => y(vertex) < floor + 0.04);
  const leftToe = best(
    left.filter((vertex) => mesh.boneWeight('toe1-2.L', vertex) > 0.5),
    // The toe points 10 degrees outwards.
    (vertex) => z(vertex) + 0.17 * x(vertex) - 0.3 * Math.abs(y(vertex) - (floor + 0.014)),
  );
  const sided = {
    Eye: leftEye,
    Ear: findEar(
      left.filter((vertex) => y(vertex) > aboveNeck),
      { x, y, z },
    ),
    Heel: best(foot, (vertex) => -z(vertex)),
    Toe: leftToe,
    IndexKnuckle: findKnuckle(mesh, left, y, 2),
    PinkyKnuckle: findKnuckle(mesh, left, y, 5),
  };
  const mouthLeft = findMouthCorner(mesh, left, { x, y, z });
  const other = (vertex: number): number => mirror[vertex]!;
  return {
    nose,
    leftEye: sided.Eye,
    rightEye: other(sided.Eye),
    leftEar: sided.Ear,
    rightEar: other(sided.Ear),
    mouthLeft,
    mouthRight: other(mouthLeft),
    leftHeel: sided.Heel,
    rightHeel: other(sided.Heel),
    leftToe: sided.Toe,
    rightToe: other(sided.Toe),
    leftIndexKnuckle: sided.IndexKnuckle,
    rightIndexKnuckle: other(sided.IndexKnuckle),
    leftPinkyKnuckle: sided.PinkyKnuckle,
    rightPinkyKnuckle: other(sided.PinkyKnuckle),
  };
}

interface Coordinates {
  x: (vertex: number) => number;
  y: (vertex: number) => number;
  z: (vertex: number) => number;
}

/** The tragus: on the ear's front edge, a little below its middle. The ear is what stands out furthest from the head. */
function findEar(head: readonly number[], { x, y, z }: Coordinates): number {
  const widest = Math.max(...head.map(x));
  const ear = head.filter((vertex) => x(vertex) > widest - 0.011);
  const front = Math.max(...ear.map(z));
  const bottom = Math.min(...ear.map(y));
  const height = bottom + 0.45 * (Math.max(...ear.map(y)) - bottom);
  const near = head.filter((vertex) => x(vertex) > widest - 0.02);
  return best(near, (vertex) => 0.3 * x(vertex) - Math.hypot(y(vertex) - height, z(vertex) - front));
}

/** The visible corner of the lips: the foremost skin over the corner of the mouth's rim, which lies inside the lips. */
function findMouthCorner(mesh: LandmarkMesh, left: readonly number[], { x, y, z }: Coordinates): number {
  const corner = best(mesh.mouthRim, x);
  const inside = new Set([...mesh.mouthRim, ...mesh.mouthInterior]);
  const over = left.filter(
    (vertex) => !inside.has(vertex) && Math.hypot(x(vertex) - x(corner), y(vertex) - y(corner)) < 0.005,
  );
  return best(over, z);
}

function findKnuckle(
  mesh: LandmarkMesh,
  left: readonly number[],
  y: (vertex: number) => number,
  finger: number,
): number {
  const share = (vertex: number): number =>
    Math.min(
      mesh.boneWeight(`finger${finger}-1.L`, vertex),
      mesh.boneWeight(`metacarpal${finger - 1}.L`, vertex) + mesh.boneWeight('wrist.L', vertex),
    );
  const ring = left.filter((vertex) => share(vertex) > 0.25);
  return best(ring, y);
}

/**
 * Vertices of the mouth's inside (`interior`) and of its edge to the lips (`rim`): the island of the texture map with
 * the given number of corners is the mouth bag, and its boundary is the rim.
 */
export function findMouth(
  quads: ArrayLike<number>,
  uvQuads: ArrayLike<number>,
  eyeStart: number,
): { interior: number[]; rim: number[] } {
  const islands = new Map<number, number>();
  const root = (uv: number): number => {
    let at = uv;
    while (islands.get(at) !== undefined && islands.get(at) !== at) at = islands.get(at)!;
    return at;
  };
  for (let corner = 0; corner < uvQuads.length; corner++) {
    const first = root(uvQuads[corner - (corner % 4)]!);
    const own = root(uvQuads[corner]!);
    islands.set(first, first);
    islands.set(own, first);
  }
  const members = new Map<number, Set<number>>();
  for (let corner = 0; corner < uvQuads.length; corner++) {
    if (quads[corner]! >= eyeStart) continue;
    const island = root(uvQuads[corner]!);
    const set = members.get(island) ?? new Set<number>();
    members.set(island, set.add(quads[corner]!));
  }
  const bag = [...members.entries()].find(([, vertices]) => vertices.size > 400 && vertices.size < 440);
  if (!bag) throw new Error('The mouth is not a texture island of its own');
  const outside = new Set<number>();
  for (let corner = 0; corner < uvQuads.length; corner++) {
    if (root(uvQuads[corner]!) !== bag[0]) outside.add(quads[corner]!);
  }
  const vertices = [...bag[1]].sort((a, b) => a - b);
  return {
    interior: vertices.filter((vertex) => !outside.has(vertex)),
    rim: vertices.filter((vertex) => outside.has(vertex)),
  };
}
