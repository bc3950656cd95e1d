import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { secondsOfFrame } from '#core/frames/frameTimes';
import { timecode } from '../wording/times';
import { parseFrameEntry } from './frameEntry';

const times = { timeBase: { numerator: 1, denominator: 30 }, pts: Array.from({ length: 230 }, (_, at) => at) };

describe('typed frames and times', () => {
  it('reads every form of the sheet', () => {
    const read = (entry: string) => parseFrameEntry(entry, 100, times);
    expect(['118', '3.94s', '0:03:28', '00:00:03:28', '0:03', '+10', '-10', '−10', '50%', '100 %'].map(read)).toEqual([
      118, 118, 118, 118, 90, 110, 90, 90, 115, 229,
    ]);
  });
  it('stays inside the clip and refuses what it cannot read', () => {
    expect(parseFrameEntry('99999', 0, times)).toBe(229);
    expect(parseFrameEntry('-5', 2, times)).toBe(0);
    expect(parseFrameEntry('abc', 2, times)).toBeUndefined();
    expect(parseFrameEntry('', 2, times)).toBeUndefined();
  });
  it('reads back the timecode it shows', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 229 }), (frame) => {
        expect(parseFrameEntry(timecode(frame, secondsOfFrame(times, frame), 30), 0, times)).toBe(frame);
      }),
    );
  });
});
