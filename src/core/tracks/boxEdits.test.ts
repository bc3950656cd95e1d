import fc from 'fast-check';
import { produce } from 'immer';
import { describe, expect, it } from 'vitest';
import {
  DEFAULT_RUN_SETTINGS,
  DOCUMENT_VERSION,
  documentSchema,
  type Person,
  type ProjectDocument,
} from '../document/schema';
import { hasFrame, mergeSpans } from '../frames/span';
import type { BoxEdit } from './boxEdit';
import {
  planBackToDetected,
  planDeleteBox,
  planMoveBox,
  planNewPerson,
  planOutside,
  planOutsideFrom,
  planToggleKeyframe,
} from './boxEdits';
import { effectiveBoxAt } from './effectiveBoxes';
import { planInterpolate } from './interpolationEdits';
import type { TrackerTrack } from './track';

const FRAMES = 60;

function track(): TrackerTrack {
  const boxes = new Float64Array(FRAMES * 4);
  for (let row = 0; row < FRAMES; row++) boxes.set([100 + row, 50, 80, 160], row * 4);
  return {
    id: 't1',
    start: 0,
    length: FRAMES,
    boxes,
    scores: new Float32Array(FRAMES).fill(0.9),
    origins: new Uint8Array(FRAMES).fill(1),
  };
}

const tracks = new Map([['t1', track()]]);

function person(changes: Partial<Person> = {}): Person {
  return {
    id: 'p1',
    number: 1,
    name: 'Jumper',
    visible: true,
    locked: false,
    segments: [{ track: 't1', from: 0, to: FRAMES }],
    keyframes: [],
    interpolated: [],
    outside: [],
    ...changes,
  };
}

function project(people: Person[] = [person()]): ProjectDocument {
  return {
    schemaVersion: DOCUMENT_VERSION,
    id: 'project',
    name: 'Clip',
    createdAt: '2026-01-01T00:00:00Z',
    media: { path: 'clip.mp4', size: 1, fingerprint: 'f', ptsHash: 'h', width: 640, height: 360, frameCount: FRAMES },
    settings: DEFAULT_RUN_SETTINGS,
    people,
    nextNumber: people.length + 1,
  };
}

const box = (x: number) => ({ x, y: 20, width: 50, height: 90 });

function apply(document: ProjectDocument, edit: BoxEdit | undefined): ProjectDocument {
  return edit ? produce(document, edit.recipe) : document;
}

function first(document: ProjectDocument): Person {
  const entry = document.people[0];
  if (!entry) throw new Error('the document has no person');
  return entry;
}

function expectInvariants(document: ProjectDocument): void {
  documentSchema.parse(document);
  for (const entry of document.people) {
    const frames = entry.keyframes.map((keyframe) => keyframe.frame);
    expect(frames).toEqual([...new Set(frames)].sort((a, b) => a - b));
    expect(entry.interpolated).toEqual(mergeSpans(entry.interpolated));
    expect(entry.outside).toEqual(mergeSpans(entry.outside));
    for (const frame of frames) expect(hasFrame(entry.interpolated, frame)).toBe(false);
    for (const span of entry.interpolated) {
      expect(frames.some((frame) => frame < span.from)).toBe(true);
      expect(frames.some((frame) => frame >= span.to)).toBe(true);
    }
  }
}

describe('planMoveBox', () => {
  it('makes a keyframe on that frame and leaves all others', () => {
    const document = project([person({ keyframes: [{ frame: 5, box: box(5) }] })]);
    const edit = planMoveBox(document, 'p1', 18, box(33));
    expect(edit?.label).toBe('Move box, frame 18');
    const moved = first(apply(document, edit));
    expect(moved.keyframes).toEqual([
      { frame: 5, box: box(5) },
      { frame: 18, box: box(33) },
    ]);
    expect(effectiveBoxAt(moved, tracks, 17)).toEqual(effectiveBoxAt(first(document), tracks, 17));
  });

  it('splits interpolation around the new keyframe and brings an outside frame back', () => {
    const keyframes = [10, 20].map((frame) => ({ frame, box: box(frame) }));
    const document = project([
      person({ keyframes, interpolated: [{ from: 11, to: 20 }], outside: [{ from: 14, to: 17 }] }),
    ]);
    const moved = first(apply(document, planMoveBox(document, 'p1', 15, box(99))));
    expect(moved.interpolated).toEqual([
      { from: 11, to: 15 },
      { from: 16, to: 20 },
    ]);
    expect(moved.outside).toEqual([
      { from: 14, to: 15 },
      { from: 16, to: 17 },
    ]);
  });

  it('refuses locked people, unknown people and frames outside the video', () => {
    expect(planMoveBox(project([person({ locked: true })]), 'p1', 3, box(1))).toBeUndefined();
    expect(planMoveBox(project(), 'p2', 3, box(1))).toBeUndefined();
    expect(planMoveBox(project(), 'p1', FRAMES, box(1))).toBeUndefined();
  });
});

describe('planToggleKeyframe', () => {
  it('keeps the box where it was', () => {
    const document = project();
    const set = apply(document, planToggleKeyframe(document, tracks, 'p1', 7));
    expect(effectiveBoxAt(first(set), tracks, 7)).toMatchObject({ box: { x: 107, y: 50 }, origin: 'manual' });
    expect(apply(set, planToggleKeyframe(set, tracks, 'p1', 7))).toEqual(document);
  });

  it('lets interpolation run on through a removed keyframe', () => {
    const keyframes = [10, 20, 30].map((frame) => ({ frame, box: box(frame) }));
    const interpolated = [
      { from: 11, to: 20 },
      { from: 21, to: 30 },
    ];
    const document = project([person({ keyframes, interpolated })]);
    const removed = first(apply(document, planToggleKeyframe(document, tracks, 'p1', 20)));
    expect(removed.interpolated).toEqual([{ from: 11, to: 30 }]);
  });

  it('drops interpolation that loses its anchor', () => {
    const keyframes = [10, 20, 50].map((frame) => ({ frame, box: box(frame) }));
    const document = project([person({ keyframes, interpolated: [{ from: 11, to: 20 }] })]);
    const removed = first(apply(document, planToggleKeyframe(document, tracks, 'p1', 20)));
    expect(removed.interpolated).toEqual([]);
  });
});

describe('outside and back', () => {
  it('deletes one frame only', () => {
    const document = project();
    const edit = planDeleteBox(document, tracks, 'p1', 9);
    expect(edit?.label).toBe('Delete box, frame 9');
    const after = first(apply(document, edit));
    expect(after.outside).toEqual([{ from: 9, to: 10 }]);
    expect(planDeleteBox(apply(document, edit), tracks, 'p1', 9)).toBeUndefined();
  });

  it('goes outside up to the next keyframe, and back in', () => {
    const document = project([person({ keyframes: [{ frame: 40, box: box(1) }] })]);
    const out = apply(document, planOutsideFrom(document, 'p1', 30));
    expect(first(out).outside).toEqual([{ from: 30, to: 40 }]);
    expect(first(apply(out, planOutsideFrom(out, 'p1', 34))).outside).toEqual([{ from: 30, to: 34 }]);
  });

  it('gives a span back to the tracker', () => {
    const keyframes = [10, 20, 30].map((frame) => ({ frame, box: box(frame) }));
    const interpolated = [
      { from: 11, to: 20 },
      { from: 21, to: 30 },
    ];
    const document = project([person({ keyframes, interpolated, outside: [{ from: 18, to: 19 }] })]);
    const one = first(apply(document, planBackToDetected(document, 'p1', { from: 15, to: 16 })));
    expect(one.interpolated).toEqual([
      { from: 11, to: 15 },
      { from: 16, to: 20 },
      { from: 21, to: 30 },
    ]);
    const edit = planBackToDetected(document, 'p1', { from: 18, to: 22 });
    expect(edit?.label).toBe('Back to detected, frames 18–21');
    const after = first(apply(document, edit));
    expect(after.keyframes.map((keyframe) => keyframe.frame)).toEqual([10, 30]);
    expect([after.interpolated, after.outside]).toEqual([[], []]);
    expect(planBackToDetected(project(), 'p1', { from: 0, to: FRAMES })).toBeUndefined();
  });
});

describe('planInterpolate', () => {
  it('needs a keyframe on both sides and fills the gap between them', () => {
    const keyframes = [10, 20].map((frame) => ({ frame, box: box(frame) }));
    const document = project([person({ keyframes })]);
    expect(planInterpolate(document, 'p1', 5)).toBeUndefined();
    const after = apply(document, planInterpolate(document, 'p1', 10));
    expect(first(after).interpolated).toEqual([{ from: 11, to: 20 }]);
    expect(effectiveBoxAt(first(after), tracks, 15)?.box.x).toBeCloseTo(15);
    expect(planInterpolate(after, 'p1', 15)).toBeUndefined();
    expect(apply(document, planInterpolate(document, 'p1', 20))).toEqual(after);
  });
});

describe('planNewPerson', () => {
  it('takes the next number', () => {
    const document = project();
    const edit = planNewPerson(document, 4, box(3));
    const after = apply(document, edit);
    expect(after.people[1]).toMatchObject({ id: edit?.person, number: 2, name: 'Person 2' });
    expect(after.nextNumber).toBe(3);
  });
});

describe('all plans', () => {
  const frame = fc.integer({ min: 0, max: FRAMES - 1 });
  const number = fc.double({ min: -500, max: 900, noNaN: true });
  const anyBox = fc.record({ x: number, y: number, width: number, height: number });
  const anySpan = fc
    .tuple(frame, fc.integer({ min: 1, max: 20 }))
    .map(([from, length]) => ({ from, to: from + length }));
  const plan: fc.Arbitrary<(document: ProjectDocument) => BoxEdit | undefined> = fc.oneof(
    fc.tuple(frame, anyBox).map(
      ([at, next]) =>
        (doc: ProjectDocument) =>
          planMoveBox(doc, 'p1', at, next),
    ),
    frame.map((at) => (doc: ProjectDocument) => planToggleKeyframe(doc, tracks, 'p1', at)),
    frame.map((at) => (doc: ProjectDocument) => planDeleteBox(doc, tracks, 'p1', at)),
    frame.map((at) => (doc: ProjectDocument) => planOutsideFrom(doc, 'p1', at)),
    fc.tuple(anySpan, fc.boolean()).map(
      ([span, out]) =>
        (doc: ProjectDocument) =>
          planOutside(doc, 'p1', span, out),
    ),
    anySpan.map((span) => (doc: ProjectDocument) => planBackToDetected(doc, 'p1', span)),
    frame.map((at) => (doc: ProjectDocument) => planInterpolate(doc, 'p1', at)),
    fc.tuple(frame, anyBox).map(
      ([at, next]) =>
        (doc: ProjectDocument) =>
          planNewPerson(doc, at, next),
    ),
  );

  it('keep the invariants of the document, whatever is done in a row', () => {
    fc.assert(
      fc.property(fc.array(plan, { minLength: 1, maxLength: 25 }), (plans) => {
        let document = project();
        for (const next of plans) {
          const edit = next(document);
          const after = apply(document, edit);
          expectInvariants(after);
          if (edit) expect(after).not.toBe(document);
          document = after;
        }
      }),
      { numRuns: 300 },
    );
  });

  it('change only the frames between the neighbouring keyframes when a box moves', () => {
    fc.assert(
      fc.property(fc.array(plan, { maxLength: 12 }), frame, anyBox, (plans, at, next) => {
        const document = plans.reduce((current, one) => apply(current, one(current)), project());
        const after = apply(document, planMoveBox(document, 'p1', at, next));
        const keyframes = first(document).keyframes.map((keyframe) => keyframe.frame);
        const before = Math.max(-1, ...keyframes.filter((other) => other < at));
        const behind = Math.min(FRAMES, ...keyframes.filter((other) => other > at));
        for (let index = 0; index < FRAMES; index++) {
          if (index > before && index < behind) continue;
          expect(effectiveBoxAt(first(after), tracks, index)).toEqual(effectiveBoxAt(first(document), tracks, index));
        }
      }),
    );
  });
});
