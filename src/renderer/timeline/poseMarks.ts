import { smplJointName } from '#core/document/bodyEdits';
import type { Person } from '#core/document/schema';

/** A frame on which a human turned joints. */
export interface PoseMark {
  frame: number;
  /** Joints 0 to 23, in order. */
  joints: readonly number[];
}

/** Frames with pose edits, in order. */
export function poseMarksOf({ poseEdits = [] }: Pick<Person, 'poseEdits'>): PoseMark[] {
  const byFrame = new Map<number, number[]>();
  for (const { frame, joint } of poseEdits) {
    const known = byFrame.get(frame);
    if (known) known.push(joint);
    else byFrame.set(frame, [joint]);
  }
  return [...byFrame].map(([frame, joints]) => ({ frame, joints }));
}

const NAMED_JOINTS = 4;

/** A mark in words: `Pose of Jumper by hand, frame 12: left_elbow, right_knee`. */
export function poseMarkName(name: string, { frame, joints }: PoseMark): string {
  const named = joints.slice(0, NAMED_JOINTS).map(smplJointName).join(', ');
  const more = joints.length > NAMED_JOINTS ? ` and ${joints.length - NAMED_JOINTS} more` : '';
  return `Pose of ${name} by hand, frame ${frame}: ${named}${more}`;
}
