import { JOINT, JOINT_COUNT, JOINT_MIRROR } from '../../src/core/body/skeleton';
import type { Random } from './random';

const DEGREE = Math.PI / 180;

/** Axis-angle ranges in degrees, [low, high] for x, y, z. */
type Range = readonly [readonly [number, number], readonly [number, number], readonly [number, number]];

/** Wide anatomical ranges of centre and left joints; the right mirrors the left. */
const RANGES: ReadonlyMap<number, Range> = new Map<number, Range>([
  [
    JOINT.leftHip,
    [
      [-115, 35],
      [-40, 40],
      [-25, 50],
    ],
  ],
  [
    JOINT.leftKnee,
    [
      [0, 145],
      [-8, 8],
      [-5, 5],
    ],
  ],
  [
    JOINT.leftAnkle,
    [
      [-30, 45],
      [-15, 15],
      [-18, 18],
    ],
  ],
  [
    JOINT.leftFoot,
    [
      [-35, 25],
      [-3, 3],
      [-3, 3],
    ],
  ],
  [
    JOINT.spine1,
    [
      [-15, 35],
      [-20, 20],
      [-20, 20],
    ],
  ],
  [
    JOINT.spine2,
    [
      [-15, 30],
      [-20, 20],
      [-18, 18],
    ],
  ],
  [
    JOINT.spine3,
    [
      [-12, 22],
      [-20, 20],
      [-15, 15],
    ],
  ],
  [
    JOINT.neck,
    [
      [-30, 35],
      [-40, 40],
      [-25, 25],
    ],
  ],
  [
    JOINT.head,
    [
      [-30, 30],
      [-40, 40],
      [-22, 22],
    ],
  ],
  [
    JOINT.leftCollar,
    [
      [-10, 10],
      [-20, 12],
      [-15, 30],
    ],
  ],
  [
    JOINT.leftShoulder,
    [
      [-50, 50],
      [-110, 30],
      [-85, 80],
    ],
  ],
  [
    JOINT.leftElbow,
    [
      [-80, 80],
      [-145, 5],
      [-8, 8],
    ],
  ],
  [
    JOINT.leftWrist,
    [
      [-70, 70],
      [-30, 30],
      [-70, 70],
    ],
  ],
  [
    JOINT.leftHand,
    [
      [-5, 5],
      [-10, 10],
      [-60, 20],
    ],
  ],
]);

/** 72 numbers of a random pose: each joint but the root turns with the given probability. */
export function randomPose(random: Random, active: number): Float64Array {
  const pose = new Float64Array(JOINT_COUNT * 3);
  for (let joint = 1; joint < JOINT_COUNT; joint++) {
    const right = !RANGES.has(joint);
    const range = RANGES.get(right ? JOINT_MIRROR[joint]! : joint);
    // Draws stay in step whether or not the joint turns.
    const turns = random.uniform() < active;
    range?.forEach(([low, high], axis) => {
      const angle = (low + (high - low) * random.uniform()) * DEGREE;
      if (turns) pose[joint * 3 + axis] = right && axis > 0 ? -angle : angle;
    });
  }
  return pose;
}

/** `count` poses in three equal parts: few joints turn, half of them, all of them. */
export function randomPoses(random: Random, count: number): Float64Array[] {
  const shares = [0.25, 0.5, 1];
  return Array.from({ length: count }, (_, k) => randomPose(random, shares[k % 3]!));
}

/** Joints that fold flesh, and the least and most of their flexion about one axis in degrees. */
const FOLDS: readonly { joint: number; axis: 0 | 1 | 2; from: number; to: number }[] = [
  { joint: JOINT.leftElbow, axis: 1, from: -45, to: -145 },
  { joint: JOINT.leftKnee, axis: 0, from: 45, to: 145 },
  { joint: JOINT.leftHip, axis: 0, from: -45, to: -118 },
  { joint: JOINT.leftShoulder, axis: 2, from: -45, to: -75 },
];

/**
 * `count` poses in which limbs fold: elbows, knees and hips bent far and arms hanging, each in half of the poses, with a
 * third of the other turns that {@link randomPose} gives. Wide ranges alone are seldom near the folds.
 */
export function foldedPoses(random: Random, count: number): Float64Array[] {
  return Array.from({ length: count }, () => {
    const pose = randomPose(random, 0.5).map((angle) => angle / 3);
    for (const { joint, axis, from, to } of FOLDS) {
      for (const side of [joint, JOINT_MIRROR[joint]!]) {
        const folds = random.uniform() < 0.5;
        const angle = (from + (to - from) * random.uniform()) * DEGREE;
        if (folds) pose[side * 3 + axis] = side !== joint && axis > 0 ? -angle : angle;
      }
    }
    return pose;
  });
}

/** What both legs do together when a body crouches, sits or kneels; degrees of the left side about x, y and z. */
const CROUCH: readonly { joint: number; turn: Range }[] = [
  {
    joint: JOINT.leftHip,
    turn: [
      [-118, -50],
      [0, 30],
      [0, 35],
    ],
  },
  {
    joint: JOINT.leftKnee,
    turn: [
      [30, 145],
      [0, 0],
      [0, 0],
    ],
  },
];

/** By how much the legs of a crouch differ, degrees. */
const UNEQUAL = 10;

/** Raised arms: degrees about z of the left shoulder and collar. */
const RAISED: readonly { joint: number; from: number; to: number }[] = [
  { joint: JOINT.leftShoulder, from: 30, to: 80 },
  { joint: JOINT.leftCollar, from: 0, to: 25 },
];

/**
 * `count` poses in which both legs bend as one, the knees apart, and each arm is raised in half of them; the rest a third
 * of {@link randomPose}. Where limbs turn independently, both are seldom far bent, though people do it all day.
 */
export function crouchedPoses(random: Random, count: number): Float64Array[] {
  return Array.from({ length: count }, () => {
    const pose = randomPose(random, 0.5).map((angle) => angle / 3);
    for (const { joint, turn } of CROUCH) {
      turn.forEach(([low, high], axis) => {
        const both = low + (high - low) * random.uniform();
        for (const side of [joint, JOINT_MIRROR[joint]!]) {
          const angle = (both + (high > low ? UNEQUAL * (2 * random.uniform() - 1) : 0)) * DEGREE;
          pose[side * 3 + axis] = side !== joint && axis > 0 ? -angle : angle;
        }
      });
    }
    for (const isRight of [false, true]) {
      const raises = random.uniform() < 0.5;
      for (const { joint, from, to } of RAISED) {
        const angle = (from + (to - from) * random.uniform()) * DEGREE;
        const side = isRight ? JOINT_MIRROR[joint]! : joint;
        if (raises) pose[side * 3 + 2] = isRight ? -angle : angle;
      }
    }
    return pose;
  });
}

/** A pose from a few joints in degrees. */
export function poseOf(turns: Readonly<Record<number, readonly [number, number, number]>>): Float64Array {
  const pose = new Float64Array(JOINT_COUNT * 3);
  for (const [joint, angles] of Object.entries(turns))
    pose.set(
      angles.map((angle) => angle * DEGREE),
      Number(joint) * 3,
    );
  return pose;
}

/** Poses whose change of volume and overlap are reported in the card. */
export const BENT_POSES: readonly { name: string; pose: Float64Array }[] = [
  { name: 'elbow 90', pose: poseOf({ [JOINT.leftElbow]: [0, -90, 0] }) },
  { name: 'elbow 120', pose: poseOf({ [JOINT.leftElbow]: [0, -120, 0] }) },
  { name: 'elbow 140', pose: poseOf({ [JOINT.leftElbow]: [0, -140, 0] }) },
  { name: 'knee 90', pose: poseOf({ [JOINT.leftKnee]: [90, 0, 0] }) },
  { name: 'knee 120', pose: poseOf({ [JOINT.leftKnee]: [120, 0, 0] }) },
  { name: 'knee 140', pose: poseOf({ [JOINT.leftKnee]: [140, 0, 0] }) },
  { name: 'hip flexion 90', pose: poseOf({ [JOINT.leftHip]: [-90, 0, 0] }) },
  { name: 'hip flexion 110', pose: poseOf({ [JOINT.leftHip]: [-110, 0, 0] }) },
  { name: 'shoulder forward 80', pose: poseOf({ [JOINT.leftShoulder]: [0, -80, 0] }) },
  { name: 'shoulder down 68', pose: poseOf({ [JOINT.leftShoulder]: [0, 0, -68] }) },
  { name: 'shoulder up 70', pose: poseOf({ [JOINT.leftShoulder]: [0, 0, 70] }) },
  { name: 'wrist twist 80', pose: poseOf({ [JOINT.leftWrist]: [80, 0, 0] }) },
  {
    name: 'spine flexion 50',
    pose: poseOf({ [JOINT.spine1]: [20, 0, 0], [JOINT.spine2]: [18, 0, 0], [JOINT.spine3]: [12, 0, 0] }),
  },
  {
    name: 'sitting',
    pose: poseOf({
      [JOINT.leftHip]: [-90, 0, 0],
      [JOINT.rightHip]: [-90, 0, 0],
      [JOINT.leftKnee]: [90, 0, 0],
      [JOINT.rightKnee]: [90, 0, 0],
    }),
  },
  {
    name: 'squatting',
    pose: poseOf({
      [JOINT.leftHip]: [-115, 18, 22],
      [JOINT.rightHip]: [-115, -18, -22],
      [JOINT.leftKnee]: [125, 0, 0],
      [JOINT.rightKnee]: [125, 0, 0],
    }),
  },
  {
    name: 'arms hanging',
    pose: poseOf({
      [JOINT.leftCollar]: [0, 0, -7],
      [JOINT.rightCollar]: [0, 0, 7],
      [JOINT.leftShoulder]: [0, 0, -65],
      [JOINT.rightShoulder]: [0, 0, 65],
    }),
  },
];
