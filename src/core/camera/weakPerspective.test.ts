import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { projectPoints } from './projection';
import {
  cropToImageCamera,
  fromCropCamera,
  fromImageCamera,
  toCropCamera,
  toImageCamera,
  translationOf,
  VIBE_CROP_SIZE,
  VIBE_FOCAL,
  vibeCrop,
  weakPerspectiveAtOrigin,
  weakPerspectiveOf,
} from './weakPerspective';

const camera = { focal: 1632, width: 1920, height: 1080 };
const coordinate = fc.double({ min: -1, max: 1, noNaN: true });
const weak = fc.record({
  scale: fc.double({ min: 20, max: 900, noNaN: true }),
  offsetX: fc.double({ min: -500, max: 2500, noNaN: true }),
  offsetY: fc.double({ min: -500, max: 1500, noNaN: true }),
});
const square = fc.record({
  centreX: fc.double({ min: 0, max: 1920, noNaN: true }),
  centreY: fc.double({ min: 0, max: 1080, noNaN: true }),
  side: fc.double({ min: 30, max: 1500, noNaN: true }),
});

function expectSame(a: object, b: object): void {
  for (const [key, value] of Object.entries(a)) {
    const other: unknown = Object.entries(b).find(([name]) => name === key)?.[1];
    expect(Math.abs(Number(other) - Number(value))).toBeLessThan(1e-6 * (1 + Math.abs(Number(value))));
  }
}

describe('weak perspective', () => {
  it('is exact for flat points at one depth', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(coordinate, coordinate), { minLength: 3, maxLength: 8 }), (flat) => {
        fc.pre(flat.some(([x]) => Math.abs(x - flat[0]![0]) > 0.1));
        const translation = [0.4, -0.2, 5];
        const found = weakPerspectiveOf(
          camera,
          flat.flatMap(([x, y]) => [x, y, 0]),
          translation,
        );
        expectSame(weakPerspectiveAtOrigin(camera, translation), found!);
      }),
    );
  });

  it('comes close to perspective for a body far away', () => {
    const points = [0, -0.8, 0.05, 0.2, -0.5, -0.1, -0.2, -0.5, 0.1, 0.1, 0.8, 0, -0.1, 0.8, 0.1];
    const translation = [1, 0.3, 12];
    const found = weakPerspectiveOf(camera, points, translation)!;
    const moved = points.map((value, k) => value + translation[k % 3]!);
    const pixels = projectPoints(camera, moved);
    for (let k = 0; k < 5; k++) {
      expect(Math.abs(found.scale * points[k * 3]! + found.offsetX - pixels[k * 2]!)).toBeLessThan(2.5);
      expect(Math.abs(found.scale * points[k * 3 + 1]! + found.offsetY - pixels[k * 2 + 1]!)).toBeLessThan(2.5);
    }
  });

  it('has no camera for nobody', () => {
    expect(weakPerspectiveOf(camera, [], [0, 0, 5])).toBeUndefined();
    expect(weakPerspectiveOf(camera, [0, 0, 0, 1, 1, 0], [0, 0, -5])).toBeUndefined();
    expect(weakPerspectiveOf(camera, [1, 1, 0, 1, 1, 0], [0, 0, 5])).toBeUndefined();
  });

  it('goes to perspective and back', () => {
    fc.assert(fc.property(weak, (w) => expectSame(w, weakPerspectiveAtOrigin(camera, translationOf(camera, w)))));
  });
});

describe("VIBE's cameras", () => {
  it('are other units of the same thing', () => {
    fc.assert(
      fc.property(weak, square, (w, crop) => {
        expectSame(w, fromCropCamera(toCropCamera(w, crop), crop));
        expectSame(w, fromImageCamera(toImageCamera(w, 1920, 1080), 1920, 1080));
      }),
    );
  });

  it('agree with the published crop to picture conversion when it is given the true crop', () => {
    fc.assert(
      fc.property(weak, square, (w, crop) => {
        const published = cropToImageCamera(toCropCamera(w, crop), crop.centreX, crop.centreY, crop.side, 1920, 1080);
        expectSame(toImageCamera(w, 1920, 1080), published);
      }),
    );
  });

  it('agree with the network: s (x + tx) is its own projection of the crop', () => {
    const crop = vibeCrop(600, 500, 400);
    expect(crop.side).toBeCloseTo(440, 9);
    const { s, tx, ty } = toCropCamera({ scale: 180, offsetX: 650, offsetY: 480 }, crop);
    const depth = (2 * VIBE_FOCAL) / (VIBE_CROP_SIZE * s);
    const u = ((VIBE_FOCAL * (0.3 + tx)) / depth / (VIBE_CROP_SIZE / 2)) * (crop.side / 2) + crop.centreX;
    const v = ((VIBE_FOCAL * (-0.7 + ty)) / depth / (VIBE_CROP_SIZE / 2)) * (crop.side / 2) + crop.centreY;
    expect(u).toBeCloseTo(180 * 0.3 + 650, 6);
    expect(v).toBeCloseTo(180 * -0.7 + 480, 6);
  });

  it('shrink about the box where the crop factor is forgotten, as in published files', () => {
    const right = cropToImageCamera({ s: 0.8, tx: 0.1, ty: 0.2 }, 600, 500, 440, 1920, 1080);
    const asPublished = cropToImageCamera({ s: 0.8, tx: 0.1, ty: 0.2 }, 600, 500, 400, 1920, 1080);
    expect(right.sx / asPublished.sx).toBeCloseTo(1.1, 12);
  });
});
