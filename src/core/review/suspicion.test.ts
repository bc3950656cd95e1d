import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JOINT, JOINT_COUNT } from '../body/skeleton';
import type { Person } from '../document/schema';
import { subtractSpans } from '../frames/span';
import type { BoxRows } from '../tracks/boxRows';
import { bySeverity, placesOf, reasonText } from './places';
import type { Reason, ReviewMotion } from './signal';
import { rateSuspicion, reasonAt } from './suspicion';

const FRAMES = 120;
const clip = { seconds: Float64Array.from({ length: FRAMES }, (_, frame) => frame / 30), width: 1280, height: 720 };

/** Turns the whole body on frame 50 by a quarter about the pelvis: no bone changes its length. */
function fallOver(joints: Float32Array): void {
  for (let joint = 1; joint < JOINT_COUNT; joint++) {
    const at = (50 * JOINT_COUNT + joint) * 3;
    joints.set([-(joints[at + 1] ?? 0), joints[at] ?? 0], at);
  }
}

const nobody: Person = {
  ...{ id: 'p', number: 1, name: 'One', visible: true, locked: false },
  ...{ segments: [], keyframes: [], interpolated: [], outside: [] },
};

/** Somebody who walks across the middle of the picture, 4 px a frame. */
function walker(changes: (rows: BoxRows) => void = () => undefined, x = 300): BoxRows {
  const boxes = Float64Array.from({ length: FRAMES * 4 }, (_, at) => [x + at, 200, 120, 300][at % 4] ?? 0);
  const rows = { boxes, scores: new Float32Array(FRAMES).fill(0.9), origins: new Uint8Array(FRAMES).fill(1) };
  changes(rows);
  return rows;
}

/** A body that stands with feet 0.9 m below the pelvis and waves slowly. */
function standing(changes: (joints: Float32Array, motion: ReviewMotion) => void = () => undefined): ReviewMotion {
  const joints = new Float32Array(FRAMES * JOINT_COUNT * 3);
  for (let frame = 0; frame < FRAMES; frame++) {
    for (let joint = 0; joint < JOINT_COUNT; joint++) {
      const at = (frame * JOINT_COUNT + joint) * 3;
      const isFoot = joint === JOINT.leftFoot || joint === JOINT.rightFoot;
      joints.set([0.05 * joint, isFoot ? 0.9 : -0.02 * joint, 4], at);
    }
  }
  const motion: ReviewMotion = {
    ...{ present: new Uint8Array(FRAMES).fill(1), confidences: new Float32Array(FRAMES).fill(0.9) },
    ...{ joints, plausibilities: new Float32Array(FRAMES).fill(Number.NaN) },
  };
  changes(joints, motion);
  return motion;
}

function found(rows: BoxRows, motion?: ReviewMotion, person: Person = nobody, others: BoxRows[] = []) {
  const suspects = [
    { person, rows, ...(motion ? { motion } : {}) },
    ...others.map((other, index) => ({ person: { ...nobody, id: `o${index}` }, rows: other })),
  ];
  const [suspicion] = rateSuspicion(suspects, clip);
  if (!suspicion) throw new Error('one person was rated');
  return { suspicion, places: placesOf(suspicion, person.reviewed ?? []) };
}

function reasonsOf(places: readonly { reason: Reason; frame: number }[]): [Reason, number][] {
  return places.map(({ reason, frame }) => [reason, frame]);
}

describe('what a human should look at', () => {
  it('is nothing where all is well', () => {
    expect(found(walker(), standing()).places).toEqual([]);
    expect(found(walker()).suspicion.scores.every((score) => score === 0)).toBe(true);
  });

  it.each<[Reason, number, BoxRows, ReviewMotion | undefined, BoxRows[]]>([
    [
      'boxJump',
      60,
      walker(({ boxes }) => boxes.forEach((_, at) => at >= 240 && at % 4 === 0 && (boxes[at]! += 150))),
      undefined,
      [],
    ],
    ['boxJump', 61, walker(({ boxes }) => (boxes[61 * 4 + 3] = 60)), undefined, []],
    ['spawn', 40, walker(({ origins }) => origins.fill(0, 0, 40)), undefined, []],
    ['loss', 79, walker(({ origins }) => origins.fill(0, 80)), undefined, []],
    ['longInterpolation', 60, walker(({ origins }) => origins.fill(2, 40, 80)), undefined, []],
    ['posePop', 50, walker(), standing(fallOver), []],
    ['lowPlausibility', 31, walker(), standing((_, motion) => motion.plausibilities?.fill(0.05, 30, 33)), []],
    ['lowConfidence', 71, walker(), standing((_, motion) => motion.confidences.fill(0.1, 70, 73)), []],
  ])('is %s at frame %i', (reason, frame, rows, motion, others) => {
    const { places } = found(rows, motion, nobody, others);
    expect(reasonsOf(bySeverity(places)).slice(0, 1)).toEqual([[reason, frame]]);
  });

  it('is an overlap with another person, for both', () => {
    const other = walker(() => undefined, 310);
    const { places, suspicion } = found(walker(), undefined, nobody, [other]);
    expect(places.map(({ reason, from, to }) => [reason, from, to])).toEqual([['overlap', 0, FRAMES]]);
    expect(reasonAt(suspicion, 5)).toBe('overlap');
  });

  it('is a gap between boxes, but not where a human said that nobody is there', () => {
    const rows = walker(({ origins }) => origins.fill(0, 40, 70));
    const { places } = found(rows);
    expect(places.find(({ reason }) => reason === 'gap')).toMatchObject({ from: 40, to: 70, frame: 55 });
    const said = found(rows, undefined, { ...nobody, outside: [{ from: 40, to: 70 }] });
    expect(said.places).toEqual([]);
    expect(said.suspicion.scores[50]).toBeNaN();
  });

  it('is a bone that changes its length', () => {
    const motion = standing((joints) => {
      for (let frame = 80; frame < FRAMES; frame++) {
        for (let joint = 1; joint < JOINT_COUNT; joint++) joints[(frame * JOINT_COUNT + joint) * 3]! *= 1.15;
      }
    });
    const { places } = found(walker(), motion);
    expect(reasonsOf(places)).toContainEqual(['boneSlip', 80]);
  });

  it('is a standing foot that slides while no other stands, not one that is lifted', () => {
    const slide = (rise: number) =>
      standing((joints) => {
        for (let frame = 50; frame < 70; frame++) {
          for (const foot of [JOINT.leftFoot, JOINT.rightFoot]) {
            const at = (frame * JOINT_COUNT + foot) * 3;
            joints[at]! += (frame - 50) * 0.05;
            joints[at + 1]! -= rise;
          }
        }
      });
    expect(found(walker(), slide(0)).places.some(({ reason }) => reason === 'footSlip')).toBe(true);
    expect(found(walker(), slide(0.2)).places.some(({ reason }) => reason === 'footSlip')).toBe(false);
  });

  it('is not a track that begins or ends at a cut', () => {
    const rows = walker(({ origins }) => {
      origins.fill(0, 0, 40);
      origins.fill(0, 80);
    });
    const found = (cuts: number[]) => {
      const [rated] = rateSuspicion([{ person: nobody, rows }], { ...clip, cuts });
      return [40, 79].map((frame) => (rated?.scores[frame] ?? 0) > 0);
    };
    expect(found([])).toEqual([true, true]);
    expect(found([40])).toEqual([false, true]);
    expect(found([40, 80])).toEqual([false, false]);
  });

  it('is not a track that ends where the search was broken off', () => {
    const rows = walker(({ origins }) => origins.fill(0, 60));
    const found = (searchedTo: number) => {
      const [rated] = rateSuspicion([{ person: nobody, rows }], { ...clip, searchedTo });
      return (rated?.scores[59] ?? 0) > 0;
    };
    expect([0, 60, 63, 80, FRAMES].map(found)).toEqual([true, false, false, true, true]);
  });

  it('is not a track that begins or ends at the border of the picture', () => {
    const rows = walker(({ boxes, origins }) => {
      origins.fill(0, 0, 30);
      for (let frame = 0; frame < FRAMES; frame++) boxes[frame * 4] = (frame - 30) * 8 - 5;
    });
    expect(found(rows).places).toEqual([]);
  });

  it('is not what was reviewed; of a stretch reviewed in part the rest stays', () => {
    const motion = standing((_, body) => body.confidences.fill(0.1, 20, 60));
    const reviewed = [{ from: 0, to: 40 }];
    const { places, suspicion } = found(walker(), motion, { ...nobody, reviewed });
    expect(places).toMatchObject([{ from: 40, to: 60, reason: 'lowConfidence' }]);
    expect(places.map(reasonText)).toEqual(['Low score, 20 frames']);
    // The strip goes on to show it.
    expect(suspicion.scores[25]).toBeGreaterThan(0.4);
  });

  it('lies in its stretch, worst first, and never in reviewed frames, whatever the numbers', () => {
    const any = fc.record({
      confidences: fc.float32Array({ minLength: FRAMES, maxLength: FRAMES, noNaN: true, min: 0, max: 1 }),
      boxes: fc.float64Array({ minLength: FRAMES * 4, maxLength: FRAMES * 4, noNaN: true, min: 1, max: 700 }),
      origins: fc.uint8Array({ minLength: FRAMES, maxLength: FRAMES, max: 3 }),
      from: fc.nat(FRAMES - 1),
    });
    fc.assert(
      fc.property(any, ({ confidences, boxes, origins, from }) => {
        const rows = { boxes, origins, scores: new Float32Array(FRAMES) };
        const reviewed = [{ from, to: Math.min(FRAMES, from + 30) }];
        const motion = { present: new Uint8Array(FRAMES).fill(1), confidences };
        const { places, suspicion } = found(rows, motion, { ...nobody, reviewed }, [walker()]);
        for (const score of suspicion.scores) expect(score >= 0 ? score <= 1 : Number.isNaN(score)).toBe(true);
        const sorted = bySeverity(places);
        sorted.forEach((place, index) => {
          expect(place.severity).toBeLessThanOrEqual(sorted[index - 1]?.severity ?? 1);
          expect(place.frame >= place.from && place.frame < place.to).toBe(true);
          expect(subtractSpans([place], reviewed)).toEqual([{ from: place.from, to: place.to }]);
        });
      }),
      { numRuns: 60 },
    );
  });
});
