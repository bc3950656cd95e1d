import { JOINT, JOINT_COUNT, type JointName } from '#core/body/skeleton';

/** A pose in degrees: axis-angle of the joints that leave the T-pose. */
export type SamplePose = Partial<Record<JointName, readonly [number, number, number]>>;

/** Arms hanging, as people stand; every other pose is made on top of it. */
const STANDING: SamplePose = {
  leftShoulder: [4, -6, -72],
  rightShoulder: [4, 6, 72],
  leftCollar: [0, 0, -6],
  rightCollar: [0, 0, 6],
  leftElbow: [0, -14, 0],
  rightElbow: [0, 14, 0],
};

function withPose(base: SamplePose, change: SamplePose): SamplePose {
  return { ...base, ...change };
}

/** One instant of a walk; `phase` in cycles, left foot forward at 0. */
export function walkingPose(phase: number): SamplePose {
  const turn = 2 * Math.PI * phase;
  const swing = Math.cos(turn);
  const leg = (angle: number): { hip: number; knee: number; ankle: number } => ({
    hip: -5 - 31 * Math.cos(angle),
    // The knee bends most while the foot swings forward and a little when it takes the weight.
    knee: 8 + 46 * Math.max(0, -Math.sin(angle - 0.35)) ** 1.5 + 6 * Math.max(0, Math.sin(angle)) ** 2,
    ankle: 4 + 9 * Math.sin(angle + 0.6),
  });
  const left = leg(turn);
  const right = leg(turn + Math.PI);
  return withPose(STANDING, {
    pelvis: [2, 5 * swing, 0],
    spine2: [3, -8 * swing, 0],
    leftHip: [left.hip, 0, 3],
    rightHip: [right.hip, 0, -3],
    leftKnee: [left.knee, 0, 0],
    rightKnee: [right.knee, 0, 0],
    leftAnkle: [left.ankle, 0, 0],
    rightAnkle: [right.ankle, 0, 0],
    leftShoulder: [26 * swing, -6, -72],
    rightShoulder: [-26 * swing, 6, 72],
    leftElbow: [0, -22 - 8 * Math.max(0, -swing), 0],
    rightElbow: [0, 22 + 8 * Math.max(0, swing), 0],
  });
}

/** Standing still, arms hanging. */
export const standingPose: SamplePose = withPose(STANDING, { leftHip: [0, 0, 4], rightHip: [0, 0, -4] });

/** Deep knee bend, arms forward for balance. */
export const squattingPose: SamplePose = withPose(STANDING, {
  pelvis: [32, 0, 0],
  spine1: [6, 0, 0],
  spine3: [-4, 0, 0],
  head: [-16, 0, 0],
  leftHip: [-104, 0, 14],
  rightHip: [-104, 0, -14],
  leftKnee: [98, 0, 0],
  rightKnee: [98, 0, 0],
  leftAnkle: [-24, 0, -6],
  rightAnkle: [-24, 0, 6],
  leftShoulder: [10, -82, -16],
  rightShoulder: [10, 82, 16],
});

/** Right arm up to a shelf, the other a little out. */
export const reachingPose: SamplePose = withPose(STANDING, {
  spine1: [-3, 0, -5],
  spine3: [-3, 0, -5],
  head: [-14, -8, 0],
  leftHip: [0, 0, 5],
  rightHip: [0, 0, -5],
  rightCollar: [0, 0, -14],
  rightShoulder: [0, 24, -58],
  rightElbow: [0, 12, 0],
  leftShoulder: [4, -6, -58],
});

/** Left hand beside the head; `swing` -1 to 1 moves the forearm to and fro. */
export function wavingPose(swing: number): SamplePose {
  return withPose(standingPose, {
    leftCollar: [0, 0, 4],
    leftShoulder: [0, -10, 6],
    leftElbow: [0, -58, 78 + 22 * swing],
    leftWrist: [0, 0, 14 * swing],
    head: [0, 6, 4],
  });
}

/** A pose part of the way (0 to 1) from one to another. */
export function blendPoses(from: SamplePose, to: SamplePose, share: number): SamplePose {
  const result: SamplePose = {};
  for (const name of Object.keys(JOINT) as JointName[]) {
    const a = from[name] ?? [0, 0, 0];
    const b = to[name] ?? [0, 0, 0];
    result[name] = [0, 1, 2].map((k) => (a[k] ?? 0) + ((b[k] ?? 0) - (a[k] ?? 0)) * share) as [number, number, number];
  }
  return result;
}

/** The 72 axis-angle numbers of a pose, rad; the root is left for the caller to turn. */
export function axisAnglesOf(pose: SamplePose): Float64Array {
  const values = new Float64Array(JOINT_COUNT * 3);
  for (const [name, degrees] of Object.entries(pose) as [JointName, readonly number[]][]) {
    degrees.forEach((value, k) => {
      values[JOINT[name] * 3 + k] = (value * Math.PI) / 180;
    });
  }
  return values;
}
