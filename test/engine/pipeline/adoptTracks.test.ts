import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyPatches } from '#core/document/patch';
import { documentSchema, type ProjectDocument } from '#core/document/schema';
import type { TrackerTrack } from '#core/tracks/track';
import { planTrackAdoption } from '#engine/pipeline/adoptTracks';
import { TrackEnds } from '#engine/pipeline/trackEnds';
import { documentOf, somebody } from '../project/documents';

/** A track of somebody standing at `x` px on the frames `[from, to)`. */
function track(id: string, x: number, from: number, to: number, foldedBecause?: string): TrackerTrack {
  const length = to - from;
  const boxes = new Float64Array(length * 4);
  for (let row = 0; row < length; row++) boxes.set([x, 0, 50, 100], row * 4);
  const origins = new Uint8Array(length).fill(1);
  const scores = new Float32Array(length).fill(1);
  return { id, start: from, length, boxes, scores, origins, ...(foldedBecause ? { foldedBecause } : {}) };
}

function adopt(
  document: ProjectDocument,
  before: readonly TrackerTrack[],
  after: readonly TrackerTrack[],
  mayRemove = true,
): ProjectDocument {
  const edit = planTrackAdoption(document, before, after, { mayRemove });
  if (!edit) return document;
  const next = applyPatches(document, edit.patches);
  expect(applyPatches(next, edit.inverse)).toEqual(document);
  return documentSchema.parse(next);
}

const summary = ({ people }: ProjectDocument) =>
  people.map(({ id, segments }) => [id, ...segments.map(({ track: of, from, to }) => `${of} ${from}-${to}`)]);

describe('people following their tracks', () => {
  const first = [track('a', 0, 0, 50), track('b', 300, 10, 50)];
  const document = adopt(documentOf([]), [], first);

  it('are made from tracks nobody has', () => {
    expect(summary(document)).toEqual([
      ['p1', 'a 0-50'],
      ['p2', 'b 10-50'],
    ]);
    expect(document.nextNumber).toBe(3);
  });

  it('keep identity, name and order when tracks grow and are named anew', () => {
    const named = { ...document, people: document.people.map((person) => ({ ...person, name: `N${person.number}` })) };
    const after = adopt(named, first, [track('x', 302, 5, 90), track('y', 1, 0, 80), track('z', 500, 60, 90)]);
    expect(summary(after)).toEqual([
      ['p1', 'y 0-80'],
      ['p2', 'x 5-90'],
      ['p3', 'z 60-90'],
    ]);
    expect(after.people.map(({ name }) => name)).toEqual(['N1', 'N2', 'Person 3']);
  });

  it('change nothing when the tracks are the same', () => {
    expect(planTrackAdoption(document, first, first, { mayRemove: true })).toBeUndefined();
  });

  it('keep cuts that a human made, while ends that were the track’s own move on', () => {
    const cut = {
      ...document,
      people: [
        somebody(1, { segments: [{ track: 'a', from: 0, to: 30 }] }),
        somebody(2, { segments: [{ track: 'a', from: 30, to: 50 }] }),
        somebody(3, { segments: [{ track: 'b', from: 20, to: 40 }] }),
      ],
    };
    expect(summary(adopt(cut, first, [track('a', 0, 0, 90), track('b', 300, 10, 95)]))).toEqual([
      ['p1', 'a 0-30'],
      ['p2', 'a 30-90'],
      ['p3', 'b 20-40'],
    ]);
  });

  it('leave tracks of people a human deleted to nobody', () => {
    const deleted = { ...document, people: document.people.slice(1) };
    expect(summary(adopt(deleted, first, [track('a', 0, 0, 90), track('b', 300, 10, 90)]))).toEqual([
      ['p2', 'b 10-90'],
    ]);
  });

  it('go when nothing of them is left, but are only folded away while somebody can undo', () => {
    const after = [track('b', 300, 10, 90)];
    expect(summary(adopt(document, first, after))).toEqual([['p2', 'b 10-90']]);
    const kept = adopt(document, first, after, false);
    expect(kept.people.map(({ id, foldedBecause }) => [id, foldedBecause])).toEqual([
      ['p1', 'Not found again'],
      ['p2', undefined],
    ]);
  });

  it('stay when a human drew boxes of them', () => {
    const keyframes = [{ frame: 5, box: { x: 0, y: 0, width: 9, height: 9 } }];
    const drawn = { ...document, people: document.people.map((person) => ({ ...person, keyframes })) };
    expect(adopt(drawn, first, []).people.map(({ id }) => id)).toEqual(['p1', 'p2']);
  });

  it('are known again when the engine was stopped between document and detections', () => {
    const ahead = adopt(document, first, [track('a', 0, 0, 90), track('b', 300, 10, 90), track('c', 500, 60, 90)]);
    // Reopened, the detections reach to frame 50 only; then the same chunk is found again in smaller steps.
    const half = [track('a', 0, 0, 55), track('b', 300, 10, 55)];
    const again = adopt(ahead, first, half);
    const whole = adopt(again, half, [track('a', 0, 0, 90), track('b', 300, 10, 90), track('c', 500, 60, 90)]);
    expect(summary(whole)).toEqual(summary(ahead));
  });

  it('are folded and unfolded with their track, unless a human decided', () => {
    const short = [track('a', 0, 0, 9, 'Seen on 9 frames only')];
    const folded = adopt(documentOf([]), [], short);
    expect(folded.people[0]?.foldedBecause).toBe('Seen on 9 frames only');
    const unfolded = adopt(folded, short, [track('a', 0, 0, 60)]);
    expect(unfolded.people[0]?.foldedBecause).toBeUndefined();
    const { foldedBecause: _gone, ...kept } = folded.people[0] ?? somebody(1);
    const byHand = { ...folded, people: [kept] };
    const after = adopt(byHand, short, [track('a', 0, 0, 10, 'Seen on 10 frames only')]);
    expect(after.people[0]?.foldedBecause).toBeUndefined();
  });

  it('never share a number, an id or a piece of a track, however tracks come and go', () => {
    const tables = fc.array(
      fc.uniqueArray(fc.tuple(fc.nat(5), fc.integer({ min: 1, max: 90 })), { selector: ([id]) => id, maxLength: 6 }),
      { minLength: 1, maxLength: 6 },
    );
    fc.assert(
      fc.property(tables, fc.boolean(), (list, mayRemove) => {
        let current = documentOf([]);
        let before: TrackerTrack[] = [];
        for (const table of list) {
          const after = table.map(([id, to]) => track(`t${id}`, id * 200, 0, to));
          current = adopt(current, before, after, mayRemove);
          before = after;
          const { people } = current;
          expect(new Set(people.map(({ number }) => number)).size).toBe(people.length);
          expect(current.nextNumber).toBeGreaterThan(Math.max(0, ...people.map(({ number }) => number)));
          const used = people.flatMap(({ segments }) => segments.map((segment) => segment.track));
          expect(used.sort()).toEqual(after.map(({ id }) => id).sort());
        }
      }),
    );
  });
});

describe('earlier ends of tracks', () => {
  it('are followed when an undo brings them back, cuts by hand are not', () => {
    const ends = new TrackEnds();
    ends.note([track('a', 0, 5, 50)]);
    ends.note([track('a', 0, 5, 70)]);
    const now = new Map([['a', track('a', 0, 2, 90)]]);
    const segments = [
      { track: 'a', from: 5, to: 50 },
      { track: 'a', from: 60, to: 65 },
      { track: 'gone', from: 5, to: 50 },
    ];
    const document = documentOf([somebody(1, { segments }), somebody(2, { segments: [] })]);
    const edit = ends.planRenewal(document, now);
    const renewed = applyPatches(document, edit?.patches ?? []);
    expect(renewed.people[0]?.segments).toEqual([{ track: 'a', from: 2, to: 90 }, ...segments.slice(1)]);
    expect(renewed.people[1]).toBe(document.people[1]);
    expect(ends.planRenewal(renewed, now)).toBeUndefined();
  });
});
