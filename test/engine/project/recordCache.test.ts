import { appendFileSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecordCache } from '#engine/cache/recordCache';
import { scratchFolder } from './projects';

const LENGTH = 5;
const RECORD_BYTES = 12 + LENGTH * 4;

function valuesOf(key: number): Float32Array {
  return Float32Array.from({ length: LENGTH }, (_, index) => key * 10 + index);
}

function filled(keys: readonly number[], budget = 1e6): { path: string; cache: RecordCache } {
  const path = join(scratchFolder(), 'deep', 'a.records');
  const cache = new RecordCache(path, LENGTH, budget);
  for (const key of keys) cache.set(key, valuesOf(key));
  return { path, cache };
}

describe('the cache of records', () => {
  it('gives back what it was given, before and after a restart', () => {
    const records = fc.uniqueArray(
      fc.tuple(fc.maxSafeNat(), fc.float32Array({ minLength: LENGTH, maxLength: LENGTH })),
      { selector: ([key]) => key, maxLength: 20 },
    );
    fc.assert(
      fc.property(records, (list) => {
        const { path, cache } = filled([]);
        for (const [key, values] of list) cache.set(key, values);
        for (const [key, values] of list) expect(cache.get(key)).toEqual(values);
        cache.close();
        const again = new RecordCache(path, LENGTH, 1e6);
        for (const [key, values] of list) expect(again.get(key)).toEqual(values);
        expect(again.has(-1)).toBe(false);
        again.close();
      }),
      { numRuns: 40 },
    );
  });

  it('keeps the first values of a key, as the same key means the same content', () => {
    const { path, cache } = filled([1, 2]);
    cache.set(1, valuesOf(9));
    expect(cache.get(1)).toEqual(valuesOf(1));
    cache.close();
    expect(statSync(path).size).toBe(2 * RECORD_BYTES);
  });

  it('takes no record of another length', () => {
    const { cache } = filled([]);
    expect(() => cache.set(1, new Float32Array(LENGTH + 1))).toThrow(/5 values/);
    cache.close();
  });

  it('cuts off a torn tail and goes on', () => {
    const { path, cache } = filled([1, 2, 3]);
    cache.close();
    truncateSync(path, 3 * RECORD_BYTES - 7);
    const again = new RecordCache(path, LENGTH, 1e6);
    expect([again.has(1), again.has(2), again.has(3)]).toEqual([true, true, false]);
    again.set(4, valuesOf(4));
    again.close();
    const third = new RecordCache(path, LENGTH, 1e6);
    expect([third.get(2), third.get(4)]).toEqual([valuesOf(2), valuesOf(4)]);
    third.close();
  });

  it('counts zeroed and damaged records as missing, so that they are made anew', () => {
    const { path, cache } = filled([1, 2, 3]);
    cache.close();
    const bytes = readFileSync(path);
    bytes[RECORD_BYTES + 15]! ^= 1;
    writeFileSync(path, bytes);
    appendFileSync(path, Buffer.alloc(2 * RECORD_BYTES));
    const again = new RecordCache(path, LENGTH, 1e6);
    expect([again.has(1), again.has(2), again.has(3), again.has(0)]).toEqual([true, false, true, false]);
    again.set(2, valuesOf(2));
    expect(again.get(2)).toEqual(valuesOf(2));
    again.close();
  });

  it('forgets a record that was damaged while it was open', () => {
    const { path, cache } = filled([1, 2]);
    const bytes = readFileSync(path);
    bytes[20]! ^= 1;
    writeFileSync(path, bytes);
    expect([cache.has(1), cache.get(1), cache.has(1)]).toEqual([true, undefined, false]);
    cache.set(1, valuesOf(1));
    expect(cache.get(1)).toEqual(valuesOf(1));
    cache.close();
  });

  it('lets the oldest half go when its budget is used up, never the newest', () => {
    const budget = 4 * RECORD_BYTES;
    const { path, cache } = filled([1, 2, 3, 4, 5, 6], budget);
    expect([1, 2, 3, 4, 5, 6].map((key) => cache.has(key))).toEqual([true, true, true, true, true, true]);
    for (const key of [7, 8, 9]) cache.set(key, valuesOf(key));
    const kept = [1, 2, 3, 4, 5, 6, 7, 8, 9].filter((key) => cache.has(key));
    expect(kept).toEqual([5, 6, 7, 8, 9]);
    for (const key of kept) expect(cache.get(key)).toEqual(valuesOf(key));
    cache.close();
    const again = new RecordCache(path, LENGTH, budget);
    expect([1, 2, 3, 4, 5, 6, 7, 8, 9].filter((key) => again.has(key))).toEqual(kept);
    for (const key of kept) expect(again.get(key)).toEqual(valuesOf(key));
    again.close();
    expect(statSync(path).size + statSync(`${path}.old`).size).toBeLessThanOrEqual(2 * budget);
  });
});
