import { describe, expect, it } from 'vitest';
import type { Person } from '#core/document/schema';
import type { TrackerTrack } from '#core/tracks/track';
import { BOX_LOOKS, boxName } from './boxLooks';
import { stageBoxes } from './stageBoxes';

const track: TrackerTrack = {
  id: 't',
  start: 0,
  length: 20,
  boxes: new Float64Array(80).map((_, at) => [10, 20, 30, 60][at % 4] ?? 0),
  scores: new Float32Array(20).fill(0.875),
  origins: new Uint8Array(20).fill(1).fill(2, 5, 8),
};
const tracks = new Map([['t', track]]);

const person: Person = {
  id: 'p',
  number: 2,
  name: 'Passer-by',
  visible: true,
  locked: false,
  segments: [{ track: 't', from: 0, to: 20 }],
  keyframes: [{ frame: 10, box: { x: 1, y: 2, width: 3, height: 4 } }],
  interpolated: [],
  outside: [{ from: 12, to: 15 }],
};

const results = [
  {
    person: 'p',
    current: [{ from: 0, to: 4 }],
    outOfDate: [{ from: 8, to: 11 }],
    present: [{ from: 0, to: 4 }],
    chosen: [],
    version: 1,
    newestVersion: 1,
  },
];
const at = (frame: number, selection: string[] = [], betweenLooks = 0) =>
  stageBoxes([person], tracks, results, frame, selection, betweenLooks)[0];

describe('stageBoxes', () => {
  it('says where each box came from', () => {
    expect(at(0)?.state).toBe('detected');
    expect(at(6)?.state).toBe('interpolated');
    expect(at(10)).toMatchObject({ state: 'manual', isKeyframe: true, score: undefined });
  });

  it('counts a box between two looks of the detector as detected, with a score between theirs', () => {
    track.scores.fill(0, 5, 8);
    track.scores[4] = 0.5;
    track.scores[8] = 0.9;
    expect(at(6, [], 3)).toMatchObject({ state: 'detected', score: expect.closeTo(0.7, 5) });
    expect(at(5, [], 3)).toMatchObject({ state: 'detected', score: expect.closeTo(0.6, 5) });
    expect(at(6, [], 2)).toMatchObject({ state: 'interpolated', score: undefined });
  });

  it('shows the last known box of a selected person who is outside, and nothing of others', () => {
    expect(at(13)).toBeUndefined();
    expect(at(13, ['p'])).toMatchObject({ state: 'outside', box: { x: 10, width: 30 } });
    expect(at(40, ['p'])).toBeUndefined();
  });

  it('tells a missing body from one that is out of date', () => {
    expect(at(2)).toMatchObject({ hasNoBody: false, isOutOfDate: false });
    expect(at(5)).toMatchObject({ hasNoBody: true, isOutOfDate: false });
    expect(at(9)).toMatchObject({ hasNoBody: false, isOutOfDate: true });
  });
});

describe('looks', () => {
  it('differ without colour', () => {
    const lines = Object.values(BOX_LOOKS).map((look) => `${look.width}/${look.dashes}/${look.opacity}`);
    expect(new Set(lines).size).toBe(lines.length);
    const glyphs = Object.values(BOX_LOOKS).map((look) => look.glyph);
    expect(new Set(glyphs).size).toBe(glyphs.length);
  });

  it('are named in words', () => {
    const facts = {
      number: 2,
      name: 'Passer-by',
      state: 'detected',
      score: 0.97,
      isLocked: true,
      hasNoBody: true,
      isOutOfDate: true,
    } as const;
    expect(boxName(facts)).toBe('2 Passer-by, detected box, score 0.97, locked, no body, out of date');
  });
});
