import { describe, expect, it } from 'vitest';
import type { Session, Tensor } from '../../../inference/session';
import { decodeLandmarks, observePose } from './landmarks';
import type { Region } from './observation';

const UPRIGHT: Region = { centreX: 300, centreY: 200, side: 512, rotation: 0 };

function outputs(count = 1): Record<'landmarks' | 'presence' | 'heatmap' | 'world', Tensor> {
  const tensor = (length: number): Tensor => ({ data: new Float32Array(count * length), dims: [count, length] });
  const result = { landmarks: tensor(195), presence: tensor(1), heatmap: tensor(39 * 4096), world: tensor(117) };
  result.heatmap.data.fill(-20);
  return result;
}

describe('decodeLandmarks', () => {
  it('brings px of the crop back to the picture and squashes logits', () => {
    const raw = outputs();
    raw.landmarks.data.set([192, 64, -32, 0, 2], 5 * 11);
    raw.presence.data[0] = 0.75;
    const pose = decodeLandmarks(raw, 0, UPRIGHT);
    expect([...pose.image.subarray(44, 48)]).toEqual([428, 72, -64, 0.5]);
    expect(pose.presence[11]).toBeCloseTo(1 / (1 + Math.exp(-2)), 6);
    expect(pose.score).toBe(0.75);
  });

  it('turns image and world landmarks by the rotation of the region', () => {
    const raw = outputs();
    raw.landmarks.data.set([192, 128, 0, 0, 0], 0);
    raw.world.data.set([1, 0, 0.5], 0);
    const pose = decodeLandmarks(raw, 0, { ...UPRIGHT, rotation: Math.PI / 2 });
    expect(pose.image[0]).toBeCloseTo(300, 3);
    expect(pose.image[1]).toBeCloseTo(328, 3);
    expect(pose.world[0]).toBeCloseTo(0, 6);
    expect(pose.world[1]).toBeCloseTo(1, 6);
    expect(pose.world[2]).toBe(0.5);
  });

  it('moves a landmark to the weighted mean of its heat-map where one cell reaches one half', () => {
    const raw = outputs();
    raw.landmarks.data.set([130, 130, 0, 0, 0], 0);
    raw.heatmap.data[30 * 64 + 34] = 20;
    raw.heatmap.data[30 * 64 + 33] = 20;
    const pose = decodeLandmarks(raw, 0, { centreX: 0.5, centreY: 0.5, side: 1, rotation: 0 });
    expect(pose.image[0]).toBeCloseTo(33.5 / 64, 5);
    expect(pose.image[1]).toBeCloseTo(30 / 64, 5);
    raw.heatmap.data.fill(-0.01, 0, 4096);
    const unmoved = decodeLandmarks(raw, 0, { centreX: 0.5, centreY: 0.5, side: 1, rotation: 0 });
    expect(unmoved.image[0]).toBeCloseTo(130 / 256, 6);
  });

  it('looks no farther than 3 cells and leaves landmarks outside the crop alone', () => {
    const raw = outputs();
    raw.landmarks.data.set([130, 130, 0, 0, 0, -40, 300, 0, 0, 0], 0);
    raw.heatmap.data[32 * 64 + 36] = 20;
    const pose = decodeLandmarks(raw, 0, { centreX: 0.5, centreY: 0.5, side: 1, rotation: 0 });
    expect(pose.image[0]).toBeCloseTo(130 / 256, 6);
    expect(pose.image[4]).toBeCloseTo(-40 / 256, 6);
  });

  it('says where to look next from rows 33 and 34', () => {
    const raw = outputs();
    raw.landmarks.data.set([128, 128, 0, 0, 0, 128, 28, 0, 0, 0], 5 * 33);
    expect(decodeLandmarks(raw, 0, UPRIGHT).next).toEqual({ centreX: 300, centreY: 200, side: 500, rotation: 0 });
  });

  it('says MODEL_INVALID when an output is missing', () => {
    const { world: _, ...rest } = outputs();
    expect(() => decodeLandmarks(rest, 0, UPRIGHT)).toThrow(expect.objectContaining({ code: 'MODEL_INVALID' }));
  });
});

describe('observePose', () => {
  const picture = { data: new Uint8Array(300), width: 10, height: 10, scale: 1 };

  it('gives each region its own row of the batch, in order', async () => {
    const sizes: number[] = [];
    const session: Session = {
      run: (feeds) => {
        const count = feeds['image']?.dims[0] ?? 0;
        sizes.push(count);
        const raw = outputs(count);
        for (let index = 0; index < count; index++) raw.presence.data[index] = sizes.length + index / 10;
        return Promise.resolve(raw);
      },
      dispose: () => Promise.resolve(),
    };
    const regions = [1, 2, 3].map((side) => ({ ...UPRIGHT, side }));
    const poses = await observePose(picture, regions, session, new AbortController().signal, { batch: 2 });
    expect(sizes).toEqual([2, 1]);
    expect(poses.map((pose) => pose.region.side)).toEqual([1, 2, 3]);
    expect(poses.map((pose) => pose.score)).toEqual([1, 1.1, 2].map(Math.fround));
  });

  it('stops when cancelled', async () => {
    const session: Session = { run: () => Promise.resolve(outputs()), dispose: () => Promise.resolve() };
    await expect(observePose(picture, [UPRIGHT], session, AbortSignal.abort())).rejects.toThrow();
  });
});
