import type { BodyModel } from '#core/body/bodyModel';
import { LIMB_JOINTS } from '#core/evaluation/jointSeries';
import { type MotionFile, type MotionTable, personFromTable } from '#core/evaluation/motionFiles';
import { AppError } from '#core/errors';
import type { Box } from '#core/tracks/box';
import { NdArray } from '../weights/numpy/ndArray';
import { poseRow, type SmplRows } from './posedParameters';

/** 3DPW's pictures are 30 a second; poses, joints and cameras have a row for each. */
const FPS = 30;

/** Joints of a row of `jointPositions`. */
const JOINTS = 24;

/** Confidence above which a point of `poses2d` is seen. */
const SEEN = 0.1;

/** Letters of `genders`. */
const GENDERS: Readonly<Record<string, string>> = { m: 'male', f: 'female' };

/** Whether the values are those of a sequence file of 3DPW. */
export function isThreeDpw(values: ReadonlyMap<unknown, unknown>): boolean {
  return ['jointPositions', 'poses', 'cam_poses', 'cam_intrinsics'].every((key) => values.has(key));
}

class Sequence {
  constructor(
    private readonly values: ReadonlyMap<unknown, unknown>,
    private readonly name: string,
  ) {}

  fail(problem: string): never {
    throw new AppError('INVALID_ARGUMENT', `${this.name} is not a sequence file of 3DPW: ${problem}.`, {
      hint: 'Choose a .pkl of its folder sequenceFiles.',
    });
  }

  list(key: string): unknown[] {
    const value = this.values.get(key);
    return Array.isArray(value) ? value : this.fail(`it has no list ${key}`);
  }

  /** Numbers of an array with `width` numbers a row, and how many rows. */
  rows(value: unknown, key: string, width: number): { data: ArrayLike<number>; count: number } {
    if (!(value instanceof NdArray) || value.count % width !== 0) this.fail(`${key} has an unexpected shape`);
    return { data: value.data, count: value.count / width };
  }

  array(key: string, width: number): { data: ArrayLike<number>; count: number } {
    return this.rows(this.values.get(key), key, width);
  }
}

/** A world point in the camera of a row: cam_poses are 4 x 4, world to camera. */
function toCamera(cameras: ArrayLike<number>, row: number, x: number, y: number, z: number): number[] {
  return [0, 1, 2].map((axis) => {
    const at = row * 16 + axis * 4;
    return cameras[at]! * x + cameras[at + 1]! * y + cameras[at + 2]! * z + cameras[at + 3]!;
  });
}

function turnOf(cameras: ArrayLike<number>, row: number): number[] {
  return [0, 1, 2].flatMap((axis) => [0, 1, 2].map((c) => cameras[row * 16 + axis * 4 + c]!));
}

/** Box of the seen key points of a row; poses2d is rows x 3 x 18: x, y, confidence. */
function boxOf(points: ArrayLike<number>, row: number): Box | undefined {
  const seen = Array.from({ length: 18 }, (_, k) => k).filter((k) => points[row * 54 + 36 + k]! > SEEN);
  if (seen.length === 0) return undefined;
  const xs = seen.map((k) => points[row * 54 + k]!);
  const ys = seen.map((k) => points[row * 54 + 18 + k]!);
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}

function personOf(sequence: Sequence, actor: number, body: BodyModel | undefined): MotionTable {
  const cameras = sequence.array('cam_poses', 16);
  const intrinsics = sequence.array('cam_intrinsics', 9).data;
  const world = sequence.rows(sequence.list('jointPositions')[actor], 'jointPositions', JOINTS * 3);
  const points = sequence.rows(sequence.list('poses2d')[actor], 'poses2d', 54);
  const valid = sequence.rows(sequence.list('campose_valid')[actor], 'campose_valid', 1).data;
  const poses = sequence.rows(sequence.list('poses')[actor], 'poses', 72);
  const betas = sequence.list('betas')[actor];
  const count = Math.min(world.count, cameras.count, valid.length, poses.count);
  const joints = new Float64Array(count * JOINTS * 3);
  const picture = new Float64Array(count * JOINTS * 2);
  for (let k = 0; k < count * JOINTS; k++) {
    const row = Math.floor(k / JOINTS);
    const [x = 0, y = 0, z = 0] = toCamera(
      cameras.data,
      row,
      world.data[k * 3]!,
      world.data[k * 3 + 1]!,
      world.data[k * 3 + 2]!,
    );
    joints.set([x, y, z], k * 3);
    picture.set([(intrinsics[0]! * x) / z + intrinsics[2]!, (intrinsics[4]! * y) / z + intrinsics[5]!], k * 2);
  }
  const gender = GENDERS[String(sequence.list('genders')[actor])];
  // Betas belong to the model of the person's gender; with another they mean another shape.
  const posable = body && betas instanceof NdArray && (gender === undefined || body.id.startsWith(`smpl-${gender}-`));
  const rows: SmplRows | undefined = posable
    ? {
        poses: poses.data,
        width: 72,
        betas: { data: betas.data, perRow: undefined },
        turn: (row) => turnOf(cameras.data, row),
      }
    : undefined;
  return {
    id: String(actor),
    frames: Array.from({ length: count }, (_, row) => row),
    joints,
    jointCount: JOINTS,
    limbs: LIMB_JOINTS,
    picture,
    box: (row) => (row < points.count ? boxOf(points.data, row) : undefined),
    valid: (row) => valid[row] !== 0,
    ...(body && rows
      ? { mesh: { vertexCount: body.vertexCount, row: (row: number) => poseRow(body, rows, row).vertices } }
      : {}),
  };
}

/**
 * Motion of a sequence file of 3DPW (von Marcard et al. 2018). Read are, for each actor, `jointPositions` (24 SMPL joints,
 * world, m, brought into the camera by `cam_poses`), `campose_valid` (other frames do not count), `poses2d` (their box),
 * `cam_intrinsics` (where joints are in the picture), and with a body of the actor's gender `poses` and `betas` (vertices).
 * `img_frame_ids` and everything at 60 Hz is not needed: rows are pictures, 30 a second.
 * @throws AppError INVALID_ARGUMENT when an entry is missing or has another shape
 */
export function threeDpwMotion(
  values: ReadonlyMap<unknown, unknown>,
  name: string,
  body: BodyModel | undefined,
): MotionFile {
  const sequence = new Sequence(values, name);
  const tables = sequence.list('jointPositions').map((_, actor) => personOf(sequence, actor, body));
  const frameCount = Math.max(0, ...tables.map(({ frames }) => frames.length));
  return { fps: FPS, frameCount, people: tables.map((table) => personFromTable(table, frameCount)) };
}
