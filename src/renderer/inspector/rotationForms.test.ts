import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { axisAngleToMatrix } from '#core/body/rotations';
import { fromForm, ROTATION_FORMS, toForm } from './rotationForms';

const matrixOf = (axisAngle: readonly number[]) => {
  const matrix = new Float64Array(9);
  axisAngleToMatrix(axisAngle, matrix);
  return matrix;
};
const angle = fc.double({ min: -1.7, max: 1.7, noNaN: true });

describe('ways to write a rotation', () => {
  it.each(ROTATION_FORMS.map(({ id }) => id))('%s there and back is the same rotation', (form) => {
    fc.assert(
      fc.property(fc.tuple(angle, angle, angle), (axisAngle) => {
        const [a, b] = [matrixOf(axisAngle), matrixOf(fromForm(toForm(axisAngle, form), form))];
        a.forEach((value, k) => expect(b[k]).toBeCloseTo(value, 6));
      }),
    );
  });

  it('says a right angle in each of them', () => {
    const right = [Math.PI / 2, 0, 0];
    expect(toForm(right, 'axisAngle')).toEqual(right);
    expect(toForm(right, 'quaternion').map((value) => Number(value.toFixed(6)))).toEqual([0.707107, 0.707107, 0, 0]);
    expect(toForm(right, 'euler').map((value) => Math.round(value))).toEqual([90, 0, 0]);
  });

  it('keeps the number of a quaternion that was typed', () => {
    const typed = [0.5, 0.1, 0, 0];
    expect(toForm(fromForm(typed, 'quaternion', 0), 'quaternion')[0]).toBeCloseTo(0.5, 9);
    expect(fromForm([0, 0, 0, 0], 'quaternion', 1)).toEqual([0, 0, 0]);
  });
});
