import type { BodyModel } from '#core/body/bodyModel';
import { JOINT_COUNT } from '#core/body/skeleton';
import { groundedScene, type SceneTransform, sceneMatrix, uprightRotation } from '../export/scene';
import { SkeletonPoser } from './posedJoints';
import { type Direction, type FittedPerson, tiltDegrees, upFromPeople } from './upright';

/** Rows looked at for the ground: enough to find it, few enough to be redone after every chunk. */
const MOST_SAMPLES = 400;

/** How the scene stands in the camera. */
export interface SceneFrame {
  transform: SceneTransform;
  /** Column-major 4x4: camera axes (x right, y down, z forward, m) to scene axes (y up, ground at 0, m). */
  sceneFromCamera: number[];
  /** What is assumed, one sentence each. */
  assumptions: string[];
}

/** Height of the standing rest body for betas, m. */
function stature(body: BodyModel, betas: Float32Array): number {
  let low = Infinity;
  let high = -Infinity;
  for (let vertex = 0; vertex < body.vertexCount; vertex++) {
    let y = body.template[vertex * 3 + 1] ?? 0;
    betas.forEach((beta, k) => {
      if (beta !== 0) y += beta * (body.shapeDirections[(k * body.vertexCount + vertex) * 3 + 1] ?? 0);
    });
    low = Math.min(low, y);
    high = Math.max(high, y);
  }
  return high - low;
}

/** How far the sole lies below the lower foot joint in the rest pose, m. */
function soleHeight(body: BodyModel, restJointsOfTemplate: Float64Array): number {
  let lowest = Infinity;
  for (let vertex = 0; vertex < body.vertexCount; vertex++) {
    lowest = Math.min(lowest, body.template[vertex * 3 + 1] ?? Infinity);
  }
  let lowestJoint = Infinity;
  for (let joint = 0; joint < JOINT_COUNT; joint++) {
    lowestJoint = Math.min(lowestJoint, restJointsOfTemplate[joint * 3 + 1] ?? Infinity);
  }
  return Math.max(0, lowestJoint - lowest);
}

/** What is taken for up and for the ground, in a sentence. */
function uprightAssumption(up: Direction): string {
  const tilt = Math.round(tiltDegrees(up));
  const camera =
    tilt === 0
      ? 'The camera is assumed to be level'
      : `The camera is assumed to be tilted by ${tilt}°, as people seem to stand`;
  return `${camera}; the ground is where the lowest contact of the clip is`;
}

/** More statures than this are told as a range. */
const MOST_STATURES = 3;

/** How tall people are, m, in words. */
function staturesOf(people: readonly FittedPerson[]): string {
  const heights = new Set(people.map(({ body, motion }) => stature(body, motion.betas).toFixed(2)));
  const sorted = [...heights].sort();
  if (sorted.length <= MOST_STATURES) return [...heights].map((height) => `${height} m`).join(', ');
  return `${people.length} people, ${sorted[0]}–${sorted[sorted.length - 1]} m`;
}

/** Stands the scene up as people (all of one body model) stand and puts the ground under their lowest contact. */
export function standingScene(people: readonly FittedPerson[]): SceneFrame {
  const up = upFromPeople(people);
  const heights: number[] = [];
  const joints = new Float64Array(JOINT_COUNT * 3);
  let sole = 0;
  for (const { body, motion } of people) {
    const poser = new SkeletonPoser(body, motion);
    sole = soleHeight(body, poser.restJoints);
    const step = Math.max(1, Math.floor(motion.present.length / MOST_SAMPLES));
    for (let row = 0; row < motion.present.length; row += step) {
      if (motion.present[row] !== 1) continue;
      poser.pose(row, joints, 0);
      let lowest = Infinity;
      for (let at = 0; at < joints.length; at += 3) {
        lowest = Math.min(lowest, up[0] * joints[at]! + up[1] * joints[at + 1]! + up[2] * joints[at + 2]!);
      }
      heights.push(lowest);
    }
  }
  const transform = groundedScene(heights, sole, uprightRotation(up));
  const given = people.filter(({ isHeightGiven }) => isHeightGiven);
  const assumed = people.filter(({ isHeightGiven }) => !isHeightGiven);
  const assumptions = [
    ...(assumed.length > 0 ? [`Scale assumed: ${staturesOf(assumed)} tall`] : []),
    ...(given.length > 0 ? [`Height given: ${staturesOf(given)}`] : []),
    ...(people.length > 0 ? [uprightAssumption(up)] : []),
  ];
  return { transform, sceneFromCamera: sceneMatrix(transform), assumptions };
}
