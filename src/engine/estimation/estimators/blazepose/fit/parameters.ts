import { ancestorsOf, JOINT_COUNT } from '#core/body/skeleton';
import { FIT_POINTS, POINT_COUNT } from './points';

/**
 * Joints that turn, in groups that share one local rotation: the three spine joints turn alike, neck and head turn
 * alike. Feet and hands (10, 11, 22, 23) stay at rest. Order: a group's parents come before it.
 */
export const ROTATION_GROUPS: readonly (readonly number[])[] = [
  [0],
  [1],
  [2],
  [3, 6, 9],
  [4],
  [5],
  [7],
  [8],
  [13],
  [14],
  [12, 15],
  [16],
  [17],
  [18],
  [19],
  [20],
  [21],
];

/** Number of rotation groups. */
export const GROUP_COUNT = ROTATION_GROUPS.length;

/** Where the pelvis translation stands among the unknowns of a frame. */
export const TRANSLATION_AT = GROUP_COUNT * 3;

/** Unknowns per frame: three per rotation group, then the position of the pelvis in camera axes. */
export const UNKNOWNS = TRANSLATION_AT + 3;

/** Group of each of the 24 joints, -1 for joints that stay at rest. */
export const GROUP_OF_JOINT: readonly number[] = Array.from({ length: JOINT_COUNT }, (_, joint) =>
  ROTATION_GROUPS.findIndex((group) => group.includes(joint)),
);

/** Joints whose local rotation moves a point: its carrier (where the point lies off the joint) and all above. */
function movers(point: number): number[] {
  const { joint, surface, alongHand } = FIT_POINTS[point]!;
  const chain = ancestorsOf(joint);
  return surface === undefined && alongHand === undefined ? chain.slice(1) : chain;
}

/** Which unknowns move which points: the sparse shape of the derivative, laid out as flat tables for hot loops. */
export interface DerivativeLayout {
  /** POINT_COUNT + 1 offsets: point k has 3 x 3 blocks [starts[k], starts[k + 1]). */
  starts: Int32Array;
  /** Group of each block; rising within a point, so the pelvis comes first. */
  groups: Int32Array;
  /** Offsets into `joints` for each block, one more than blocks. */
  jointStarts: Int32Array;
  /** Joints of the block's group above the point. */
  joints: Int32Array;
  /** Number of blocks of a frame. */
  blockCount: number;
}

function layOut(): DerivativeLayout {
  const starts = [0];
  const groups: number[] = [];
  const jointStarts = [0];
  const joints: number[] = [];
  for (let point = 0; point < POINT_COUNT; point++) {
    const chain = movers(point);
    for (let group = 0; group < GROUP_COUNT; group++) {
      const own = chain.filter((joint) => GROUP_OF_JOINT[joint] === group);
      if (own.length === 0) continue;
      groups.push(group);
      joints.push(...own);
      jointStarts.push(joints.length);
    }
    starts.push(groups.length);
  }
  return {
    starts: Int32Array.from(starts),
    groups: Int32Array.from(groups),
    jointStarts: Int32Array.from(jointStarts),
    joints: Int32Array.from(joints),
    blockCount: groups.length,
  };
}

/** The one derivative layout of the fit. */
export const DERIVATIVES: DerivativeLayout = layOut();

/** Poses of a run of frames while they are fitted. */
export interface PoseRows {
  length: number;
  /** length x GROUP_COUNT x 9 local rotations, row-major. */
  rotations: Float64Array;
  /** length x 3: the pelvis joint in camera axes, m. */
  translations: Float64Array;
}

/** Rows at rest at the origin. */
export function createPoseRows(length: number): PoseRows {
  const rotations = new Float64Array(length * GROUP_COUNT * 9);
  for (let at = 0; at < rotations.length; at += 9) {
    rotations[at] = 1;
    rotations[at + 4] = 1;
    rotations[at + 8] = 1;
  }
  return { length, rotations, translations: new Float64Array(length * 3) };
}

/** Copies `count` rows. */
export function copyPoseRows(from: PoseRows, fromRow: number, to: PoseRows, toRow: number, count: number): void {
  const size = GROUP_COUNT * 9;
  to.rotations.set(from.rotations.subarray(fromRow * size, (fromRow + count) * size), toRow * size);
  to.translations.set(from.translations.subarray(fromRow * 3, (fromRow + count) * 3), toRow * 3);
}
