import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RgbFrame } from '../../../video/rgbFrame';
import { letterboxOf, letterboxTensor } from './letterbox';

function picture(width: number, height: number, colour: (x: number, y: number) => [number, number, number]): RgbFrame {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) data.set(colour(x, y), (y * width + x) * 3);
  return { frameIndex: 0, width, height, data, scale: 1 };
}

const size = fc.integer({ min: 1, max: 300 });

describe('letterboxOf', () => {
  it('keeps the aspect in sides that are multiples of 32, and leads back to px of the upright video', () => {
    fc.assert(
      fc.property(size, size, fc.constantFrom(1, 0.5), fc.constantFrom(64, 256), (width, height, scale, longSide) => {
        const box = letterboxOf({ width, height, scale }, longSide);
        expect([box.width % 32, box.height % 32]).toEqual([0, 0]);
        expect(Math.max(box.pictureWidth, box.pictureHeight)).toBe(longSide);
        expect(box.width - box.pictureWidth).toBeLessThan(32);
        expect(box.height - box.pictureHeight).toBeLessThan(32);
        expect(box.pictureWidth * box.scaleX).toBeCloseTo(width / scale, 6);
        expect(box.pictureHeight * box.scaleY).toBeCloseTo(height / scale, 6);
      }),
    );
  });
});

describe('letterboxTensor', () => {
  it('keeps a plain picture plain, whatever its size, and is black beside it', () => {
    fc.assert(
      fc.property(size, size, (width, height) => {
        const frame = picture(width, height, () => [200, 100, 50]);
        const box = letterboxOf(frame, 64);
        const { data, dims } = letterboxTensor(frame, box);
        expect(dims).toEqual([1, 3, box.height, box.width]);
        let worst = 0;
        for (const [channel, value] of [200, 100, 50].entries()) {
          for (let y = 0; y < box.height; y++) {
            for (let x = 0; x < box.width; x++) {
              const expected = x < box.pictureWidth && y < box.pictureHeight ? value : 0;
              worst = Math.max(worst, Math.abs(data[(channel * box.height + y) * box.width + x]! - expected));
            }
          }
        }
        expect(worst).toBeLessThan(1e-3);
      }),
      { numRuns: 40 },
    );
  });

  it('keeps every place where it is: a ramp stays the same ramp, larger or smaller', () => {
    for (const [width, height] of [
      [640, 480],
      [150, 100],
      [90, 40],
      [64, 48],
      [1000, 333],
    ] as const) {
      const frame = picture(width, height, (x, y) => [(255 * (x + 0.5)) / width, (255 * (y + 0.5)) / height, 0]);
      const box = letterboxOf(frame, 64);
      const { data } = letterboxTensor(frame, box);
      const plane = box.width * box.height;
      for (let y = 2; y < box.pictureHeight - 2; y++) {
        for (let x = 2; x < box.pictureWidth - 2; x++) {
          const at = y * box.width + x;
          // A source px is a step of up to 255 / size; whole px fall into one target px or the next.
          expect(Math.abs(data[at]! - (255 * (x + 0.5)) / box.pictureWidth)).toBeLessThan(
            1 + 255 / Math.max(64, width),
          );
          const step = 255 / Math.max(box.pictureHeight, height);
          expect(Math.abs(data[at + plane]! - (255 * (y + 0.5)) / box.pictureHeight)).toBeLessThan(1 + step);
        }
      }
    }
  });
});
