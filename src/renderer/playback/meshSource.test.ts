import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBodyBuffers, type MeshPiece, readMeshPiece, unpackBody } from './meshSource';

function piece(vertexCount: number, frames: number, from: number): MeshPiece {
  return {
    from,
    vertexCount,
    present: new Uint8Array(frames).fill(1),
    positions: new Uint16Array(frames * vertexCount * 3),
    origins: new Float32Array(frames * 3),
    steps: new Float32Array(frames * 3),
    normals: new Int8Array(frames * vertexCount * 4),
    joints: new Float32Array(frames * 72),
    jointRotations: new Float32Array(frames * 216),
  };
}

describe('unpackBody', () => {
  it('finds every position again to half a step', () => {
    const coordinate = fc.double({ min: -20, max: 20, noNaN: true });
    fc.assert(
      fc.property(fc.array(coordinate, { minLength: 9, maxLength: 9 }), (values) => {
        const made = piece(3, 2, 10);
        for (let c = 0; c < 3; c++) {
          const along = [values[c] ?? 0, values[c + 3] ?? 0, values[c + 6] ?? 0];
          const low = Math.min(...along);
          const step = Math.max(1e-6, (Math.max(...along) - low) / 65535);
          made.origins[3 + c] = low;
          made.steps[3 + c] = step;
          along.forEach((value, vertex) => {
            made.positions[9 + vertex * 3 + c] = Math.round((value - low) / step);
          });
        }
        const out = createBodyBuffers(3);
        expect(unpackBody(made, 11, out)).toBe(true);
        for (let at = 0; at < 9; at++) {
          const tolerance = 0.51 * (made.steps[3 + (at % 3)] ?? 0) + 1e-5;
          expect(Math.abs((out.positions[at] ?? 0) - (values[at] ?? 0))).toBeLessThan(tolerance);
        }
      }),
    );
  });

  it('takes the row of the frame and leaves the buffers where there is no body', () => {
    const made = piece(1, 3, 5);
    made.joints.fill(7, 72, 144);
    made.normals.set([1, 2, 3, 0], 4);
    made.present[2] = 0;
    const out = createBodyBuffers(1);
    expect(unpackBody(made, 6, out)).toBe(true);
    expect([out.joints[0], out.normals[2]]).toEqual([7, 3]);
    expect(unpackBody(made, 7, out)).toBe(false);
    expect(unpackBody(made, 99, out)).toBe(false);
    expect(out.joints[0]).toBe(7);
  });
});

describe('readMeshPiece', () => {
  it('refuses a bundle that lacks an array', () => {
    const { from, vertexCount, ...arrays } = piece(1, 1, 0);
    const meta = { from, to: 1, vertexCount, version: 1 };
    expect(readMeshPiece({ meta, arrays }).vertexCount).toBe(1);
    const { normals: _, ...others } = arrays;
    expect(() => readMeshPiece({ meta, arrays: others })).toThrow(/without its normals/);
  });
});
