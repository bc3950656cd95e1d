import { expect, it } from 'vitest';
import { FrameRing } from './frameRing';

it('lends each slot once and waits while all are out', async () => {
  const ring = new FrameRing(3, 12);
  const slots = [await ring.borrow(), await ring.borrow(), await ring.borrow()];
  expect(new Set(slots.map((slot) => slot.index)).size).toBe(3);
  expect(slots.every((slot) => slot.data.buffer instanceof SharedArrayBuffer && slot.data.length === 12)).toBe(true);
  expect(ring.inUse).toBe(3);
  let isLent = false;
  const waiting = ring.borrow().then((slot) => {
    isLent = true;
    return slot;
  });
  await Promise.resolve();
  expect(isLent).toBe(false);
  slots[1]?.release();
  expect((await waiting).index).toBe(slots[1]?.index);
});

it('releasing twice gives back once', async () => {
  const ring = new FrameRing(3, 1);
  const slot = await ring.borrow();
  slot.release();
  slot.release();
  expect(ring.inUse).toBe(0);
  const again = [await ring.borrow(), await ring.borrow(), await ring.borrow()];
  expect(new Set(again.map(({ index }) => index)).size).toBe(3);
});

it('a cancelled wait takes nothing', async () => {
  const ring = new FrameRing(3, 1);
  const slots = [await ring.borrow(), await ring.borrow(), await ring.borrow()];
  const stop = new AbortController();
  const waiting = ring.borrow(stop.signal);
  stop.abort();
  await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  for (const slot of slots) slot.release();
  expect(ring.inUse).toBe(0);
});

it('needs three slots', () => {
  expect(() => new FrameRing(2, 10)).toThrow(/3 or more/);
});
