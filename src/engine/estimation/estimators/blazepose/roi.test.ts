import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Region } from './observation';
import { regionFromAlignment, regionFromBox, regionFromKeypoints } from './roi';

const FIXTURES = [
  // Detector keypoints and the region the reference pipeline made of them (fixtures astronaut, basketball1, messi5).
  { centre: [157.208, 527.682], edge: [238.83, 22.292], side: 1279.84536, rotation: 0.16012 },
  { centre: [75.78, 254.206], edge: [86.466, 83.146], side: 428.485, rotation: 0.06238 },
  { centre: [265.432, 227.292], edge: [231.863, 54.443], side: 440.19715, rotation: -0.19183 },
] as const;

describe('regionFromAlignment', () => {
  it.each(FIXTURES)('gives the reference region of side $side', ({ centre, edge, side, rotation }) => {
    const region = regionFromAlignment(centre, edge);
    expect(Math.abs(region.side / side - 1)).toBeLessThan(1e-5);
    expect(region.rotation).toBeCloseTo(rotation, 4);
  });

  it('points the top of the region at the edge point, whatever the rotation', () => {
    const coordinate = fc.double({ min: -2000, max: 2000, noNaN: true });
    fc.assert(
      fc.property(coordinate, coordinate, fc.double({ min: -Math.PI, max: Math.PI, noNaN: true }), (x, y, angle) => {
        const region = regionFromAlignment([x, y], [x + 100 * Math.sin(angle), y - 100 * Math.cos(angle)]);
        expect(Math.cos(region.rotation - angle)).toBeCloseTo(1, 6);
        expect(region.rotation).toBeGreaterThanOrEqual(-Math.PI);
        expect(region.rotation).toBeLessThan(Math.PI);
        expect(region.side).toBeCloseTo(250, 6);
      }),
    );
  });
});

describe('regionFromBox', () => {
  it('is centred, upright and 1.25 times the longer side', () => {
    expect(regionFromBox({ x: 10, y: 20, width: 40, height: 100 })).toEqual<Region>({
      centreX: 30,
      centreY: 70,
      side: 125,
      rotation: 0,
    });
  });
});

describe('regionFromKeypoints', () => {
  const standing = (turn = 0): Float32Array => {
    const keypoints = new Float32Array(51);
    const put = (index: number, x: number, y: number) => {
      const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
      keypoints.set([500 + x * cos - y * sin, 400 + x * sin + y * cos, 0.9], index * 3);
    };
    put(5, 30, -100);
    put(6, -30, -100);
    put(11, 20, 0);
    put(12, -20, 0);
    put(15, 20, 200);
    return keypoints;
  };

  it('stands on the hips and reaches the farthest keypoint', () => {
    const region = regionFromKeypoints(standing());
    expect(region?.centreX).toBeCloseTo(500, 3);
    expect(region?.centreY).toBeCloseTo(400, 3);
    expect(region?.side).toBeCloseTo(2 * 1.25 * 1.08 * Math.hypot(20, 200), 2);
    expect(region?.rotation).toBeCloseTo(0, 5);
  });

  it('turns with the person', () => {
    fc.assert(
      fc.property(fc.double({ min: -3, max: 3, noNaN: true }), (turn) => {
        expect(regionFromKeypoints(standing(turn))?.rotation).toBeCloseTo(turn, 4);
      }),
    );
  });

  it('gives nothing when a hip is not seen or the torso has no length', () => {
    const hidden = standing();
    hidden[11 * 3 + 2] = 0.1;
    expect(regionFromKeypoints(hidden)).toBeUndefined();
    expect(regionFromKeypoints(new Float32Array(51).fill(0.5))).toBeUndefined();
  });
});
