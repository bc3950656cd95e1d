import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DEFAULT_RUN_SETTINGS,
  DOCUMENT_VERSION,
  documentSchema,
  type Person,
  type ProjectDocument,
} from '../document/schema';
import type { BoxEdit } from './boxEdit';
import { effectiveBoxAt, type TrackTable } from './effectiveBoxes';
import { planSplit, planSwap } from './identityEdits';
import { planMerge } from './mergeEdits';

const FRAMES = 60;

function track(id: string, start: number, length: number, x: number) {
  const boxes = Float64Array.from({ length: length * 4 }, (_, at) => [x + (at >> 2), 10, 20, 40][at % 4] ?? 0);
  return {
    id,
    start,
    length,
    boxes,
    scores: new Float32Array(length).fill(0.9),
    origins: new Uint8Array(length).fill(1),
  };
}

const TRACKS: TrackTable = new Map([
  ['t1', track('t1', 0, 40, 100)],
  ['t2', track('t2', 20, 40, 400)],
]);

function person(number: number, piece: Person['segments'][number], more: Partial<Person> = {}): Person {
  return {
    id: `p${number}`,
    number,
    name: `Person ${number}`,
    visible: true,
    locked: false,
    segments: [piece],
    keyframes: [],
    interpolated: [],
    outside: [],
    ...more,
  };
}

function project(): ProjectDocument {
  const box = (x: number) => ({ x, y: 5, width: 30, height: 60 });
  return {
    schemaVersion: DOCUMENT_VERSION,
    id: 'project',
    name: 'Clip',
    createdAt: '2026-11-22T00:00:00Z',
    media: { path: 'a.mp4', size: 1, fingerprint: 'f', ptsHash: 'h', width: 800, height: 600, frameCount: FRAMES },
    settings: DEFAULT_RUN_SETTINGS,
    people: [
      person(
        1,
        { track: 't1', from: 0, to: 40 },
        {
          keyframes: [10, 30].map((frame) => ({ frame, box: box(frame * 3) })),
          interpolated: [{ from: 11, to: 30 }],
        },
      ),
      person(2, { track: 't2', from: 20, to: 60 }, { outside: [{ from: 50, to: 53 }] }),
    ],
    nextNumber: 3,
  };
}

function apply(document: ProjectDocument, edit: BoxEdit | undefined): ProjectDocument {
  const copy = structuredClone(document);
  edit?.recipe(copy);
  return documentSchema.parse(copy);
}

function boxesOn(document: ProjectDocument, frame: number): string[] {
  return document.people
    .map((entry) => effectiveBoxAt(entry, TRACKS, frame)?.box)
    .filter((box) => box !== undefined)
    .map((box) => [box.x, box.y, box.width, box.height].map((value) => value.toFixed(4)).join(' '))
    .sort();
}

const frame = fc.integer({ min: 0, max: FRAMES });

describe('identity corrections', () => {
  it('splitting moves no box', () => {
    fc.assert(
      fc.property(frame, (cut) => {
        const before = project();
        const edit = planSplit(before, 'p1', cut);
        const after = apply(before, edit);
        for (let at = 0; at < FRAMES; at++) expect(boxesOn(after, at)).toEqual(boxesOn(before, at));
        if (!edit) return;
        const right = after.people.find((entry) => entry.id === edit.newPerson);
        expect(right?.number).toBe(3);
        expect(right && effectiveBoxAt(right, TRACKS, cut - 1)).toBeUndefined();
      }),
    );
  });

  it('swapping moves no box, and swapping back restores whose they are', () => {
    fc.assert(
      fc.property(frame, frame, (a, b) => {
        const before = project();
        const span = { from: Math.min(a, b), to: Math.max(a, b) };
        const after = apply(before, planSwap(before, 'p1', 'p2', span));
        for (let at = 0; at < FRAMES; at++) expect(boxesOn(after, at)).toEqual(boxesOn(before, at));
        const back = apply(after, planSwap(after, 'p1', 'p2', span));
        for (let at = 0; at < FRAMES; at++) {
          const whose = (document: ProjectDocument) =>
            document.people.map((entry) => effectiveBoxAt(entry, TRACKS, at)?.box.x.toFixed(4));
          expect(whose(back)).toEqual(whose(before));
        }
      }),
    );
  });

  it('merging keeps the earlier person and its boxes, and takes the other one’s elsewhere', () => {
    const before = project();
    const after = apply(before, planMerge(before, TRACKS, 'p2', 'p1'));
    expect(after.people.map((entry) => entry.id)).toEqual(['p1']);
    const kept = after.people[0];
    if (!kept) throw new Error('nobody left');
    expect(effectiveBoxAt(kept, TRACKS, 25)?.origin).toBe('interpolated');
    expect(effectiveBoxAt(kept, TRACKS, 45)?.box.x).toBe(425);
    expect(effectiveBoxAt(kept, TRACKS, 51)).toBeUndefined();
  });

  it('leaves locked people and empty sides alone', () => {
    const locked = project();
    if (locked.people[0]) locked.people[0].locked = true;
    expect(planSplit(locked, 'p1', 20)).toBeUndefined();
    expect(planSwap(locked, 'p1', 'p2', { from: 0, to: 60 })).toBeUndefined();
    expect(planMerge(locked, TRACKS, 'p1', 'p2')).toBeUndefined();
    expect(planSplit(project(), 'p1', 0)).toBeUndefined();
    expect(planSplit(project(), 'p1', 50)).toBeUndefined();
  });
});
