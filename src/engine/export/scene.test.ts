import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { multiplyMatrices, transformVector } from '#core/body/matrices';
import { axisAngleToMatrix } from '#core/body/rotations';
import { groundedScene, pointToScene, rotationToScene, sceneMatrix, translationToScene } from './scene';

const vector = fc.tuple(...[0, 1, 2].map(() => fc.double({ min: -5, max: 5, noNaN: true })));

describe('camera to scene', () => {
  test('a point of the body lands at one place, whether moved after posing or posed with moved parameters', () => {
    fc.assert(
      fc.property(
        vector,
        vector,
        vector,
        vector,
        fc.double({ min: 0, max: 3, noNaN: true }),
        (axisAngle, trans, pelvis, point, lift) => {
          const scene = { lift };
          const rotation = new Float64Array(9);
          axisAngleToMatrix(axisAngle, rotation);
          // SMPL: x = R (p - J0) + J0 + trans.
          const posed = (matrix: Float64Array, translation: ArrayLike<number>): number[] => {
            const arm = point.map((value, c) => value - pelvis[c]!);
            transformVector(matrix, arm, arm);
            return arm.map((value, c) => value + pelvis[c]! + translation[c]!);
          };
          const expected = [0, 0, 0];
          pointToScene(scene, posed(rotation, trans), expected);
          const turned = new Float64Array(9);
          rotationToScene(rotation, turned);
          const moved = [0, 0, 0];
          translationToScene(scene, trans, pelvis, moved);
          posed(turned, moved).forEach((value, c) => expect(value).toBeCloseTo(expected[c]!, 9));
        },
      ),
    );
  });

  test('forgetting the rest pelvis would displace the body by twice its height and depth', () => {
    const moved = [0, 0, 0];
    translationToScene({ lift: 0 }, [0, 0, 0], [0.01, -0.22, 0.03], moved);
    expect(moved.map((value) => Number(value.toFixed(6)))).toEqual([0, 0.44, -0.06]);
  });

  test('a body that faces the camera faces +z and stands upright', () => {
    const facing = new Float64Array(9);
    // Half a turn about x: head up is -y in camera axes, the face looks at the camera (-z).
    axisAngleToMatrix([Math.PI, 0, 0], facing);
    rotationToScene(facing, facing);
    const identity = [1, 0, 0, 0, 1, 0, 0, 0, 1];
    facing.forEach((value, k) => expect(value).toBeCloseTo(identity[k]!, 12));
  });

  test('keeps right-handedness and equals the matrix', () => {
    const scene = { lift: 1.25 };
    const m = sceneMatrix(scene);
    const linear = [m[0]!, m[4]!, m[8]!, m[1]!, m[5]!, m[9]!, m[2]!, m[6]!, m[10]!];
    const squared = new Float64Array(9);
    multiplyMatrices(linear, linear, squared);
    expect([...squared]).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1]);
    const point = [0, 0, 0];
    pointToScene(scene, [1, 2, 3], point);
    const byMatrix = [0, 1, 2].map((row) => m[row]! * 1 + m[4 + row]! * 2 + m[8 + row]! * 3 + m[12 + row]!);
    expect(point).toEqual(byMatrix);
  });
});

describe('ground', () => {
  test('the lowest contact stands at y = 0', () => {
    const scene = groundedScene([1.2, 1.4, 1.5, 1.5], 0.05);
    const sole = [0, 0, 0];
    pointToScene(scene, [0, 1.55, 3], sole);
    expect(sole[1]).toBeCloseTo(0, 12);
  });

  test('one wrong frame in a hundred does not lift everybody', () => {
    const lowest = Array.from({ length: 200 }, () => 1.5);
    lowest[17] = 4;
    lowest[18] = Number.NaN;
    expect(groundedScene(lowest).lift).toBe(1.5);
  });

  test('without anybody nothing is lifted', () => {
    expect(groundedScene([]).lift).toBe(0);
  });
});
