import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differenceCurve, jointDifference, peaks } from './jointDifference';

function motion(frames: number, at: (frame: number, joint: number, axis: number) => number) {
  const joints = Float32Array.from({ length: frames * 72 }, (_, k) =>
    at(Math.floor(k / 72), Math.floor((k % 72) / 3), k % 3),
  );
  return { joints, poses: new Float32Array(frames * 72), present: new Uint8Array(frames).fill(1) };
}

describe('the difference of two motions', () => {
  it('is the distance of joints in mm with the pelves on each other, and NaN without a body', () => {
    const a = motion(3, (_, joint, axis) => joint * 0.1 + axis);
    const b = motion(
      3,
      (frame, joint, axis) => joint * 0.1 + axis + 5 + (joint === 7 && axis === 1 ? 0.03 * frame : 0),
    );
    b.present[1] = 0;
    const { distances } = jointDifference(a, b);
    expect(distances[2 * 24 + 7]).toBeCloseTo(60, 1);
    expect(distances[7]).toBeCloseTo(0, 1);
    expect(distances[24 + 3]).toBeNaN();
    const mean = differenceCurve(distances, 'mean');
    expect(mean[2]).toBeCloseTo(60 / 24, 1);
    expect(mean[1]).toBeNaN();
    expect(differenceCurve(distances, 'worst')[2]).toBeCloseTo(60, 1);
    expect(differenceCurve(distances, 'worst')[1]).toBeNaN();
    expect(differenceCurve(distances, 7)[2]).toBeCloseTo(60, 1);
    expect(differenceCurve(distances, 8)[2]).toBeCloseTo(0, 1);
  });

  it('is the angle between the rotations of a joint in degrees, whichever way they are written', () => {
    const turn = fc.record({
      axis: fc.tuple(...[0, 1, 2].map(() => fc.double({ min: -1, max: 1, noNaN: true }))),
      angle: fc.double({ min: 0, max: Math.PI, noNaN: true }),
    });
    fc.assert(
      fc.property(turn, fc.integer({ min: 0, max: 23 }), ({ axis, angle }, joint) => {
        const length = Math.hypot(...axis);
        fc.pre(length > 0.1);
        const a = motion(1, () => 0);
        const b = motion(1, () => 0);
        axis.forEach((value, index) => {
          a.poses[joint * 3 + index] = (value / length) * 0.4;
          b.poses[joint * 3 + index] = (value / length) * (0.4 + angle);
        });
        const { angles } = jointDifference(a, b);
        expect(angles[joint]).toBeCloseTo((angle * 180) / Math.PI, 3);
        // The same rotation the other way round.
        for (let index = 0; index < 3; index++) {
          a.poses[joint * 3 + index] = (axis[index]! / length) * (0.4 - 2 * Math.PI);
        }
        expect(jointDifference(a, b).angles[joint]).toBeCloseTo(angles[joint]!, 3);
        expect(angles[(joint + 1) % 24]).toBe(0);
      }),
    );
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
