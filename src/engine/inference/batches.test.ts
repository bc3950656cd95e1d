import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AdaptiveBatches, isOutOfMemory } from './batches';

describe('batches that adapt to memory', () => {
  it('take a quarter of what is free, at least one item, at most what is of use', () => {
    expect(new AdaptiveBatches(10e6, 32, 400e6).size).toBe(10);
    expect(new AdaptiveBatches(10e6, 32, 8e9).size).toBe(32);
    expect(new AdaptiveBatches(10e9, 32, 1e6).size).toBe(1);
  });

  it('cover every item once and in order, whatever runs out of memory when', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(60),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 20 }),
        async (count, most, fits) => {
          const batches = new AdaptiveBatches(1, most, 1e6);
          const seen: number[] = [];
          await batches.run(count, async (from, to) => {
            if (to - from > fits) throw new Error('CUDA failure: out of memory');
            for (let item = from; item < to; item++) seen.push(item);
          });
          expect(seen).toEqual(Array.from({ length: count }, (_, item) => item));
          if (count > fits) expect(batches.size).toBeLessThanOrEqual(Math.max(fits, 1));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('give up when a single item does not fit, and on any other error', async () => {
    const full = () => Promise.reject(new Error('std::bad_alloc'));
    await expect(new AdaptiveBatches(1, 4, 100).run(4, full)).rejects.toThrow('bad_alloc');
    let calls = 0;
    const wrong = () => {
      calls++;
      return Promise.reject(new Error('Invalid input name'));
    };
    await expect(new AdaptiveBatches(1, 4, 100).run(4, wrong)).rejects.toThrow('Invalid input');
    expect(calls).toBe(1);
    expect(isOutOfMemory(new Error('Invalid input name'))).toBe(false);
  });
});
