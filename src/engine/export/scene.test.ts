import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { multiplyTransposed, transformVector } from '#core/body/matrices';
import { axisAngleToMatrix } from '#core/body/rotations';
import {
  groundedScene,
  LEVEL_ROTATION,
  pointToScene,
  rotationToScene,
  sceneMatrix,
  translationToScene,
  uprightRotation,
} from './scene';

const vector = fc.tuple(...[0, 1, 2].map(() => fc.double({ min: -5, max: 5, noNaN: true })));

/** Up directions within 60 degrees of a level camera's, any way round. */
const up = fc
  .tuple(fc.double({ min: 0, max: Math.PI / 3, noNaN: true }), fc.double({ min: 0, max: 2 * Math.PI, noNaN: true }))
  .map(([tilt, side]): [number, number, number] => [
    Math.sin(tilt) * Math.cos(side),
    -Math.cos(tilt),
    Math.sin(tilt) * Math.sin(side),
  ]);

describe('the rotation for an up direction', () => {
  test('is a rotation, brings up to +y, and keeps what lies level before the camera before it', () => {
    fc.assert(
      fc.property(up, (direction) => {
        const rotation = uprightRotation(direction);
        const product = new Float64Array(9);
        multiplyTransposed(rotation, rotation, product);
        product.forEach((value, k) => expect(value).toBeCloseTo(k % 4 === 0 ? 1 : 0, 9));
        const y = [0, 0, 0];
        transformVector(rotation, direction, y);
        expect(y.map((value) => Math.round(value * 1e9) / 1e9 + 0)).toEqual([0, 1, 0]);
        const view = [0, 0, 0];
        transformVector(rotation, [0, 0, 1], view);
        expect(view[0]).toBeCloseTo(0, 9);
        expect(view[2]).toBeLessThan(0);
      }),
    );
  });

  test('is half a turn about x for a level camera', () => {
    expect(uprightRotation([0, -1, 0]).map((value) => value + 0)).toEqual(LEVEL_ROTATION);
  });
});

describe('camera to scene', () => {
  test('a point of the body lands at one place, whether moved after posing or posed with moved parameters', () => {
    fc.assert(
      fc.property(
        vector,
        vector,
        vector,
        vector,
        fc.double({ min: 0, max: 3, noNaN: true }),
        up,
        (axisAngle, trans, pelvis, point, lift, direction) => {
          const scene = { rotation: uprightRotation(direction), lift };
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
          rotationToScene(scene, rotation, turned);
          const moved = [0, 0, 0];
          translationToScene(scene, trans, pelvis, moved);
          posed(turned, moved).forEach((value, c) => expect(value).toBeCloseTo(expected[c]!, 9));
        },
      ),
    );
  });

  test('forgetting the rest pelvis would displace the body by twice its height and depth', () => {
    const moved = [0, 0, 0];
    translationToScene({ rotation: LEVEL_ROTATION, lift: 0 }, [0, 0, 0], [0.01, -0.22, 0.03], moved);
    expect(moved.map((value) => Number(value.toFixed(6)))).toEqual([0, 0.44, -0.06]);
  });

  test('a body that faces the camera faces +z and stands upright', () => {
    const facing = new Float64Array(9);
    // Half a turn about x: head up is -y in camera axes, the face looks at the camera (-z).
    axisAngleToMatrix([Math.PI, 0, 0], facing);
    rotationToScene({ rotation: LEVEL_ROTATION, lift: 0 }, facing, facing);
    const identity = [1, 0, 0, 0, 1, 0, 0, 0, 1];
    facing.forEach((value, k) => expect(value).toBeCloseTo(identity[k]!, 12));
  });

  test('equals the matrix', () => {
    fc.assert(
      fc.property(up, vector, (direction, point) => {
        const scene = { rotation: uprightRotation(direction), lift: 1.25 };
        const m = sceneMatrix(scene);
        const moved = [0, 0, 0];
        pointToScene(scene, point, moved);
        moved.forEach((value, row) => {
          const byMatrix = m[row]! * point[0]! + m[4 + row]! * point[1]! + m[8 + row]! * point[2]! + m[12 + row]!;
          expect(value).toBeCloseTo(byMatrix, 9);
        });
      }),
    );
  });
});

describe('ground', () => {
  test('the lowest contact stands at y = 0', () => {
    const scene = groundedScene([-1.2, -1.4, -1.5, -1.5], 0.05);
    const sole = [0, 0, 0];
    pointToScene(scene, [0, 1.55, 3], sole);
    expect(sole[1]).toBeCloseTo(0, 12);
  });

  test('one wrong frame in a hundred does not lift everybody', () => {
    const lowest = Array.from({ length: 200 }, () => -1.5);
    lowest[17] = -4;
    lowest[18] = Number.NaN;
    expect(groundedScene(lowest).lift).toBe(1.5);
  });

  test('without anybody nothing is lifted', () => {
    expect(groundedScene([]).lift).toBe(0);
  });
});
