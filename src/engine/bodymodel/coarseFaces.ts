import { MeshoptSimplifier } from 'meshoptimizer/simplifier';

/** Triangles of a coarse surface: of the default body's 27,036, which keeps its shape to 1.8 mm in the T-pose. */
export const COARSE_TRIANGLES = 5000;
/** Farthest that a coarse surface may be from the exact one, as a part of the body's size: 1 cm of 2 m. */
const MOST_ERROR = 0.005;

/**
 * Triangles between some of a body's vertices that keep to its surface: for pictures that move where the processor draws
 * them, whose time is that of their triangles. Edges are collapsed by quadric error (meshoptimizer), so that every vertex
 * that is left is exactly where the pose puts it. A body of fewer triangles comes back as it is.
 * @param template V x 3, m
 * @param faces triangles, vertex indices
 */
export async function coarseFaces(template: Float32Array, faces: Uint32Array): Promise<Uint32Array> {
  if (faces.length <= 3 * COARSE_TRIANGLES) return faces;
  await MeshoptSimplifier.ready;
  const [coarse] = MeshoptSimplifier.simplify(faces, template, 3, 3 * COARSE_TRIANGLES, MOST_ERROR);
  return coarse;
}
