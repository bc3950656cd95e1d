import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { axisAngleToMatrix } from '../body/rotations';
import { smoothAsVibe, smoothRotations, VIBE_ONE_EURO } from './oneEuro';

/** Seconds of `count` rows at `rate` rows a second. */
const clock = (count: number, rate: number): number[] => Array.from({ length: count }, (_, row) => row / rate);

/** A joint that turns about x through pi with a constant speed: axis-angles of at most pi, so they flip. */
function turning(count: number, rate: number, speed: number): Float64Array {
  return Float64Array.from({ length: count * 3 }, (_, k) => {
    if (k % 3 !== 0) return 0;
    const angle = 2.6 + (speed * Math.floor(k / 3)) / rate;
    return angle > Math.PI ? angle - 2 * Math.PI : angle;
  });
}

/** Largest angle in rad between two rows of one joint. */
function angleBetween(a: ArrayLike<number>, b: ArrayLike<number>, row: number): number {
  const [first, second] = [new Float64Array(9), new Float64Array(9)];
  axisAngleToMatrix(a, first, row * 3);
  axisAngleToMatrix(b, second, row * 3);
  const trace = first.reduce((sum, value, k) => sum + value * second[k]!, 0);
  return Math.acos(Math.min(1, Math.max(-1, (trace - 1) / 2)));
}

describe('smoothRotations', () => {
  it('passes pi without a jump, where VIBE’s filter leaves the motion', () => {
    const poses = turning(30, 30, 1);
    const run = { poses, seconds: clock(30, 30), present: new Uint8Array(30).fill(1) };
    const ours = smoothRotations(run);
    const theirs = smoothAsVibe(poses, 3, { ...VIBE_ONE_EURO, beta: 0.01 });
    const worst = (rows: Float64Array): number =>
      Math.max(...clock(30, 1).map((row) => angleBetween(poses, rows, row)));
    expect(worst(ours)).toBeLessThan(0.12);
    expect(worst(theirs)).toBeGreaterThan(1);
  });

  it('calms a still joint that trembles', () => {
    const tremble = Float64Array.from({ length: 90 }, (_, k) => Math.sin(k * 12.9898) * 0.02);
    const smoothed = smoothRotations({ poses: tremble, seconds: clock(30, 30), present: new Uint8Array(30).fill(1) });
    const motion = (rows: Float64Array): number => {
      let sum = 0;
      for (let k = 30; k < 90; k++) sum += Math.abs(rows[k]! - rows[k - 3]!);
      return sum;
    };
    expect(motion(smoothed)).toBeLessThan(motion(tremble) / 3);
  });

  it('is as strong at any frame rate', () => {
    // How far a joint that turns steadily is behind after a second, rad.
    const lag = (rate: number): number => {
      const poses = Float64Array.from({ length: 3 * (rate + 1) }, (_, k) => (k % 3 === 0 ? (0.3 * k) / 3 / rate : 0));
      const present = new Uint8Array(rate + 1).fill(1);
      return 0.3 - smoothRotations({ poses, seconds: clock(rate + 1, rate), present })[rate * 3]!;
    };
    expect(lag(30)).toBeGreaterThan(0.02);
    expect(Math.abs(lag(120) - lag(30))).toBeLessThan(0.005);
  });

  it('keeps constant poses, starts anew after a gap and leaves rows without a pose as they are', () => {
    const angle = fc.double({ min: -1.5, max: 1.5, noNaN: true });
    fc.assert(
      fc.property(fc.tuple(angle, angle, angle), fc.tuple(angle, angle, angle), (before, after) => {
        const poses = Float64Array.from([...before, ...before, 9, 9, 9, ...after, ...after]);
        const present = Uint8Array.of(1, 1, 0, 1, 1);
        const smoothed = smoothRotations({ poses, seconds: clock(5, 25), present });
        for (let k = 0; k < poses.length; k++) expect(smoothed[k]).toBeCloseTo(poses[k]!, 9);
      }),
    );
    expect(smoothRotations({ poses: [], seconds: [], present: [] })).toHaveLength(0);
  });
});
