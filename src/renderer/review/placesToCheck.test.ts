import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Lane } from '../timeline/laneModel';
import { bySeverity, placesOf, reasonText } from './placesToCheck';

function lane(...pieces: [number, number, Lane['pieces'][number]['state']][]): Lane {
  return { pieces: pieces.map(([from, to, state]) => ({ from, to, state })), keyframes: [], outOfDate: [] };
}

describe('places to check', () => {
  it('are low scores that last, joined where they are close, at their worst frame', () => {
    const values = new Float32Array(60).fill(0.9);
    values.fill(0.3, 10, 14).fill(0.1, 16, 18).fill(0.2, 40, 41);
    const places = placesOf('p', lane([0, 60, 'detected']), values);
    expect(places).toMatchObject([{ from: 10, to: 18, frame: 16, reason: 'lowScore' }]);
    expect(places.map(reasonText)).toEqual(['Low score, 8 frames']);
  });

  it('are long gaps and long interpolation, not short ones, and not frames without a body', () => {
    const values = new Float32Array(100).fill(Number.NaN);
    const pieces = lane(
      [0, 10, 'detected'],
      [10, 40, 'gap'],
      [40, 50, 'detected'],
      [50, 54, 'interpolated'],
      [54, 100, 'interpolated'],
    );
    expect(placesOf('p', pieces, values).map((place) => [place.reason, place.frame])).toEqual([
      ['longGap', 25],
      ['longInterpolation', 77],
    ]);
  });

  it('come worst first', () => {
    fc.assert(
      fc.property(fc.array(fc.float({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 200 }), (values) => {
        const places = bySeverity(placesOf('p', lane(), Float32Array.from(values)));
        for (const [index, place] of places.entries()) {
          expect(place.severity).toBeLessThanOrEqual(places[index - 1]?.severity ?? 1.0001);
          expect(place.frame).toBeGreaterThanOrEqual(place.from);
          expect(place.frame).toBeLessThan(place.to);
        }
      }),
    );
  });
});
