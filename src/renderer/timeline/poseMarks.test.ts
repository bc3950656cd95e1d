import { expect, it } from 'vitest';
import type { PoseEdit } from '#core/document/schema';
import { poseMarkName, poseMarksOf } from './poseMarks';

const turned = (frame: number, joint: number): PoseEdit => ({ frame, joint, kind: 'offset', rotation: [0, 0, 1] });

it('marks each frame with turned joints once and names them', () => {
  const marks = poseMarksOf({ poseEdits: [turned(12, 5), turned(12, 18), turned(40, 0)] });
  expect(marks).toEqual([
    { frame: 12, joints: [5, 18] },
    { frame: 40, joints: [0] },
  ]);
  expect(marks.map((mark) => poseMarkName('Jumper', mark))).toEqual([
    'Pose of Jumper by hand, frame 12: right_knee, left_elbow',
    'Pose of Jumper by hand, frame 40: pelvis',
  ]);
  expect(poseMarkName('A', { frame: 1, joints: [0, 1, 2, 3, 4, 5] })).toMatch(/ and 2 more$/);
  expect(poseMarksOf({})).toEqual([]);
});
