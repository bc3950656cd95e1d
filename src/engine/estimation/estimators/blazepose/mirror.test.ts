import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Tensor } from '../../../inference/session';
import { CROP_SIZE } from './crop';
import { decodeLandmarks, type PoseLandmarks } from './landmarks';
import { mirrorLandmarks } from './mirror';
import { LANDMARK, type Region } from './observation';

const ROWS = 39;
const number = fc.double({ min: -2, max: 2, noNaN: true });
const region = fc.record({
  centreX: fc.double({ min: 0, max: 1000, noNaN: true }),
  centreY: fc.double({ min: 0, max: 1000, noNaN: true }),
  side: fc.double({ min: 100, max: 1000, noNaN: true }),
  rotation: fc.double({ min: -3, max: 3, noNaN: true }),
});

/** What a network that knows no side would say of the same person in the mirrored crop. */
function mirroredOutputs(values: readonly number[], sides: (row: number) => number): [Outputs, Outputs] {
  const [plain, mirrored] = [emptyOutputs(), emptyOutputs()];
  for (let row = 0; row < ROWS; row++) {
    const [x = 0, y = 0, z = 0, wx = 0, wy = 0, wz = 0] = values.slice(row * 6, row * 6 + 6);
    const u = 128 + 60 * x;
    plain.landmarks.data.set([u, 128 + 60 * y, z, x, y], row * 5);
    plain.world.data.set([wx, wy, wz], row * 3);
    mirrored.landmarks.data.set([CROP_SIZE - u, 128 + 60 * y, z, x, y], sides(row) * 5);
    mirrored.world.data.set([-wx, wy, wz], sides(row) * 3);
  }
  return [plain, mirrored];
}

type Outputs = Record<'landmarks' | 'presence' | 'heatmap' | 'world', Tensor>;

function emptyOutputs(): Outputs {
  const tensor = (length: number): Tensor => ({ data: new Float32Array(length), dims: [1, length] });
  const made = { landmarks: tensor(195), presence: tensor(1), heatmap: tensor(ROWS * 4096), world: tensor(117) };
  made.heatmap.data.fill(-20);
  return made;
}

/** BlazePose's own names: 1 to 3 the left eye, 4 to 6 the right; from 7 on left is odd; 33 and on are no landmarks. */
function otherSide(row: number): number {
  const eyes = [0, 4, 5, 6, 1, 2, 3];
  if (row < eyes.length) return eyes[row]!;
  if (row >= 33) return row;
  return row % 2 === 1 ? row + 1 : row - 1;
}

function expectAlike(a: PoseLandmarks, b: PoseLandmarks): void {
  for (const part of ['image', 'world', 'presence'] as const) {
    for (const [at, value] of a[part].entries()) expect(b[part][at]).toBeCloseTo(value, 2);
  }
  expect(b.next.centreX).toBeCloseTo(a.next.centreX, 2);
  expect(b.next.centreY).toBeCloseTo(a.next.centreY, 2);
  expect(b.next.side).toBeCloseTo(a.next.side, 2);
  // Two alignment points in one place say nothing of a direction.
  if (a.next.side > 1) expect(Math.cos(b.next.rotation - a.next.rotation)).toBeCloseTo(1, 4);
}

describe('a mirrored look', () => {
  it('says of the picture what a look at the crop as it is says', () => {
    const values = fc.array(number, { minLength: ROWS * 6, maxLength: ROWS * 6 });
    fc.assert(
      fc.property(values, region, (numbers, where: Region) => {
        const [plain, mirrored] = mirroredOutputs(numbers, otherSide);
        expectAlike(decodeLandmarks(plain, 0, where), mirrorLandmarks(decodeLandmarks(mirrored, 0, where)));
      }),
      { numRuns: 30 },
    );
  });

  it('gives what was found of the left wrist in a mirror to the right one', () => {
    const raw = emptyOutputs();
    raw.landmarks.data.set([192, 64, 0, 3, 0], LANDMARK.leftWrist * 5);
    const where = { centreX: 300, centreY: 200, side: 256, rotation: 0 };
    const seen = mirrorLandmarks(decodeLandmarks(raw, 0, where));
    expect([...seen.image.subarray(LANDMARK.rightWrist * 4, LANDMARK.rightWrist * 4 + 2)]).toEqual([236, 136]);
  });
});
