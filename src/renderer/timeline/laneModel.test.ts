import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Person } from '#core/document/schema';
import { countFrames, mergeSpans } from '#core/frames/span';
import type { TrackTable } from '#core/tracks/effectiveBoxes';
import { buildLane, cellsOf, joinShortPieces } from './laneModel';

const FRAMES = 80;

const spans = fc
  .array(fc.tuple(fc.integer({ min: 0, max: FRAMES - 1 }), fc.integer({ min: 1, max: 20 })), { maxLength: 4 })
  .map((list) => mergeSpans(list.map(([from, length]) => ({ from, to: Math.min(FRAMES, from + length) }))));

const scene = fc
  .record({
    start: fc.integer({ min: 0, max: 40 }),
    origins: fc.uint8Array({ min: 0, max: 2, minLength: 1, maxLength: 40 }),
    frames: fc.uniqueArray(fc.integer({ min: 0, max: FRAMES - 1 }), { maxLength: 5 }),
    interpolated: spans,
    outside: spans,
  })
  .map(({ start, origins, frames, interpolated, outside }) => {
    const length = origins.length;
    const boxes = new Float64Array(length * 4).fill(10);
    const tracks: TrackTable = new Map([
      ['t', { id: 't', start, length, boxes, scores: new Float32Array(length), origins }],
    ]);
    const person: Person = {
      id: 'p',
      number: 1,
      name: 'One',
      visible: true,
      locked: false,
      segments: [{ track: 't', from: start, to: start + length }],
      keyframes: frames.sort((a, b) => a - b).map((frame) => ({ frame, box: { x: 1, y: 1, width: 5, height: 5 } })),
      interpolated,
      outside,
    };
    return { person, tracks };
  });

describe('lanes', () => {
  it('cover the person’s frames without holes, and their cells cover the same', () => {
    fc.assert(
      fc.property(scene, spans, ({ person, tracks }, outOfDate) => {
        const results = { person: 'p', current: [], outOfDate, present: [], chosen: [], version: 1, newestVersion: 1 };
        const lane = buildLane(person, tracks, results, FRAMES, true);
        const cells = cellsOf(lane, 30);
        expect(mergeSpans(cells)).toEqual(mergeSpans(lane.pieces));
        expect(mergeSpans(lane.pieces).length).toBeLessThanOrEqual(1);
        expect(countFrames(cells)).toBe(countFrames(lane.pieces));
        for (const cell of cells) {
          const inside = outOfDate.some((span) => span.from <= cell.from && cell.to <= span.to);
          expect(cell.isOutOfDate).toBe(inside);
        }
      }),
    );
  });

  it('hatch nothing before the first run', () => {
    const person = { ...fc.sample(scene, 1)[0] };
    if (!person.person || !person.tracks) throw new Error('no sample');
    const results = {
      person: 'p',
      current: [],
      outOfDate: [{ from: 0, to: 50 }],
      present: [],
      chosen: [],
      version: 1,
      newestVersion: 1,
    };
    expect(buildLane(person.person, person.tracks, results, FRAMES, false).outOfDate).toEqual([]);
  });
});

describe('joining short pieces', () => {
  it('keeps frames and order, and what is long or not between detections', () => {
    fc.assert(
      fc.property(scene, fc.integer({ min: 0, max: 5 }), ({ person, tracks }, frames) => {
        const { pieces } = buildLane(person, tracks, undefined, FRAMES, false);
        const joined = joinShortPieces(pieces, frames);
        expect(mergeSpans(joined)).toEqual(mergeSpans(pieces));
        for (const [index, piece] of joined.entries()) expect(piece.state).not.toBe(joined[index + 1]?.state);
        const kept = (list: typeof pieces) => countFrames(list.filter((piece) => piece.state === 'manual'));
        expect(kept(joined)).toBe(kept(pieces));
      }),
    );
  });
});
