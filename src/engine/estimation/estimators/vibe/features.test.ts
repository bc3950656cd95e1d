import { describe, expect, it } from 'vitest';
import type { Session } from '../../../inference/session';
import { AdaptiveBatches } from '../../../inference/batches';
import { CROP_LENGTH, type CentredBox, type Picture, writeCrop } from './crop';
import { extractFeatures } from './features';

const picture: Picture = {
  data: Uint8Array.from({ length: 64 * 48 * 3 }, (_, k) => (k * 37) % 251),
  width: 64,
  height: 48,
  scale: 1,
};
const boxes: CentredBox[] = [10, 20, 30, 40, 50].map((centreX) => ({ centreX, centreY: 24, width: 20, height: 20 }));
const requests = boxes.map((box) => ({ picture, box }));

/** A backbone whose feature is 2048 times the crop's middle value. */
function standIn(batches: number[]): Session {
  return {
    run: ({ crops }) => {
      const [count = 0] = crops!.dims;
      batches.push(count);
      const data = Float32Array.from({ length: count * 2048 }, (_, k) => {
        return crops!.data[Math.floor(k / 2048) * CROP_LENGTH + 112 * 224 + 112]!;
      });
      return Promise.resolve({ features: { data, dims: [count, 2048] } });
    },
    dispose: () => Promise.resolve(),
  };
}

describe('extractFeatures', () => {
  it('gives each box its own feature, whatever the batch', async () => {
    const crop = new Float32Array(CROP_LENGTH);
    const expected = boxes.map((box) => {
      writeCrop(picture, box, crop);
      return crop[112 * 224 + 112];
    });
    expect(new Set(expected).size).toBe(boxes.length);
    for (const [batch, sizes] of [
      [1, [1, 1, 1, 1, 1]],
      [2, [2, 2, 1]],
      [8, [5]],
    ] as const) {
      const batches: number[] = [];
      const limit = new AdaptiveBatches(1, batch, 1e9);
      const features = await extractFeatures(requests, standIn(batches), { batches: limit });
      expect(batches).toEqual(sizes);
      expect(features.map((feature) => feature.length)).toEqual(boxes.map(() => 2048));
      expect(features.map((feature) => feature[2047])).toEqual(expected);
    }
    expect(await extractFeatures([], standIn([]))).toEqual([]);
  });

  it('can be cancelled, and refuses a network of another shape', async () => {
    const gone = extractFeatures(requests, standIn([]), { signal: AbortSignal.abort() });
    await expect(gone).rejects.toMatchObject({ name: 'AbortError' });
    const wrong: Session = {
      run: () => Promise.resolve({ features: { data: new Float32Array(10), dims: [1, 10] } }),
      dispose: () => Promise.resolve(),
    };
    await expect(extractFeatures(requests, wrong)).rejects.toMatchObject({ code: 'MODEL_INVALID' });
  });
});
