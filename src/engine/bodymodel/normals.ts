/**
 * Smooth vertex normals of a fixed topology: the kernel writes V * 4 signed bytes (x, y, z times 127, then 0) for V * 3
 * positions. Faces weigh by their area; a vertex without area gets a zero normal.
 */
export function createNormalKernel(
  faces: Uint32Array,
  vertexCount: number,
): (positions: Float32Array, out: Int8Array) => void {
  const corners = Uint32Array.from(faces, (vertex) => vertex * 3);
  const sums = new Float32Array(vertexCount * 3);
  return (positions, out) => {
    sums.fill(0);
    addFaceNormals(corners, positions, sums);
    writeBytes(sums, out);
  };
}

function addFaceNormals(corners: Uint32Array, positions: Float32Array, sums: Float32Array): void {
  for (let face = 0; face < corners.length; face += 3) {
    const a = corners[face]!;
    const b = corners[face + 1]!;
    const c = corners[face + 2]!;
    const ax = positions[a]!;
    const ay = positions[a + 1]!;
    const az = positions[a + 2]!;
    const ux = positions[b]! - ax;
    const uy = positions[b + 1]! - ay;
    const uz = positions[b + 2]! - az;
    const vx = positions[c]! - ax;
    const vy = positions[c + 1]! - ay;
    const vz = positions[c + 2]! - az;
    const nx = uy * vz - uz * vy;
    const ny = uz * vx - ux * vz;
    const nz = ux * vy - uy * vx;
    sums[a]! += nx;
    sums[a + 1]! += ny;
    sums[a + 2]! += nz;
    sums[b]! += nx;
    sums[b + 1]! += ny;
    sums[b + 2]! += nz;
    sums[c]! += nx;
    sums[c + 1]! += ny;
    sums[c + 2]! += nz;
  }
}

function writeBytes(sums: Float32Array, out: Int8Array): void {
  for (let from = 0, to = 0; from < sums.length; from += 3, to += 4) {
    const x = sums[from]!;
    const y = sums[from + 1]!;
    const z = sums[from + 2]!;
    const squared = x * x + y * y + z * z;
    const scale = squared > 0 ? 127 / Math.sqrt(squared) : 0;
    // Rounds to nearest: the shift keeps the truncated number positive.
    out[to] = ((x * scale + 128.5) | 0) - 128;
    out[to + 1] = ((y * scale + 128.5) | 0) - 128;
    out[to + 2] = ((z * scale + 128.5) | 0) - 128;
    out[to + 3] = 0;
  }
}
