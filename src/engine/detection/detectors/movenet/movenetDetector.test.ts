import { describe, expect, it } from 'vitest';
import type { RgbFrame } from '../../../video/rgbFrame';
import { movenetDetector } from './movenetDetector';

describe('effortAt', () => {
  it('looks ten times a second, in turns in full, whatever the rate, and at the first frame in full', () => {
    const marks = (rate: number, frames: number) =>
      Array.from({ length: frames }, (_, frame) => movenetDetector.effortAt(frame, rate)?.[0] ?? '.').join('');
    expect(marks(30, 13)).toBe('f..q..f..q..f');
    expect(marks(60, 13)).toBe('f.....q.....f');
    expect(marks(10, 5)).toBe('fqfqf');
    expect(marks(5, 4)).toBe('fqfq');
    expect(marks(240, 49).replaceAll('.', '')).toBe('fqf');
  });
});

describe('detect', () => {
  it('runs the network at one size or two, on inputs of multiples of 32', async () => {
    const sizes: string[] = [];
    const session = {
      async run(feeds: Readonly<Record<string, { dims: readonly number[] }>>) {
        const [, , height = 0, width = 0] = feeds['image']?.dims ?? [];
        sizes.push(`${width}x${height}`);
        const cells = (width / 4) * (height / 4);
        const head = (channels: number) => ({ data: new Float32Array(channels * cells).fill(-9), dims: [] });
        return {
          center: head(1),
          box_scale: head(2),
          box_offset: head(2),
          keypoint_heatmap: head(17),
          keypoint_regression: head(34),
          keypoint_offset: head(34),
        };
      },
      async dispose() {},
    };
    const opened: string[] = [];
    const loaded = await movenetDetector.load({
      async open(id) {
        opened.push(id);
        return session;
      },
      async dispose() {},
    });
    const frame: RgbFrame = { frameIndex: 0, width: 192, height: 108, data: new Uint8Array(192 * 108 * 3), scale: 0.1 };
    expect(await loaded.detect(frame, 'quick')).toEqual([]);
    expect(await loaded.detect(frame, 'full')).toEqual([]);
    expect(opened).toEqual(movenetDetector.models);
    expect(sizes).toEqual(['256x160', '256x160', '704x416']);
  });
});
