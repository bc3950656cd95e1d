import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FrameTimes, frameAtSeconds, isVariableRate, meanFrameRate, secondsOfFrame } from './frameTimes';

const timeBases = fc.constantFrom(
  { numerator: 1, denominator: 90_000 },
  { numerator: 1, denominator: 30 },
  { numerator: 1001, denominator: 30_000 },
  { numerator: 1, denominator: 12_800 },
  { numerator: 1, denominator: 1_000_000 },
);

/** Clips of any rate, variable too, that begin anywhere. */
const clips: fc.Arbitrary<FrameTimes> = fc
  .tuple(
    timeBases,
    fc.integer({ min: -1_000_000, max: 1_000_000_000 }),
    fc.array(fc.integer({ min: 1, max: 9000 }), { minLength: 1, maxLength: 60 }),
  )
  .map(([timeBase, first, steps]) => {
    const pts = [first];
    for (const step of steps) pts.push((pts[pts.length - 1] ?? 0) + step);
    return { timeBase, pts };
  });

const thirty: FrameTimes = { timeBase: { numerator: 1, denominator: 30 }, pts: [0, 1, 2, 3] };

describe('the pts table', () => {
  it('finds every frame again by its own time', () => {
    fc.assert(
      fc.property(clips, (times) => {
        times.pts.forEach((_, frame) => expect(frameAtSeconds(times, secondsOfFrame(times, frame))).toBe(frame));
      }),
    );
  });

  it('shows a frame until the next one begins', () => {
    fc.assert(
      fc.property(clips, fc.double({ min: 0, max: 0.94, noNaN: true }), (times, share) => {
        for (let frame = 0; frame + 1 < times.pts.length; frame++) {
          const from = secondsOfFrame(times, frame);
          const seconds = from + share * (secondsOfFrame(times, frame + 1) - from);
          expect(frameAtSeconds(times, seconds)).toBe(frame);
        }
      }),
    );
  });

  it('shows no frame early where a frame is a single tick', () => {
    expect(frameAtSeconds(thirty, 0.9 / 30)).toBe(0);
    expect(frameAtSeconds(thirty, 1 / 30)).toBe(1);
  });

  it('finds frames by their exact time where the table was rounded to the time base', () => {
    const timeBase = { numerator: 1, denominator: 1000 };
    const exact = Array.from({ length: 500 }, (_, frame) => (frame * 1001) / 30_000);
    const times = { timeBase, pts: exact.map((seconds) => Math.round(seconds * 1000)) };
    exact.forEach((seconds, frame) => expect(frameAtSeconds(times, seconds)).toBe(frame));
  });

  it('keeps to the clip before its begin and after its end', () => {
    fc.assert(
      fc.property(clips, fc.double({ min: -1e6, max: 1e6, noNaN: true }), (times, seconds) => {
        const frame = frameAtSeconds(times, seconds);
        expect(frame).toBeGreaterThanOrEqual(0);
        expect(frame).toBeLessThan(times.pts.length);
      }),
    );
  });

  it('never goes back as frames go on, inside the table and beyond it', () => {
    fc.assert(
      fc.property(clips, (times) => {
        for (let frame = -2; frame < times.pts.length + 3; frame++) {
          expect(secondsOfFrame(times, frame + 1)).toBeGreaterThan(secondsOfFrame(times, frame));
        }
      }),
    );
  });

  it('has a mean rate that gives the time of the last frame', () => {
    fc.assert(
      fc.property(clips, (times) => {
        const last = times.pts.length - 1;
        expect(last / meanFrameRate(times)).toBeCloseTo(secondsOfFrame(times, last), 6);
      }),
    );
    expect(meanFrameRate({ ...thirty, pts: [7] })).toBe(30);
    expect(meanFrameRate({ ...thirty, pts: [] })).toBe(30);
  });

  it('tells variable rate from rounding', () => {
    const ntsc = Array.from({ length: 50 }, (_, frame) => Math.round((frame * 1001 * 1000) / 30_000));
    const milliseconds = { numerator: 1, denominator: 1000 };
    expect(isVariableRate({ timeBase: milliseconds, pts: ntsc })).toBe(false);
    expect(isVariableRate({ timeBase: milliseconds, pts: [0, 33, 66, 120, 150] })).toBe(true);
    expect(isVariableRate({ timeBase: milliseconds, pts: [0, 500] })).toBe(false);
  });
});
