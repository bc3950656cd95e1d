import fc from 'fast-check';
import { Matrix4, Vector4 } from 'three';
import { describe, expect, it } from 'vitest';
import { toStage } from '../stage/stageView';
import { pinholeProjection, projectPoint, VIEW_FROM_CAMERA } from './pinhole';

describe('pinholeProjection', () => {
  it('puts every point on the px where the picture shows it', () => {
    const anyPoint = fc.record({
      x: fc.double({ min: -4, max: 4, noNaN: true }),
      y: fc.double({ min: -3, max: 3, noNaN: true }),
      z: fc.double({ min: 0.5, max: 60, noNaN: true }),
    });
    const anyView = fc.record({
      scale: fc.double({ min: 0.1, max: 8, noNaN: true }),
      x: fc.double({ min: -3000, max: 3000, noNaN: true }),
      y: fc.double({ min: -3000, max: 3000, noNaN: true }),
    });
    const camera = { focal: 1503, width: 1768, height: 994 };
    const stage = { width: 770, height: 500 };
    fc.assert(
      fc.property(anyPoint, anyView, (point, view) => {
        const projection = new Matrix4();
        pinholeProjection(camera, view, stage, projection.elements);
        const clip = new Vector4(point.x, point.y, point.z, 1)
          .applyMatrix4(new Matrix4().fromArray([...VIEW_FROM_CAMERA]))
          .applyMatrix4(projection);
        const shown = { x: ((clip.x / clip.w + 1) / 2) * stage.width, y: ((1 - clip.y / clip.w) / 2) * stage.height };
        const expected = toStage(view, projectPoint(camera, point.x, point.y, point.z));
        expect(Math.abs(shown.x - expected.x)).toBeLessThan(0.01);
        expect(Math.abs(shown.y - expected.y)).toBeLessThan(0.01);
        expect(Math.abs(clip.z / clip.w)).toBeLessThanOrEqual(1);
      }),
    );
  });
});
