import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jointDifference, peaks } from './jointDifference';

function motion(frames: number, at: (frame: number, joint: number, axis: number) => number) {
  const joints = Float32Array.from({ length: frames * 72 }, (_, k) =>
    at(Math.floor(k / 72), Math.floor((k % 72) / 3), k % 3),
  );
  return { joints, present: new Uint8Array(frames).fill(1) };
}

describe('the difference of two motions', () => {
  it('is the distance of joints in mm with the pelves on each other, and NaN without a body', () => {
    const a = motion(3, (_, joint, axis) => joint * 0.1 + axis);
    const b = motion(
      3,
      (frame, joint, axis) => joint * 0.1 + axis + 5 + (joint === 7 && axis === 1 ? 0.03 * frame : 0),
    );
    b.present[1] = 0;
    const { byJoint, mean } = jointDifference(a, b);
    expect(byJoint[2 * 24 + 7]).toBeCloseTo(60, 1);
    expect(byJoint[7]).toBeCloseTo(0, 1);
    expect(mean[2]).toBeCloseTo(60 / 24, 1);
    expect(mean[1]).toBeNaN();
    expect(byJoint[24 + 3]).toBeNaN();
  });

  it('peaks at places that stand apart, highest first, and leaves no higher frame uncovered', () => {
    fc.assert(
      fc.property(fc.array(fc.float({ min: 0, max: 500, noNaN: true }), { maxLength: 80 }), (values) => {
        const curve = Float32Array.from(values);
        const found = peaks(curve, 5, 100);
        const heights = found.map((frame) => curve[frame] ?? 0);
        expect(heights).toEqual([...heights].sort((x, y) => y - x));
        for (const [index, frame] of found.entries()) {
          for (const other of found.slice(index + 1)) expect(Math.abs(frame - other)).toBeGreaterThan(5);
        }
        curve.forEach((value, frame) => {
          if (value < 100) return;
          expect(found.some((peak) => Math.abs(peak - frame) <= 5 && curve[peak]! >= value)).toBe(true);
        });
      }),
    );
    expect(peaks(Float32Array.from([Number.NaN, 200]), 3, 100)).toEqual([1]);
  });
});
