import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { poseEditOf, withPoseEdit } from '../document/bodyEdits';
import type { PoseEdit } from '../document/schema';
import { hasFrame } from '../frames/span';
import { editedFrames, editedPoses, editsAround, offsetBetween, type PoseRows } from './poseLayer';
import { axisAngleToMatrix, type Numbers } from './rotations';

const FRAMES = 60;
const EASE = 6;

function rowsOf(seed: number, start = 0, length = FRAMES): PoseRows {
  const poses = Float32Array.from({ length: length * 72 }, (_, k) => Math.sin((start * 72 + k) * 0.37 + seed));
  const present = Uint8Array.from({ length }, (_, row) => Number((start + row + seed) % 11 !== 0));
  return { start, length, present, poses };
}

const matrixOf = (axisAngle: Numbers, at = 0) => {
  const matrix = new Float64Array(9);
  axisAngleToMatrix(axisAngle, matrix, at);
  return matrix;
};

const apart = (a: Float64Array, b: Float64Array) => Math.max(...a.map((value, k) => Math.abs(value - (b[k] ?? 0))));

const jointAt = ({ start }: PoseRows, poses: Float32Array, frame: number, joint: number) =>
  poses.subarray((frame - start) * 72 + joint * 3, (frame - start) * 72 + joint * 3 + 3);

const angle = fc.double({ min: -1.5, max: 1.5, noNaN: true });
const anEdit: fc.Arbitrary<PoseEdit> = fc.record({
  frame: fc.nat(FRAMES - 1),
  joint: fc.nat(23),
  kind: fc.constantFrom('offset' as const, 'replace' as const),
  rotation: fc.tuple(angle, angle, angle),
});
const someEdits = fc.array(anEdit, { maxLength: 12 }).map((edits) => edits.reduce(withPoseEdit, [] as PoseEdit[]));

describe('pose edits over an estimate', () => {
  it('are the estimate bit by bit where there are none', () => {
    const rows = rowsOf(1);
    expect(editedPoses(rows, [], EASE)).toBe(rows.poses);
  });

  it('change no row outside of the frames they say, no other joint, and nothing that is absent', () => {
    fc.assert(
      fc.property(someEdits, fc.nat(10), (edits, seed) => {
        const rows = rowsOf(seed);
        const shown = editedPoses(rows, edits, EASE);
        for (let frame = 0; frame < FRAMES; frame++) {
          for (let joint = 0; joint < 24; joint++) {
            const mayChange = rows.present[frame] === 1 && hasFrame(editedFrames(edits, EASE, FRAMES, joint), frame);
            const estimate = jointAt(rows, rows.poses, frame, joint);
            const isSame = jointAt(rows, shown, frame, joint).every((value, k) => value === estimate[k]);
            if (!mayChange && !isSame) throw new Error(`joint ${joint} changed on frame ${frame}`);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('give the same rows whichever span is asked for', () => {
    fc.assert(
      fc.property(someEdits, fc.nat(FRAMES - 1), fc.integer({ min: 1, max: 20 }), (edits, from, most) => {
        const length = Math.min(most, FRAMES - from);
        const whole = editedPoses(rowsOf(3), edits, EASE).subarray(from * 72, (from + length) * 72);
        expect(editedPoses(rowsOf(3, from, length), edits, EASE)).toEqual(Float32Array.from(whole));
      }),
    );
  });

  it('show what was wanted on the frame of the edit, by offset and by replacement', () => {
    fc.assert(
      fc.property(anEdit, fc.tuple(angle, angle, angle), fc.nat(10), ({ frame, joint, kind }, wanted, seed) => {
        const rows = rowsOf(seed);
        if (rows.present[frame] !== 1) return;
        const edit = poseEditOf({ frame, joint, kind, estimate: jointAt(rows, rows.poses, frame, joint), wanted });
        const shown = jointAt(rows, editedPoses(rows, [edit], EASE), frame, joint);
        expect(apart(matrixOf(shown), matrixOf(wanted))).toBeLessThan(1e-5);
      }),
    );
  });

  it('ease an offset out within its reach and run from one keyframe to the next', () => {
    const length = FRAMES;
    const still = { start: 0, length, present: new Uint8Array(length).fill(1), poses: new Float32Array(length * 72) };
    const offset = (frame: number, x: number): PoseEdit => ({ frame, joint: 4, kind: 'offset', rotation: [x, 0, 0] });
    const shown = editedPoses(still, [offset(20, 1), offset(30, 0.5)], EASE);
    const xAt = (frame: number) => jointAt(still, shown, frame, 4)[0] ?? 0;
    expect(xAt(20)).toBeCloseTo(1, 5);
    expect(xAt(25)).toBeCloseTo(0.75, 5);
    expect(xAt(30)).toBeCloseTo(0.5, 5);
    for (let frame = 31; frame <= 36; frame++) expect(xAt(frame)).toBeLessThan(xAt(frame - 1));
    expect(xAt(37)).toBe(0);
    expect(xAt(13)).toBe(0);
    expect(xAt(14)).toBeGreaterThan(0);
  });

  it('lets a replacement count on its own frame alone', () => {
    const rows = rowsOf(2);
    const edit: PoseEdit = { frame: 12, joint: 7, kind: 'replace', rotation: [0.1, 0.2, 0.3] };
    const shown = editedPoses(rows, [edit], EASE);
    expect([...jointAt(rows, shown, 12, 7)]).toEqual([0.1, 0.2, 0.3].map(Math.fround));
    expect(editedFrames([edit], EASE, FRAMES)).toEqual([{ from: 12, to: 13 }]);
  });

  it('need only those around a frame to show it', () => {
    fc.assert(
      fc.property(someEdits, fc.nat(FRAMES - 1), (edits, frame) => {
        const rows = rowsOf(4, frame, 1);
        expect(editedPoses(rows, editsAround(edits, frame), EASE)).toEqual(editedPoses(rows, edits, EASE));
      }),
    );
  });

  it('knows the offset between two rotations', () => {
    expect(offsetBetween([0.3, 0, 0], [0.3, 0, 0]).every((value) => Math.abs(value) < 1e-12)).toBe(true);
    expect(offsetBetween([0.3, 0, 0], [0.8, 0, 0])[0]).toBeCloseTo(0.5, 10);
  });
});
