import { describe, expect, it } from 'vitest';
import { countOf, formatBytes, formatNumber, spanText, spokenSpan } from './numbers';
import { presenceText, shortPresence } from './presence';
import { formatDay, timecode, timeLeft } from './times';

describe('numbers in words', () => {
  it('separates thousands and writes a true minus', () => {
    expect(formatNumber(13524)).toBe('13,524');
    expect(formatNumber(-1.25, 1)).toBe('−1.3');
    expect(formatNumber(-0.01, 1)).toBe('0.0');
  });
  it('counts with the unit', () => {
    expect(countOf(1, 'frame')).toBe('1 frame');
    expect(countOf(24, 'frame')).toBe('24 frames');
    expect(countOf(2, 'person', 'people')).toBe('2 people');
  });
  it('writes spans by first and last frame', () => {
    expect(spanText({ from: 106, to: 130 })).toBe('106–129');
    expect(spanText({ from: 5, to: 6 })).toBe('5');
    expect(spokenSpan({ from: 106, to: 130 })).toBe('frames 106 to 129');
  });
  it('writes bytes', () => {
    expect(formatBytes(6200)).toBe('6 KB');
    expect(formatBytes(11_800_000)).toBe('11.8 MB');
  });
});

describe('where somebody is', () => {
  it('tells of frames without a box between the first and the last', () => {
    expect(presenceText([{ from: 40, to: 100 }])).toBe('Frames 40–99');
    const holed = [
      { from: 40, to: 60 },
      { from: 65, to: 100 },
    ];
    expect(presenceText(holed)).toBe('Frames 40–99, 55 with a box');
    expect(presenceText([{ from: 7, to: 8 }])).toBe('Frame 7');
    expect(presenceText([])).toBe('No boxes');
    expect(shortPresence(holed)).toBe('40–99, 55 boxes');
    expect(shortPresence([{ from: 40, to: 100 }])).toBe('Frames 40–99');
    expect(shortPresence([])).toBe('No boxes');
  });
});

describe('times in words', () => {
  it('rounds the time left the coarser the longer it is', () => {
    expect([3.2, 41, 57, 58, 70, 4000].map(timeLeft)).toEqual([
      '3 s',
      '40 s',
      '55 s',
      '1 min',
      '1 min 10 s',
      '1 h 7 min',
    ]);
  });
  it('writes a timecode with frames', () => {
    expect(timecode(118, 118 / 30, 30)).toBe('00:00:03:28');
    expect(timecode(0, 0, 30)).toBe('00:00:00:00');
    expect(timecode(30, 1, 30)).toBe('00:00:01:00');
  });
  it('names days', () => {
    const now = new Date('2026-11-22T12:00:00Z');
    expect(formatDay('2026-11-22T08:00:00Z', now)).toBe('today');
    expect(formatDay('2026-11-21T12:00:00Z', now)).toBe('yesterday');
    expect(formatDay('2026-11-18T12:00:00Z', now)).toBe('18 November');
  });
});
