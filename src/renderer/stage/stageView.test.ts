import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitView, keptVisible, MAX_SCALE, MIN_SCALE, pannedBy, toPicture, toStage, zoomedAt } from './stageView';

const media = { width: 1768, height: 994 };
const stage = { width: 770, height: 500 };
const coordinate = fc.double({ min: -5000, max: 5000, noNaN: true });
const anyView = fc.record({
  scale: fc.double({ min: MIN_SCALE, max: MAX_SCALE, noNaN: true }),
  x: coordinate,
  y: coordinate,
});

describe('stage view', () => {
  it('fits the whole picture in the middle', () => {
    const view = fitView(media, stage);
    expect(view.scale).toBeCloseTo(770 / 1768, 9);
    expect(view.x).toBeCloseTo(0, 9);
    expect(view.y).toBeCloseTo((500 - 994 * view.scale) / 2, 9);
  });

  it('keeps the place under the pointer while zooming', () => {
    fc.assert(
      fc.property(
        anyView,
        coordinate,
        coordinate,
        fc.double({ min: 0.2, max: 5, noNaN: true }),
        (view, x, y, factor) => {
          const before = toPicture(view, { x, y });
          const after = toPicture(zoomedAt(view, { x, y }, factor), { x, y });
          const precision = 1e-6 * (1 + Math.abs(before.x) + Math.abs(before.y));
          expect(Math.abs(after.x - before.x)).toBeLessThan(precision);
          expect(Math.abs(after.y - before.y)).toBeLessThan(precision);
        },
      ),
    );
  });

  it('goes to the stage and back', () => {
    fc.assert(
      fc.property(anyView, coordinate, coordinate, (view, x, y) => {
        const back = toPicture(view, toStage(view, { x, y }));
        expect(back.x).toBeCloseTo(x, 5);
        expect(back.y).toBeCloseTo(y, 5);
      }),
    );
  });

  it('never loses the picture', () => {
    fc.assert(
      fc.property(anyView, coordinate, coordinate, (view, dx, dy) => {
        const kept = keptVisible(pannedBy(view, dx, dy), media, stage);
        expect(kept.x).toBeLessThanOrEqual(stage.width - 47);
        expect(kept.x + media.width * kept.scale).toBeGreaterThanOrEqual(47);
      }),
    );
  });
});
