import { JOINT } from '#core/body/skeleton';
import { LANDMARK, LANDMARK_COUNT } from '../observation';
import { GROUP_COUNT, GROUP_OF_JOINT, type PoseRows } from './parameters';
import type { RestEnd, RestFrames, RestLimb } from './restFrames';
import { rotationLogarithm } from './rotationSteps';
import { smoothstep } from './smoothing';
import {
  add,
  cross,
  dot,
  exponential,
  lengthOf,
  type Matrix3,
  middle,
  multiply,
  rotationBetween,
  subtract,
  swing,
  transposed,
  turn,
  unit,
  type Vector3,
  vectorAt,
} from './vectors';

/** Landmarks of one row. */
interface LandmarkFrame {
  at: (landmark: number) => Vector3;
  /** Least weight of some landmarks, 0 to 1. */
  sure: (...landmarks: number[]) => number;
}

/** Hinge normals of the row before: arms left and right, legs left and right; where twist cannot be seen it stays. */
export interface HingeMemory {
  upper: (Matrix3 | undefined)[];
}

/** No memory yet. */
export function createHingeMemory(): HingeMemory {
  return { upper: [undefined, undefined, undefined, undefined] };
}

const DEGREES = Math.PI / 180;
const collarLimit = 25 * DEGREES;
const neckLimit = 80 * DEGREES;
const ankleLimit = 60 * DEGREES;
const wristLimit = 60 * DEGREES;
const twistLimit = 90 * DEGREES;
const kneeAndElbowLimit = 150 * DEGREES;

/**
 * Pose of one row by geometry alone (reference blazepose 9): trunk from shoulders and hips, limbs as hinges, ends and
 * head by two directions each. `world` holds LANDMARK_COUNT x 3 m at `row`, `weights` LANDMARK_COUNT; the result goes to
 * `row` of `poses`, translation apart.
 */
export function solveClosedForm(
  rest: RestFrames,
  world: Float64Array,
  weights: Float64Array,
  row: number,
  memory: HingeMemory,
  poses: PoseRows,
): void {
  const frame: LandmarkFrame = {
    at: (landmark) => vectorAt(world, (row * LANDMARK_COUNT + landmark) * 3),
    sure: (...landmarks) => Math.min(...landmarks.map((landmark) => weights[row * LANDMARK_COUNT + landmark]!)),
  };
  const write = (joint: number, rotation: Matrix3): void => {
    poses.rotations.set(rotation, (row * GROUP_COUNT + GROUP_OF_JOINT[joint]!) * 9);
  };
  const l = LANDMARK;
  const hips = subtract(frame.at(l.leftHip), frame.at(l.rightHip));
  const shoulders = subtract(frame.at(l.leftShoulder), frame.at(l.rightShoulder));
  const hipMiddle = middle(frame.at(l.leftHip), frame.at(l.rightHip));
  const trunk = subtract(middle(frame.at(l.leftShoulder), frame.at(l.rightShoulder)), hipMiddle);
  const pelvis = rotationBetween(hips, trunk, rest.hips, rest.trunk);
  const chest = rotationBetween(shoulders, trunk, rest.shoulders, rest.trunk);
  write(JOINT.pelvis, pelvis);
  write(JOINT.spine1, exponential(scaled(logarithmOf(multiply(transposed(pelvis), chest)), 1 / 3, 35 * DEGREES)));
  solveHead(rest, frame, chest, write);
  for (let side = 0; side < 2; side++) {
    const collar = solveCollar(rest, frame, chest, side);
    write(side === 0 ? JOINT.leftCollar : JOINT.rightCollar, collar);
    solveArm(rest, frame, multiply(chest, collar), side, memory, write);
    solveLeg(rest, frame, pelvis, side, memory, write);
  }
}

type Write = (joint: number, rotation: Matrix3) => void;

const logarithmBuffer = new Float64Array(12);

/** log(R) as a vector. */
function logarithmOf(rotation: Matrix3): Vector3 {
  logarithmBuffer.set(rotation);
  rotationLogarithm(logarithmBuffer, 0, logarithmBuffer, 9);
  return vectorAt(logarithmBuffer, 9);
}

/** A rotation vector times `share`, at most `limit` rad long. */
function scaled(vector: Vector3, share: number, limit: number): Vector3 {
  const length = lengthOf(vector) * share;
  const factor = length > limit ? (share * limit) / length : share;
  return [vector[0] * factor, vector[1] * factor, vector[2] * factor];
}

function solveHead(rest: RestFrames, frame: LandmarkFrame, chest: Matrix3, write: Write): void {
  const { leftEar, rightEar, nose } = LANDMARK;
  const ears = subtract(frame.at(leftEar), frame.at(rightEar));
  const forward = subtract(frame.at(nose), middle(frame.at(leftEar), frame.at(rightEar)));
  const head = rotationBetween(ears, forward, rest.ears, rest.nose);
  const turned = logarithmOf(multiply(transposed(chest), head));
  write(JOINT.neck, exponential(scaled(turned, 0.5, neckLimit / 2)));
}

function solveCollar(rest: RestFrames, frame: LandmarkFrame, chest: Matrix3, side: number): Matrix3 {
  const shoulder = side === 0 ? LANDMARK.leftShoulder : LANDMARK.rightShoulder;
  const across = subtract(
    frame.at(shoulder),
    middle(frame.at(LANDMARK.leftShoulder), frame.at(LANDMARK.rightShoulder)),
  );
  const wanted = unit(turn(transposed(chest), across), unit(rest.collars[side]!, [1, 0, 0]));
  return exponential(scaled(swing(unit(rest.collars[side]!, wanted), wanted), 0.5, collarLimit));
}

/** Upper and lower global rotation of a limb. */
interface LimbRotations {
  upper: Matrix3;
  lower: Matrix3;
}

/**
 * Bone with hinge: directions of both bones, twist from the plane they span; where the limb is nearly straight the
 * plane comes from `hint`, the row before, or the parent.
 */
function solveLimb(
  limb: RestLimb,
  frame: LandmarkFrame,
  parent: Matrix3,
  before: Matrix3 | undefined,
  hint: { normal: Vector3; sure: number } | undefined,
): LimbRotations {
  const [start, hinge, end] = limb.landmarks;
  const u = unit(subtract(frame.at(hinge), frame.at(start)), turn(parent, unit(limb.upper, [0, -1, 0])));
  const v = unit(subtract(frame.at(end), frame.at(hinge)), u);
  const plane = cross(u, v);
  const sine = lengthOf(plane);
  const usual = fallbackNormal(limb, parent, before, u);
  const fallback = hint ? unit(add(usual, hint.normal, 2 * hint.sure), usual) : usual;
  const measured = unit(plane, fallback);
  const bent = Math.max(sine, dot(u, v) < 0 ? 1 : 0);
  const sign = sine < 0.25 && dot(u, v) > 0 && dot(measured, fallback) < 0 ? -1 : 1;
  const share = smoothstep((bent - 0.17) / 0.33) * Math.min(1, frame.sure(start, hinge, end) + 0.05);
  const normal = unit(add(add([0, 0, 0], measured, share * sign), fallback, 1 - share), fallback);
  const upper = rotationBetween(u, normal, limb.upper, limb.hinge);
  return { upper, lower: rotationBetween(flexed(u, v, normal), normal, limb.lower, limb.hinge) };
}

/** The lower bone's direction, kept within 0 and 150 degrees of flexion about the hinge normal. */
function flexed(u: Vector3, v: Vector3, normal: Vector3): Vector3 {
  const across = cross(normal, u);
  const along = dot(v, u);
  const angle = Math.atan2(dot(v, across), along);
  if (angle >= 0 && angle <= kneeAndElbowLimit) return v;
  const limited = angle > kneeAndElbowLimit || angle < -2.5 ? kneeAndElbowLimit : 0;
  return turn(exponential([normal[0] * limited, normal[1] * limited, normal[2] * limited]), u);
}

function fallbackNormal(limb: RestLimb, parent: Matrix3, before: Matrix3 | undefined, u: Vector3): Vector3 {
  const base = before ?? parent;
  const from = turn(base, unit(limb.upper, [0, -1, 0]));
  return turn(exponential(swing(unit(from, u), u)), turn(base, limb.hinge));
}

function solveArm(
  rest: RestFrames,
  frame: LandmarkFrame,
  collar: Matrix3,
  side: number,
  memory: HingeMemory,
  write: Write,
): void {
  const arm = rest.arms[side]!;
  const { upper, lower } = solveLimb(arm, frame, collar, memory.upper[side], undefined);
  memory.upper[side] = upper;
  write(arm.joints[0], multiply(transposed(collar), upper));
  const [index, pinky] =
    side === 0 ? [LANDMARK.leftIndex, LANDMARK.leftPinky] : [LANDMARK.rightIndex, LANDMARK.rightPinky];
  const wrist = arm.landmarks[2];
  const along = subtract(middle(frame.at(index), frame.at(pinky)), frame.at(wrist));
  const across = subtract(frame.at(index), frame.at(pinky));
  const { hand, pronation } = solveHand(rest.hands[side]!, lower, along, across, frame.sure(index, pinky, wrist));
  // Pronation is shared by forearm and wrist.
  const forearm = multiply(lower, exponential(pronation));
  write(arm.joints[1], multiply(transposed(upper), forearm));
  const wristTurn = logarithmOf(multiply(transposed(forearm), hand));
  write(arm.joints[2], exponential(scaled(wristTurn, 1, wristLimit)));
}

function solveHand(
  rest: RestEnd,
  lower: Matrix3,
  along: Vector3,
  across: Vector3,
  sure: number,
): { hand: Matrix3; pronation: Vector3 } {
  const seen = rotationBetween(along, across, rest.along, rest.across);
  const turned = scaled(logarithmOf(multiply(transposed(lower), seen)), smoothstep(sure / 0.6), Math.PI);
  const axis = unit(rest.along, [1, 0, 0]);
  const twist = Math.max(-twistLimit, Math.min(twistLimit, dot(turned, axis)));
  return {
    hand: multiply(lower, exponential(turned)),
    pronation: [(axis[0] * twist) / 2, (axis[1] * twist) / 2, (axis[2] * twist) / 2],
  };
}

function solveLeg(
  rest: RestFrames,
  frame: LandmarkFrame,
  pelvis: Matrix3,
  side: number,
  memory: HingeMemory,
  write: Write,
): void {
  const leg = rest.legs[side]!;
  const [heel, toe] =
    side === 0 ? [LANDMARK.leftHeel, LANDMARK.leftFootIndex] : [LANDMARK.rightHeel, LANDMARK.rightFootIndex];
  const [hip, knee, ankle] = leg.landmarks;
  const up = subtract(frame.at(hip), frame.at(knee));
  const forward = subtract(frame.at(toe), frame.at(heel));
  const sideways = cross(up, forward);
  const sure = frame.sure(heel, toe, knee) * smoothstep(lengthOf(sideways) / (0.3 * lengthOf(up) * lengthOf(forward)));
  const hint = { normal: unit(sideways, turn(pelvis, leg.hinge)), sure: Number.isFinite(sure) ? sure : 0 };
  const { upper, lower } = solveLimb(leg, frame, pelvis, memory.upper[2 + side], hint);
  memory.upper[2 + side] = upper;
  write(leg.joints[0], multiply(transposed(pelvis), upper));
  write(leg.joints[1], multiply(transposed(upper), lower));
  const end = rest.feet[side]!;
  const foot = rotationBetween(forward, subtract(frame.at(ankle), frame.at(heel)), end.along, end.across);
  const turned = logarithmOf(multiply(transposed(lower), foot));
  write(end.joint, exponential(scaled(turned, smoothstep(frame.sure(heel, toe, ankle) / 0.6), ankleLimit)));
}
