import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Person } from '../document/schema';
import { mergeSpans, subtractSpans } from '../frames/span';
import { boxRows, rowBox } from './boxRows';
import { effectiveBoxAt, type TrackTable } from './effectiveBoxes';
import { BOX_ORIGIN } from './track';

const FRAMES = 80;

const spans = fc
  .array(fc.tuple(fc.integer({ min: 0, max: FRAMES - 1 }), fc.integer({ min: 1, max: 20 })), { maxLength: 4 })
  .map((list) => mergeSpans(list.map(([from, length]) => ({ from, to: Math.min(FRAMES, from + length) }))));

const side = fc.integer({ min: 1, max: 90 });
const scene = fc
  .record({
    start: fc.integer({ min: 0, max: 40 }),
    origins: fc.uint8Array({ min: 0, max: 2, minLength: 1, maxLength: 40 }),
    drawn: fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: FRAMES - 1 }), side, side), {
      maxLength: 6,
      selector: ([frame]) => frame,
    }),
    ...{ interpolated: spans, smooth: spans, off: spans, outside: spans },
  })
  .map(({ start, origins, drawn, interpolated, ...lists }) => {
    const length = origins.length;
    const boxes = Float64Array.from({ length: length * 4 }, (_, at) => 1 + (at % 50));
    const scores = Float32Array.from(origins, (origin) => (origin === BOX_ORIGIN.detected ? 0.5 : 0));
    const tracks: TrackTable = new Map([['t', { id: 't', start, length, boxes, scores, origins }]]);
    const keyframes = drawn
      .sort(([a], [b]) => a - b)
      .map(([frame, x, width]) => ({ frame, box: { x, y: 2 * x, width, height: width + 1 } }));
    const person: Person = {
      ...{ id: 'p', number: 1, name: 'One', visible: true, locked: false, ...lists, keyframes },
      segments: [{ track: 't', from: start, to: start + length }],
      interpolated: subtractSpans(
        interpolated,
        keyframes.map(({ frame }) => ({ from: frame, to: frame + 1 })),
      ),
    };
    return { person, tracks };
  });

describe('the rows of boxes', () => {
  it('are the effective boxes of every frame', () => {
    fc.assert(
      fc.property(scene, ({ person, tracks }) => {
        const rows = boxRows(person, tracks, FRAMES);
        for (let frame = 0; frame < FRAMES; frame++) {
          const effective = effectiveBoxAt(person, tracks, frame);
          expect([frame, rowBox(rows, frame)]).toEqual([frame, effective?.box]);
          expect([frame, rows.origins[frame]]).toEqual([frame, effective ? BOX_ORIGIN[effective.origin] : 0]);
          const score = effective?.origin === 'manual' ? 1 : (effective?.score ?? 0);
          expect([frame, rows.scores[frame]]).toEqual([frame, score]);
        }
      }),
    );
  });

  it('hold nothing that is interpolated where interpolation is off', () => {
    fc.assert(
      fc.property(scene, ({ person, tracks }) => {
        const { origins } = boxRows({ ...person, off: [{ from: 0, to: FRAMES }] }, tracks, FRAMES);
        expect(origins).not.toContain(BOX_ORIGIN.interpolated);
      }),
    );
  });
});
