import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CROP_LENGTH,
  cropTransform,
  warpPicture,
  writeCrop,
  type Affine,
  type CentredBox,
  type Picture,
} from '#engine/estimation/estimators/vibe/crop';
import { largestDifference, readExpected } from '../../fixtures/vibe/expected';
import { ruleImage } from '../../fixtures/vibe/inputs';

const expected = readExpected('expected_crop.npz');
const image: Picture = { data: ruleImage(), width: 640, height: 360, scale: 1 };
const BYTES = Float32Array.from({ length: 768 }, (_, k) => k % 256);
const SIDE = 224;

function boxAt(n: number): CentredBox {
  const [centreX = 0, centreY = 0, width = 0, height = 0] = Array.from(expected('boxes').slice(n * 4, n * 4 + 4));
  return { centreX, centreY, width, height };
}

function affineOf(name: string, n = 0): Affine {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = Array.from(expected(name).slice(n * 6, n * 6 + 6));
  return [a, b, c, d, e, f];
}

/** Bytes of a warp with channels last, as OpenCV has them, every `step`-th row and column. */
function bytesOf(picture: Picture, transform: Affine, size = SIDE, step = 1): number[] {
  const planes = new Float32Array(3 * size * size);
  warpPicture(picture, transform, size, BYTES, planes);
  const bytes: number[] = [];
  for (let y = 0; y < size; y += step) {
    for (let x = 0; x < size; x += step) {
      for (let c = 0; c < 3; c++) bytes.push(planes[c * size * size + y * size + x]!);
    }
  }
  return bytes;
}

function sums(bytes: readonly number[]): number[] {
  const totals = [0, 0, 0];
  bytes.forEach((value, k) => {
    totals[k % 3]! += value;
  });
  return totals;
}

describe('crop against OpenCV', () => {
  it('has its transform to the last bit', () => {
    for (const scale of ['1.0', '1.1', '1.2']) {
      for (let n = 0; n < 5; n++) {
        expect(cropTransform(boxAt(n), Number(scale))).toEqual(affineOf(`trans_${scale}`, n));
      }
    }
  });

  it('is the same in every byte', () => {
    for (let n = 0; n < 5; n++) {
      const size = SIDE * SIDE * 3;
      const raw = expected('raw_1.1').slice(n * size, (n + 1) * size);
      expect(largestDifference(bytesOf(image, cropTransform(boxAt(n))), raw)).toBe(0);
      for (const scale of ['1.0', '1.2']) {
        const transform = cropTransform(boxAt(n), Number(scale));
        expect(sums(bytesOf(image, transform))).toEqual(
          Array.from(expected(`rawsum_${scale}`).slice(n * 3, n * 3 + 3)),
        );
        const every8 = expected(`raw_every8_${scale}`).slice(n * 2352, (n + 1) * 2352);
        expect(largestDifference(bytesOf(image, transform, SIDE, 8), every8)).toBe(0);
      }
    }
  });

  it('is the same turned, mirrored and enlarged', () => {
    expect(largestDifference(bytesOf(image, affineOf('rot30_trans'), SIDE, 4), expected('rot30_raw_every4'))).toBe(0);
    const mirrored = new Uint8Array(image.data.length);
    for (let at = 0; at < mirrored.length; at++) {
      const [pixel, c] = [Math.floor(at / 3), at % 3];
      const x = pixel % 640;
      mirrored[at] = image.data[(pixel - x + 639 - x) * 3 + c]!;
    }
    const flipped = bytesOf({ ...image, data: mirrored }, affineOf('flip_trans'), SIDE, 4);
    expect(largestDifference(flipped, expected('flip_raw_every4'))).toBe(0);
    const ramp: Picture = { data: Uint8Array.from(expected('ramp_in')), width: 16, height: 16, scale: 1 };
    expect(largestDifference(bytesOf(ramp, affineOf('ramp_M'), 48), expected('ramp_out'))).toBe(0);
  });

  it('is normalised as torchvision does it', () => {
    const crop = new Float32Array(CROP_LENGTH);
    writeCrop(image, boxAt(1), crop);
    const every16 = Array.from({ length: 3 * 14 * 14 }, (_, k) => {
      const [c, y, x] = [Math.floor(k / 196), Math.floor(k / 14) % 14, k % 14];
      return crop[(c * SIDE + y * 16) * SIDE + x * 16]!;
    });
    expect(largestDifference(every16, expected('norm_scale1.1_box1_every16'))).toBe(0);
  });

  it('moves keypoints by the same map', () => {
    const keypoints = expected('kp_in');
    for (let n = 0; n < 5; n++) {
      const [a, b, c, d, e, f] = cropTransform(boxAt(n));
      const moved = Array.from({ length: 63 }, (_, k) => {
        const [x, y] = [keypoints[k - (k % 3)]!, keypoints[k - (k % 3) + 1]!];
        return [a * x + b * y + c, d * x + e * y + f, keypoints[k]!][k % 3]!;
      });
      expect(largestDifference(moved, expected('kp_1.1').slice(n * 63, n * 63 + 63))).toBeLessThan(1e-9);
    }
  });
});

describe('crop', () => {
  const BLACK = [-0.485 / 0.229, -0.456 / 0.224, -0.406 / 0.225];

  it('is black, not grey, outside the picture, however far', () => {
    const side = fc.double({ min: 1, max: 500, noNaN: true });
    const away = fc.double({ min: 1500, max: 1e7, noNaN: true });
    fc.assert(
      fc.property(side, away, fc.boolean(), (width, distance, before) => {
        const crop = new Float32Array(CROP_LENGTH);
        const centreX = before ? -distance : distance;
        writeCrop(image, { centreX, centreY: 100, width, height: width }, crop);
        const black = crop.map((_, k) => BLACK[Math.floor(k / (SIDE * SIDE))]!);
        expect(largestDifference(crop, black)).toBeLessThan(1e-6);
      }),
      { numRuns: 20 },
    );
  });

  it('is finite for any box', () => {
    const any = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    const size = fc.double({ min: 0, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(any, any, size, size, (centreX, centreY, width, height) => {
        const crop = new Float32Array(CROP_LENGTH).fill(Number.NaN);
        writeCrop(image, { centreX, centreY, width, height }, crop);
        expect(crop.every((value) => value >= -2.2 && value <= 2.7)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  it('follows a picture that is smaller than the upright video', () => {
    const [direct, scaled] = [new Float32Array(CROP_LENGTH), new Float32Array(CROP_LENGTH)];
    writeCrop(image, { centreX: 200, centreY: 100, width: 120, height: 120 }, direct);
    writeCrop({ ...image, scale: 0.5 }, { centreX: 400, centreY: 200, width: 240, height: 240 }, scaled);
    expect(largestDifference(scaled, direct)).toBe(0);
  });
});
