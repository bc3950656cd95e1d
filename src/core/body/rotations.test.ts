import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { multiplyMatrices, multiplyTransposed, transformVector } from './matrices';
import {
  axisAngleToMatrix,
  axisAngleToQuaternion,
  eulerXyzToMatrix,
  matrixToAxisAngle,
  matrixToEulerXyz,
  matrixToQuaternion,
  matrixToRotation6d,
  quaternionToAxisAngle,
  quaternionToMatrix,
  rotation6dToMatrix,
  slerpQuaternions,
} from './rotations';

const component = fc.double({ min: -4, max: 4, noNaN: true });
const vector = fc.tuple(component, component, component);

function matrixOf(axisAngle: readonly number[]): number[] {
  const matrix = new Array<number>(9).fill(0);
  axisAngleToMatrix(axisAngle, matrix);
  return matrix;
}

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  for (let k = 0; k < expected.length; k++) expect(Math.abs(actual[k]! - expected[k]!)).toBeLessThanOrEqual(tolerance);
}

describe('axis-angle', () => {
  it('gives exactly the identity at zero', () => {
    expect(matrixOf([0, 0, 0])).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1]);
  });

  it('turns y to z for a quarter turn about x', () => {
    const turned = [0, 1, 0];
    transformVector(matrixOf([Math.PI / 2, 0, 0]), turned, turned);
    expectClose(turned, [0, 0, 1], 1e-15);
  });

  it('gives proper rotations', () => {
    fc.assert(
      fc.property(vector, (axisAngle) => {
        const matrix = matrixOf(axisAngle);
        const product = new Array<number>(9).fill(0);
        multiplyTransposed(matrix, matrix, product);
        expectClose(product, matrixOf([0, 0, 0]), 1e-14);
        const [x, y, z] = [0, 1, 2].map((column) => [matrix[column]!, matrix[3 + column]!, matrix[6 + column]!]);
        const cross = [0, 1, 2].map((k) => x![(k + 1) % 3]! * y![(k + 2) % 3]! - x![(k + 2) % 3]! * y![(k + 1) % 3]!);
        expect(cross.reduce((sum, value, k) => sum + value * z![k]!, 0)).toBeCloseTo(1, 12);
      }),
    );
  });

  it('comes back through matrix and quaternion as the same rotation', () => {
    fc.assert(
      fc.property(vector, (axisAngle) => {
        const matrix = matrixOf(axisAngle);
        const back = [0, 0, 0];
        matrixToAxisAngle(matrix, back);
        expect(Math.hypot(...back)).toBeLessThanOrEqual(Math.PI + 1e-12);
        expectClose(matrixOf(back), matrix, 1e-12);
        const quaternion = [0, 0, 0, 0];
        const again = new Array<number>(9).fill(0);
        axisAngleToQuaternion(axisAngle, quaternion);
        expect(Math.hypot(...quaternion)).toBeCloseTo(1, 12);
        quaternionToMatrix(quaternion, again);
        expectClose(again, matrix, 1e-12);
        quaternionToAxisAngle(quaternion, back);
        expectClose(matrixOf(back), matrix, 1e-12);
      }),
    );
  });

  it('keeps tiny angles to full precision', () => {
    const back = [0, 0, 0];
    matrixToAxisAngle(matrixOf([3e-7, -2e-7, 1e-7]), back);
    expectClose(back, [3e-7, -2e-7, 1e-7], 1e-20);
  });
});

describe('6D', () => {
  it('reads interleaved columns and comes back', () => {
    fc.assert(
      fc.property(vector, (axisAngle) => {
        const matrix = matrixOf(axisAngle);
        const sixD = [0, 0, 0, 0, 0, 0];
        matrixToRotation6d(matrix, sixD);
        expect(sixD).toEqual([matrix[0], matrix[1], matrix[3], matrix[4], matrix[6], matrix[7]]);
        const back = new Array<number>(9).fill(0);
        rotation6dToMatrix(
          sixD.map((value, k) => value * (k % 2 === 0 ? 3 : 0.5)),
          back,
        );
        expectClose(back, matrix, 1e-12);
      }),
    );
  });
});

describe('Euler angles', () => {
  it('apply x first, then y, then z, and come back', () => {
    fc.assert(
      fc.property(vector, (axisAngle) => {
        const matrix = matrixOf(axisAngle);
        const euler: [number, number, number] = [0, 0, 0];
        matrixToEulerXyz(matrix, euler);
        const xy = new Array<number>(9).fill(0);
        const xyz = new Array<number>(9).fill(0);
        multiplyMatrices(matrixOf([0, euler[1], 0]), matrixOf([euler[0], 0, 0]), xy);
        multiplyMatrices(matrixOf([0, 0, euler[2]]), xy, xyz);
        expectClose(xyz, matrix, 1e-9);
        const direct = new Array<number>(9).fill(0);
        eulerXyzToMatrix(euler, direct);
        expectClose(direct, xyz, 1e-12);
      }),
    );
  });

  it('survive the gimbal', () => {
    for (const y of [Math.PI / 2, -Math.PI / 2]) {
      const matrix = new Array<number>(9).fill(0);
      eulerXyzToMatrix([0.4, y, 0.7], matrix);
      const euler = [0, 0, 0];
      matrixToEulerXyz(matrix, euler);
      const back = new Array<number>(9).fill(0);
      eulerXyzToMatrix(euler, back);
      expectClose(back, matrix, 1e-7);
    }
  });
});

describe('slerp', () => {
  it('moves at constant speed along the shorter arc', () => {
    fc.assert(
      fc.property(vector, vector, fc.double({ min: 0, max: 1, noNaN: true }), (first, second, t) => {
        const [a, b, middle] = [
          [0, 0, 0, 0],
          [0, 0, 0, 0],
          [0, 0, 0, 0],
        ];
        axisAngleToQuaternion(first, a);
        axisAngleToQuaternion(second, b);
        slerpQuaternions(a, b, t, middle);
        const angleTo = (q: readonly number[]): number => {
          const dot = q.reduce((sum, value, k) => sum + value * (middle[k] ?? 0), 0);
          return Math.acos(Math.min(1, Math.abs(dot)));
        };
        const whole = Math.acos(Math.min(1, Math.abs(a.reduce((sum, value, k) => sum + value * (b[k] ?? 0), 0))));
        expect(Math.abs(angleTo(a) - t * whole)).toBeLessThan(1e-6);
        expect(Math.abs(angleTo(b) - (1 - t) * whole)).toBeLessThan(1e-6);
      }),
    );
  });

  it('has no use for the sign of a quaternion', () => {
    const [plus, minus] = [
      [0, 0, 0, 0],
      [0, 0, 0, 0],
    ];
    slerpQuaternions([1, 0, 0, 0], [0.8, 0.6, 0, 0], 0.5, plus);
    slerpQuaternions([1, 0, 0, 0], [-0.8, -0.6, 0, 0], 0.5, minus);
    expect(minus).toEqual(plus);
  });
});

it('reads a quaternion of a half turn from each branch of the diagonal', () => {
  for (const axis of [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ]) {
    const quaternion = [0, 0, 0, 0];
    matrixToQuaternion(matrixOf(axis.map((value) => value * Math.PI)), quaternion);
    expectClose(quaternion.slice(1).map(Math.abs), axis, 1e-12);
  }
});
