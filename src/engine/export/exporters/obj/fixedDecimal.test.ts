import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FixedDecimalWriter } from './fixedDecimal';

function written(value: number, decimals: number): string {
  const writer = new FixedDecimalWriter(0);
  writer.number(value, decimals);
  return Buffer.from(writer.content()).toString('latin1');
}

describe('fixed decimals', () => {
  test.each([
    [0, 6, '0.000000'],
    [-0.0000001, 6, '0.000000'],
    [-1.5, 6, '-1.500000'],
    [0.9999999, 6, '1.000000'],
    [999.9999999, 6, '1000.000000'],
    [1000, 4, '1000.0000'],
    [12345.678901, 4, '12345.6789'],
    [Number.NaN, 6, '0.000000'],
    [Infinity, 6, '0.000000'],
    [1e-7, 6, '0.000000'],
  ])('%d with %d places is %s', (value, decimals, text) => {
    expect(written(value, decimals)).toBe(text);
  });

  test('reads back within half a unit of the last place, never with an exponent or a comma', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), (value) => {
        const text = written(value, 6);
        expect(text).toMatch(/^-?\d+\.\d{6}$/);
        expect(Math.abs(Number(text) - value)).toBeLessThanOrEqual(5.1e-7);
      }),
    );
  });
});
