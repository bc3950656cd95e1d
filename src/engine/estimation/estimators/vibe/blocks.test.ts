import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { affectedRows, planBlocks, type TemporalMode } from './blocks';

const presence = fc.array(fc.constantFrom(0, 1, 1, 1), { minLength: 1, maxLength: 60 });

describe('planBlocks', () => {
  it('holds every present row once, in order', () => {
    fc.assert(
      fc.property(presence, fc.constantFrom('carried', 'match-vibe'), fc.boolean(), (present, mode, both) => {
        const rows = planBlocks(present, mode as TemporalMode, both).flatMap((block) => [...block.rows]);
        expect(rows).toEqual(present.flatMap((value, row) => (value === 1 ? [row] : [])));
      }),
    );
  });

  it('carries state within a run only', () => {
    const present = [...new Array<number>(300).fill(1), 0, 1, 1];
    const plan = planBlocks(present, 'carried', false).map(({ rows, fresh }) => [rows[0], rows.length, fresh]);
    expect(plan).toEqual([
      [0, 128, true],
      [128, 128, false],
      [256, 44, false],
      [301, 2, true],
    ]);
    expect(planBlocks(present, 'carried', true).map(({ rows }) => rows.length)).toEqual([300, 2]);
  });

  it('cuts the list of present rows at 450 to match VIBE', () => {
    const present = Array.from({ length: 1000 }, (_, row) => (row === 10 ? 0 : 1));
    const plan = planBlocks(present, 'match-vibe', false).map(({ rows, fresh }) => [rows[0], rows.length, fresh]);
    expect(plan).toEqual([
      [0, 450, true],
      [451, 450, true],
      [901, 99, true],
    ]);
  });
});

/** Everything that a row's result depends on: the rows that reach it through the encoder, in order, and theirs values. */
function dependencies(present: number[], values: number[], mode: TemporalMode, both: boolean): string[] {
  const found = present.map(() => 'absent');
  let carried: number[] = [];
  for (const { rows, fresh } of planBlocks(present, mode, both)) {
    carried = fresh ? [] : carried;
    const block = [...rows];
    block.forEach((row, k) => {
      const seen = both ? block : [...carried, ...block.slice(0, k + 1)];
      found[row] = seen.map((at) => values[at]).join() + (both ? `:${k}` : '');
    });
    carried = [...carried, ...block];
  }
  return found;
}

describe('affectedRows', () => {
  it('covers every row whose result can change, and knows when borders stay', () => {
    fc.assert(
      fc.property(
        presence,
        fc.nat(59),
        fc.nat(6),
        fc.boolean(),
        fc.constantFrom('carried', 'match-vibe'),
        fc.boolean(),
        (present, at, length, toggles, mode, both) => {
          const temporal = mode as TemporalMode;
          const changed = { from: Math.min(at, present.length - 1), to: Math.min(at + 1 + length, present.length) };
          const inside = (row: number): boolean => row >= changed.from && row < changed.to;
          const after = present.map((value, row) => (toggles && inside(row) ? 1 - value : value));
          const values = present.map((_, row) => row);
          const edited = values.map((value, row) => (inside(row) ? value + 1000 : value));
          const before = dependencies(present, values, temporal, both);
          const now = dependencies(after, edited, temporal, both);
          const { from, to } = affectedRows(changed, after, temporal, both, toggles);
          now.forEach((value, row) => {
            if (value !== before[row]) expect(row >= from && row < to).toBe(true);
          });
        },
      ),
      { numRuns: 300 },
    );
  });

  it('ends at a gap, and at VIBE’s border when nobody came or went', () => {
    const present = [1, 1, 1, 0, 1, 1];
    expect(affectedRows({ from: 1, to: 2 }, present, 'carried', false)).toEqual({ from: 1, to: 3 });
    expect(affectedRows({ from: 1, to: 2 }, present, 'carried', true)).toEqual({ from: 0, to: 3 });
    const long = new Array<number>(1000).fill(1);
    expect(affectedRows({ from: 20, to: 30 }, long, 'match-vibe', false, false)).toEqual({ from: 20, to: 450 });
    expect(affectedRows({ from: 20, to: 30 }, long, 'match-vibe', false)).toEqual({ from: 20, to: 1000 });
  });
});
