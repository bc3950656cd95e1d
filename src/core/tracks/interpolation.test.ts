import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Keyframe } from '../document/schema';
import { boxBetween, type Curve, keyframeBefore } from './interpolation';

const side = fc.double({ min: 1, max: 900, noNaN: true });
const place = fc.double({ min: -900, max: 900, noNaN: true });
const anyKeyframes: fc.Arbitrary<Keyframe[]> = fc
  .uniqueArray(fc.integer({ min: 0, max: 200 }), { minLength: 2, maxLength: 8 })
  .chain((frames) =>
    fc.tuple(
      fc.constant(frames.sort((a, b) => a - b)),
      fc.array(fc.record({ x: place, y: place, width: side, height: side }), {
        minLength: frames.length,
        maxLength: frames.length,
      }),
    ),
  )
  .map(([frames, boxes]) => frames.flatMap((frame, index) => (boxes[index] ? [{ frame, box: boxes[index] }] : [])));

function smooth(keyframes: Keyframe[]): Curve {
  const gaps = keyframes
    .slice(1)
    .map((entry, index) => ({ from: (keyframes[index]?.frame ?? 0) + 1, to: entry.frame }));
  const interpolated = gaps.filter(({ from, to }) => to > from);
  return { keyframes, interpolated, smooth: interpolated };
}

const box = (x: number, width = 50) => ({ x, y: 20, width, height: 90 });

describe('smooth interpolation', () => {
  it('stays between the keyframes on every side, so that a box never gets smaller than the smaller one', () => {
    fc.assert(
      fc.property(anyKeyframes, (keyframes) => {
        const curve = smooth(keyframes);
        for (const { from, to } of curve.interpolated) {
          for (let frame = from; frame < to; frame++) {
            const here = boxBetween(curve, frame);
            const [a, b] = [
              keyframes.find((entry) => entry.frame === from - 1),
              keyframes.find((entry) => entry.frame === to),
            ];
            if (!here || !a || !b) throw new Error('between two keyframes is a box');
            for (const name of ['x', 'y', 'width', 'height'] as const) {
              expect(here[name]).toBeGreaterThanOrEqual(Math.min(a.box[name], b.box[name]) - 1e-6);
              expect(here[name]).toBeLessThanOrEqual(Math.max(a.box[name], b.box[name]) + 1e-6);
            }
          }
        }
      }),
    );
  });

  it('runs straight where the keyframes lie on a straight line', () => {
    const keyframes = [0, 10, 25, 40].map((frame) => ({ frame, box: box(3 * frame, 50 + frame) }));
    const curve = smooth(keyframes);
    for (const frame of [4, 17, 39]) expect(boxBetween(curve, frame)?.x).toBeCloseTo(3 * frame, 9);
  });

  it('has no corner at a keyframe where straight lines have one', () => {
    const keyframes = [0, 20, 40].map((frame, index) => ({ frame, box: box([0, 20, 100][index] ?? 0) }));
    const curve = smooth(keyframes);
    const x = (frame: number) => (frame === 20 ? 20 : (boxBetween(curve, frame)?.x ?? 0));
    const bend = x(21) - 2 * x(20) + x(19);
    expect(Math.abs(bend)).toBeLessThan(0.3);
    const straight = boxBetween({ ...curve, smooth: [] }, 21)?.x ?? 0;
    expect(straight - 20 - 1).toBeGreaterThan(2.9);
  });

  it('is not pulled by a keyframe behind a gap that is not interpolated', () => {
    const keyframes = [0, 10, 20].map((frame, index) => ({ frame, box: box([0, 10, 500][index] ?? 0) }));
    const curve = { keyframes, interpolated: [{ from: 1, to: 10 }], smooth: [{ from: 1, to: 10 }] };
    expect(boxBetween(curve, 5)?.x).toBeCloseTo(5, 9);
  });
});

describe('keyframeBefore', () => {
  it('finds the last one before a frame', () => {
    fc.assert(
      fc.property(anyKeyframes, fc.integer({ min: -1, max: 202 }), (keyframes, frame) => {
        expect(keyframeBefore(keyframes, frame)).toBe(keyframes.findLastIndex((entry) => entry.frame < frame));
      }),
    );
  });
});
