import { describe, expect, it } from 'vitest';
import { applyPatches } from '#core/document/patch';
import type { Person, ProjectDocument } from '#core/document/schema';
import { countReviewed, planReviewed, reviewReport } from '#core/review/reviewEdits';
import { squareAround } from '#core/tracks/box';
import type { PersonEdit } from '#core/tracks/boxEdit';
import { planMoveBox, planOutside } from '#core/tracks/boxEdits';
import { boxRows, rowBox } from '#core/tracks/boxRows';
import { planCopyForward, planFollowed } from '#core/tracks/copyEdits';
import { effectiveBoxAt } from '#core/tracks/effectiveBoxes';
import { planSplit, planSwap, swapSpan } from '#core/tracks/identityEdits';
import { brokenInvariants } from '#core/tracks/invariants';
import { middleBetweenKeyframes, planInterpolate, planInterpolationOff } from '#core/tracks/interpolationEdits';
import { planMerge, planStitch, previewMerge, resolveOverlaps } from '#core/tracks/mergeEdits';
import { reviewsLost } from '#core/tracks/personChange';
import { planColor, planDeletePeople, planForPeople, planLock } from '#core/tracks/personEdits';
import { documentOf, somebody } from './documents';
import { editOf, RANDOM_TRACKS } from './randomEdits';

function after(document: ProjectDocument, plan: PersonEdit | undefined): ProjectDocument {
  const edit = editOf(document, plan);
  return edit ? applyPatches(document, edit.patches) : document;
}

function personOf(document: ProjectDocument, id = 'p1'): Person {
  const person = document.people.find((entry) => entry.id === id);
  if (!person) throw new Error(`${id} is gone`);
  return person;
}

const box = (x: number) => ({ x, y: 20, width: 50, height: 90 });
const drawn = (...frames: number[]) => frames.map((frame) => ({ frame, box: box(frame) }));

describe('interpolation', () => {
  const document = documentOf([somebody(1, { keyframes: drawn(10, 20, 40) })]);

  it('changes between straight and smooth, and knows when it is so already', () => {
    const straight = after(document, planInterpolate(document, 'p1', 15));
    expect(planInterpolate(straight, 'p1', 15)).toBeUndefined();
    const plan = planInterpolate(straight, 'p1', 15, 'smooth');
    expect(plan?.label).toBe('Interpolate smoothly, frames 11–19');
    const smooth = after(straight, plan);
    expect(personOf(smooth)).toMatchObject({ interpolated: [{ from: 11, to: 20 }], smooth: [{ from: 11, to: 20 }] });
    expect(after(smooth, planInterpolate(smooth, 'p1', 15))).toEqual(straight);
  });

  it('is off on a range, where only what was seen or drawn counts', () => {
    const straight = after(document, planInterpolate(document, 'p1', 15));
    const plan = planInterpolationOff(straight, 'p1', { from: 9, to: 16 }, true);
    expect(plan?.label).toBe('Interpolation off, frames 9–15');
    const off = after(straight, plan);
    const origin = (frame: number) => effectiveBoxAt(personOf(off), RANDOM_TRACKS, frame)?.origin;
    // The tracker bridged frames 10 to 19 of this track.
    expect([9, 10, 12, 16].map(origin)).toEqual(['detected', 'manual', undefined, 'interpolated']);
    expect(planInterpolationOff(off, 'p1', { from: 10, to: 12 }, true)).toBeUndefined();
    expect(after(off, planInterpolationOff(off, 'p1', { from: 0, to: 50 }, false))).toEqual(straight);
  });

  it('shows the middle between two keyframes', () => {
    const person = personOf(document);
    expect([12, 20, 40, 5].map((frame) => middleBetweenKeyframes(person, frame))).toEqual([15, 30, 30, undefined]);
    expect(middleBetweenKeyframes(somebody(1, { keyframes: drawn(10, 11) }), 10)).toBeUndefined();
  });
});

describe('copying forward', () => {
  it('needs two keyframes, and stops before the next one', () => {
    const document = documentOf([somebody(1, { keyframes: drawn(40), outside: [{ from: 35, to: 45 }] })]);
    const five = after(document, planCopyForward(document, RANDOM_TRACKS, 'p1', 5, 4));
    expect(personOf(five).keyframes.map(({ frame }) => frame)).toEqual([5, 9, 40]);
    const boxes = [5, 7, 9].map((frame) => effectiveBoxAt(personOf(five), RANDOM_TRACKS, frame)?.box);
    expect(boxes).toEqual([boxes[0], boxes[0], boxes[0]]);
    const far = planCopyForward(document, RANDOM_TRACKS, 'p1', 33, Number.POSITIVE_INFINITY);
    expect(far?.label).toBe('Copy box to frames 34–39');
    expect(personOf(after(document, far)).outside).toEqual([{ from: 40, to: 45 }]);
    expect(planCopyForward(document, RANDOM_TRACKS, 'p1', 27, 3)).toBeUndefined();
  });
});

describe('what a follower found', () => {
  it('becomes few keyframes, all within the tolerance, and moves none of a human', () => {
    const document = documentOf([somebody(1, { segments: [], keyframes: drawn(10, 50) })]);
    const found = Array.from({ length: 39 }, (_, index) => ({
      frame: 11 + index,
      box: box(100 + 40 * Math.sin(index / 9)),
    }));
    const next = after(document, planFollowed(document, 'p1', [...found, { frame: 50, box: box(0) }], 2));
    const person = personOf(next);
    expect(person.keyframes.length).toBeLessThan(14);
    for (const { frame, box: seen } of found) {
      const placed = effectiveBoxAt(person, RANDOM_TRACKS, frame)?.box;
      expect(Math.abs((placed?.x ?? 0) - seen.x)).toBeLessThan(2.1);
    }
    expect(effectiveBoxAt(person, RANDOM_TRACKS, 50)?.box).toEqual(box(50));
    expect(planFollowed(document, 'p1', [{ frame: 10, box: box(1) }], 2)).toBeUndefined();
  });
});

describe('merging', () => {
  const document = documentOf([
    somebody(1, { segments: [{ track: 't0-1', from: 0, to: 50 }], keyframes: drawn(45) }),
    somebody(2, { segments: [{ track: 't0-2', from: 40, to: 100 }] }),
  ]);

  it('shows the overlap before, with who is better, and what stands between', () => {
    const preview = previewMerge(document, RANDOM_TRACKS, 'p2', 'p1');
    // A drawn box beats the better score of the other.
    expect(preview).toEqual({ kept: 'p1', gone: 'p2', overlaps: [{ from: 40, to: 50, better: 'p1' }] });
    const undrawn = documentOf([
      somebody(1, { segments: [{ track: 't0-1', from: 0, to: 50 }] }),
      personOf(document, 'p2'),
    ]);
    expect(previewMerge(undrawn, RANDOM_TRACKS, 'p1', 'p2')?.overlaps[0]?.better).toBe('p2');
  });

  it('fills the holes of the kept one and takes the choice in overlaps', () => {
    const overlaps = previewMerge(document, RANDOM_TRACKS, 'p1', 'p2')?.overlaps ?? [];
    const trackAt = (edited: ProjectDocument, frame: number) =>
      personOf(edited).segments.find(({ from, to }) => frame >= from && frame < to)?.track;
    const first = after(document, planMerge(document, RANDOM_TRACKS, 'p1', 'p2', resolveOverlaps(overlaps, 'p1')));
    const second = after(document, planMerge(document, RANDOM_TRACKS, 'p1', 'p2', resolveOverlaps(overlaps, 'p2')));
    expect([trackAt(first, 42), trackAt(second, 42)]).toEqual(['t0-1', 't0-2']);
    expect([personOf(first).keyframes.length, personOf(second).keyframes.length]).toEqual([1, 0]);
    expect(first.people.map(({ id }) => id)).toEqual(['p1']);
  });

  it('stitches over the frames between two', () => {
    const apart = documentOf([
      somebody(1, { segments: [{ track: 't0-1', from: 0, to: 20 }] }),
      somebody(2, { segments: [{ track: 't0-2', from: 50, to: 100 }] }),
    ]);
    expect(previewMerge(apart, RANDOM_TRACKS, 'p1', 'p2')?.gap).toEqual({ from: 20, to: 50 });
    const plan = planStitch(apart, RANDOM_TRACKS, 'p1', 'p2', 'smooth');
    expect(plan?.label).toBe('Stitch Person 2 to Person 1');
    const person = personOf(after(apart, plan));
    expect(person.keyframes.map(({ frame }) => frame)).toEqual([19, 50]);
    const rows = boxRows(person, RANDOM_TRACKS, 100);
    for (let frame = 0; frame < 100; frame++) expect([frame, rowBox(rows, frame) !== undefined]).toEqual([frame, true]);
    expect(planStitch(document, RANDOM_TRACKS, 'p1', 'p2')).toBeUndefined();
    // A keyframe that was hidden by an outside mark in between comes back and is run through.
    const hidden = { keyframes: drawn(30), outside: [{ from: 20, to: 50 }] };
    const marked = documentOf([{ ...personOf(apart), ...hidden }, personOf(apart, 'p2')]);
    const through = after(marked, planStitch(marked, RANDOM_TRACKS, 'p1', 'p2', 'smooth'));
    expect(brokenInvariants(through)).toEqual([]);
    expect(personOf(through).keyframes.map(({ frame }) => frame)).toEqual([19, 30, 50]);
  });
});

describe('swapping', () => {
  it('says what it will reach before it happens', () => {
    const place = { frame: 30, frameCount: 100, cuts: [20, 60, 80], range: { from: 5, to: 9 } };
    expect(swapSpan('frame', place)).toEqual({ from: 30, to: 31 });
    expect(swapSpan('toCut', place)).toEqual({ from: 30, to: 60 });
    expect(swapSpan('toCut', { ...place, frame: 90 })).toEqual({ from: 90, to: 100 });
    expect(swapSpan('toEnd', place)).toEqual({ from: 30, to: 100 });
    expect(swapSpan('range', place)).toEqual({ from: 5, to: 9 });
    expect(swapSpan('range', { ...place, range: undefined })).toBeUndefined();
  });

  it('takes along all that is said about the frames', () => {
    const document = documentOf([
      somebody(1, {
        reviewed: [{ from: 0, to: 30 }],
        choices: [{ from: 5, to: 25, run: 'a' }],
        poseEdits: [{ frame: 12, joint: 4, kind: 'offset', rotation: [0.1, 0, 0] }],
      }),
      somebody(2),
    ]);
    const swapped = after(document, planSwap(document, 'p1', 'p2', { from: 10, to: 20 }));
    expect(personOf(swapped, 'p2')).toMatchObject({
      reviewed: [{ from: 10, to: 20 }],
      choices: [{ from: 10, to: 20, run: 'a' }],
      poseEdits: [{ frame: 12, joint: 4 }],
    });
    expect(personOf(swapped, 'p1').choices).toEqual([
      { from: 5, to: 10, run: 'a' },
      { from: 20, to: 25, run: 'a' },
    ]);
    const split = planSplit(swapped, 'p2', 15);
    expect(personOf(after(swapped, split), split?.newPerson)).toMatchObject({ reviewed: [{ from: 15, to: 20 }] });
  });
});

describe('reviews', () => {
  const document = documentOf([somebody(1, { keyframes: drawn(10, 20) }), somebody(2)]);

  it('are marked, counted over frames with a box, and written down', () => {
    const marked = after(document, planReviewed(document, 'p1', { from: 0, to: 30 }, true));
    expect(planReviewed(marked, 'p1', { from: 3, to: 4 }, true)).toBeUndefined();
    // The track has no box on frames 25 to 31.
    expect(countReviewed(marked, RANDOM_TRACKS)).toEqual([
      { person: 'p1', frames: 93, reviewed: 25 },
      { person: 'p2', frames: 93, reviewed: 0 },
    ]);
    expect(reviewReport(marked, RANDOM_TRACKS)).toMatchObject({
      video: { name: 'clip.mp4', frameCount: 100 },
      people: [{ number: 1, frames: 93, reviewedFrames: 25, reviewed: [{ from: 0, to: 30 }] }, { number: 2 }],
    });
    expect(after(marked, planReviewed(marked, 'p1', { from: 0, to: 30 }, false))).toEqual(document);
  });

  it('are dropped on the frames whose box is edited, and on those that follow from it', () => {
    const interpolated = after(document, planInterpolate(document, 'p1', 15));
    const marked = after(interpolated, planReviewed(interpolated, 'p1', { from: 0, to: 100 }, true));
    const reviewed = (plan: PersonEdit | undefined) => personOf(after(marked, plan)).reviewed;
    expect(reviewed(planMoveBox(marked, 'p1', 50, box(7)))).toEqual([
      { from: 0, to: 50 },
      { from: 51, to: 100 },
    ]);
    expect(reviewed(planMoveBox(marked, 'p1', 20, box(7)))).toEqual([
      { from: 0, to: 11 },
      { from: 21, to: 100 },
    ]);
    const out = planOutside(marked, 'p1', { from: 0, to: 8 }, true);
    expect(reviewed(out)).toEqual([{ from: 8, to: 100 }]);
    expect(reviewsLost(personOf(marked), personOf(after(marked, out)))).toEqual([{ from: 0, to: 8 }]);
  });
});

describe('people', () => {
  const document = documentOf([somebody(1), somebody(2), somebody(3)]);

  it('are changed together as one edit that says for how many', () => {
    const plan = planForPeople(['p1', 'p2', 'nobody'], (id) => planOutside(document, id, { from: 4, to: 9 }, true));
    expect(plan?.label).toBe('Outside, frames 4–8, 2 people');
    const next = after(document, plan);
    expect(next.people.map(({ outside }) => outside.length)).toEqual([1, 1, 0]);
    expect(planForPeople(['nobody'], (id) => planOutside(document, id, { from: 4, to: 9 }, true))).toBeUndefined();
    expect(planForPeople(['p1', 'p2'], (id) => planLock(document, id, true))?.label).toBe('Lock Person 1, 2 people');
  });

  it('are deleted as a whole, never a locked one, and it is said how many boxes go', () => {
    const locked = after(document, planLock(document, 'p2', true));
    const plan = planDeletePeople(locked, RANDOM_TRACKS, ['p1', 'p2']);
    expect([plan?.label, plan?.boxes]).toEqual(['Delete Person 1', 93]);
    expect(after(locked, plan).people.map(({ id }) => id)).toEqual(['p2', 'p3']);
    expect(planDeletePeople(locked, RANDOM_TRACKS, ['p2'])).toBeUndefined();
  });

  it('get a colour and lose it again', () => {
    const colored = after(document, planColor(document, 'p1', 5));
    expect(personOf(colored).color).toBe(5);
    expect(after(colored, planColor(colored, 'p1', undefined))).toEqual(document);
  });
});

describe('squareAround', () => {
  it('keeps the centre', () => {
    expect(squareAround({ x: 10, y: 20, width: 40, height: 100 })).toEqual({ x: -20, y: 20, width: 100, height: 100 });
  });
});
