import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CROP_LENGTH, CROP_SIZE, cropRegion, type Picture, roomForCrops } from './crop';
import type { Region } from './observation';

function noise(width: number, height: number, scale = 1): Picture {
  const data = new Uint8Array(width * height * 3);
  for (let index = 0; index < data.length; index++) data[index] = Math.imul(index, 0x9e3779b1) >>> 13;
  return { data, width, height, scale };
}

/** The definition, px by px, in double precision (reference section 4.1 and 5). */
function sampleSlowly(picture: Picture, region: Region, column: number, row: number, channel: number): number {
  const u = ((column + 0.5) / CROP_SIZE - 0.5) * region.side * picture.scale;
  const v = ((row + 0.5) / CROP_SIZE - 0.5) * region.side * picture.scale;
  const [cos, sin] = [Math.cos(region.rotation), Math.sin(region.rotation)];
  const x = region.centreX * picture.scale + u * cos - v * sin - 0.5;
  const y = region.centreY * picture.scale + u * sin + v * cos - 0.5;
  const at = (px: number, py: number): number => {
    const cx = Math.min(Math.max(px, 0), picture.width - 1);
    const cy = Math.min(Math.max(py, 0), picture.height - 1);
    return (picture.data[(cy * picture.width + cx) * 3 + channel] ?? NaN) / 255;
  };
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const upper = at(left, top) * (1 - (x - left)) + at(left + 1, top) * (x - left);
  const lower = at(left, top + 1) * (1 - (x - left)) + at(left + 1, top + 1) * (x - left);
  return upper * (1 - (y - top)) + lower * (y - top);
}

describe('cropRegion', () => {
  it('agrees with the definition for any region, inside, across and beyond the border', () => {
    const picture = noise(61, 43);
    const target = new Float32Array(CROP_LENGTH);
    const position = fc.double({ min: -80, max: 140, noNaN: true });
    const side = fc.double({ min: 1, max: 300, noNaN: true });
    const angle = fc.double({ min: -3.2, max: 3.2, noNaN: true });
    const px = fc.integer({ min: 0, max: CROP_SIZE - 1 });
    fc.assert(
      fc.property(position, position, side, angle, fc.array(px, { minLength: 16, maxLength: 16 }), (x, y, s, r, at) => {
        const region = { centreX: x, centreY: y, side: s, rotation: r };
        cropRegion(picture, region, target);
        for (let index = 0; index + 1 < at.length; index += 2) {
          const [column, row, channel] = [at[index] ?? 0, at[index + 1] ?? 0, index % 3];
          const found = target[(channel * CROP_SIZE + row) * CROP_SIZE + column];
          expect(found).toBeCloseTo(sampleSlowly(picture, region, column, row, channel), 3);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('copies px exactly when the region is the picture', () => {
    const picture = noise(CROP_SIZE, CROP_SIZE);
    const target = new Float32Array(CROP_LENGTH + 5);
    cropRegion(picture, { centreX: 128, centreY: 128, side: 256, rotation: 0 }, target, 5);
    const planar = (index: number) => (picture.data[(index % 65536) * 3 + Math.floor(index / 65536)] ?? NaN) / 255;
    const worst = target.subarray(5).reduce((most, value, index) => Math.max(most, Math.abs(value - planar(index))), 0);
    expect(worst).toBeLessThan(1e-6);
    expect([...target.subarray(0, 5)]).toEqual([0, 0, 0, 0, 0]);
  });

  it('takes regions in px of the upright video when the picture is smaller', () => {
    const region = { centreX: 40, centreY: 30, side: 24, rotation: 0.4 };
    const half = { centreX: 20, centreY: 15, side: 12, rotation: 0.4 };
    const [scaled, plain] = [new Float32Array(CROP_LENGTH), new Float32Array(CROP_LENGTH)];
    cropRegion(noise(61, 43, 0.5), region, scaled);
    cropRegion(noise(61, 43), half, plain);
    expect(scaled.every((value, index) => value === plain[index])).toBe(true);
  });

  it('fills from a picture of one px', () => {
    const target = new Float32Array(CROP_LENGTH);
    cropRegion(
      { data: Uint8Array.of(255, 51, 0), width: 1, height: 1, scale: 1 },
      { centreX: 0, centreY: 0, side: 3, rotation: 1 },
      target,
    );
    expect(new Set(target)).toEqual(new Set([1, Math.fround(0.2), 0]));
  });

  it('writes a crop left to right: every row of every plane turned', () => {
    const picture = noise(61, 43);
    const region = { centreX: 20, centreY: 15, side: 60, rotation: 0.4 };
    const [plain, mirrored] = [new Float32Array(CROP_LENGTH), new Float32Array(CROP_LENGTH)];
    cropRegion(picture, region, plain);
    cropRegion(picture, region, mirrored, 0, true);
    for (let start = 0; start < CROP_LENGTH; start += CROP_SIZE) plain.subarray(start, start + CROP_SIZE).reverse();
    expect(worstDifference(mirrored, plain)).toBeLessThan(1e-6);
  });

  it('gives the same wherever the crop goes, whatever was looked at before', () => {
    const [first, second] = [noise(400, 300), noise(400, 300)];
    second.data.forEach((value, index) => {
      second.data[index] = 255 - value;
    });
    const inPlace = roomForCrops(1);
    const elsewhere = new Float32Array(CROP_LENGTH);
    const expected = new Float32Array(CROP_LENGTH);
    for (const [centreX, centreY, side] of [
      [60, 60, 80],
      [62, 61, 84],
      [300, 200, 90],
      [60, 60, 80],
      [200, 150, 900],
      [-500, 900, 50],
    ] as const) {
      const region = { centreX, centreY, side, rotation: 0.3 };
      for (const picture of [first, second, { ...first, data: first.data.slice() }]) {
        cropRegion(picture, region, inPlace);
        cropRegion(picture, region, elsewhere);
        cropRegion({ ...picture }, region, expected);
        expect(worstDifference(inPlace, elsewhere)).toBe(0);
        expect(worstDifference(inPlace, expected)).toBe(0);
      }
      expect(expected[1000]).toBeCloseTo(sampleSlowly(first, region, 1000 % CROP_SIZE, 3, 0), 3);
    }
  });

  it('takes pictures larger than any before, and leaves crops alone that were made before', () => {
    const crop = roomForCrops(1);
    const region = { centreX: 20, centreY: 15, side: 60, rotation: 0.4 };
    cropRegion(noise(61, 43), region, crop);
    const before = crop.slice();
    const large = noise(2400, 1800);
    const target = new Float32Array(CROP_LENGTH);
    const far = { centreX: 2300, centreY: 1700, side: 300, rotation: -0.2 };
    cropRegion(large, far, target);
    expect(worstDifference(crop, before)).toBe(0);
    expect(target[5 * CROP_SIZE + 7]).toBeCloseTo(sampleSlowly(large, far, 7, 5, 0), 3);
    cropRegion(noise(61, 43), region, crop);
    expect(worstDifference(crop, before)).toBe(0);
  });
});

function worstDifference(a: Float32Array, b: Float32Array): number {
  return a.reduce((most, value, index) => Math.max(most, Math.abs(value - b[index]!)), 0);
}
