import { appendFileSync, existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JournalEntry, JournalWriter, readJournal, rejectJournalEnd, writeJournal } from '#engine/project/journal';
import { scratchFolder } from './projects';

function entry(seq: number, label = `Edit ${seq}`): JournalEntry {
  const at = '2026-01-01T00:00:00.000Z';
  return {
    seq,
    kind: 'edit',
    at,
    edit: { label, patches: [{ op: 'add', path: ['name'], value: label }], inverse: [] },
  };
}

function written(labels: readonly string[]): { path: string; rejected: string; entries: JournalEntry[] } {
  const folder = scratchFolder();
  const path = join(folder, 'edits.jsonl');
  const entries = labels.map((label, index) => entry(index + 1, label));
  const writer = new JournalWriter(path);
  for (const one of entries) writer.append(one);
  writer.close();
  return { path, rejected: join(folder, 'rejected.jsonl'), entries };
}

const labels = fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }), { minLength: 1, maxLength: 6 });

describe('the journal', () => {
  it('gives back what was appended', () => {
    const { path, entries } = written(['a', 'größer', '行動 🤸‍♀️', '\u2028 "quoted"\n\\']);
    expect(readJournal(path).entries).toEqual(entries);
    expect(readJournal(join(path, 'nowhere')).entries).toEqual([]);
  });

  it('is empty when the file is', () => {
    const path = join(scratchFolder(), 'edits.jsonl');
    writeFileSync(path, '');
    expect(readJournal(path)).toEqual({ entries: [], ends: [], size: 0 });
  });

  it('keeps every whole line before a cut at any byte, inside of letters too', () => {
    fc.assert(
      fc.property(labels, fc.nat(), (list, at) => {
        const { path, entries } = written(list);
        const full = readJournal(path);
        const cut = at % (full.size + 1);
        truncateSync(path, cut);
        const whole = full.ends.filter((end) => end <= cut).length;
        const { entries: kept, ends } = readJournal(path);
        expect(kept).toEqual(entries.slice(0, whole));
        expect(ends).toEqual(full.ends.slice(0, whole));
      }),
      { numRuns: 60 },
    );
  });

  it('reads nothing wrong after any byte was changed', () => {
    fc.assert(
      fc.property(labels, fc.nat(), fc.integer({ min: 1, max: 255 }), (list, at, flip) => {
        const { path, entries } = written(list);
        const full = readJournal(path);
        const bytes = readFileSync(path);
        const position = at % bytes.length;
        bytes[position]! ^= flip;
        writeFileSync(path, bytes);
        const before = full.ends.filter((end) => end <= position).length;
        expect(readJournal(path).entries).toEqual(entries.slice(0, before));
      }),
      { numRuns: 60 },
    );
  });

  it('does not take a last line without its newline', () => {
    const { path, entries } = written(['a', 'b']);
    truncateSync(path, readJournal(path).size - 1);
    expect(readJournal(path).entries).toEqual(entries.slice(0, 1));
  });

  it('stops at a number that does not follow', () => {
    const path = join(scratchFolder(), 'edits.jsonl');
    writeJournal(path, [entry(4), entry(5), entry(7)]);
    expect(readJournal(path).entries.map(({ seq }) => seq)).toEqual([4, 5]);
  });

  it('cuts by bytes, keeps what it cuts off, and goes on as a whole file', () => {
    const { path, rejected, entries } = written(['größe', '🤸🤸', 'c']);
    const { ends, size } = readJournal(path);
    const bytes = readFileSync(path);
    truncateSync(path, size - 3);
    rejectJournalEnd(path, rejected, ends[1] ?? 0);
    expect(readFileSync(path)).toEqual(bytes.subarray(0, ends[1]));
    expect(readFileSync(rejected)).toEqual(bytes.subarray(ends[1], size - 3));
    const writer = new JournalWriter(path);
    writer.append(entry(3, 'again'));
    writer.close();
    expect(readJournal(path).entries).toEqual([...entries.slice(0, 2), entry(3, 'again')]);
    appendFileSync(path, 'garbage');
    expect(rejectJournalEnd(path, rejected, readJournal(path).ends[2] ?? 0)).toContain('last edit');
    expect(readFileSync(rejected, 'latin1').split('\n')).toHaveLength(2);
    expect(readFileSync(rejected, 'latin1')).toMatch(/garbage$/);
  });

  it('refuses to write where somebody else has written', () => {
    const { path } = written(['a']);
    const writer = new JournalWriter(path);
    appendFileSync(path, 'x');
    expect(() => writer.append(entry(2))).toThrow(/Another Retake/);
    writer.close();
    expect(existsSync(path)).toBe(true);
  });
});
