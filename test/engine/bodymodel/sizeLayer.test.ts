import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { BodyModel } from '#core/body/bodyModel';
import { measureBody } from '#core/body/bodyMeasures';
import { createJointTemplate, type JointTemplate, restJoints } from '#core/body/kinematics';
import { sizedBetas, sizedTranslation } from '#core/body/sizeLayer';
import { loadDefaultBody } from '#engine/bodymodel/defaultBody';

let body: BodyModel;
let template: JointTemplate;

beforeAll(async () => {
  body = await loadDefaultBody(join(import.meta.dirname, '../../../resources/body/default-body.bin'));
  template = createJointTemplate(body);
});

const betas = fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 3, maxLength: 10 });
const size = fc.double({ min: 0.88, max: 1.13, noNaN: true });

describe('a body of another size', () => {
  test('has all joints about the pelvis that much farther apart, as nearly as betas can', () => {
    fc.assert(
      fc.property(betas, size, (shape, scale) => {
        const before = restJoints(template, shape);
        const after = restJoints(template, sizedBetas(template, shape, scale));
        for (let at = 0; at < 72; at++) {
          const wanted = scale * (before[at]! - before[at % 3]!);
          // 5.3 mm at 6 %, and as much more as the size is farther from 1.
          expect(Math.abs(after[at]! - after[at % 3]! - wanted)).toBeLessThan(0.1 * Math.abs(scale - 1) + 1e-6);
        }
      }),
    );
  });

  test('is that much taller, but for a tenth of the change: heads grow less than legs', () => {
    const stature = (shape: ArrayLike<number>) => measureBody(body, shape).stature;
    for (const scale of [0.9, 0.95, 1.05, 1.1]) {
      const ratio = stature(sizedBetas(template, [0.5, -0.5, 0.3], scale)) / stature([0.5, -0.5, 0.3]);
      expect(Math.abs(ratio - scale)).toBeLessThan(0.1 * Math.abs(scale - 1));
    }
  });

  test('is the same at size 1', () => {
    expect(sizedBetas(template, [1, 2, 3], 1)).toEqual(Float32Array.of(1, 2, 3, 0, 0, 0, 0, 0, 0, 0));
  });

  test('has its pelvis on the same ray from the camera, that much farther away', () => {
    fc.assert(
      fc.property(betas, size, (shape, scale) => {
        const before = restJoints(template, shape);
        const after = restJoints(template, sizedBetas(template, shape, scale));
        const translations = Float32Array.of(9, 9, 9, 0.4, 0.3, 5);
        sizedTranslation(translations, 1, scale, before, after);
        expect([...translations.subarray(0, 3)]).toEqual([9, 9, 9]);
        [0.4, 0.3, 5].forEach((value, c) => {
          expect(after[c]! + translations[3 + c]!).toBeCloseTo(scale * (before[c]! + value), 5);
        });
      }),
    );
  });
});
