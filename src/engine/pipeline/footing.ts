import type { BodyModel } from '#core/body/bodyModel';
import { JOINT, JOINT_COUNT } from '#core/body/skeleton';
import type { Direction, GroundedPerson } from '#core/ground/commonGround';
import { ContactGatherer, type FootClearance } from '#core/ground/standingContacts';
import { SkeletonPoser } from './posedJoints';
import type { FittedPerson } from './upright';

/** Rows looked at: enough to find the ground, few enough to be redone after every chunk. */
const MOST_SAMPLES = 130;
/** Rows before and after a sample from which the speed of its feet is taken. */
const BESIDE = 1;

/** Where somebody stands and how low they get. */
export interface Footing extends GroundedPerson {
  /** n x 3: the lowest point of each row that was looked at, camera axes, m. */
  lowest: Float64Array;
}

/** Lowest and highest vertex of the standing rest body for betas, m; without making the rest of the mesh. */
export function extentOf(body: BodyModel, betas: Float32Array): { low: number; high: number } {
  const heights = Float64Array.from({ length: body.vertexCount }, (_, vertex) => body.template[vertex * 3 + 1]!);
  betas.forEach((beta, k) => {
    if (beta === 0 || k >= body.shapeCount) return;
    const first = k * body.vertexCount * 3 + 1;
    for (let vertex = 0; vertex < heights.length; vertex++) {
      heights[vertex]! += beta * body.shapeDirections[first + vertex * 3]!;
    }
  });
  let [low, high] = [Infinity, -Infinity];
  for (const height of heights) {
    low = Math.min(low, height);
    high = Math.max(high, height);
  }
  return { low, high };
}

/** How far ankles and toes lie over the sole in the rest pose, m. */
function clearanceOf(restJoints: Float64Array, low: number): FootClearance {
  const above = (a: number, b: number) => Math.max(0, (restJoints[a * 3 + 1]! + restJoints[b * 3 + 1]!) / 2 - low);
  return { ankle: above(JOINT.leftAnkle, JOINT.rightAnkle), toe: above(JOINT.leftFoot, JOINT.rightFoot) };
}

/**
 * Where a person's feet stand, and how low the person gets, from evenly spread rows of motion.
 * @param seconds time of each frame
 */
export function footingOf(person: FittedPerson, up: Direction, seconds: ArrayLike<number>): Footing {
  const { body, motion, isHeightGiven = false } = person;
  const poser = new SkeletonPoser(body, motion);
  const { low, high } = extentOf(body, motion.betas);
  const clearance = clearanceOf(poser.restJoints, low);
  const gatherer = new ContactGatherer(up, clearance);
  const sole = lowestJoint(poser.restJoints, [0, 1, 0]).height - low;
  const { present, confidences } = motion;
  const joints = new Float64Array(3 * JOINT_COUNT * 3);
  const lowest: number[] = [];
  const step = Math.max(1, Math.ceil(present.length / MOST_SAMPLES));
  for (let row = BESIDE; row + BESIDE < present.length; row += step) {
    const rows = [row - BESIDE, row, row + BESIDE];
    rows.forEach((posed, k) => {
      if (present[posed] !== 1) return;
      poser.pose(posed, joints, k * JOINT_COUNT * 3);
      const { joint } = lowestJoint(joints.subarray(k * JOINT_COUNT * 3, (k + 1) * JOINT_COUNT * 3), up);
      for (let c = 0; c < 3; c++) lowest.push(joints[(k * JOINT_COUNT + joint) * 3 + c]! - sole * up[c]!);
    });
    if (rows.some((posed) => present[posed] !== 1)) continue;
    const between = (seconds[row + BESIDE] ?? 0) - (seconds[row - BESIDE] ?? 0);
    // A camera of its own crop says where somebody is in the picture, not how far away.
    if (between <= 0 || motion.channels?.cropCameras) continue;
    const duration = (between / (2 * BESIDE)) * step;
    gatherer.add({ joints, seconds: between, duration, confidence: confidences[row] ?? 0 });
  }
  const stature = high - low;
  return { contacts: gatherer.contacts(), stature, isStatureGiven: isHeightGiven, lowest: Float64Array.from(lowest) };
}

function lowestJoint(joints: Float64Array, up: Direction): { joint: number; height: number } {
  let [lowest, height] = [0, Infinity];
  for (let joint = 0; joint < JOINT_COUNT; joint++) {
    const own = up[0] * joints[joint * 3]! + up[1] * joints[joint * 3 + 1]! + up[2] * joints[joint * 3 + 2]!;
    if (own < height) [lowest, height] = [joint, own];
  }
  return { joint: lowest, height };
}
