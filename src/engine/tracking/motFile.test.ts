import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '#core/errors';
import { BOX_ORIGIN, type TrackerTrack } from '#core/tracks/track';
import { readMotFile, writeMotFile } from './motFile';

function refusal(text: string, timing = {}): string {
  try {
    readMotFile(text, timing);
  } catch (error) {
    if (error instanceof AppError) return `${error.code}: ${error.message}`;
  }
  throw new Error('it was not refused');
}

describe('readMotFile', () => {
  it('reads frames from 1, keeps gaps of up to a second as interpolated and leaves longer ones', () => {
    const text = '\uFEFF1,7,10,20,30,60,0.9,-1,-1,-1\r\n3,7,30,20,30,60,0.7,-1,-1,-1\n\n40,7,0,0,5,5,1\n2,3,1,2,3,4\n';
    const [other, person] = readMotFile(text, { rate: 30 });
    expect(other).toMatchObject({ id: 'm3', start: 1, length: 1, scores: Float32Array.of(1) });
    expect(person).toMatchObject({ id: 'm7', start: 0, length: 40 });
    expect([...person!.boxes.subarray(0, 12)]).toEqual([10, 20, 30, 60, 20, 20, 30, 60, 30, 20, 30, 60]);
    expect([...person!.origins.subarray(0, 4)]).toEqual([1, 2, 1, 0]);
    expect(person!.origins[39]).toBe(BOX_ORIGIN.detected);
    expect([...person!.scores.subarray(0, 3)]).toEqual([0.9, 0, 0.7].map(Math.fround));
    expect(readMotFile(text, { rate: 60 })[1]?.origins[10]).toBe(BOX_ORIGIN.interpolated);
  });

  it('takes scores that are none as sure and leaves out what ground truth says to ignore', () => {
    const text = '1,1,0,0,9,9,-1,-1,-1,-1\n1,2,0,0,9,9,57,-1,-1,-1\n1,3,0,0,9,9,0,7,0.5\n1,4,0,0,9,9,1,1,0.5\n';
    expect(readMotFile(text).map(({ id, scores }) => [id, scores[0]])).toEqual([
      ['m1', 1],
      ['m2', 1],
      ['m4', 1],
    ]);
  });

  it('says which line is wrong, and why', () => {
    expect(refusal('')).toBe('INVALID_ARGUMENT: The MOT file has no box in it; expected a line for each box.');
    expect(refusal('1,1,0,0,9,9,1\nhello\n')).toBe(
      'INVALID_ARGUMENT: Line 2 of the MOT file is wrong: it has one value, expected at least 6.',
    );
    const line = (text: string, timing = {}) => refusal(text, timing).replace(/^.* is wrong: /, '');
    expect(line('1,1,0,0,nine,9,1')).toBe('the width is "nine", expected a number.');
    expect(line('1,1,0,0,,9,1')).toBe('the width is "", expected a number.');
    expect(line('1,1,0,0,0x10,9,1')).toBe('the width is "0x10", expected a number.');
    expect(line('1,1,Infinity,0,9,9,1')).toBe('the x is "Infinity", expected a number.');
    expect(line('1,1,1e999,0,9,9,1')).toBe('the x is "1e999", expected a number.');
    expect(line('0,1,0,0,9,9,1')).toBe('the frame is 0, expected 1 or more.');
    expect(line('1.5,1,0,0,9,9,1')).toBe('the frame is 1.5, expected 1 or more.');
    expect(line('101,1,0,0,9,9,1', { frameCount: 100 })).toBe('the frame is 101, but the last one is 100.');
    expect(line('999999999,1,0,0,9,9,1')).toBe('the frame is 999999999, but the last one is 2000000.');
    expect(line('1,-1,0,0,9,9,1')).toMatch(/^the id is -1 \(a detection of nobody/);
    expect(line('1,1.5,0,0,9,9,1')).toBe('the id is 1.5, expected a whole number from 0 on.');
    expect(line('1,1,0,0,-9,9,1')).toBe('the box is -9 x 9 px, expected a positive size.');
    expect(line('1,1,9e9,0,9,9,1')).toBe('the box is more than 1000000 px away or large.');
    expect(refusal('4,1,0,0,9,9,1\n4,1,0,0,9,9,1')).toMatch(/two boxes of id 1 on frame 4; expected one\.$/);
    const wide = Array.from({ length: 20 }, (_, id) => `1,${id},0,0,9,9,1\n2000000,${id},0,0,9,9,1\n`).join('');
    expect(refusal(wide)).toMatch(/spans .* frames/);
  });

  it('whatever is in the file gives tracks or one sentence', () => {
    const field = fc.oneof(fc.string(), fc.integer().map(String), fc.double().map(String), fc.constant('1'));
    const line = fc.oneof(
      fc.string(),
      fc.array(field, { maxLength: 11 }).map((fields) => fields.join(',')),
    );
    fc.assert(
      fc.property(
        fc.array(line).map((lines) => lines.join('\n')),
        (text) => {
          try {
            expect(readMotFile(text).length).toBeGreaterThan(0);
          } catch (error) {
            expect(error).toBeInstanceOf(AppError);
            expect((error as AppError).message).toMatch(/^[^\n]+[.]$/);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('writeMotFile', () => {
  it('writes what readMotFile reads back', () => {
    const number = fc.integer({ min: -1000, max: 4000 }).map((value) => value / 4);
    const size = fc.integer({ min: 1, max: 4000 }).map((value) => value / 4);
    const row = fc.option(fc.tuple(number, number, size, size), { freq: 2, nil: undefined });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 20 }), fc.nat(50), (rows, start) => {
        fc.pre(rows[0] !== undefined && rows.at(-1) !== undefined);
        const track: TrackerTrack = {
          id: 'm1',
          number: 1,
          start,
          length: rows.length,
          boxes: Float64Array.from(rows.flatMap((box) => box ?? [0, 0, 0, 0])),
          scores: Float32Array.from(rows, (box) => (box ? 0.5 : 0)),
          origins: Uint8Array.from(rows, (box) => (box ? 1 : 0)),
        };
        expect(readMotFile(writeMotFile([track]), { rate: 0.5 })).toEqual([track]);
      }),
    );
  });
});
