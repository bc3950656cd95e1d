import type { GlobalTransforms } from '../../src/core/body/kinematics';
import { createGlobalTransforms, forwardKinematics, rotationsFromAxisAngles } from '../../src/core/body/kinematics';
import { JOINT, JOINT_COUNT, JOINT_PARENTS } from '../../src/core/body/skeleton';
import { centresOfRotation } from './centresOfRotation';
import { pushApart } from './contact';
import type { MushDetail, MushOptions } from './deltaMush';
import { captureDetail, deltaMush } from './deltaMush';
import { createKeptVolume } from './keptVolume';
import { relevantJoints } from './relevance';
import { fitRigid } from './rigidFit';
import type { Bindings, RigidMaps } from './skinning';
import { blendDual, blendedMaps, dualQuaternions, skinDual, skinLinear, transformDual } from './skinning';
import type { SmplWeights } from './smplWeights';
import type { Topology } from './topology';
import { apply, multiply, pointAt, subtract, unit } from './vectors';

/** The mean body whose correctives are learned. */
export interface PosableBody {
  topology: Topology;
  /** V * 3, T-pose. */
  rest: Float64Array;
  /** V * 3, MakeHuman's rest pose with lowered arms. */
  apose: Float64Array;
  /** 24 * 3. */
  joints: Float64Array;
  weights: SmplWeights;
  /** 0 where delta mush must not touch (head, fingers, toes). */
  smoothable: Float64Array;
}

/** What a pose should look like, and what plain skinning makes of it. */
export interface PoseTarget {
  /** Row-major local rotations, 24 * 9. */
  rotations: Float64Array;
  /** V * 3. */
  linear: Float64Array;
  /** V * 3. */
  target: Float64Array;
  /** Blended maps of linear skinning, 12 per vertex. */
  blended: Float64Array;
}

/** Elevation of the upper arm in degrees where the lowered shape takes over, from none to all. */
const LOWERED = [-8, -45] as const;
/** Elevation where linear skinning comes back, because centres of rotation over-inflate the armpit, and its share. */
const RAISED = [10, 60] as const;
const RAISED_SHARE = 0.8;
const CENTRED_SHARE = 0.7;
/** Volume kept and skin pushed apart in turns: either disturbs the other. */
const FLESH_ROUNDS = 2;
const MUSH = { steps: 8, lambda: 0.5, share: 0.25 };

const smoothstep = (from: number, to: number, value: number): number => {
  const t = Math.min(1, Math.max(0, (value - from) / (to - from)));
  return t * t * (3 - 2 * t);
};

/** A rest shape with what its skinning needs. */
interface Source {
  rest: Float64Array;
  centres: Float64Array;
  detail: MushDetail;
}

/** Maps of the 24 joints for a pose: x -> R x + t. */
function poseMaps(transforms: GlobalTransforms, joints: Float64Array): RigidMaps {
  const translations = new Float64Array(JOINT_COUNT * 3);
  for (let joint = 0; joint < JOINT_COUNT; joint++) {
    const rotation = transforms.rotations.subarray(joint * 9, joint * 9 + 9);
    translations.set(
      subtract(pointAt(transforms.positions, joint), apply(rotation, pointAt(joints, joint))),
      joint * 3,
    );
  }
  return { rotations: transforms.rotations, translations };
}

/** Maps after maps: outer(inner(x)). */
function compose(outer: RigidMaps, inner: RigidMaps): RigidMaps {
  const rotations = new Float64Array(JOINT_COUNT * 9);
  const translations = new Float64Array(JOINT_COUNT * 3);
  for (let joint = 0; joint < JOINT_COUNT; joint++) {
    const turn = outer.rotations.subarray(joint * 9, joint * 9 + 9);
    rotations.set(multiply(turn, inner.rotations.subarray(joint * 9, joint * 9 + 9)), joint * 9);
    const moved = apply(turn, pointAt(inner.translations, joint));
    translations.set(
      moved.map((value, c) => value + outer.translations[joint * 3 + c]!),
      joint * 3,
    );
  }
  return { rotations, translations };
}

/** Centre-of-rotation skinning (Le and Hodgins 2016): the quaternion blend turns about a centre that linear skinning places. */
function skinCentred(source: Source, bindings: Bindings, duals: Float64Array, blended: Float64Array): Float64Array {
  const placed = skinLinear(source.centres, blended);
  const q = new Float64Array(8);
  for (let v = 0; v < placed.length; v += 3) {
    blendDual(bindings, duals, v / 3, q);
    const [x, y, z] = transformDual(
      q,
      [
        source.rest[v]! - source.centres[v]!,
        source.rest[v + 1]! - source.centres[v + 1]!,
        source.rest[v + 2]! - source.centres[v + 2]!,
      ],
      false,
    );
    placed[v]! += x;
    placed[v + 1]! += y;
    placed[v + 2]! += z;
  }
  return placed;
}

/** Makes the shapes that pose correctives are learned from. */
export function createPoseTargets(body: PosableBody): (pose: Float64Array) => PoseTarget {
  const { topology, weights, joints } = body;
  const { bindings } = weights;
  const mush: MushOptions = {
    steps: MUSH.steps,
    lambda: MUSH.lambda,
    amount: body.smoothable.map((value) => value * MUSH.share),
  };
  const prepare = (rest: Float64Array): Source => ({
    rest,
    centres: centresOfRotation(topology, bindings, rest),
    detail: captureDetail(topology, rest, mush),
  });
  const [tpose, apose] = [prepare(body.rest), prepare(body.apose)];
  const raise = fitRaise(body);
  const upper = upperBody(body);
  const keepVolume = createKeptVolume(body);
  const contact = {
    joints: Uint32Array.from(relevantJoints(body), (list) => list.reduce((bits, joint) => bits | (1 << joint), 0)),
    rest: body.rest,
  };
  const transforms = createGlobalTransforms(JOINT_COUNT);
  const shape = (source: Source, maps: RigidMaps): Float64Array => {
    const duals = dualQuaternions(maps, JOINT_PARENTS);
    const centred = skinCentred(source, bindings, duals, blendedMaps(bindings, maps));
    const dual = skinDual(source.rest, bindings, duals);
    const mixed = centred.map((value, at) => CENTRED_SHARE * value + (1 - CENTRED_SHARE) * dual[at]!);
    deltaMush(topology, mixed, source.detail, mush);
    return mixed;
  };
  return (pose) => {
    const rotations = rotationsFromAxisAngles(pose);
    forwardKinematics(JOINT_PARENTS, joints, rotations, transforms);
    const maps = poseMaps(transforms, joints);
    const blended = blendedMaps(bindings, maps);
    const linear = skinLinear(body.rest, blended);
    const target = shape(tpose, maps);
    let lowered: Float64Array | undefined;
    for (const side of [0, 1] as const) {
      const elevation = armElevation(transforms, joints, side);
      const down = smoothstep(LOWERED[0], LOWERED[1], elevation);
      const up = RAISED_SHARE * smoothstep(RAISED[0], RAISED[1], elevation);
      if (down === 0 && up === 0) continue;
      if (down > 0) lowered ??= shape(apose, compose(maps, raise));
      for (let at = 0; at < target.length; at++) {
        const mask = upper[side][Math.floor(at / 3)]!;
        target[at]! += mask * (down * ((lowered ?? target)[at]! - target[at]!) + up * (linear[at]! - target[at]!));
      }
    }
    for (let round = 0; round < FLESH_ROUNDS; round++) {
      keepVolume(target);
      pushApart(topology, target, contact);
    }
    return { rotations, linear, target, blended };
  };
}

/** How each joint's skin goes from the lowered rest shape to the T-pose. */
function fitRaise(body: PosableBody): RigidMaps {
  const rotations = new Float64Array(JOINT_COUNT * 9);
  const translations = new Float64Array(JOINT_COUNT * 3);
  for (let joint = 0; joint < JOINT_COUNT; joint++) {
    const fit = fitRigid(body.apose, body.rest, (vertex) => body.weights.dense[vertex * JOINT_COUNT + joint]! ** 2);
    rotations.set(fit.rotation, joint * 9);
    translations.set(fit.translation, joint * 3);
  }
  return { rotations, translations };
}

/** Share of chest and arm in each vertex, left and right. */
function upperBody({ topology, rest, weights }: PosableBody): readonly [Float64Array, Float64Array] {
  const arm = [JOINT.leftCollar, JOINT.leftShoulder, JOINT.leftElbow, JOINT.leftWrist, JOINT.leftHand];
  const owners = [JOINT.spine3, JOINT.neck, ...arm, ...arm.map((joint) => joint + 1)];
  const sides = [new Float64Array(topology.vertexCount), new Float64Array(topology.vertexCount)] as const;
  for (let vertex = 0; vertex < topology.vertexCount; vertex++) {
    const share = owners.reduce((sum, joint) => sum + weights.dense[vertex * JOINT_COUNT + joint]!, 0);
    const left = smoothstep(-0.03, 0.03, rest[vertex * 3]!);
    sides[0][vertex] = share * left;
    sides[1][vertex] = share * (1 - left);
  }
  return sides;
}

/** Angle of the upper arm over the horizontal of the chest, degrees; 0 in the T-pose. */
function armElevation(transforms: GlobalTransforms, joints: Float64Array, side: 0 | 1): number {
  const [shoulder, elbow] = [JOINT.leftShoulder + side, JOINT.leftElbow + side];
  const bone = unit(subtract(pointAt(joints, elbow), pointAt(joints, shoulder)));
  const direction = apply(transforms.rotations.subarray(shoulder * 9, shoulder * 9 + 9), bone);
  const chest = transforms.rotations.subarray(JOINT.spine3 * 9, JOINT.spine3 * 9 + 9);
  const height = chest[1]! * direction[0] + chest[4]! * direction[1] + chest[7]! * direction[2];
  return (Math.asin(Math.min(1, Math.max(-1, height))) - Math.asin(bone[1])) * (180 / Math.PI);
}
