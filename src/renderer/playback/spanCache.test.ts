import { describe, expect, it } from 'vitest';
import { deferred } from './testing/deferred';
import { type PieceKey, SpanCache, type SpanCacheOptions } from './spanCache';

function setUp(options: Partial<SpanCacheOptions<string>> = {}) {
  const asked: { key: PieceKey; signal: AbortSignal; answer(): Promise<void>; fail(): Promise<void> }[] = [];
  const cache = new SpanCache<string>({
    load: (key, signal) => {
      const { promise, resolve, reject } = deferred<{ value: string; bytes: number }>();
      const settle = async (act: () => void) => {
        act();
        for (let k = 0; k < 4; k++) await Promise.resolve();
      };
      asked.push({
        key,
        signal,
        answer: () => settle(() => resolve({ value: `${key.person}@${key.version}`, bytes: key.to - key.from })),
        fail: () => settle(() => reject(new Error('gone'))),
      });
      return promise;
    },
    pieceFrames: 32,
    singleFirst: true,
    budgetBytes: 1000,
    inFlight: 2,
    now: () => 0,
    ...options,
  });
  return { cache, asked };
}

const person = (version = 1, to = 400) => ({ person: 'a', version, present: [{ from: 0, to }] });
const spans = (asked: { key: PieceKey }[]) => asked.map(({ key }) => [key.from, key.to]);

describe('SpanCache', () => {
  it('fetches the frame, then its piece, then the next piece in the direction of motion', async () => {
    const { cache, asked } = setUp();
    cache.show({ frame: 40, direction: 1, isMoving: false, isStill: true, people: [person()] });
    expect(spans(asked)).toEqual([
      [40, 41],
      [32, 64],
    ]);
    await asked[0]?.answer();
    expect(cache.piece('a', 40)?.from).toBe(40);
    expect(spans(asked).at(-1)).toEqual([64, 96]);
    await asked[1]?.answer();
    expect(cache.piece('a', 40)?.from).toBe(32);
    expect(cache.bytes).toBe(32);
  });

  it('goes backwards, and does not fetch single frames while playing', () => {
    const { cache, asked } = setUp();
    cache.show({ frame: 40, direction: -1, isMoving: true, isStill: true, people: [person()] });
    expect(spans(asked)).toEqual([
      [32, 64],
      [0, 32],
    ]);
  });

  it('asks for nothing where there are no results', () => {
    const { cache, asked } = setUp();
    cache.show({ frame: 200, direction: 1, isMoving: false, isStill: true, people: [person(1, 100)] });
    expect(asked).toEqual([]);
  });

  it('aborts what is no longer wanted', () => {
    const { cache, asked } = setUp();
    cache.show({ frame: 40, direction: 1, isMoving: false, isStill: true, people: [person()] });
    cache.show({ frame: 300, direction: 1, isMoving: false, isStill: true, people: [person()] });
    expect(asked.slice(0, 2).map(({ signal }) => signal.aborted)).toEqual([true, true]);
  });

  it('shows the old version until the new one is there', async () => {
    const { cache, asked } = setUp({ singleFirst: false });
    cache.show({ frame: 5, direction: 1, isMoving: false, isStill: true, people: [person(1)] });
    await asked[0]?.answer();
    cache.show({ frame: 5, direction: 1, isMoving: false, isStill: true, people: [person(2)] });
    expect(cache.piece('a', 5)?.value).toBe('a@1');
    const fresh = asked.find(({ key }) => key.version === 2 && key.from === 0);
    await fresh?.answer();
    expect(cache.piece('a', 5)?.value).toBe('a@2');
  });

  it('holds its budget and drops what was passed first', async () => {
    const { cache, asked } = setUp({ singleFirst: false, budgetBytes: 100 });
    for (let frame = 0; frame < 200; frame += 16) {
      cache.show({ frame, direction: 1, isMoving: true, isStill: true, people: [person()] });
      for (const request of asked.filter((one) => !one.signal.aborted)) await request.answer();
      expect(cache.bytes).toBeLessThanOrEqual(100);
      expect(cache.piece('a', frame)).toBeDefined();
    }
    expect(cache.piece('a', 0)).toBeUndefined();
  });

  it('does not ask again at once for what failed', async () => {
    const { cache, asked } = setUp({ singleFirst: false });
    cache.show({ frame: 5, direction: 1, isMoving: false, isStill: true, people: [person()] });
    await asked[0]?.fail();
    cache.show({ frame: 6, direction: 1, isMoving: false, isStill: true, people: [person()] });
    expect(asked.filter(({ key }) => key.from === 0)).toHaveLength(1);
  });

  it('asks for nothing but the frame after a jump, until it rests there', () => {
    const { cache, asked } = setUp();
    const at = (frame: number, isStill: boolean) =>
      cache.show({ frame, direction: 1, isMoving: false, isStill, people: [person()] });
    at(300, false);
    expect(spans(asked)).toEqual([[300, 301]]);
    at(300, false);
    expect(spans(asked)).toHaveLength(1);
    at(300, true);
    expect(spans(asked)).toEqual([
      [300, 301],
      [288, 320],
    ]);
  });
});
