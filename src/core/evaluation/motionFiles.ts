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
  /** Vertices, where the file has them or its parameters could be posed. */
  mesh?: MeshSeries;
}

/** Vertices of one person, made frame by frame: a clip of them is too large to hold. */
export interface MeshSeries {
  vertexCount: number;
  /** vertexCount x 3, m, in the axes of the joints but without the person's translation; undefined where there are none. */
  at(frame: number): ArrayLike<number> | undefined;
}

/** Motion of all people of a clip. */
export interface MotionFile {
  /** Frames per second; undefined where the file does not say. */
  fps: number | undefined;
  frameCount: number;
  people: PersonSeries[];
}

/** Motion of one person as rows of a file, a row a frame. */
export interface MotionTable {
  id: string;
  /** Frame of each row. */
  frames: readonly number[];
  /** rows x jointCount x 3, m. */
  joints: ArrayLike<number>;
  jointCount: number;
  /** Where the joints of {@link LIMB_JOINTS} are among them. */
  limbs: readonly number[];
  /** rows x jointCount x 2, px; absent when the file does not say where joints are in the picture. */
  picture?: ArrayLike<number>;
  /** Box of a row. */
  box?: (row: number) => Box | undefined;
  /** False for rows that do not count. */
  valid?: (row: number) => boolean;
  /** Vertices of a row, see {@link MeshSeries}. */
  mesh?: { vertexCount: number; row(row: number): ArrayLike<number> };
}

/** One person's motion from rows, in a clip of `frameCount` frames. */
export function personFromTable(table: MotionTable, frameCount: number): PersonSeries {
  const person = emptyPerson(table.id, frameCount);
  const rows = new Map<number, number>();
  const pick = (values: ArrayLike<number> | undefined, row: number, width: number): number[][] =>
    table.limbs.map((joint) => {
      const at = (row * table.jointCount + joint) * width;
      return Array.from({ length: width }, (_, c) => values?.[at + c] ?? Number.NaN);
    });
  table.frames.forEach((frame, row) => {
    if (frame >= frameCount || table.valid?.(row) === false) return;
    rows.set(frame, row);
    setRow(person, frame, pick(table.joints, row, 3), pick(table.picture, row, 2), undefined);
    person.boxes[frame] = table.box?.(row);
  });
  const { mesh } = table;
  if (mesh === undefined) return person;
  const at = (frame: number): ArrayLike<number> | undefined => {
    const row = rows.get(frame);
    return row === undefined ? undefined : mesh.row(row);
  };
  return { ...person, mesh: { vertexCount: mesh.vertexCount, at } };
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
  const [issue] = frames.error.issues;
  const place = issue && issue.path.length > 0 ? `${issue.path.join('.')}: ` : '';
  throw new AppError('INVALID_ARGUMENT', `${name} holds no motion: ${place}${issue?.message ?? 'it is empty'}.`, {
    hint: 'Give a file of "--export joints", or a truth file in the same form.',
  });
}
