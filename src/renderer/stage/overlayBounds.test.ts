import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { projectPoint } from '../viewport/pinhole';
import { overlayBounds } from './overlayBounds';

const camera = { focal: 1500, width: 1768, height: 994 };
const stage = { width: 770, height: 500 };

describe('overlayBounds', () => {
  it('holds every point near a joint that is on the stage', () => {
    const joint = fc.tuple(
      fc.double({ min: -3, max: 3, noNaN: true }),
      fc.double({ min: -2, max: 2, noNaN: true }),
      fc.double({ min: 1, max: 30, noNaN: true }),
    );
    const view = fc.record({
      scale: fc.double({ min: 0.1, max: 4, noNaN: true }),
      x: fc.double({ min: -900, max: 900, noNaN: true }),
      y: fc.double({ min: -900, max: 900, noNaN: true }),
    });
    const offset = fc.double({ min: -0.18, max: 0.18, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(joint, { minLength: 1, maxLength: 5 }),
        view,
        offset,
        offset,
        offset,
        (joints, at, dx, dy, dz) => {
          const bounds = overlayBounds(camera, at, stage, [{ joints: joints.flat() }]);
          for (const [x, y, z] of joints) {
            const place = projectPoint(camera, x + dx, y + dy, z + dz);
            const shown = { x: place.x * at.scale + at.x, y: place.y * at.scale + at.y };
            if (shown.x < 0 || shown.y < 0 || shown.x > stage.width || shown.y > stage.height) continue;
            expect(bounds).toBeDefined();
            if (!bounds) return;
            expect(shown.x).toBeGreaterThanOrEqual(bounds.x);
            expect(shown.x).toBeLessThanOrEqual(bounds.x + bounds.width);
            expect(shown.y).toBeGreaterThanOrEqual(bounds.y);
            expect(shown.y).toBeLessThanOrEqual(bounds.y + bounds.height);
          }
        },
      ),
    );
  });

  it('is undefined when nobody is on the stage, and never larger than the stage', () => {
    expect(overlayBounds(camera, { scale: 1, x: 0, y: 0 }, stage, [])).toBeUndefined();
    expect(overlayBounds(camera, { scale: 1, x: 5000, y: 0 }, stage, [{ joints: [0, 0, 5] }])).toBeUndefined();
    const near = overlayBounds(camera, { scale: 1, x: 0, y: 0 }, stage, [{ joints: [0, 0, 0.1] }]);
    expect(near).toEqual({ x: 0, y: 0, width: 770, height: 500 });
  });
});
