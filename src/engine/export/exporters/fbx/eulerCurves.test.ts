import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { axisAngleToQuaternion, eulerXyzToMatrix, matrixToQuaternion, slerpQuaternions } from '#core/body/rotations';
import type { MotionTrack } from '../../motionTrack';
import { eulerCurves, unrollEuler } from './eulerCurves';

const RADIANS = Math.PI / 180;

/** A track of one joint from quaternions (w, x, y, z). */
function trackOf(quaternions: readonly (readonly number[])[]): MotionTrack {
  return {
    count: quaternions.length,
    jointCount: 1,
    rotations: Float64Array.from(quaternions.flatMap(([w = 1, x = 0, y = 0, z = 0]) => [x, y, z, w])),
    translations: new Float64Array(quaternions.length * 3),
  };
}

function quaternionOfEuler(euler: readonly number[]): number[] {
  const matrix = new Float64Array(9);
  eulerXyzToMatrix(
    euler.map((degrees) => degrees * RADIANS),
    matrix,
  );
  const quaternion = [1, 0, 0, 0];
  matrixToQuaternion(matrix, quaternion);
  return quaternion;
}

/** Angle between two rotations, degrees. */
function angleBetween(a: readonly number[], b: readonly number[]): number {
  const cosine = Math.abs(a.reduce((sum, value, k) => sum + value * b[k]!, 0)) / (Math.hypot(...a) * Math.hypot(...b));
  return (2 * Math.acos(Math.min(1, cosine))) / RADIANS;
}

const curve = (track: MotionTrack) => {
  const [x, y, z] = eulerCurves(track, 0);
  return (row: number): [number, number, number] => [x[row]!, y[row]!, z[row]!];
};

/** Seconds of motion at 30 fps that swings all axes, up to 650 degrees a second. */
function violent(seed: number, count = 90): number[][] {
  return Array.from({ length: count }, (_, row) => {
    const t = row / 30;
    const quaternion = [1, 0, 0, 0];
    const axis = [Math.sin(3 * t + seed), Math.cos(2 * t + 2 * seed), Math.sin(5 * t - seed)];
    axisAngleToQuaternion(
      axis.map((value) => value * (1.5 + Math.sin(2 * t))),
      quaternion,
    );
    return quaternion;
  });
}

describe('rotation curves', () => {
  test('are exact at the keys', () => {
    for (let seed = 0; seed < 8; seed++) {
      const quaternions = violent(seed);
      const at = curve(trackOf(quaternions));
      quaternions.forEach((quaternion, row) =>
        expect(angleBetween(quaternionOfEuler(at(row)), quaternion)).toBeLessThan(1e-3),
      );
    }
  });

  test('half-way between keys stay within 8 degrees of the arc, nineteen of twenty within 1.5', () => {
    const errors: number[] = [];
    for (let seed = 0; seed < 8; seed++) {
      const quaternions = violent(seed);
      const at = curve(trackOf(quaternions));
      for (let row = 1; row < quaternions.length; row++) {
        const middle = at(row).map((value, k) => (value + at(row - 1)[k]!) / 2);
        const arc = [1, 0, 0, 0];
        slerpQuaternions(quaternions[row - 1]!, quaternions[row]!, 0.5, arc);
        errors.push(angleBetween(quaternionOfEuler(middle), arc));
      }
    }
    errors.sort((a, b) => a - b);
    expect(errors[errors.length - 1]).toBeLessThan(8);
    expect(errors[Math.floor(errors.length * 0.95)]).toBeLessThan(1.5);
  });

  test('three full turns go on counting', () => {
    const quaternions = Array.from({ length: 100 }, (_, row) => quaternionOfEuler([0, 0, row * 11]));
    const [, , z] = eulerCurves(trackOf(quaternions), 0);
    expect(z[99]).toBeCloseTo(99 * 11, 2);
  });

  test('through the gimbal no number jumps', () => {
    const quaternions = Array.from({ length: 37 }, (_, row) => quaternionOfEuler([20, row * 5, 10]));
    const at = curve(trackOf(quaternions));
    for (let row = 1; row < 37; row++) {
      const [a, b] = [at(row), at(row - 1)];
      expect(Math.max(...a.map((value, k) => Math.abs(value - b[k]!)))).toBeLessThan(6);
    }
    // Exactly straight up only x - z is told; z stays where it was.
    expect(at(18)[2]).toBeCloseTo(10, 2);
    expect(at(36)[1]).toBeCloseTo(180, 2);
  });

  test('every spelling is the same rotation', () => {
    const angle = fc.double({ min: -400, max: 400, noNaN: true });
    const triple = fc.tuple(angle, angle, angle);
    fc.assert(
      fc.property(triple, triple, (euler, previous) => {
        const unrolled = unrollEuler(euler, previous);
        expect(angleBetween(quaternionOfEuler(unrolled), quaternionOfEuler(euler))).toBeLessThan(1e-4);
        const step = (to: readonly number[]) => Math.hypot(...to.map((value, k) => value - previous[k]!));
        expect(step(unrolled)).toBeLessThanOrEqual(step(euler) + 1e-9);
      }),
    );
  });
});
