import type { BodyModel } from '#core/body/bodyModel';
import { JOINT_COUNT } from '#core/body/skeleton';
import { groundedScene, LEVEL_CAMERA_ASSUMPTION, type SceneTransform, sceneMatrix } from '../export/scene';
import type { StoredMotion } from '../project/motionStore';
import { SkeletonPoser } from './posedJoints';

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

/** Puts the ground under the lowest contact of all people (all of one body model); the camera is assumed to be level. */
export function levelScene(people: readonly { body: BodyModel; motion: StoredMotion }[]): SceneFrame {
  const lowest: number[] = [];
  const joints = new Float64Array(JOINT_COUNT * 3);
  let sole = 0;
  for (const { body, motion } of people) {
    const poser = new SkeletonPoser(body, motion);
    sole = soleHeight(body, poser.restJoints);
    const step = Math.max(1, Math.floor(motion.present.length / MOST_SAMPLES));
    for (let row = 0; row < motion.present.length; row += step) {
      if (motion.present[row] !== 1) continue;
      poser.pose(row, joints, 0);
      let y = -Infinity;
      for (let joint = 0; joint < JOINT_COUNT; joint++) y = Math.max(y, joints[joint * 3 + 1] ?? -Infinity);
      lowest.push(y);
    }
  }
  const transform = groundedScene(lowest, sole);
  const heights = people.map(({ body, motion }) => `${stature(body, motion.betas).toFixed(2)} m`);
  const assumptions =
    people.length === 0 ? [] : [`Scale assumed: ${[...new Set(heights)].join(', ')} tall`, LEVEL_CAMERA_ASSUMPTION];
  return { transform, sceneFromCamera: sceneMatrix(transform), assumptions };
}
