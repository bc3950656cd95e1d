import { solveSmall } from '#core/algebra/solveSmall';
import { LANDMARK_COUNT } from '../observation';
import { bridgeRows, ROW_TRUST } from './bridging';
import { createHingeMemory, solveClosedForm } from './closedForm';
import { createEvidenceRows, type EvidenceRows } from './evidenceRows';
import { createFrameScratch, evaluatePoints } from './kinematics';
import type { LandmarkRows } from './landmarkRows';
import { createPoseRows, type PoseRows } from './parameters';
import { FIT_POINTS, type FitSkeleton, POINT_COUNT } from './points';
import { restFramesOf } from './restFrames';
import { sigmaOfRows, smoothRows } from './smoothing';
import { findStanding } from './standing';
import { FIT_WEIGHTS } from './weights';

/** Landmarks after the Gaussian that the closed form and the standing feet are judged by. */
export interface SmoothedLandmarks {
  /** As in LandmarkRows. */
  image: Float64Array;
  world: Float64Array;
}

/** Zero-phase, weighted Gaussian on image and world landmarks. */
export function smoothLandmarks(rows: LandmarkRows): SmoothedLandmarks {
  const { landmarkSmoothing, leastFrames } = FIT_WEIGHTS.start;
  const sigma = sigmaOfRows(rows.seconds, landmarkSmoothing, leastFrames);
  return {
    image: smoothRows(rows.seconds, rows.image, rows.weights, LANDMARK_COUNT, 2, sigma),
    world: smoothRows(rows.seconds, rows.world, rows.weights, LANDMARK_COUNT, 3, sigma),
  };
}

/** Evidence of all rows: fitted points only, unsmoothed, with what stands. */
export function collectEvidence(rows: LandmarkRows, smoothed: SmoothedLandmarks): EvidenceRows {
  const evidence = createEvidenceRows(rows.length);
  evidence.seconds.set(rows.seconds);
  evidence.sizes.set(rows.sizes);
  for (let row = 0; row < rows.length; row++) {
    const gap = row > 0 ? rows.seconds[row]! - rows.seconds[row - 1]! : Infinity;
    evidence.linked[row] = gap <= FIT_WEIGHTS.track.longestGap ? 1 : 0;
    FIT_POINTS.forEach(({ landmark }, k) => {
      const from = row * LANDMARK_COUNT + landmark;
      const to = row * POINT_COUNT + k;
      for (let c = 0; c < 2; c++) evidence.image[to * 2 + c] = rows.image[from * 2 + c]!;
      for (let c = 0; c < 3; c++) evidence.world[to * 3 + c] = rows.world[from * 3 + c]!;
      evidence.visibility[to] = rows.weights[from]!;
    });
  }
  findStanding({ ...evidence, image: rows.image, smoothed: smoothed.image }, evidence.standing);
  return evidence;
}

/**
 * Where the fit starts: closed form on smoothed landmarks for rows [from, to), translation from the pinhole equations,
 * rows that show little between their neighbours, then a Gaussian on the translation.
 */
export function startPoses(
  rows: LandmarkRows,
  smoothed: SmoothedLandmarks,
  skeleton: FitSkeleton,
  focal: number,
  from: number,
  to: number,
): PoseRows {
  const poses = createPoseRows(rows.length);
  const rest = restFramesOf(skeleton);
  const memory = createHingeMemory();
  const scratch = createFrameScratch();
  const points = new Float64Array(rows.length * POINT_COUNT * 3);
  const trust = new Uint8Array(rows.length);
  for (let row = from; row < to; row++) {
    trust[row] = trustOf(rows, row);
    solveClosedForm(rest, smoothed.world, rows.weights, row, memory, poses);
    evaluatePoints(skeleton, poses, row, scratch, points);
    placeInCamera(rows, smoothed.image, points, row, focal, poses.translations);
  }
  bridgeRows(poses, rows.seconds, trust, from, to);
  smoothTranslations(rows, poses, from, to);
  return poses;
}

function trustOf(rows: LandmarkRows, row: number): number {
  const { leastEvidence, strongEvidence } = FIT_WEIGHTS.start;
  const evidence = FIT_POINTS.reduce((sum, point) => sum + rows.weights[row * LANDMARK_COUNT + point.landmark]!, 0);
  if (evidence < leastEvidence) return ROW_TRUST.nothing;
  return evidence < strongEvidence ? ROW_TRUST.weak : ROW_TRUST.strong;
}

function smoothTranslations(rows: LandmarkRows, poses: PoseRows, from: number, to: number): void {
  const { translationSmoothing, leastFrames } = FIT_WEIGHTS.start;
  const seconds = rows.seconds.subarray(from, to);
  const sigma = sigmaOfRows(seconds, translationSmoothing, leastFrames);
  const translations = poses.translations.subarray(from * 3, to * 3);
  translations.set(smoothRows(seconds, translations, undefined, 1, 3, sigma));
}

/**
 * Position of the pelvis from f (X + Tx) = u (Z + Tz) and the same for y, weighted over all points (reference
 * blazepose 9): linear, 3 x 3. Falls back on the person's size where that gives no place in front of the camera.
 */
function placeInCamera(
  rows: LandmarkRows,
  image: Float64Array,
  points: Float64Array,
  row: number,
  focal: number,
  translations: Float64Array,
): void {
  const matrix = new Float64Array(9);
  const vector = new Float64Array(3);
  FIT_POINTS.forEach((point, k) => {
    const at = row * LANDMARK_COUNT + point.landmark;
    const weight = (rows.weights[at]! + 1e-4) * point.weight;
    for (let c = 0; c < 2; c++) {
      const u = image[at * 2 + c]! / focal;
      const p = (row * POINT_COUNT + k) * 3;
      const line = [c === 0 ? 1 : 0, c === 1 ? 1 : 0, -u];
      const right = u * points[p + 2]! - points[p + c]!;
      for (let i = 0; i < 3; i++) {
        vector[i]! += weight * line[i]! * right;
        for (let j = 0; j < 3; j++) matrix[i * 3 + j]! += weight * line[i]! * line[j]!;
      }
    }
  });
  const solved = solveSmall(matrix, vector, 3);
  const usual = (focal * 1.7) / rows.sizes[row]!;
  const depth = solved[2]! > usual / 4 && solved[2]! < usual * 4 ? solved[2]! : usual;
  const share = depth / (solved[2] || 1);
  const kept = share === 1;
  translations[row * 3] = kept ? solved[0]! : (rows.image[row * LANDMARK_COUNT * 2]! / focal) * depth;
  translations[row * 3 + 1] = kept ? solved[1]! : (rows.image[row * LANDMARK_COUNT * 2 + 1]! / focal) * depth;
  translations[row * 3 + 2] = depth;
}
