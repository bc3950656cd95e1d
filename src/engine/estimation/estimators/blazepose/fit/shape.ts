import { solveSmall } from '#core/algebra/solveSmall';
import type { EvidenceRows } from './evidenceRows';
import {
  chainRotations,
  createFrameScratch,
  type FrameScratch,
  placePoints,
  type ShapeDerivativeTables,
  shapeDerivativeTables,
} from './kinematics';
import type { PoseRows } from './parameters';
import { FIT_POINTS, type FitBody, POINT_COUNT, pointOfLandmark, skeletonOf } from './points';
import { LANDMARK } from '../observation';
import { FIT_WEIGHTS } from './weights';

const leftHip = pointOfLandmark(LANDMARK.leftHip);
const rightHip = pointOfLandmark(LANDMARK.rightHip);

/** Normal equations of the betas, summed over rows, and those of the row at hand with its own translation. */
interface ShapeSums {
  /** Betas. */
  count: number;
  matrix: Float64Array;
  vector: Float64Array;
  /** (count + 3) squared: betas, then the translation of the row at hand. */
  rowMatrix: Float64Array;
  rowVector: Float64Array;
}

/** A shape and the translations that go with it. */
export interface ShapeStep {
  betas: Float64Array<ArrayBuffer>;
  /** rows x 3: to be added to the translations, m. */
  moves: Float64Array;
}

/**
 * Betas (those that are fitted) that explain image and world landmarks best at fixed rotations. Every row may move
 * nearer or farther with the shape, else a larger body could never be tried: the translations are eliminated row by row
 * (Schur complement), the betas clipped to their limits, and the moves that go with them returned.
 */
export function solveShape(
  body: FitBody,
  betas: Float64Array,
  evidence: EvidenceRows,
  poses: PoseRows,
  focal: number,
): ShapeStep {
  const count = body.shapeCount;
  const total = count + 3;
  const sums: ShapeSums = {
    count,
    matrix: new Float64Array(count * count),
    vector: new Float64Array(count),
    rowMatrix: new Float64Array(total * total),
    rowVector: new Float64Array(total),
  };
  const eliminated = addRows(body, betas, evidence, poses, focal, sums);
  const weight = FIT_WEIGHTS.shape.perFrame * evidence.length;
  for (let i = 0; i < count; i++) {
    sums.matrix[i * count + i]! += weight;
    sums.vector[i]! -= weight * betas[i]!;
  }
  const step = solveSmall(sums.matrix, sums.vector, count);
  const limit = FIT_WEIGHTS.shape.limit;
  const found = Float64Array.from(betas, (beta, i) => Math.min(limit, Math.max(-limit, beta + (step[i] ?? 0))));
  const moves = new Float64Array(evidence.length * 3);
  for (let row = 0; row < evidence.length; row++) {
    for (let c = 0; c < 3; c++) {
      const at = (row * 3 + c) * (count + 1);
      moves[row * 3 + c] = eliminated[at + count]!;
      for (let i = 0; i < count; i++) moves[row * 3 + c]! -= eliminated[at + i]! * (found[i]! - betas[i]!);
    }
  }
  return { betas: found, moves };
}

/** Sums all rows; returns for each (rows x 3) how its translation answers to each beta, then its own move. */
function addRows(
  body: FitBody,
  betas: Float64Array,
  evidence: EvidenceRows,
  poses: PoseRows,
  focal: number,
  sums: ShapeSums,
): Float64Array {
  const tables = shapeDerivativeTables(body);
  const skeleton = skeletonOf(body, betas);
  const scratch = createFrameScratch();
  const size = POINT_COUNT * 3;
  const points = new Float64Array(size);
  const directions = new Float64Array(body.shapeCount * size);
  const eliminated = new Float64Array(evidence.length * 3 * (sums.count + 1));
  for (let row = 0; row < evidence.length; row++) {
    chainRotations(body.parents, poses, row, scratch.globals);
    placePoints(body.parents, skeleton.bones, skeleton.offsets, 0, scratch, points, 0);
    placeDirections(body, tables, scratch, directions);
    sums.rowMatrix.fill(0);
    sums.rowVector.fill(0);
    addImageRow(evidence, poses, focal, row, points, directions, sums);
    addWorldRow(evidence, row, points, directions, sums);
    eliminateTranslation(sums, eliminated, row);
  }
  return eliminated;
}

function eliminateTranslation(sums: ShapeSums, eliminated: Float64Array, row: number): void {
  const { count, matrix, vector, rowMatrix, rowVector } = sums;
  const total = count + 3;
  const own = new Float64Array(9);
  for (let r = 0; r < 3; r++) {
    for (let c = 0; c < 3; c++) own[r * 3 + c] = rowMatrix[(count + r) * total + count + c]! + (r === c ? 1e-6 : 0);
  }
  // Columns of inverse(own) times the coupling with each beta, then times the row's own vector.
  for (let i = 0; i <= count; i++) {
    const right = Float64Array.from([0, 1, 2], (r) =>
      i < count ? rowMatrix[(count + r) * total + i]! : rowVector[count + r]!,
    );
    const solved = solveSmall(own, right, 3);
    for (let c = 0; c < 3; c++) eliminated[(row * 3 + c) * (count + 1) + i] = solved[c]!;
  }
  for (let i = 0; i < count; i++) {
    vector[i]! += rowVector[i]!;
    for (let c = 0; c < 3; c++) {
      const coupling = rowMatrix[i * total + count + c]!;
      vector[i]! -= coupling * eliminated[(row * 3 + c) * (count + 1) + count]!;
      for (let j = 0; j < count; j++) {
        matrix[i * count + j]! -= coupling * eliminated[(row * 3 + c) * (count + 1) + j]!;
      }
    }
    for (let j = 0; j < count; j++) matrix[i * count + j]! += rowMatrix[i * total + j]!;
  }
}

function placeDirections(
  body: FitBody,
  tables: ShapeDerivativeTables,
  scratch: FrameScratch,
  directions: Float64Array,
): void {
  const size = POINT_COUNT * 3;
  tables.bones.forEach((bones, i) => {
    placePoints(body.parents, bones, tables.offsets, i * size, scratch, directions, i * size);
  });
}

/** Derivative of one residual by betas and translation. */
const line = new Float64Array(13);

function addResidual(sums: ShapeSums, weight: number, residual: number): void {
  const total = sums.count + 3;
  for (let i = 0; i < total; i++) {
    sums.rowVector[i]! -= weight * line[i]! * residual;
    for (let j = 0; j < total; j++) sums.rowMatrix[i * total + j]! += weight * line[i]! * line[j]!;
  }
}

function addImageRow(
  evidence: EvidenceRows,
  poses: PoseRows,
  focal: number,
  row: number,
  points: Float64Array,
  directions: Float64Array,
  sums: ShapeSums,
): void {
  const { scale, kappa } = FIT_WEIGHTS.image;
  const inverse = 1 / (scale * evidence.sizes[row]!);
  const size = POINT_COUNT * 3;
  for (let k = 0; k < POINT_COUNT; k++) {
    const at = row * POINT_COUNT + k;
    const z = Math.max(0.1, points[k * 3 + 2]! + poses.translations[row * 3 + 2]!);
    const bearing = [0, 1].map((c) => (points[k * 3 + c]! + poses.translations[row * 3 + c]!) / z);
    const residual = bearing.map((value, c) => (focal * value - evidence.image[at * 2 + c]!) * inverse);
    const share = kappa ** 2 / (kappa ** 2 + residual[0]! ** 2 + residual[1]! ** 2);
    const weight = evidence.visibility[at]! * FIT_POINTS[k]!.weight * share * share;
    if (weight === 0) continue;
    for (let c = 0; c < 2; c++) {
      for (let i = 0; i < sums.count; i++) {
        const moved = directions[i * size + k * 3 + c]! - bearing[c]! * directions[i * size + k * 3 + 2]!;
        line[i] = (focal / z) * inverse * moved;
      }
      line[sums.count] = c === 0 ? (focal / z) * inverse : 0;
      line[sums.count + 1] = c === 1 ? (focal / z) * inverse : 0;
      line[sums.count + 2] = -(focal / z) * inverse * bearing[c]!;
      addResidual(sums, weight, residual[c]!);
    }
  }
}

function addWorldRow(
  evidence: EvidenceRows,
  row: number,
  points: Float64Array,
  directions: Float64Array,
  sums: ShapeSums,
): void {
  const { scale, kappa } = FIT_WEIGHTS.world;
  const size = POINT_COUNT * 3;
  const aboutHips = (from: Float64Array, base: number, k: number, c: number): number =>
    from[base + k * 3 + c]! - (from[base + leftHip * 3 + c]! + from[base + rightHip * 3 + c]!) / 2;
  line.fill(0, sums.count);
  for (let k = 0; k < POINT_COUNT; k++) {
    const at = row * POINT_COUNT + k;
    const residual = [0, 1, 2].map((c) => (aboutHips(points, 0, k, c) - evidence.world[at * 3 + c]!) / scale);
    const squared = residual.reduce((sum, value) => sum + value * value, 0);
    const share = kappa ** 2 / (kappa ** 2 + squared);
    const weight = evidence.visibility[at]! * FIT_POINTS[k]!.weight * share * share;
    if (weight === 0) continue;
    for (let c = 0; c < 3; c++) {
      for (let i = 0; i < sums.count; i++) line[i] = aboutHips(directions, i * size, k, c) / scale;
      addResidual(sums, weight, residual[c]!);
    }
  }
}
