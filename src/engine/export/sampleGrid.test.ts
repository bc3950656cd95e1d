import { describe, expect, test } from 'vitest';
import type { FrameTimes } from '#core/frames/frameTimes';
import type { ExportClip } from './exportClip';
import { createSampleGrid, exportRate, formatRate, isWholeRate } from './sampleGrid';

function clipOf(times: FrameTimes, variableRate = false, from = 0): ExportClip {
  return {
    title: '',
    times,
    rate: exportRate(times),
    variableRate,
    span: { from, to: times.pts.length },
    people: [],
    provenance: {
      estimation: { estimator: 'e', quality: 'best', options: {} },
      appVersion: '',
      models: [],
      sourceName: '',
      sourceSampledSha256: '',
      createdAt: '',
      notMetric: [],
    },
    picture: { width: 640, height: 360, focal: 544 },
  };
}

function rounded(rate: number, count: number, ticksPerSecond: number): FrameTimes {
  return {
    timeBase: { numerator: 1, denominator: ticksPerSecond },
    pts: Array.from({ length: count }, (_, k) => Math.round((k * ticksPerSecond) / rate) + 11),
  };
}

describe('rate of a clip', () => {
  test.each([
    [30, 90000, '30', 30, 1],
    [30000 / 1001, 90000, '29.97', 30000, 1001],
    [24000 / 1001, 90000, '23.976', 24000, 1001],
    [60000 / 1001, 1000, '59.94', 60000, 1001],
    [30000 / 1001, 1000, '29.97', 30000, 1001],
    [30, 1000, '30', 30, 1],
    [25, 1000, '25', 25, 1],
    [12.5, 1000, '12.5', 25, 2],
  ])('%d fps on a base of 1/%d s is %s', (rate, base, text, numerator, denominator) => {
    const found = exportRate(rounded(rate, 400, base));
    expect(found).toEqual({ numerator, denominator });
    expect(formatRate(found)).toBe(text);
    expect(isWholeRate(found)).toBe(denominator === 1);
  });

  test('a single frame has a rate', () => {
    expect(exportRate({ timeBase: { numerator: 1, denominator: 1000 }, pts: [5] })).toEqual({
      numerator: 30,
      denominator: 1,
    });
  });
});

describe('grid', () => {
  test('asking an even clip for its own rate keeps its frames', () => {
    expect(createSampleGrid(clipOf(rounded(30, 10, 1000)), 30).isSource).toBe(true);
  });

  test('a key per frame on exact ticks, even after hours', () => {
    const grid = createSampleGrid(clipOf(rounded(30000 / 1001, 400, 90000)), 'source');
    expect(grid.ticks(30000, 46186158000n)).toBe(1001n * 46186158000n);
  });

  test('29.97 to 30: all samples within the clip, times in whole frames', () => {
    const grid = createSampleGrid(clipOf(rounded(30000 / 1001, 301, 90000)), 30);
    expect(grid.count).toBe(301);
    expect(grid.positions[300]).toBeCloseTo((300 / 30) * (30000 / 1001), 9);
    expect(Math.max(...grid.positions)).toBeLessThanOrEqual(300);
  });

  test('a variable table is sampled at its own times, from the start of the span', () => {
    const times = { timeBase: { numerator: 1, denominator: 1000 }, pts: [0, 40, 60, 100, 140, 240] };
    const source = createSampleGrid(clipOf(times, true, 1), 'source');
    expect([...source.seconds].map((value) => Math.round(value * 1000))).toEqual([0, 20, 60, 100, 200]);
    const even = createSampleGrid(clipOf(times, true, 1), 25);
    expect([...even.positions].map((value) => Number(value.toFixed(6)))).toEqual([0, 1.5, 2.5, 3.2, 3.6, 4]);
  });
});
