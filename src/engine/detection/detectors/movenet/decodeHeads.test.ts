import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '#core/errors';
import type { Tensor } from '../../../inference/session';
import { decodeHeads } from './decodeHeads';
import { letterboxOf } from './letterbox';

const FRAME = { width: 1280, height: 640, scale: 1 };
const BOX = letterboxOf(FRAME, 256);
const [COLUMNS, ROWS] = [BOX.width / 4, BOX.height / 4];
/** px of the video per cell. */
const CELL = 20;

const CHANNELS = {
  center: 1,
  box_scale: 2,
  box_offset: 2,
  keypoint_heatmap: 17,
  keypoint_regression: 34,
  keypoint_offset: 34,
} as const;
type Heads = Record<keyof typeof CHANNELS, Tensor>;

function emptyHeads(): Heads {
  const head = (channels: number, value: number): Tensor => ({
    data: new Float32Array(channels * ROWS * COLUMNS).fill(value),
    dims: [1, channels, ROWS, COLUMNS],
  });
  const entries = Object.entries(CHANNELS).map(([name, channels]) => {
    const isLogit = name === 'center' || name === 'keypoint_heatmap';
    return [name, head(channels, isLogit ? -12 : 0)] as const;
  });
  return Object.fromEntries(entries) as Heads;
}

function put(head: Tensor, channel: number, row: number, column: number, value: number): void {
  head.data[(channel * ROWS + row) * COLUMNS + column] = value;
}

/** Writes a person: centre cell, box of 6 x 16 cells, keypoint q at (centre row - 6 + q / 2, centre column ± 1). */
function addPerson(heads: Heads, row: number, column: number, logit: number): void {
  put(heads.center, 0, row, column, logit);
  put(heads.box_scale, 0, row, column, 16);
  put(heads.box_scale, 1, row, column, 6);
  put(heads.box_offset, 0, row, column, 0.25);
  put(heads.box_offset, 1, row, column, 0.5);
  for (let keypoint = 0; keypoint < 17; keypoint++) {
    const keyRow = row - 6 + Math.floor(keypoint / 2);
    const keyColumn = column + (keypoint % 2 === 0 ? -1 : 1);
    put(heads.keypoint_regression, 2 * keypoint, row, column, keyRow - row);
    put(heads.keypoint_regression, 2 * keypoint + 1, row, column, keyColumn - column);
    put(heads.keypoint_heatmap, keypoint, keyRow, keyColumn, 3);
    put(heads.keypoint_offset, 2 * keypoint, keyRow, keyColumn, 0.75);
    put(heads.keypoint_offset, 2 * keypoint + 1, keyRow, keyColumn, 0.125);
  }
}

const sigmoid = (value: number) => 1 / (1 + Math.exp(-value));

describe('decodeHeads', () => {
  it('finds box, score and keypoints in px of the video', () => {
    const heads = emptyHeads();
    addPerson(heads, 14, 20, 2);
    const [person, ...others] = decodeHeads(heads, BOX, 0.1);
    expect(others).toEqual([]);
    expect(person?.score).toBeCloseTo(sigmoid(2), 6);
    expect(person?.box.x).toBeCloseTo((20.5 - 3) * CELL, 3);
    expect(person?.box.y).toBeCloseTo((14.25 - 8) * CELL, 3);
    expect([person?.box.width, person?.box.height]).toEqual([6 * CELL, 16 * CELL]);
    for (let keypoint = 0; keypoint < 17; keypoint++) {
      const [x = 0, y = 0, score = 0] = person!.keypoints!.subarray(keypoint * 3, keypoint * 3 + 3);
      expect(x).toBeCloseTo((20 + (keypoint % 2 === 0 ? -1 : 1) + 0.125) * CELL, 2);
      expect(y).toBeCloseTo((14 - 6 + Math.floor(keypoint / 2) + 0.75) * CELL, 2);
      expect(score).toBeCloseTo(sigmoid(3), 5);
    }
  });

  it('has no limit of six people, and gives the best first', () => {
    const heads = emptyHeads();
    for (let index = 0; index < 24; index++)
      addPerson(heads, 9 + 15 * (index % 2), 2 + 5 * Math.floor(index / 2), index / 8);
    const people = decodeHeads(heads, BOX, 0.1);
    expect(people).toHaveLength(24);
    expect(people.map((person) => person.score)).toEqual(
      people.map((person) => person.score).toSorted((a, b) => b - a),
    );
  });

  it('takes the keypoint near the place that the centre points at, not a stronger one of somebody else', () => {
    const heads = emptyHeads();
    addPerson(heads, 14, 20, 2);
    put(heads.keypoint_heatmap, 0, 8, 22, 9);
    expect(decodeHeads(heads, BOX, 0.1)[0]?.keypoints?.[0]).toBeCloseTo(19.125 * CELL, 2);
  });

  it('doubts a centre without keypoints, and drops one below the threshold', () => {
    const heads = emptyHeads();
    addPerson(heads, 14, 20, 2);
    heads.keypoint_heatmap.data.fill(-4);
    expect(decodeHeads(heads, BOX, 0.01)[0]?.score).toBeCloseTo((sigmoid(2) * sigmoid(-4)) / 0.2, 4);
    expect(decodeHeads(heads, BOX, 0.1)).toEqual([]);
  });

  it('counts a plateau of equal centres once and skips boxes that are none', () => {
    const heads = emptyHeads();
    addPerson(heads, 14, 20, 2);
    addPerson(heads, 14, 21, 2);
    addPerson(heads, 14, 40, 2);
    put(heads.box_scale, 0, 14, 40, -3);
    addPerson(heads, 14, 50, 2);
    put(heads.box_scale, 1, 14, 50, Number.NaN);
    expect(decodeHeads(heads, BOX, 0.1)).toHaveLength(1);
  });

  it('says which head is wrong', () => {
    const heads = { ...emptyHeads(), box_scale: { data: new Float32Array(3), dims: [1, 3] } };
    expect(() => decodeHeads(heads, BOX, 0.1)).toThrow(AppError);
    expect(() => decodeHeads(heads, BOX, 0.1)).toThrow(/box_scale is \[1, 3\], expected \[1, 2, 32, 64\]/);
    expect(() => decodeHeads({}, BOX, 0.1)).toThrow(/center is \[missing\]/);
  });

  it('gives finite people whatever the heads say', () => {
    const value = fc.oneof(
      fc.double({ min: -50, max: 50, noNaN: true }),
      fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY),
    );
    fc.assert(
      fc.property(fc.array(value, { minLength: 50, maxLength: 50 }), fc.nat(1000), (values, seed) => {
        const heads = emptyHeads();
        Object.values(heads).forEach((head, index) => {
          for (let at = 0; at < head.data.length; at++) head.data[at] = values[(at * 7919 + index * 31 + seed) % 50]!;
        });
        for (const { box, score, keypoints } of decodeHeads(heads, BOX, 0.1)) {
          const numbers = [box.x, box.y, box.width, box.height, score, ...(keypoints ?? [])];
          expect(numbers.every(Number.isFinite)).toBe(true);
          expect(Math.min(box.width, box.height)).toBeGreaterThan(0);
          expect(score).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 30 },
    );
  });
});
