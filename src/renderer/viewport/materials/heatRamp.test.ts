import { describe, expect, it } from 'vitest';
import { CLAY, writeHeat } from './heatRamp';

const color = (value: number) => {
  const out = new Uint8Array(4);
  writeHeat(value, out, 0);
  return [...out.subarray(0, 3)];
};

describe('heat ramp', () => {
  it('runs from violet to yellow, and zero is clay', () => {
    expect(color(1)).toEqual([0xfd, 0xe7, 0x25]);
    expect(color(1e-6)).toEqual([0x44, 0x01, 0x54]);
    expect(color(0)).toEqual([...CLAY]);
    expect(color(7)).toEqual(color(1));
  });

  it('grows in lightness all the way', () => {
    const lightness = Array.from({ length: 50 }, (_, k) => {
      const [r = 0, g = 0, b = 0] = color((k + 1) / 50);
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    });
    for (let k = 1; k < lightness.length; k++) expect(lightness[k]).toBeGreaterThan(lightness[k - 1] ?? 0);
  });
});
