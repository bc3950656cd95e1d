import type { BodyModel, PoseCorrectiveBlock } from '#core/body/bodyModel';
import { JOINT_COUNT } from '#core/body/skeleton';
import type { ContainerArray, ContainerReader } from './bodyContainer';
import { bodyInvalid } from './bodyContainer';

/** Adds an array to a container that is being written. */
export type AddArray = (name: string, type: ContainerArray['type'], shape: number[], values: ArrayLike<number>) => void;

/** @throws AppError BODY_INVALID when an index is not below `limit` */
export function checkIndices(name: string, indices: ArrayLike<number>, limit: number): void {
  for (let k = 0; k < indices.length; k++) {
    if (indices[k]! >= limit) throw bodyInvalid(`the array ${name} points at ${indices[k]}, beyond its ${limit} items`);
  }
}

/** @throws AppError BODY_INVALID unless every joint comes after its parent */
export function checkParents(parents: readonly number[]): void {
  if (parents.some((parent, joint) => parent < (joint === 0 ? -1 : 0) || parent >= joint)) {
    throw bodyInvalid('a joint comes before its parent');
  }
}

/** Pose correctives as they were added by {@link addCorrectives}. @throws AppError BODY_INVALID */
export function readCorrectives(
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
export function addCorrectives(add: AddArray, blocks: readonly PoseCorrectiveBlock[], precision: 'f16' | 'f32'): void {
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

/** The joint regressor as it was added by {@link addRegressor}. @throws AppError BODY_INVALID */
export function readRegressor(reader: ContainerReader, vertexCount: number): BodyModel['jointRegressor'] {
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
export function addRegressor(add: AddArray, { rowStarts, columns, values }: BodyModel['jointRegressor']): void {
  add('regressorStarts', 'u32', [rowStarts.length], rowStarts);
  add('regressorColumns', 'u16', [columns.length], columns);
  add('regressorValues', 'f32', [values.length], values);
}
