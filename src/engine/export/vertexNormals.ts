/**
 * Unit normals of a triangle mesh, weighted by area, V * 3. Vertices of no or only flat triangles point up (0, 1, 0).
 * @param out reused when given, same length as `vertices`
 */
export function vertexNormals(
  vertices: ArrayLike<number>,
  faces: Uint32Array,
  out: Float32Array = new Float32Array(vertices.length),
): Float32Array {
  out.fill(0);
  for (let at = 0; at < faces.length; at += 3) {
    const a = faces[at]! * 3;
    const b = faces[at + 1]! * 3;
    const c = faces[at + 2]! * 3;
    const ux = vertices[b]! - vertices[a]!;
    const uy = vertices[b + 1]! - vertices[a + 1]!;
    const uz = vertices[b + 2]! - vertices[a + 2]!;
    const vx = vertices[c]! - vertices[a]!;
    const vy = vertices[c + 1]! - vertices[a + 1]!;
    const vz = vertices[c + 2]! - vertices[a + 2]!;
    const nx = uy * vz - uz * vy;
    const ny = uz * vx - ux * vz;
    const nz = ux * vy - uy * vx;
    for (const corner of [a, b, c]) {
      out[corner]! += nx;
      out[corner + 1]! += ny;
      out[corner + 2]! += nz;
    }
  }
  for (let at = 0; at < out.length; at += 3) {
    const length = Math.hypot(out[at]!, out[at + 1]!, out[at + 2]!);
    if (length > 1e-20) for (let k = 0; k < 3; k++) out[at + k]! /= length;
    else out.set([0, 1, 0], at);
  }
  return out;
}
