import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Direction, findCommonGround, type GroundedPerson } from './commonGround';

/** Up for a camera that looks down by `pitch` and is rolled, degrees. */
function upOf(pitch: number, roll = 0): Direction {
  const [p, r] = [(pitch * Math.PI) / 180, (roll * Math.PI) / 180];
  return [Math.sin(r) * Math.cos(p), -Math.cos(r) * Math.cos(p), -Math.sin(p)];
}

interface Stand {
  /** How many times too large, and too far away, the person was taken to be. */
  size?: number;
  /** m in front of the camera and to the side, from where to where the person walks. */
  from: readonly [side: number, depth: number];
  to?: readonly [side: number, depth: number];
  /** m above the ground. */
  level?: number;
  stature?: number;
  isStatureGiven?: boolean;
  /** s of standing in all. */
  seconds?: number;
}

const HEIGHT = 2.2;

/** Contacts of somebody who walks over a ground 2.2 m below the camera, as seen with a wrong size. */
function somebody(up: Direction, stand: Stand): GroundedPerson {
  const { size = 1, from, to = from, level = 0, stature = 1.7, isStatureGiven, seconds = 3 } = stand;
  const count = 40;
  // Two directions in the ground: to the right, and away from the camera.
  const right = [-up[1], up[0], 0].map((v) => v / Math.hypot(up[0], up[1]));
  const away = [
    right[1]! * up[2] - right[2]! * up[1],
    right[2]! * up[0] - right[0]! * up[2],
    right[0]! * up[1] - right[1]! * up[0],
  ];
  const places = new Float64Array(count * 3);
  for (let i = 0; i < count; i++) {
    const [side, depth] = [0, 1].map((c) => from[c]! + ((to[c]! - from[c]!) * i) / (count - 1)) as [number, number];
    for (let c = 0; c < 3; c++) {
      places[i * 3 + c] = size * ((level - HEIGHT) * up[c]! + side * right[c]! + depth * away[c]!);
    }
  }
  const weights = new Float64Array(count).fill(seconds / count);
  return { contacts: { places, weights }, stature, ...(isStatureGiven ? { isStatureGiven } : {}) };
}

/** Largest distance of anybody's contacts from the ground after they were brought to it, m. */
function farthest(people: readonly GroundedPerson[], ground: NonNullable<ReturnType<typeof findCommonGround>>): number {
  let most = 0;
  people.forEach(({ contacts: { places } }, k) => {
    for (let at = 0; at < places.length; at += 3) {
      const along = ground.up[0] * places[at]! + ground.up[1] * places[at + 1]! + ground.up[2] * places[at + 2]!;
      if (ground.stands[k]) most = Math.max(most, Math.abs(ground.scales[k]! * along + ground.cameraHeight));
    }
  });
  return most;
}

const plausible = fc.double({ min: 0.95, max: 1.05, noNaN: true });
const pitch = fc.double({ min: 0, max: 40, noNaN: true });

describe('the ground that people share', () => {
  test('is found from people who were taken for a little too tall or short, and brings them to it', () => {
    fc.assert(
      fc.property(pitch, fc.double({ min: -15, max: 15, noNaN: true }), plausible, plausible, (tilt, roll, a, b) => {
        const up = upOf(tilt, roll);
        const people = [
          somebody(up, { size: a, from: [-1, 4], to: [1, 6] }),
          somebody(up, { size: b, from: [1, 5], to: [-1, 3.5] }),
        ];
        const ground = findCommonGround(people, up)!;
        expect(ground.stands).toEqual([true, true]);
        expect(farthest(people, ground)).toBeLessThan(0.02);
        // Only how they compare can be seen: the sizes are changed as little as may be.
        expect(ground.scales[0]! / ground.scales[1]!).toBeCloseTo(b / a, 1);
        expect(Math.log(ground.scales[0]!) + Math.log(ground.scales[1]!)).toBeCloseTo(0, 1);
      }),
    );
  });

  test('leaves people alone who stand on one ground already', () => {
    const up = upOf(20);
    const people = [somebody(up, { from: [-1, 4] }), somebody(up, { from: [1, 7] }), somebody(up, { from: [0, 5] })];
    const ground = findCommonGround(people, up)!;
    for (const scale of ground.scales) expect(scale).toBeCloseTo(1, 6);
    expect(ground.cameraHeight).toBeCloseTo(HEIGHT, 6);
    ground.up.forEach((value, c) => expect(value).toBeCloseTo(up[c]!, 6));
  });

  test('corrects up by the ground that people walk over', () => {
    const up = upOf(20);
    const people = [
      somebody(up, { from: [-2, 3], to: [2, 12], seconds: 20 }),
      somebody(up, { from: [4, 4], to: [-4, 9], seconds: 20 }),
    ];
    const ground = findCommonGround(people, upOf(14, 3))!;
    const angle = Math.acos(ground.up[0] * up[0] + ground.up[1] * up[1] + ground.up[2] * up[2]);
    expect((angle * 180) / Math.PI).toBeLessThan(0.5);
  });

  test('leaves out who stands on something else, and nobody else moves for it', () => {
    const up = upOf(15);
    const two = [somebody(up, { from: [-1, 4], to: [1, 6] }), somebody(up, { from: [1, 6], to: [0, 4] })];
    const stage = somebody(up, { from: [0, 5], level: 0.9 });
    const ground = findCommonGround([...two, stage], up)!;
    expect(ground.stands).toEqual([true, true, false]);
    expect(ground.scales[2]).toBe(1);
    expect(ground.scales[0]).toBeCloseTo(1, 2);
    expect(ground.cameraHeight).toBeCloseTo(HEIGHT, 1);
  });

  test('makes nobody a giant or a dwarf', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ size: fc.double({ min: 0.4, max: 2.5, noNaN: true }), depth: fc.integer({ min: 2, max: 12 }) }),
          {
            minLength: 2,
            maxLength: 6,
          },
        ),
        (crowd) => {
          const up = upOf(20);
          const people = crowd.map(({ size, depth }, k) => somebody(up, { size, from: [k - 3, depth] }));
          const scales = findCommonGround(people, up)?.scales ?? [];
          for (const scale of scales) {
            expect(Math.abs(Math.log(scale))).toBeLessThanOrEqual(0.13);
            expect(1.7 * scale).toBeGreaterThanOrEqual(1.3);
            expect(1.7 * scale).toBeLessThanOrEqual(2.1);
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  test('holds a stature that was given and brings the others to it', () => {
    const up = upOf(15);
    const people = [
      somebody(up, { size: 1.04, from: [-1, 4], to: [0, 5], isStatureGiven: true }),
      somebody(up, { from: [1, 5], to: [0, 4] }),
    ];
    const ground = findCommonGround(people, up)!;
    expect(ground.scales[0]).toBeCloseTo(1, 4);
    expect(ground.scales[1]).toBeGreaterThan(1.02);
  });

  test('does not depend on the order of people, and is the same again', () => {
    const up = upOf(25, 5);
    const people = [
      somebody(up, { size: 1.03, from: [-1, 4], to: [1, 6] }),
      somebody(up, { size: 0.97, from: [1, 7] }),
      somebody(up, { size: 1.01, from: [0, 5] }),
    ];
    const one = findCommonGround(people, up)!;
    const other = findCommonGround([...people].reverse(), up)!;
    expect(findCommonGround(people, up)).toEqual(one);
    [...other.scales].reverse().forEach((scale, k) => expect(scale).toBeCloseTo(one.scales[k]!, 9));
  });

  test('is nothing for one person, for nobody, and for people who never stand', () => {
    const up = upOf(10);
    expect(findCommonGround([], up)).toBeUndefined();
    expect(findCommonGround([somebody(up, { from: [0, 4] })], up)).toBeUndefined();
    const floating = [1, 2].map((side) => somebody(up, { from: [side, 4], seconds: 0.01 }));
    expect(findCommonGround(floating, up)).toBeUndefined();
  });
});
