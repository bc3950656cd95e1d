import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  countFrames,
  growSpans,
  hasFrame,
  intersectSpans,
  mergeSpans,
  type Span,
  spansWhere,
  subtractSpans,
} from './span';

const FRAMES = 40;
const spanLists = fc.array(
  fc
    .tuple(fc.integer({ min: 0, max: FRAMES }), fc.integer({ min: 0, max: FRAMES }))
    .map(([a, b]): Span => ({ from: Math.min(a, b), to: Math.max(a, b) })),
  { maxLength: 8 },
);

/** The frames of a list of spans, the slow and obvious way. */
function framesOf(spans: readonly Span[]): Set<number> {
  const frames = new Set<number>();
  for (const span of spans) for (let frame = span.from; frame < span.to; frame++) frames.add(frame);
  return frames;
}

/** The normal form of a set of frames. */
function spansOf(frames: ReadonlySet<number>): Span[] {
  return spansWhere(FRAMES + 1, (frame) => frames.has(frame));
}

describe('spans as sets of frames', () => {
  it('merges to the normal form of the union', () => {
    fc.assert(
      fc.property(spanLists, (spans) => {
        expect(mergeSpans(spans)).toEqual(spansOf(framesOf(spans)));
      }),
    );
  });

  it('subtracts as sets do', () => {
    fc.assert(
      fc.property(spanLists, spanLists, (spans, removed) => {
        const gone = framesOf(removed);
        const rest = new Set([...framesOf(spans)].filter((frame) => !gone.has(frame)));
        expect(subtractSpans(spans, removed)).toEqual(spansOf(rest));
      }),
    );
  });

  it('intersects as sets do, in either order', () => {
    fc.assert(
      fc.property(spanLists, spanLists, (a, b) => {
        const inB = framesOf(b);
        const both = new Set([...framesOf(a)].filter((frame) => inB.has(frame)));
        expect(intersectSpans(a, b)).toEqual(spansOf(both));
        expect(intersectSpans(b, a)).toEqual(spansOf(both));
      }),
    );
  });

  it('splits a list in two by another: what is in it and what is not', () => {
    fc.assert(
      fc.property(spanLists, spanLists, (a, b) => {
        const parts = [...intersectSpans(a, b), ...subtractSpans(a, b)];
        expect(mergeSpans(parts)).toEqual(mergeSpans(a));
        expect(countFrames(parts)).toBe(countFrames(mergeSpans(a)));
      }),
    );
  });

  it('grows to every frame within the margin and never past the clip', () => {
    fc.assert(
      fc.property(spanLists, fc.integer({ min: 0, max: 10 }), (spans, margin) => {
        const own = mergeSpans(spans);
        const near = (frame: number) => own.some((span) => frame >= span.from - margin && frame < span.to + margin);
        expect(growSpans(own, margin, FRAMES)).toEqual(spansWhere(FRAMES, near));
      }),
    );
  });

  it('does not change what it is given', () => {
    const spans = [
      { from: 5, to: 9 },
      { from: 0, to: 6 },
    ];
    mergeSpans(spans);
    expect(spans).toEqual([
      { from: 5, to: 9 },
      { from: 0, to: 6 },
    ]);
  });

  it('knows its frames', () => {
    const spans = [{ from: 2, to: 4 }];
    expect([1, 2, 3, 4].map((frame) => hasFrame(spans, frame))).toEqual([false, true, true, false]);
  });
});
