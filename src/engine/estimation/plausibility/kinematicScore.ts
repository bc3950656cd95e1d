import { JOINT, JOINT_COUNT, JOINT_NAMES, JOINT_PARENTS, type JointName } from '#core/body/skeleton';
import { spansWhere } from '#core/frames/span';

/** Motion of one person, a row a frame. */
export interface PosedTrack {
  /** rows x 72 axis-angle, rad. */
  poses: ArrayLike<number>;
  /** rows x 24 x 3 posed joints, m, in any frame that does not itself shake (root-relative will do). */
  joints: ArrayLike<number>;
  /** Seconds of each row, rising. */
  seconds: ArrayLike<number>;
  /** 1 where the row is an estimate. */
  present: ArrayLike<number>;
}

/**
 * How far each joint turns from the rest pose (a T-pose) in a living person, rad: rough upper bounds from the ranges of
 * motion in clinical goniometry (elbow 150 deg, knee 140 deg, hip 125 deg, ankle 50 deg, wrist 80 deg; the shoulder's are
 * wide since the rest pose has the arms out). Joints that are not named are held by the ones around them.
 */
const LARGEST_TURN: Partial<Record<JointName, number>> = {
  leftHip: 2.3,
  rightHip: 2.3,
  leftKnee: 2.6,
  rightKnee: 2.6,
  leftAnkle: 1.1,
  rightAnkle: 1.1,
  leftFoot: 0.9,
  rightFoot: 0.9,
  spine1: 0.9,
  spine2: 0.8,
  spine3: 0.7,
  neck: 1.1,
  head: 1.0,
  leftCollar: 0.8,
  rightCollar: 0.8,
  leftShoulder: 2.4,
  rightShoulder: 2.4,
  leftElbow: 2.7,
  rightElbow: 2.7,
  leftWrist: 1.5,
  rightWrist: 1.5,
};

const TURN_LIMITS = JOINT_NAMES.flatMap((name, joint) => {
  const limit = LARGEST_TURN[name];
  return limit === undefined ? [] : [{ joint, limit }];
});

/** Beyond a limit by this much, rad, the score falls to 1/e. */
const TURN_TOLERANCE = 0.35;
/** A knee or elbow that bends backwards by more than this, rad, is beyond its limit. */
const BACKWARDS = 0.25;
/** Joint acceleration at which the score is 1/2, m/s^2: hands of people who run or throw reach some tens. */
const ACCELERATION = 60;
/** Relative change of a bone's length against its median over the track at which the score is 1/2. */
const BONE_CHANGE = 0.1;

/**
 * A score from 0 (impossible) to 1 (natural) for each row: the product of joint limits, acceleration and constancy of bone
 * lengths, each judged by its worst joint. It knows nothing of style or balance; it finds broken joints, jumps and
 * breathing bodies. Rows that are not present get NaN, acceleration is left out at the ends of a run.
 */
export function kinematicScores(track: PosedTrack): Float32Array {
  const scores = new Float32Array(track.present.length).fill(Number.NaN);
  const usual = medianBones(track);
  for (const { from, to } of spansWhere(track.present.length, (row) => track.present[row] === 1)) {
    for (let row = from; row < to; row++) {
      const inside = row > from && row < to - 1;
      scores[row] =
        limitScore(track.poses, row) *
        (inside ? accelerationScore(track, row) : 1) *
        boneScore(track.joints, row, usual);
    }
  }
  return scores;
}

/** Falls from 1 as a joint leaves its range. */
function limitScore(poses: ArrayLike<number>, row: number): number {
  let excess = 0;
  for (const { joint, limit } of TURN_LIMITS) {
    const at = (row * JOINT_COUNT + joint) * 3;
    excess = Math.max(excess, Math.hypot(poses[at]!, poses[at + 1]!, poses[at + 2]!) - limit);
  }
  // Hinges bend one way: knees about +x, the left elbow about -y, the right one about +y.
  const bend = (joint: number, axis: number, sign: number): number =>
    -sign * poses[row * JOINT_COUNT * 3 + joint * 3 + axis]! - BACKWARDS;
  excess = Math.max(
    excess,
    bend(JOINT.leftKnee, 0, 1),
    bend(JOINT.rightKnee, 0, 1),
    bend(JOINT.leftElbow, 1, -1),
    bend(JOINT.rightElbow, 1, 1),
  );
  return Math.exp(-((excess / TURN_TOLERANCE) ** 2));
}

/** Second difference over unequal times of the worst joint. */
function accelerationScore({ joints, seconds }: PosedTrack, row: number): number {
  const before = seconds[row]! - seconds[row - 1]!;
  const after = seconds[row + 1]! - seconds[row]!;
  if (!(before > 0 && after > 0)) return 1;
  const width = JOINT_COUNT * 3;
  let worst = 0;
  for (let joint = 0; joint < JOINT_COUNT; joint++) {
    let squared = 0;
    for (let c = 0; c < 3; c++) {
      const at = row * width + joint * 3 + c;
      const change = (joints[at + width]! - joints[at]!) / after - (joints[at]! - joints[at - width]!) / before;
      squared += ((2 * change) / (before + after)) ** 2;
    }
    worst = Math.max(worst, squared);
  }
  return 1 / (1 + worst / ACCELERATION ** 2);
}

function boneScore(joints: ArrayLike<number>, row: number, usual: Float64Array): number {
  let worst = 0;
  for (let joint = 1; joint < JOINT_COUNT; joint++) {
    const median = usual[joint]!;
    if (median > 0) worst = Math.max(worst, Math.abs(boneLength(joints, row, joint) / median - 1));
  }
  return 1 / (1 + (worst / BONE_CHANGE) ** 2);
}

/** Median length of the bone above each joint over the present rows, m. */
function medianBones({ joints, present }: PosedTrack): Float64Array {
  const rows = Array.from({ length: present.length }, (_, row) => row).filter((row) => present[row] === 1);
  return Float64Array.from({ length: JOINT_COUNT }, (_, joint) => {
    if (joint === 0 || rows.length === 0) return 0;
    const lengths = rows.map((row) => boneLength(joints, row, joint)).sort((a, b) => a - b);
    return lengths[lengths.length >> 1]!;
  });
}

function boneLength(joints: ArrayLike<number>, row: number, joint: number): number {
  const at = (row * JOINT_COUNT + joint) * 3;
  const parent = (row * JOINT_COUNT + JOINT_PARENTS[joint]!) * 3;
  return Math.hypot(
    joints[at]! - joints[parent]!,
    joints[at + 1]! - joints[parent + 1]!,
    joints[at + 2]! - joints[parent + 2]!,
  );
}
