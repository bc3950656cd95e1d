import { expect, it } from 'vitest';
import { widenHalfFloats } from './halfFloat';

it('widens normal, subnormal, signed and special binary16 values exactly', () => {
  const bits = Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x83ff, 0x0400, 0x7bff, 0x7c00, 0xfc00, 0x8000, 0x3555);
  const values = [...widenHalfFloats(new Uint8Array(bits.buffer))];
  expect(values).toEqual([1, -2, 2 ** -24, -1023 * 2 ** -24, 2 ** -14, 65504, Infinity, -Infinity, -0, 0.333251953125]);
  expect(widenHalfFloats(new Uint8Array(Uint16Array.of(0x7e00).buffer))[0]).toBeNaN();
});
