/** A vertex under the pointer. */
export interface PickedVertex {
  vertex: number;
  /** Depth in clip units, smaller is nearer: to choose between bodies. */
  depth: number;
}

/** Screen px around the pointer in which vertices count. */
const RADIUS = 12;
/** How much nearer (in clip depth, relative) a vertex must be to beat one that is a px closer to the pointer. */
const DEPTH_PER_PX = 0.0004;

/**
 * The vertex of a body that a person means by a place on the screen: the front-most near it.
 * @param positions V * 3
 * @param clipFromBody column-major 4x4 to clip space
 * @param place CSS px in a view of `size`
 */
export function pickVertex(
  positions: Float32Array,
  clipFromBody: ArrayLike<number>,
  place: { x: number; y: number },
  size: { width: number; height: number },
): PickedVertex | undefined {
  const m = clipFromBody;
  let best: PickedVertex | undefined;
  let bestCost = Infinity;
  for (let at = 0; at < positions.length; at += 3) {
    const x = positions[at]!;
    const y = positions[at + 1]!;
    const z = positions[at + 2]!;
    const w = m[3]! * x + m[7]! * y + m[11]! * z + m[15]!;
    if (w <= 0) continue;
    const screenX = (((m[0]! * x + m[4]! * y + m[8]! * z + m[12]!) / w + 1) / 2) * size.width;
    const screenY = ((1 - (m[1]! * x + m[5]! * y + m[9]! * z + m[13]!) / w) / 2) * size.height;
    const distance = Math.hypot(screenX - place.x, screenY - place.y);
    if (distance > RADIUS) continue;
    const cost = w * (1 + DEPTH_PER_PX * 10 * distance);
    if (cost >= bestCost) continue;
    bestCost = cost;
    best = { vertex: at / 3, depth: w };
  }
  return best;
}
