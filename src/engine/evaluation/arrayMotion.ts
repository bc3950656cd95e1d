import type { BodyModel } from '#core/body/bodyModel';
import { LIMB_JOINTS } from '#core/evaluation/jointSeries';
import { type MotionFile, type MotionTable, personFromTable } from '#core/evaluation/motionFiles';
import { AppError } from '#core/errors';
import { JOINT_COUNT } from '#core/body/skeleton';
import type { NdArray } from '../weights/numpy/ndArray';
import { poseRow, type SmplRows } from './posedParameters';

/** Names under which files say their frame rate. */
const RATE_KEYS = ['fps', 'mocap_framerate', 'mocap_frame_rate'];

class Arrays {
  constructor(
    private readonly arrays: ReadonlyMap<string, NdArray>,
    private readonly name: string,
  ) {}

  fail(problem: string): never {
    throw new AppError('INVALID_ARGUMENT', `${this.name} holds no motion: ${problem}.`, {
      hint: 'Needed are joints3d (frames x 24 x 3), or poses and betas together with --body.',
    });
  }

  /** Numbers of a key whose first axis is frames, with the numbers a frame; undefined when it is not there. */
  rows(key: string, last: number): { data: ArrayLike<number>; count: number; width: number } | undefined {
    const array = this.arrays.get(key);
    if (array === undefined) return undefined;
    const [count = 0] = array.shape;
    if (array.shape.length < 2 || array.shape.at(-1)! % last !== 0) this.fail(`${key} is ${array.shape.join(' x ')}`);
    return { data: array.data, count, width: count === 0 ? 0 : array.count / count };
  }

  number(keys: readonly string[]): number | undefined {
    const array = keys.map((key) => this.arrays.get(key)).find((found) => found !== undefined);
    return array?.data[0];
  }

  get(key: string): NdArray | undefined {
    return this.arrays.get(key);
  }
}

function parameterRows(arrays: Arrays): SmplRows | undefined {
  const poses = arrays.rows('poses', 3);
  const betas = arrays.get('betas');
  if (poses === undefined || betas === undefined) return undefined;
  if (poses.width < JOINT_COUNT * 3) arrays.fail(`poses has ${poses.width} numbers a frame where 72 are expected`);
  const perRow = betas.shape.length === 2 && betas.shape[0] === poses.count ? betas.shape[1] : undefined;
  return { poses: poses.data, width: poses.width, betas: { data: betas.data, perRow } };
}

function posedJoints(body: BodyModel, rows: SmplRows, count: number): Float64Array {
  const joints = new Float64Array(count * JOINT_COUNT * 3);
  for (let row = 0; row < count; row++) joints.set(poseRow(body, rows, row).joints, row * JOINT_COUNT * 3);
  return joints;
}

/** Boxes of the rows, where the file has them. */
function boxesOf(arrays: Arrays): MotionTable['box'] {
  const boxes = arrays.rows('boxes', 4);
  if (boxes === undefined) return undefined;
  return (row) => {
    const [x = 0, y = 0, width = 0, height = 0] = [0, 1, 2, 3].map((k) => boxes.data[row * 4 + k]!);
    return { x, y, width, height };
  };
}

/** Vertices of the file without its translation. */
function verticesOf(arrays: Arrays): MotionTable['mesh'] {
  const [vertices, trans] = [arrays.rows('vertices', 3), arrays.rows('trans', 3)];
  if (vertices === undefined) return undefined;
  const { data, width } = vertices;
  const row = (at: number): Float64Array =>
    Float64Array.from({ length: width }, (_, k) => data[at * width + k]! - (trans?.data[at * 3 + (k % 3)] ?? 0));
  return { vertexCount: width / 3, row };
}

function posedVertices(body: BodyModel | undefined, rows: SmplRows | undefined): MotionTable['mesh'] {
  if (body === undefined || rows === undefined) return undefined;
  return { vertexCount: body.vertexCount, row: (row) => poseRow(body, rows, row).vertices };
}

/**
 * Motion of one person from the arrays of an npz: `joints3d` (frames x 24 x 3, m) or `poses` (frames x 72, or 156 of SMPL-H,
 * rad) and `betas` with a body; `vertices` (frames x V x 3, m; `trans` is taken off) where there are; `frame_ids`; `boxes`
 * (frames x 4: x, y, width, height, px); `fps`, `mocap_framerate` or `mocap_frame_rate`.
 * @throws AppError INVALID_ARGUMENT when it holds no motion
 */
export function arrayMotion(
  source: ReadonlyMap<string, NdArray>,
  name: string,
  body: BodyModel | undefined,
): MotionFile {
  const arrays = new Arrays(source, name);
  const rows = parameterRows(arrays);
  const given = arrays.rows('joints3d', 3);
  if (given && given.width !== JOINT_COUNT * 3)
    arrays.fail(`joints3d has ${given.width / 3} joints where 24 are expected`);
  const count = given?.count ?? arrays.rows('poses', 3)?.count ?? 0;
  const joints =
    given?.data ??
    (body && rows
      ? posedJoints(body, rows, count)
      : arrays.fail(rows ? 'poses need a body model' : 'it has neither joints3d nor poses and betas'));
  const ids = arrays.get('frame_ids');
  const frames = ids ? Array.from(ids.data) : Array.from({ length: count }, (_, row) => row);
  if (
    frames.length !== count ||
    frames.some((frame) => !Number.isSafeInteger(frame) || frame < 0 || frame > 10_000_000)
  ) {
    arrays.fail('frame_ids are not one frame number a row');
  }
  const frameCount = frames.reduce((most, frame) => Math.max(most, frame + 1), 0);
  const [box, mesh] = [boxesOf(arrays), verticesOf(arrays) ?? posedVertices(body, rows)];
  const table = { id: '1', frames, joints, jointCount: JOINT_COUNT, limbs: LIMB_JOINTS };
  const person = personFromTable({ ...table, ...(box ? { box } : {}), ...(mesh ? { mesh } : {}) }, frameCount);
  return { fps: arrays.number(RATE_KEYS), frameCount, people: [person] };
}
