import { describe, expect, it } from 'vitest';
import { COARSE_TRIANGLES, coarseFaces } from './coarseFaces';

const RADIUS = 0.9;

/** A closed sphere of `rings` by `rings` squares, each two triangles; m. */
function sphere(rings: number): { positions: Float32Array; faces: Uint32Array } {
  const positions: number[] = [0, RADIUS, 0];
  for (let ring = 1; ring < rings; ring++) {
    const [y, wide] = [RADIUS * Math.cos((Math.PI * ring) / rings), RADIUS * Math.sin((Math.PI * ring) / rings)];
    for (let step = 0; step < rings; step++) {
      const turn = (2 * Math.PI * step) / rings;
      positions.push(wide * Math.cos(turn), y, wide * Math.sin(turn));
    }
  }
  positions.push(0, -RADIUS, 0);
  const last = positions.length / 3 - 1;
  const at = (ring: number, step: number) => 1 + (ring - 1) * rings + (step % rings);
  const faces: number[] = [];
  for (let step = 0; step < rings; step++) {
    faces.push(0, at(1, step + 1), at(1, step), last, at(rings - 1, step), at(rings - 1, step + 1));
    for (let ring = 1; ring < rings - 1; ring++) {
      faces.push(at(ring, step), at(ring, step + 1), at(ring + 1, step));
      faces.push(at(ring, step + 1), at(ring + 1, step + 1), at(ring + 1, step));
    }
  }
  return { positions: Float32Array.from(positions), faces: Uint32Array.from(faces) };
}

/** Volume inside of outward triangles, m3. */
function volumeOf(positions: Float32Array, faces: Uint32Array): number {
  const [a, b, c] = [0, 1, 2].map(
    (corner) => (face: number, axis: number) => positions[faces[face + corner]! * 3 + axis]!,
  );
  let volume = 0;
  for (let face = 0; face < faces.length; face += 3) {
    for (let axis = 0; axis < 3; axis++) {
      const [next, after] = [(axis + 1) % 3, (axis + 2) % 3];
      volume += a!(face, axis) * (b!(face, next) * c!(face, after) - b!(face, after) * c!(face, next));
    }
  }
  return volume / 6;
}

describe('coarseFaces', () => {
  it('leaves a part of the triangles, and the surface where it was', async () => {
    const { positions, faces } = sphere(100);
    const coarse = await coarseFaces(positions, faces);
    expect(coarse.length % 3).toBe(0);
    expect(coarse.length).toBeLessThanOrEqual(3 * COARSE_TRIANGLES);
    expect(coarse.length).toBeGreaterThan(2 * COARSE_TRIANGLES);
    for (const vertex of coarse) expect(vertex).toBeLessThan(positions.length / 3);
    const exact = volumeOf(positions, faces);
    expect(exact).toBeGreaterThan(0);
    expect(volumeOf(positions, coarse) / exact).toBeCloseTo(1, 2);
  });

  it('keeps a body of few triangles as it is', async () => {
    const { positions, faces } = sphere(30);
    expect(await coarseFaces(positions, faces)).toBe(faces);
  });

  it('keeps to the surface rather than to the number where it cannot have both', async () => {
    // A field of spikes of any height: every edge that goes takes one with it.
    const side = 101;
    const positions = new Float32Array(side * side * 3);
    for (let at = 0; at < side * side; at++) {
      positions.set([(at % side) / side, 0.5 * Math.abs(Math.sin(at * at)), Math.floor(at / side) / side], at * 3);
    }
    const faces: number[] = [];
    for (let row = 0; row < side - 1; row++) {
      for (let column = 0; column < side - 1; column++) {
        const corner = row * side + column;
        faces.push(corner, corner + side, corner + 1, corner + 1, corner + side, corner + side + 1);
      }
    }
    const coarse = await coarseFaces(positions, Uint32Array.from(faces));
    expect(coarse.length).toBeGreaterThan(3 * COARSE_TRIANGLES);
  });
});
