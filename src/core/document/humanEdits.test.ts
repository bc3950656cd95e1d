import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasFrame } from '../frames/span';
import { humanEditsOf } from './humanEdits';
import type { Person } from './schema';

const box = { x: 0, y: 0, width: 10, height: 10 };
const person = (edits: Partial<Person>): Person => ({
  ...{ id: 'a', number: 1, name: 'A', visible: true, locked: false, segments: [] },
  ...{ keyframes: [], interpolated: [], outside: [] },
  ...edits,
});
const turned = (frame: number, joint: number) => ({
  frame,
  joint,
  kind: 'offset' as const,
  rotation: [0, 0, 1] as [number, number, number],
});

describe('what humans changed', () => {
  it('is nothing where nobody edited', () => {
    expect(humanEditsOf([person({ segments: [{ track: 't', from: 0, to: 9 }] })])).toEqual({
      frames: [],
      spans: [],
      count: 0,
    });
  });

  it('gathers boxes, what runs between them, poses and stretches of everybody', () => {
    const edits = humanEditsOf([
      person({
        keyframes: [
          { frame: 4, box },
          { frame: 8, box },
        ],
        interpolated: [{ from: 5, to: 8 }],
      }),
      person({ id: 'b', outside: [{ from: 20, to: 30 }], choices: [{ from: 28, to: 35, run: 'r' }] }),
      person({ id: 'd', keyframes: [{ frame: 90, box }], foldedBecause: 'Seen on 4 frames only' }),
      person({ id: 'c', poseEdits: [turned(50, 4), turned(50, 7), turned(61, 4)], off: [{ from: 70, to: 72 }] }),
    ]);
    expect(edits).toEqual({
      frames: [4, 8, 20, 28, 50, 61, 70],
      spans: [
        { from: 4, to: 9 },
        { from: 20, to: 35 },
        { from: 50, to: 51 },
        { from: 61, to: 62 },
        { from: 70, to: 72 },
      ],
      count: 7,
    });
  });

  it('marks only frames that are as a human said', () => {
    const frame = fc.nat(200);
    const span = fc
      .tuple(frame, fc.integer({ min: 1, max: 40 }))
      .map(([from, length]) => ({ from, to: from + length }));
    const edited = fc.record({
      keyframes: fc.array(frame.map((at) => ({ frame: at, box }))),
      outside: fc.array(span),
      off: fc.array(span),
      poseEdits: fc.array(fc.tuple(frame, fc.nat(23)).map(([at, joint]) => turned(at, joint))),
    });
    fc.assert(
      fc.property(fc.array(edited, { maxLength: 4 }), (people) => {
        const { frames, spans } = humanEditsOf(people.map(person));
        expect(frames).toEqual([...new Set(frames)].sort((a, b) => a - b));
        expect(frames.every((at) => hasFrame(spans, at))).toBe(true);
      }),
    );
  });
});
