import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Person } from '#core/document/schema';
import { countFrames, hasFrame, mergeSpans, type Span } from '#core/frames/span';
import { bodyKey, observationKey } from '#engine/pipeline/contentKey';
import { FrameKeys, staleness } from '#engine/pipeline/frameKeys';
import { runRegions } from '#engine/pipeline/runRegions';
import type { StoredMotion } from '#engine/project/storedMotion';
import { somebody } from '../project/documents';

const FRAMES = 120;
const source = {
  ...{ mediaFingerprint: 'm', estimator: 'e', version: 1, quality: 'best', weights: '' },
  ...{ focalFactor: 0.85, bodyModel: 'b', options: '{}' },
};
const keys = new FrameKeys(source, new Map(), FRAMES);
/** Reaches further back than forth, so that the two are told apart. */
const estimator = {
  affected: (changed: Span, track: { start: number; length: number }) => ({
    from: Math.max(track.start, changed.from - 7),
    to: Math.min(track.start + track.length, changed.to + 3),
  }),
};

const weights = { fingerprint: '', bidirectional: false };
const reach = { estimator, options: {}, rate: 30, frameCount: FRAMES, weights };

function drawn(frames: readonly number[], x = 10): Person {
  const keyframes = frames.map((frame) => ({ frame, box: { x: x + frame, y: 0, width: 20, height: 50 } }));
  return somebody(1, { segments: [], keyframes });
}

function storedFor(person: Person): StoredMotion {
  const own = keys.ofBodies(person);
  return {
    keys: own.slice(),
    present: Uint8Array.from(own, (key) => (key === 0 ? 0 : 1)),
    poses: new Float32Array(0),
    translations: new Float32Array(0),
    confidences: new Float32Array(0),
    channels: {},
    judge: undefined,
    earlierVersion: undefined,
    betas: new Float32Array(10),
    isFinal: true,
    version: 1,
  };
}

const everyFrame = Array.from({ length: 100 }, (_, k) => 10 + k);

describe('what is out of date', () => {
  it('is exactly the reach of the frames whose box changed', () => {
    const before = drawn(everyFrame);
    const stored = storedFor(before);
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 10, max: 109 }), { minLength: 1, maxLength: 6 }), (moved) => {
        const keyframes = before.keyframes.map((keyframe) =>
          moved.includes(keyframe.frame) ? { ...keyframe, box: { ...keyframe.box, x: 500 } } : keyframe,
        );
        const { current, outOfDate } = staleness(keys, { ...before, keyframes }, stored, reach);
        for (let frame = 0; frame < FRAMES; frame++) {
          const isReached = moved.some((at) => frame >= at - 7 && frame < at + 1 + 3) && frame >= 10 && frame < 110;
          expect(hasFrame(outOfDate, frame)).toBe(isReached);
          expect(hasFrame(current, frame)).toBe(!isReached && frame >= 10 && frame < 110);
        }
      }),
    );
  });

  it('is nothing once the boxes are what they were', () => {
    const before = drawn(everyFrame);
    const stored = storedFor(before);
    expect(staleness(keys, structuredClone(before), stored, reach).outOfDate).toEqual([]);
  });

  it('is a frame with a body whose box was taken away, and its neighbours', () => {
    const before = drawn(everyFrame);
    const outside = [{ from: 50, to: 51 }];
    const { outOfDate, present } = staleness(keys, { ...before, outside }, storedFor(before), reach);
    expect([outOfDate, present]).toEqual([[{ from: 43, to: 54 }], [{ from: 10, to: 110 }]]);
  });

  it('is everything of somebody without results, and never a frame without the person', () => {
    const { outOfDate, current } = staleness(keys, drawn([5, 6, 40]), undefined, reach);
    expect([outOfDate, current]).toEqual([
      [
        { from: 5, to: 7 },
        { from: 40, to: 41 },
      ],
      [],
    ]);
  });

  it('does not depend on who the person is', () => {
    const person = drawn(everyFrame);
    const other = { ...person, id: 'p9', number: 9, name: 'Else' };
    expect(keys.ofBodies(other)).toEqual(keys.ofBodies(person));
  });
});

describe('content keys', () => {
  const box = { x: 1, y: 2, width: 30, height: 40 };
  const effective = { box, origin: 'manual' as const, isKeyframe: true };

  it('stand for what they depend on, to 1/8 px', () => {
    const key = observationKey(source, 5, effective);
    expect(observationKey(source, 5, { ...effective, box: { ...box, x: 1.05 } })).toBe(key);
    const others = [
      observationKey(source, 6, effective),
      observationKey(source, 5, { ...effective, box: { ...box, x: 1.2 } }),
      observationKey(source, 5, { ...effective, keypoints: new Float32Array(51) }),
      observationKey({ ...source, quality: 'fast' }, 5, effective),
      observationKey({ ...source, version: 2 }, 5, effective),
      observationKey({ ...source, mediaFingerprint: 'n' }, 5, effective),
      observationKey({ ...source, weights: 'w' }, 5, effective),
      bodyKey(key, source),
      bodyKey(key, { ...source, focalFactor: 0.9 }),
      bodyKey(key, { ...source, bodyModel: 'c' }),
      bodyKey(key, { ...source, options: '{"a":1}' }),
    ];
    expect(new Set([key, ...others]).size).toBe(others.length + 1);
    expect(bodyKey(0, source)).toBe(0);
  });

  it('do not collide and fit a double', () => {
    const seen = new Set<number>();
    let count = 0;
    for (let frame = 0; frame < 300; frame++) {
      for (let x = 0; x < 100; x++) {
        const key = observationKey(source, frame, { ...effective, box: { ...box, x } });
        expect(Number.isSafeInteger(key) && key > 0).toBe(true);
        seen.add(key);
        count += 1;
      }
    }
    expect(seen.size).toBe(count);
  });
});

describe('the order of a rerun', () => {
  const work = (isNew: boolean, ...spans: Span[]) => [{ person: drawn([1]), keys, spans, isNew }];

  it('is by the clip without a focus, by distance with one', () => {
    const spans = [
      { from: 0, to: 20 },
      { from: 100, to: 120 },
      { from: 300, to: 330 },
    ];
    expect(runRegions(work(false, ...spans), undefined)).toEqual(spans);
    expect(runRegions(work(false, ...spans), 310)).toEqual([spans[2], spans[1], spans[0]]);
    expect(runRegions(work(false, ...spans), 119)).toEqual([spans[1], spans[0], spans[2]]);
  });

  it('cuts long spans of people without a body only', () => {
    const long = { from: 10, to: 1010 };
    expect(runRegions(work(false, long), 500)).toEqual([long]);
    const pieces = runRegions(work(true, long), 500);
    expect(pieces.length).toBeGreaterThan(3);
    expect(hasFrame(pieces.slice(0, 1), 500)).toBe(true);
    const inOrder = [...pieces].sort((a, b) => a.from - b.from);
    expect([inOrder[0]?.from, inOrder[inOrder.length - 1]?.to]).toEqual([10, 1010]);
    inOrder.slice(1).forEach((piece, index) => expect(piece.from).toBe(inOrder[index]?.to));
  });

  it('begins with a short piece at the focus, and leaves nothing out, wherever the focus is', () => {
    fc.assert(
      fc.property(fc.nat(900), fc.integer({ min: 1, max: 900 }), fc.nat(2000), (from, length, focus) => {
        const span = { from, to: from + length };
        const pieces = runRegions(work(true, span), focus);
        const near = Math.max(from, Math.min(span.to - 1, focus));
        expect(hasFrame(pieces.slice(0, 1), near)).toBe(true);
        expect(countFrames(pieces.slice(0, 1))).toBeLessThan(72);
        expect(mergeSpans(pieces)).toEqual([span]);
        expect(pieces.reduce((sum, piece) => sum + piece.to - piece.from, 0)).toBe(length);
      }),
    );
  });
});
