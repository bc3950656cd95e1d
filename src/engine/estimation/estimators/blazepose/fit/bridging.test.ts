import { expect, it } from 'vitest';
import { bridgeRows, ROW_TRUST } from './bridging';
import { createPoseRows } from './parameters';
import { rotationLogarithm, turnRotation } from './rotationSteps';

const { nothing, weak, strong } = ROW_TRUST;

/** Rows whose pelvis turns about y by `row` tenths of a rad and moves `row` dm, as they start. */
function turningRows(count: number) {
  const poses = createPoseRows(count);
  for (let row = 0; row < count; row++) {
    turnRotation(poses.rotations, row * 17 * 9, Float64Array.from([0, row / 10, 0]), 0);
    poses.translations[row * 3] = row / 10;
  }
  return poses;
}

function turnOf(poses: ReturnType<typeof turningRows>, row: number): number {
  const out = new Float64Array(3);
  rotationLogarithm(poses.rotations, row * 17 * 9, out, 0);
  return out[1]!;
}

it('turns and moves evenly between believed rows, by time', () => {
  const poses = turningRows(5);
  poses.translations[2 * 3] = 77;
  bridgeRows(
    poses,
    Float64Array.from([0, 0.1, 0.3, 0.4, 0.5]),
    Uint8Array.from([strong, strong, weak, nothing, strong]),
    0,
    5,
  );
  expect(poses.translations[2 * 3]).toBeCloseTo(0.25, 12);
  expect(turnOf(poses, 2)).toBeCloseTo(0.25, 9);
  expect(turnOf(poses, 3)).toBeCloseTo(0.325, 9);
  expect(turnOf(poses, 4)).toBeCloseTo(0.4, 9);
});

it('keeps weak rows as they are where nobody is believed near, and repeats the nearest for empty ones', () => {
  const poses = turningRows(5);
  bridgeRows(poses, Float64Array.from([0, 1, 2, 3, 4]), Uint8Array.from([nothing, strong, weak, weak, strong]), 0, 5);
  expect(turnOf(poses, 0)).toBeCloseTo(0.1, 9);
  expect(turnOf(poses, 2)).toBeCloseTo(0.2, 9);
  const lost = turningRows(3);
  bridgeRows(lost, Float64Array.from([0, 1, 2]), Uint8Array.from([nothing, nothing, nothing]), 0, 3);
  expect(turnOf(lost, 2)).toBeCloseTo(0.2, 9);
});
