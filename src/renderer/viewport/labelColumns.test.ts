import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { labelColumns, spreadHeights } from './labelColumns';

const room = { left: 40, right: 380, top: 10, bottom: 330, gap: 13, aside: 20, width: 70 };

describe('spreadHeights', () => {
  it('leaves heights that are far enough apart, and moves a crowd about its middle', () => {
    expect(spreadHeights([20, 60, 100], 13, 0, 200)).toEqual([20, 60, 100]);
    expect(spreadHeights([50, 50, 50], 10, 0, 200)).toEqual([40, 50, 60]);
  });

  it('keeps the gap and stays inside whenever there is room', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -500, max: 900, noNaN: true }), { maxLength: 24 }), (wanted) => {
        const heights = spreadHeights(
          wanted.sort((a, b) => a - b),
          13,
          10,
          330,
        );
        heights.forEach((height, index) => {
          expect(height).toBeGreaterThanOrEqual(10 - 1e-9);
          expect(height).toBeLessThanOrEqual(330 + 1e-9);
          if (index > 0) expect(height - (heights[index - 1] ?? 0)).toBeGreaterThanOrEqual(13 - 1e-9);
        });
      }),
    );
  });
});

describe('labelColumns', () => {
  const points = Array.from({ length: 24 }, (_, id) => ({ id, x: 150 + ((id * 37) % 90), y: 80 + ((id * 53) % 200) }));

  it('names every point once, half on either side, outside of the figure', () => {
    const placed = labelColumns(points, room);
    expect(placed.map(({ id }) => id).sort((a, b) => a - b)).toEqual(points.map(({ id }) => id));
    expect(placed.filter(({ side }) => side === 'left')).toHaveLength(12);
    const xs = points.map(({ x }) => x);
    for (const { side, x } of placed) {
      if (side === 'left') expect(x).toBeLessThan(Math.min(...xs));
      else expect(x).toBeGreaterThan(Math.max(...xs));
    }
  });

  it('keeps columns in the view when the figure fills it', () => {
    const wide = points.map((point) => ({ ...point, x: point.x * 3 - 350 }));
    for (const { side, x } of labelColumns(wide, room)) {
      expect(side === 'left' ? x - room.width : room.right - x - room.width).toBeGreaterThanOrEqual(0);
    }
  });
});
