import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { BodyModel, PoseCorrectiveBlock } from '#core/body/bodyModel';
import { JOINT_COUNT } from '#core/body/skeleton';
import { AppError } from '#core/errors';
import type { ContainerArray } from './bodyContainer';
import { bodyInvalid, ContainerReader, decodeContainer } from './bodyContainer';

/** What every body file says of itself. */
export const aboutFields = {
  id: z.string().min(1),
  title: z.string().min(1),
  vertexCount: z.int().min(4).max(65_535),
  shapeCount: z.int().min(0).max(300),
  parents: z.array(z.int()).length(JOINT_COUNT),
};

/** How {@link readBody} speaks of a file that it cannot read. */
export interface BodyFileWords {
  /** The body, as the beginning of a sentence. */
  what: string;
  /** What to do. */
  hint: string;
}

/**
 * The body in a file.
 * @throws AppError BODY_INVALID with the hint of `words` when the file cannot be read or `parse` refuses it
 */
export async function readBody(
  path: string,
  parse: (bytes: Uint8Array) => BodyModel,
  { what, hint }: BodyFileWords,
): Promise<BodyModel> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new AppError('BODY_INVALID', `${what} could not be read from ${path}.`, { hint, cause });
  });
  try {
    return { ...parse(bytes), sha256: createHash('sha256').update(bytes).digest('hex') };
  } catch (cause) {
    if (cause instanceof AppError) throw new AppError(cause.code, cause.message, { hint, cause });
    throw cause;
  }
}

/**
 * A body file opened: what it says of itself, parsed by `schema`, and its arrays.
 * @throws AppError BODY_INVALID when the container or its description is damaged, or a joint comes before its parent
 */
export function openBody<About extends { parents: readonly number[] }>(
  bytes: Uint8Array,
  schema: z.ZodType<About>,
): { about: About; reader: ContainerReader } {
  const content = decodeContainer(bytes);
  const parsed = schema.safeParse(content.about);
  if (!parsed.success) throw bodyInvalid('its description is incomplete', parsed.error);
  checkParents(parsed.data.parents);
  return { about: parsed.data, reader: new ContainerReader(content) };
}

/** Adds an array to a container that is being written. */
export type AddArray = (name: string, type: ContainerArray['type'], shape: number[], values: ArrayLike<number>) => void;

/** @throws AppError BODY_INVALID when an index is not below `limit` */
export function checkIndices(name: string, indices: ArrayLike<number>, limit: number): void {
  for (let k = 0; k < indices.length; k++) {
    if (indices[k]! >= limit) throw bodyInvalid(`the array ${name} points at ${indices[k]}, beyond its ${limit} items`);
  }
}

/** @throws AppError BODY_INVALID unless every joint comes after its parent */
function checkParents(parents: readonly number[]): void {
  if (parents.some((parent, joint) => parent < (joint === 0 ? -1 : 0) || parent >= joint)) {
    throw bodyInvalid('a joint comes before its parent');
  }
}

/** Pose correctives as they were added by {@link addCorrectives}. */
function readCorrectives(
  reader: ContainerReader,
  vertexCount: number,
  precision: 'f16' | 'f32',
): PoseCorrectiveBlock[] {
  const counts = reader.u16('correctiveCounts', JOINT_COUNT - 1);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const vertices = reader.u16('correctiveVertices', total);
  const directions = reader[precision]('correctiveDirections', total * 27);
  checkIndices('correctiveVertices', vertices, vertexCount);
  const blocks: PoseCorrectiveBlock[] = [];
  let start = 0;
  for (let joint = 1; joint < JOINT_COUNT; joint++) {
    const count = counts[joint - 1]!;
    if (count > 0) {
      blocks.push({
        joint,
        vertices: Uint32Array.from(vertices.subarray(start, start + count)),
        directions: directions.slice(start * 27, (start + count) * 27),
      });
    }
    start += count;
  }
  return blocks;
}

/** Adds pose correctives, block after block. */
function addCorrectives(add: AddArray, blocks: readonly PoseCorrectiveBlock[], precision: 'f16' | 'f32'): void {
  const counts = new Uint16Array(JOINT_COUNT - 1);
  for (const block of blocks) counts[block.joint - 1] = block.vertices.length;
  const total = counts.reduce((sum, count) => sum + count, 0);
  const vertices = new Uint16Array(total);
  const directions = new Float32Array(total * 27);
  let start = 0;
  for (const block of blocks) {
    vertices.set(block.vertices, start);
    directions.set(block.directions, start * 27);
    start += block.vertices.length;
  }
  add('correctiveCounts', 'u16', [counts.length], counts);
  add('correctiveVertices', 'u16', [total], vertices);
  add('correctiveDirections', precision, [total, 27], directions);
}

/** The joint regressor as it was added by {@link addRegressor}. */
function readRegressor(reader: ContainerReader, vertexCount: number): BodyModel['jointRegressor'] {
  const rowStarts = reader.u32('regressorStarts', JOINT_COUNT + 1);
  const total = rowStarts[JOINT_COUNT]!;
  const columns = Uint32Array.from(reader.u16('regressorColumns', total));
  for (let row = 0; row < JOINT_COUNT; row++) {
    if (rowStarts[row]! > rowStarts[row + 1]!) throw bodyInvalid('the rows of the joint regressor are out of order');
  }
  checkIndices('regressorColumns', columns, vertexCount);
  return { rowStarts, columns, values: reader.f32('regressorValues', total) };
}

/** Adds a joint regressor. */
function addRegressor(add: AddArray, { rowStarts, columns, values }: BodyModel['jointRegressor']): void {
  add('regressorStarts', 'u32', [rowStarts.length], rowStarts);
  add('regressorColumns', 'u16', [columns.length], columns);
  add('regressorValues', 'f32', [values.length], values);
}

/** Adds what makes the shape and its joints, and which joints the skin follows. */
export function addShape(add: AddArray, body: BodyModel, precision: 'f16' | 'f32'): void {
  const { vertexCount, shapeCount, skin } = body;
  add('shapeDirections', precision, [shapeCount, vertexCount, 3], body.shapeDirections);
  addCorrectives(add, body.poseCorrectives, precision);
  addRegressor(add, body.jointRegressor);
  add('skinJoints', 'u8', [vertexCount, skin.influences], skin.joints);
}

/** What {@link addShape} added, and the template. @throws AppError BODY_INVALID */
export function readShape(
  reader: ContainerReader,
  about: { vertexCount: number; shapeCount: number; influences: number },
  precision: 'f16' | 'f32',
): Pick<BodyModel, 'template' | 'shapeDirections' | 'poseCorrectives' | 'jointRegressor'> & { skinJoints: Uint8Array } {
  const { vertexCount, shapeCount, influences } = about;
  const skinJoints = reader.u8('skinJoints', vertexCount * influences);
  checkIndices('skinJoints', skinJoints, JOINT_COUNT);
  return {
    template: reader.f32('template', vertexCount * 3),
    shapeDirections: reader[precision]('shapeDirections', shapeCount * vertexCount * 3),
    poseCorrectives: readCorrectives(reader, vertexCount, precision),
    jointRegressor: readRegressor(reader, vertexCount),
    skinJoints,
  };
}

/** The mirror map, V vertex indices. @throws AppError BODY_INVALID */
export function readMirror(reader: ContainerReader, vertexCount: number): Uint32Array {
  const mirror = Uint32Array.from(reader.u16('mirror', vertexCount));
  checkIndices('mirror', mirror, vertexCount);
  return mirror;
}
