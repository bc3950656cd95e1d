import { createHash } from 'node:crypto';
import type { BodyModel } from '#core/body/bodyModel';
import { fullSkinWeights, poseCorrectivesFromDense, sparseRowsFromDense } from '#core/body/bodyModel';
import { JOINT_COUNT, JOINT_PARENTS } from '#core/body/skeleton';
import { type DenseArray, smplInvalid } from './smplNumbers';

/** The three SMPL models. */
export type SmplGender = 'neutral' | 'male' | 'female';

/** Betas that Retake uses of a model that may have 300. */
const SHAPE_COUNT = 10;
/** Pose features: 23 joints, 9 elements of a rotation matrix each. */
const FEATURE_COUNT = (JOINT_COUNT - 1) * 9;
/** How far the skin weights of a vertex may be from summing to 1. */
const WEIGHT_TOLERANCE = 1e-3;
/** Most vertices that the body files of Retake can number. */
const MAX_VERTICES = 65_535;

/** Arrays of a SMPL model as its files have them (reference vibe-smpl 7.1). */
export interface SmplArrays {
  /** v_template, V x 3, m. */
  template: DenseArray;
  /** V x 3 x (10 or more). */
  shapedirs: DenseArray;
  /** V x 3 x 207. */
  posedirs: DenseArray;
  /** J_regressor, 24 x V. */
  regressor: DenseArray;
  /** V x 24. */
  weights: DenseArray;
  /** Parents of the joints, any number for the root's. */
  parents: readonly number[];
  /** f, triangles, from 0. */
  faces: DenseArray;
  /** vert_sym_idxs, V, where the file has it. */
  mirror?: DenseArray;
}

const OTHER_MODELS: ReadonlyMap<number, string> = new Map([
  [5, 'FLAME'],
  [16, 'MANO'],
  [52, 'SMPL-H'],
  [55, 'SMPL-X'],
]);

function checkShape(
  file: string,
  name: string,
  { shape }: DenseArray,
  expected: readonly (number | undefined)[],
): void {
  const fits = shape.length === expected.length && shape.every((size, axis) => size === (expected[axis] ?? size));
  if (fits) return;
  const wanted = expected.map((size) => size ?? 'any').join(' x ');
  throw smplInvalid(file, `${name} is ${shape.join(' x ') || 'a single number'} where ${wanted} is expected`);
}

function checkFinite(file: string, name: string, { data }: DenseArray): void {
  for (let k = 0; k < data.length; k++) {
    if (!Number.isFinite(data[k])) throw smplInvalid(file, `${name} holds a number that is not finite`);
  }
}

function checkWeights(file: string, { data }: DenseArray, vertexCount: number): void {
  for (let vertex = 0; vertex < vertexCount; vertex++) {
    let sum = 0;
    for (let joint = 0; joint < JOINT_COUNT; joint++) {
      const weight = data[vertex * JOINT_COUNT + joint]!;
      if (weight < -1e-6) throw smplInvalid(file, `a skin weight of vertex ${vertex} is negative`);
      sum += weight;
    }
    if (Math.abs(sum - 1) > WEIGHT_TOLERANCE) {
      throw smplInvalid(file, `the skin weights of vertex ${vertex} sum to ${sum.toFixed(4)} where 1 is expected`);
    }
  }
}

function checkIndices(file: string, name: string, { data }: DenseArray, vertexCount: number): void {
  for (let k = 0; k < data.length; k++) {
    if (!(data[k]! >= 0 && data[k]! < vertexCount && Number.isInteger(data[k]))) {
      throw smplInvalid(file, `${name} points at vertex ${data[k]} of ${vertexCount}`);
    }
  }
}

function checkArrays(file: string, arrays: SmplArrays): number {
  const { template, weights, shapedirs, posedirs, regressor, faces, mirror } = arrays;
  const joints = weights.shape.at(-1) ?? 0;
  if (joints !== JOINT_COUNT) {
    const other = OTHER_MODELS.get(joints);
    throw smplInvalid(file, `it has ${joints} joints${other ? `, so it is a ${other} model,` : ''} where SMPL has 24`);
  }
  const vertexCount = template.shape[0] ?? 0;
  if (vertexCount < 4 || vertexCount > MAX_VERTICES) throw smplInvalid(file, `it has ${vertexCount} vertices`);
  checkShape(file, 'v_template', template, [vertexCount, 3]);
  checkShape(file, 'weights', weights, [vertexCount, JOINT_COUNT]);
  checkShape(file, 'posedirs', posedirs, [vertexCount, 3, FEATURE_COUNT]);
  checkShape(file, 'J_regressor', regressor, [JOINT_COUNT, vertexCount]);
  checkShape(file, 'shapedirs', shapedirs, [vertexCount, 3, undefined]);
  checkShape(file, 'f', faces, [undefined, 3]);
  if ((shapedirs.shape[2] ?? 0) < SHAPE_COUNT) {
    throw smplInvalid(file, `it has ${shapedirs.shape[2]} shape components where at least ${SHAPE_COUNT} are expected`);
  }
  const numbers = { v_template: template, weights, posedirs, J_regressor: regressor, shapedirs };
  for (const [name, array] of Object.entries(numbers)) checkFinite(file, name, array);
  checkWeights(file, weights, vertexCount);
  checkIndices(file, 'f', faces, vertexCount);
  if (mirror) {
    checkShape(file, 'vert_sym_idxs', mirror, [vertexCount]);
    checkIndices(file, 'vert_sym_idxs', mirror, vertexCount);
  }
  if (JOINT_PARENTS.some((parent, joint) => joint > 0 && arrays.parents[joint] !== parent)) {
    throw smplInvalid(file, "its joints hang together in another way than SMPL's (kintree_table)");
  }
  return vertexCount;
}

/** Offsets of the first ten betas, beta by beta. */
function shapeDirections({ shape, data }: DenseArray, size: number): Float32Array {
  const count = shape[2] ?? 0;
  const directions = new Float32Array(SHAPE_COUNT * size);
  for (let k = 0; k < SHAPE_COUNT; k++) {
    for (let at = 0; at < size; at++) directions[k * size + at] = data[at * count + k]!;
  }
  return directions;
}

/** First 12 hex digits of the sha256 of what poses a body, as little-endian float32 and uint32: the same for every file format. */
function fingerprint(parts: readonly ArrayBufferView[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
  return hash.digest('hex').slice(0, 12);
}

/**
 * A SMPL model from the arrays of its file, checked. Its id is `smpl-<gender>-<12 hex digits of its content>`; every skin
 * weight is kept as it is, and the first ten of its shape components.
 * @param file what the file is called in errors
 * @throws AppError BODY_INVALID with one sentence: wrong shapes, SMPL-H or SMPL-X, weights that do not sum to 1, NaN,
 * indices beyond the vertices, another kinematic tree
 */
export function smplModel(arrays: SmplArrays, gender: SmplGender, file: string): BodyModel {
  const vertexCount = checkArrays(file, arrays);
  const template = Float32Array.from(arrays.template.data);
  const faces = Uint32Array.from(arrays.faces.data);
  const directions = shapeDirections(arrays.shapedirs, vertexCount * 3);
  const posedirs = Float32Array.from(arrays.posedirs.data);
  const regressor = Float32Array.from(arrays.regressor.data);
  const weights = Float32Array.from(arrays.weights.data);
  return {
    id: `smpl-${gender}-${fingerprint([template, directions, posedirs, regressor, weights, faces])}`,
    title: `SMPL ${gender}`,
    vertexCount,
    faceCount: faces.length / 3,
    template,
    faces,
    shapeCount: SHAPE_COUNT,
    shapeDirections: directions,
    poseCorrectives: poseCorrectivesFromDense(posedirs, vertexCount),
    jointRegressor: sparseRowsFromDense(regressor, JOINT_COUNT),
    skin: fullSkinWeights(weights, vertexCount),
    parents: JOINT_PARENTS,
    ...(arrays.mirror ? { mirror: Uint32Array.from(arrays.mirror.data) } : {}),
  };
}
