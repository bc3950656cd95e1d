import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchBest, type Pair } from './matching';

/** Greatest total weight by trying everything. */
function bestTotal(pairs: readonly Pair[]): number {
  const [first, ...rest] = pairs;
  if (!first) return 0;
  const free = rest.filter((pair) => pair.row !== first.row && pair.column !== first.column);
  return Math.max(first.weight + bestTotal(free), bestTotal(rest));
}

const anyPairs = fc
  .uniqueArray(
    fc.record({
      row: fc.integer({ min: 0, max: 5 }),
      column: fc.integer({ min: 0, max: 5 }),
      weight: fc.integer({ min: 1, max: 1000 }),
    }),
    { selector: ({ row, column }) => row * 10 + column, maxLength: 14 },
  )
  .map((pairs) => pairs.map((pair) => ({ ...pair, weight: pair.weight / 1000 })));

describe('matchBest', () => {
  it('finds the matching of greatest weight, one to one, of given pairs only', () => {
    fc.assert(
      fc.property(anyPairs, (pairs) => {
        const matched = matchBest(pairs);
        expect(new Set(matched.map((pair) => pair.row)).size).toBe(matched.length);
        expect(new Set(matched.map((pair) => pair.column)).size).toBe(matched.length);
        for (const pair of matched) expect(pairs).toContain(pair);
        expect(matched.reduce((sum, pair) => sum + pair.weight, 0)).toBeCloseTo(bestTotal(pairs), 9);
      }),
      { numRuns: 500 },
    );
  });

  it('leaves a weak pair unmatched rather than spoil a strong one', () => {
    const strong = { row: 0, column: 0, weight: 0.9 };
    const weak = [
      { row: 0, column: 1, weight: 0.3 },
      { row: 1, column: 0, weight: 0.3 },
    ];
    expect(matchBest([...weak, strong])).toEqual([strong]);
  });
});
