import { describe, expect, it } from 'vitest';
import { JOINT_PARENTS } from '#core/body/skeleton';
import { blendedColors, CLAY, countWeighted, jointColor, weightColors, writeHeat } from './heatRamp';

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

  it('blends the colours of all joints by weight, and tells parents from children', () => {
    const out = new Uint8Array(8);
    blendedColors(Uint8Array.from([4, 0, 0, 0, 1, 4, 0, 0]), Float32Array.from([1, 0, 0, 0, 0.5, 0.5, 0, 0]), out);
    expect([...out.subarray(0, 3)]).toEqual(jointColor(4).map(Math.round));
    const middle = jointColor(1).map((value, c) => Math.round((value + (jointColor(4)[c] ?? 0)) / 2));
    expect([...out.subarray(4, 7)]).toEqual(middle);
    for (let joint = 1; joint < 24; joint++) {
      const parent = jointColor(JOINT_PARENTS[joint] ?? 0);
      const apart = Math.hypot(...jointColor(joint).map((value, c) => value - (parent[c] ?? 0)));
      expect(apart).toBeGreaterThan(60);
    }
  });

  it('colours vertices by one joint, whichever slot holds it', () => {
    const joints = Uint8Array.from([4, 1, 0, 0, 1, 4, 0, 0, 2, 0, 0, 0]);
    const weights = Float32Array.from([1, 0, 0, 0, 0.5, 0.5, 0, 0, 1, 0, 0, 0]);
    const out = new Uint8Array(12);
    weightColors(joints, weights, 4, out);
    expect([...out.subarray(0, 3)]).toEqual(color(1));
    expect([...out.subarray(4, 7)]).toEqual(color(0.5));
    expect([...out.subarray(8, 11)]).toEqual([...CLAY]);
    expect(countWeighted(joints, weights, 4)).toBe(2);
  });
});
