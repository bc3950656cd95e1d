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

/** Share of a cycle that a foot stands. */
const STANCE = 0.56;

/**
 * Where a leg is in its cycle: `reach` 1 (foot in front) to -1 (behind) and `lift`, the bend of the swinging knee, 0 to 1.
 * A standing foot goes back evenly, or the body above it would surge with every step.
 */
function legCycle(phase: number): { reach: number; lift: number } {
  const p = phase - Math.floor(phase);
  if (p < STANCE) return { reach: 1 - (2 * p) / STANCE, lift: 0 };
  const q = (p - STANCE) / (1 - STANCE);
  return { reach: -Math.cos(Math.PI * q), lift: Math.sin(Math.PI * Math.min(1, q * 1.08)) ** 2 };
}

/** One instant of a walk; `phase` in cycles, left foot in front at 0. */
export function walkingPose(phase: number): SamplePose {
  const leg = (at: number) => {
    const { reach, lift } = legCycle(at);
    return { hip: -4 - 22 * reach - 10 * lift, knee: 7 + 48 * lift, ankle: 2 + 5 * reach + 6 * lift };
  };
  const left = leg(phase);
  const right = leg(phase + 0.5);
  const swing = Math.cos(2 * Math.PI * (phase + 0.02));
  return withPose(STANDING, {
    pelvis: [2, 4 * swing, 0],
    spine2: [3, -7 * swing, 0],
    leftHip: [left.hip, 0, 3],
    rightHip: [right.hip, 0, -3],
    leftKnee: [left.knee, 0, 0],
    rightKnee: [right.knee, 0, 0],
    leftAnkle: [left.ankle, 0, 0],
    rightAnkle: [right.ankle, 0, 0],
    leftShoulder: [24 * swing, -6, -72],
    rightShoulder: [-24 * swing, 6, 72],
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
