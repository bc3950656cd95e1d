import { describe, expect, it } from 'vitest';
import type { MeshPiece } from '../playback/meshSource';
import { correctiveMoves } from './useCorrective';

/** A body of two vertices on frame 7, in steps of 0.1 mm. */
function piece(positions: readonly number[], present = 1): MeshPiece {
  return {
    from: 7,
    vertexCount: positions.length / 3,
    present: Uint8Array.of(present),
    positions: Uint16Array.from(positions),
    origins: Float32Array.of(-1, 0, 2),
    steps: Float32Array.of(1e-4, 1e-4, 1e-4),
    normals: new Int8Array((positions.length / 3) * 4),
    joints: new Float32Array(72),
    jointRotations: new Float32Array(216),
  };
}

describe('how far correctives move a vertex', () => {
  it('is the distance between the shaped and the corrected body, mm, with the largest', () => {
    const found = correctiveMoves(piece([0, 0, 0, 500, 500, 500]), piece([0, 0, 0, 530, 500, 540]), 7);
    expect(found?.moves[0]).toBe(0);
    expect(found?.moves[1]).toBeCloseTo(5, 3);
    expect(found?.largest).toBeCloseTo(5, 3);
  });

  it('is unknown without a body on the frame, and between bodies of other topologies', () => {
    const body = piece([0, 0, 0, 1, 1, 1]);
    expect(correctiveMoves(body, piece([0, 0, 0, 1, 1, 1], 0), 7)).toBeUndefined();
    expect(correctiveMoves(body, body, 8)).toBeUndefined();
    expect(correctiveMoves(body, piece([0, 0, 0]), 7)).toBeUndefined();
  });
});
