import { z } from 'zod';
import { AppError } from '../errors';
import type { JointSeries } from './jointSeries';
import { LIMB_JOINTS } from './jointSeries';
import type { ImageSeries } from './reprojection';
import type { Box } from '../tracks/box';

const point2 = z.array(z.number()).length(2);
const point3 = z.array(z.number()).length(3);
const boxNumbers = z.array(z.number()).length(4);

/** Files with frames and people: what `--export joints` writes, and the truth beside the sample. */
const framesFile = z.object({
  fps: z.number().positive(),
  frames: z.array(
    z.object({
      frame: z.int().min(0),
      people: z.array(
        z.object({
          id: z.union([z.number(), z.string()]),
          box: boxNumbers.nullish(),
          joints3d: z.array(point3).length(24),
          joints2d: z.array(point2).length(24),
        }),
      ),
    }),
  ),
});

/** Reference joints of one person, one entry a frame (format retake-reference/1); its boxes are corners: left, top, right, bottom. */
const referenceFile = z.object({
  fps: z.number().positive(),
  frames: z.int().min(1),
  smpl_joints: z.array(z.int().min(0).max(23)).length(LIMB_JOINTS.length),
  joints3d: z.array(z.array(point3).length(LIMB_JOINTS.length)),
  joints2d: z.array(z.array(point2).length(LIMB_JOINTS.length)),
  box: z.array(boxNumbers),
});

/** Motion of one person in the 12 limb joints, row = frame. */
export interface PersonSeries {
  id: string;
  joints: JointSeries & { present: Uint8Array };
  picture: ImageSeries;
  /** Box per frame where there is one. */
  boxes: (Box | undefined)[];
}

/** Motion of all people of a clip. */
export interface MotionFile {
  fps: number;
  frameCount: number;
  people: PersonSeries[];
}

function emptyPerson(id: string, frameCount: number): PersonSeries {
  const joints = LIMB_JOINTS.length;
  const present = new Uint8Array(frameCount);
  return {
    id,
    joints: { frames: frameCount, joints, positions: new Float64Array(frameCount * joints * 3), present },
    picture: { frames: frameCount, joints, positions: new Float64Array(frameCount * joints * 2), present },
    boxes: new Array<Box | undefined>(frameCount).fill(undefined),
  };
}

function setRow(
  person: PersonSeries,
  frame: number,
  joints3d: readonly (readonly number[])[],
  joints2d: readonly (readonly number[])[],
  box: readonly number[] | null | undefined,
): void {
  const count = LIMB_JOINTS.length;
  (person.joints.positions as Float64Array).set(joints3d.flat(), frame * count * 3);
  (person.picture.positions as Float64Array).set(joints2d.flat(), frame * count * 2);
  person.joints.present[frame] = 1;
  if (box) {
    const [x = 0, y = 0, width = 0, height = 0] = box;
    person.boxes[frame] = { x, y, width, height };
  }
}

function fromFrames(file: z.infer<typeof framesFile>): MotionFile {
  const frameCount = Math.max(0, ...file.frames.map(({ frame }) => frame + 1));
  const people = new Map<string, PersonSeries>();
  for (const { frame, people: found } of file.frames) {
    for (const { id, box, joints3d, joints2d } of found) {
      const person = people.get(String(id)) ?? emptyPerson(String(id), frameCount);
      people.set(person.id, person);
      const limbs = <Point>(points: Point[]) => LIMB_JOINTS.map((joint) => points[joint] as Point);
      setRow(person, frame, limbs(joints3d), limbs(joints2d), box);
    }
  }
  return { fps: file.fps, frameCount, people: [...people.values()] };
}

function fromReference(file: z.infer<typeof referenceFile>): MotionFile {
  const person = emptyPerson('1', file.frames);
  const order = LIMB_JOINTS.map((joint) => file.smpl_joints.indexOf(joint));
  for (let frame = 0; frame < file.frames; frame++) {
    const pick = <Point>(points: Point[]) => order.map((at) => points[at] as Point);
    const [left = 0, top = 0, right = 0, bottom = 0] = file.box[frame] ?? [];
    const box = [left, top, right - left, bottom - top];
    setRow(person, frame, pick(file.joints3d[frame] ?? []), pick(file.joints2d[frame] ?? []), box);
  }
  return { fps: file.fps, frameCount: file.frames, people: [person] };
}

/**
 * Reads the JSON of `--export joints`, of the sample's truth, or of a reference file.
 * @param name what the file is called in messages
 * @throws AppError INVALID_ARGUMENT when it is none of them
 */
export function parseMotionFile(text: string, name: string): MotionFile {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new AppError('INVALID_ARGUMENT', `${name} is not JSON.`, { cause: error });
  }
  const frames = framesFile.safeParse(json);
  if (frames.success) return fromFrames(frames.data);
  const reference = referenceFile.safeParse(json);
  if (reference.success) return fromReference(reference.data);
  const issue = frames.error.issues[0];
  throw new AppError('INVALID_ARGUMENT', `${name} holds no motion: ${issue?.path.join('.')}: ${issue?.message}.`, {
    hint: 'Give a file of "--export joints", or a truth file in the same form.',
  });
}
