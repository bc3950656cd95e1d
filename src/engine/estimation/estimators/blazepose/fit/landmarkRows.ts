import type { ClipCamera, ObservationTrack } from '../../../estimator';
import {
  hasFlag,
  LANDMARK,
  LANDMARK_COUNT,
  OBSERVATION_FLAG,
  type PoseObservation,
  readObservation,
  REGION_MARGIN,
} from '../observation';
import { runningMedian, smoothstep } from './smoothing';
import { trustByScale } from './strangers';
import { findSwaps } from './swaps';
import { exponential, IDENTITY, type Matrix3, swing, turn, unit, vectorAt } from './vectors';
import { FIT_WEIGHTS } from './weights';

/** The landmarks of the present rows of a track, as seen from the camera. */
export interface LandmarkRows {
  length: number;
  /** Row of the track of each row here. */
  trackRows: Int32Array;
  /** s. */
  seconds: Float64Array;
  /** h of each row, px (running median). */
  sizes: Float64Array;
  /** length x 33 x 2, px from the principal point. */
  image: Float64Array;
  /** length x 33 x 3, m from the middle of the hips, turned so that z runs along the ray through the torso. */
  world: Float64Array;
  /** length x 33: visibility times doubts (score, flags, outside the picture, somebody else, swapped sides), 0 to 1. */
  weights: Float64Array;
  /** 1 where the observation carries a flag: somebody else may have been seen. */
  flagged: Uint8Array;
  /** 1 where left and right are taken for exchanged; such rows weigh nothing. */
  swapped: Uint8Array;
}

/** Reads the present rows of a track. Rows whose numbers are not finite count as absent. */
export function readLandmarkRows(track: ObservationTrack, camera: ClipCamera): LandmarkRows {
  const kept: number[] = [];
  for (let row = 0; row < track.length; row++) if (track.present[row] && isUsable(track, row)) kept.push(row);
  const length = kept.length;
  const rows: LandmarkRows = {
    length,
    trackRows: Int32Array.from(kept),
    seconds: Float64Array.from(kept, (row) => track.seconds[row]!),
    sizes: new Float64Array(length),
    image: new Float64Array(length * LANDMARK_COUNT * 2),
    world: new Float64Array(length * LANDMARK_COUNT * 3),
    weights: new Float64Array(length * LANDMARK_COUNT),
    flagged: new Uint8Array(length),
    swapped: new Uint8Array(length),
  };
  kept.forEach((trackRow, row) => readRow(readObservation(track.observations, trackRow), camera, rows, row));
  rows.sizes = runningMedian(rows.seconds, rows.sizes, FIT_WEIGHTS.evidence.sizeWindow);
  rows.swapped = findSwaps(rows);
  const trust = trustByScale(rows);
  for (let row = 0; row < length; row++) {
    const share = rows.swapped[row] ? 0 : trust[row]!;
    for (let at = row * LANDMARK_COUNT; at < (row + 1) * LANDMARK_COUNT; at++) rows.weights[at]! *= share;
  }
  return rows;
}

function isUsable(track: ObservationTrack, row: number): boolean {
  const { image, world, roi, score } = readObservation(track.observations, row);
  for (let k = 0; k < image.length; k++) if (!Number.isFinite(image[k])) return false;
  for (let k = 0; k < world.length; k++) if (!Number.isFinite(world[k])) return false;
  return Number.isFinite(score) && roi.side > 0 && Number.isFinite(roi.side);
}

function readRow(observation: PoseObservation, camera: ClipCamera, rows: LandmarkRows, row: number): void {
  const size = observation.roi.side / REGION_MARGIN;
  const doubt = doubtOf(observation);
  rows.sizes[row] = size;
  rows.flagged[row] = observation.flags === 0 ? 0 : 1;
  for (let k = 0; k < LANDMARK_COUNT; k++) {
    const x = observation.image[k * 4]!;
    const y = observation.image[k * 4 + 1]!;
    const at = row * LANDMARK_COUNT + k;
    rows.image[at * 2] = x - camera.width / 2;
    rows.image[at * 2 + 1] = y - camera.height / 2;
    rows.weights[at] = observation.image[k * 4 + 3]! * doubt * insideShare(x, y, camera, size);
  }
  turnToRay(observation.world, viewRotation(rows.image, row, camera.focal), rows.world, row);
}

function doubtOf({ score, flags }: PoseObservation): number {
  const { scoreLow, scoreHigh, boxWins, astray } = FIT_WEIGHTS.evidence;
  let share = smoothstep((score - scoreLow) / (scoreHigh - scoreLow));
  if (hasFlag(flags, OBSERVATION_FLAG.boxWins)) share *= boxWins;
  if (hasFlag(flags, OBSERVATION_FLAG.astray)) share *= astray;
  return share;
}

/** 1 inside the picture, falling to the table's share outside it. */
function insideShare(x: number, y: number, camera: ClipCamera, size: number): number {
  const { outside, outsideMargin } = FIT_WEIGHTS.evidence;
  const beyond = Math.max(0, -x, -y, x - camera.width, y - camera.height);
  return 1 - (1 - outside) * smoothstep(beyond / (outsideMargin * size));
}

/**
 * Q of reference blazepose 11: the smallest rotation from the optical axis to the ray through the torso's centre. The
 * network sees a crop as if the camera looked straight at it, so its axes must be turned to the real viewing direction.
 */
function viewRotation(image: Float64Array, row: number, focal: number): Matrix3 {
  let x = 0;
  let y = 0;
  for (const k of [LANDMARK.leftShoulder, LANDMARK.rightShoulder, LANDMARK.leftHip, LANDMARK.rightHip]) {
    x += image[(row * LANDMARK_COUNT + k) * 2]! / 4;
    y += image[(row * LANDMARK_COUNT + k) * 2 + 1]! / 4;
  }
  const ray = unit([x / focal, y / focal, 1], [0, 0, 1]);
  return ray[2] > 0.999999 ? IDENTITY : exponential(swing([0, 0, 1], ray));
}

function turnToRay(world: ArrayLike<number>, rotation: Matrix3, out: Float64Array, row: number): void {
  const hips: [number, number, number] = [0, 0, 0];
  for (let c = 0; c < 3; c++) hips[c] = (world[LANDMARK.leftHip * 3 + c]! + world[LANDMARK.rightHip * 3 + c]!) / 2;
  for (let k = 0; k < LANDMARK_COUNT; k++) {
    const [x, y, z] = vectorAt(world, k * 3);
    out.set(turn(rotation, [x - hips[0], y - hips[1], z - hips[2]]), (row * LANDMARK_COUNT + k) * 3);
  }
}
