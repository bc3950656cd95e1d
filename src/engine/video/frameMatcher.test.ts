import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FrameMatcher } from './frameMatcher';

const table = fc
  .array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 60 })
  .map((steps) => steps.reduce<number[]>((pts, step) => [...pts, (pts[pts.length - 1] ?? -7) + step], []));

it('whatever a decoder leaves out or adds, every frame of the span is placed once, in order', () => {
  fc.assert(
    fc.property(table, fc.nat(), fc.nat(), fc.infiniteStream(fc.boolean()), (pts, a, b, delivered) => {
      const from = a % pts.length;
      const to = from + 1 + (b % (pts.length - from));
      const matcher = new FrameMatcher({ from, to }, pts);
      const keep = delivered[Symbol.iterator]();
      const placed: number[] = [];
      pts.forEach((value, frameIndex) => {
        if (!keep.next().value) return;
        // A picture that is not in the table comes just before.
        if (keep.next().value && value - 1 !== pts[frameIndex - 1]) {
          expect(matcher.place(value - 1).frameIndex).toBeNull();
        }
        const placement = matcher.place(value);
        const missing = placement.missing;
        if (missing) for (let index = missing.from; index < missing.to; index++) placed.push(index);
        if (placement.frameIndex !== null) {
          expect(placement.frameIndex).toBe(frameIndex);
          placed.push(frameIndex);
        }
      });
      const rest = matcher.rest();
      if (rest) for (let index = rest.from; index < rest.to; index++) placed.push(index);
      expect(placed).toEqual(Array.from({ length: to - from }, (_, index) => from + index));
      expect(matcher.isComplete).toBe(rest === null);
    }),
  );
});

it('counts where there are no times', () => {
  const matcher = new FrameMatcher({ from: 5, to: 7 }, null);
  expect([matcher.place(null), matcher.place(9), matcher.place(9)].map((placement) => placement.frameIndex)).toEqual([
    5,
    6,
    null,
  ]);
  const only = new FrameMatcher({ from: 0, to: 100 }, null, [3, 40, 90]);
  expect([only.place(null), only.place(null), only.place(null)].map((placement) => placement.frameIndex)).toEqual([
    3, 40, 90,
  ]);
});
