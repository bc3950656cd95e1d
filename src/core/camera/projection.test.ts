import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cameraOfPicture, projectPoints, unproject, verticalFieldOfView } from './projection';

describe('the pinhole camera', () => {
  it('projects by hand-computed numbers', () => {
    const camera = cameraOfPicture(1920, 1080, 0.85);
    expect(camera.focal).toBe(1632);
    expect([...projectPoints(camera, [0.5, -0.25, 4])]).toEqual([1164, 438]);
    expect(cameraOfPicture(1080, 1920, 0.85).focal).toBe(1632);
  });

  it('comes back from the pixel', () => {
    const coordinate = fc.double({ min: -3, max: 3, noNaN: true });
    fc.assert(
      fc.property(coordinate, coordinate, fc.double({ min: 0.2, max: 20, noNaN: true }), (x, y, z) => {
        const camera = cameraOfPicture(1280, 720, 1);
        const [u, v] = projectPoints(camera, [x, y, z]);
        const back = unproject(camera, u!, v!, z);
        expect(back[0]).toBeCloseTo(x, 9);
        expect(back[1]).toBeCloseTo(y, 9);
      }),
    );
  });

  it('has no place for points behind it', () => {
    expect([...projectPoints(cameraOfPicture(100, 100, 1), [0, 0, -1])].every(Number.isNaN)).toBe(true);
  });

  it('knows its angle of view', () => {
    expect(verticalFieldOfView({ focal: 540, width: 1920, height: 1080 })).toBeCloseTo(Math.PI / 2, 12);
  });
});
