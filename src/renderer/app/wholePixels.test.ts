import { describe, expect, it } from 'vitest';
import { wholePixels } from './wholePixels';

describe('wholePixels', () => {
  it('leaves whole px alone', () => {
    expect(wholePixels({ left: 3, top: 45, right: 252, bottom: 598 }, 1)).toEqual({
      left: 0,
      top: 0,
      width: 249,
      height: 553,
    });
  });

  it('moves both edges to the nearest px, so that neighbours keep their gap', () => {
    const video = wholePixels({ left: 252.984375, top: 45, right: 1050.984375, bottom: 598.34375 }, 1);
    expect(252.984375 + video.left).toBe(253);
    expect(45 + video.top).toBe(45);
    expect(video).toMatchObject({ width: 798, height: 553 });
    const view = wholePixels({ left: 1051.984375, top: 45, right: 1440, bottom: 426.5 }, 1);
    expect(1051.984375 + view.left - (253 + video.width)).toBe(1);
    expect(view).toMatchObject({ width: 388, height: 382 });
  });

  it('means px of the screen', () => {
    const dense = wholePixels({ left: 10.2, top: 0.5, right: 20.4, bottom: 30.8 }, 2);
    expect(dense.left).toBeCloseTo(-0.2);
    expect(dense).toMatchObject({ top: 0, width: 10.5, height: 30.5 });
    const zoomed = wholePixels({ left: 0.9, top: 0, right: 8.1, bottom: 8 }, 1.25);
    expect(zoomed.left).toBeCloseTo(-0.1);
    expect(zoomed.width).toBeCloseTo(7.2);
  });
});
