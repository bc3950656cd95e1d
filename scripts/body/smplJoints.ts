import { JOINT } from '../../src/core/body/skeleton';
import type { Vector } from './vectors';
import { addScaled, meanPoint, mix } from './vectors';

/** Ends of T-posed bones by name. */
export interface PosedRig {
  head: (bone: string) => Vector;
  tail: (bone: string) => Vector;
}

/** Heights of spine1..3 as shares of pelvis to neck. */
const SPINE_HEIGHTS = [0.215, 0.475, 0.585];

/** MakeHuman's hip lies too far outside for SMPL's. */
const HIP_INWARDS = 0.84;

/** A point of the spine curve at a height. */
function onSpine(rig: PosedRig, height: number): Vector {
  const curve = ['spine05', 'spine04', 'spine03', 'spine02', 'spine01', 'neck01'].map((bone) => rig.head(bone));
  for (let k = 0; k + 1 < curve.length; k++) {
    const [low, high] = [curve[k]!, curve[k + 1]!];
    if (height <= high[1] || k + 2 === curve.length)
      return [0, height, mix(low, high, (height - low[1]) / (high[1] - low[1]))[2]];
  }
  return [0, height, 0];
}

/** The 24 SMPL joints of a T-posed rig, 24 * 3, m. */
export function smplJoints(rig: PosedRig): Float64Array {
  const joints = new Float64Array(72);
  const set = (joint: number, point: Vector): void => joints.set(point, joint * 3);
  const hip = rig.head('upperleg01.L');
  const neck = mix(rig.head('neck01'), rig.tail('neck01'), 0.5);
  const rise = neck[1] - hip[1];
  const pelvis: Vector = [0, hip[1] + 0.153 * rise, hip[2] + 0.01 * rise];
  set(JOINT.pelvis, pelvis);
  set(JOINT.neck, [0, neck[1], neck[2]]);
  const head = rig.head('head');
  set(JOINT.head, [0, head[1], head[2]]);
  [JOINT.spine1, JOINT.spine2, JOINT.spine3].forEach((joint, k) => {
    set(joint, onSpine(rig, pelvis[1] + SPINE_HEIGHTS[k]! * (neck[1] - pelvis[1])));
  });
  const mean = (bones: readonly string[]): Vector => meanPoint(bones.map((bone) => rig.head(bone)));
  const left: readonly (readonly [number, number, Vector])[] = [
    [JOINT.leftHip, JOINT.rightHip, [hip[0] * HIP_INWARDS, hip[1], hip[2]]],
    [JOINT.leftKnee, JOINT.rightKnee, rig.head('lowerleg01.L')],
    [JOINT.leftAnkle, JOINT.rightAnkle, rig.head('foot.L')],
    [JOINT.leftFoot, JOINT.rightFoot, mean([1, 2, 3, 4, 5].map((toe) => `toe${toe}-1.L`))],
    [JOINT.leftCollar, JOINT.rightCollar, mix(rig.head('clavicle.L'), rig.tail('clavicle.L'), 0.7)],
    [JOINT.leftShoulder, JOINT.rightShoulder, rig.head('upperarm01.L')],
    [JOINT.leftElbow, JOINT.rightElbow, rig.head('lowerarm01.L')],
    [JOINT.leftWrist, JOINT.rightWrist, rig.head('wrist.L')],
    [JOINT.leftHand, JOINT.rightHand, mean([2, 3, 4, 5].map((finger) => `finger${finger}-1.L`))],
  ];
  for (const [joint, other, point] of left) {
    set(joint, point);
    set(other, addScaled([-point[0], 0, 0], [0, point[1], point[2]], 1));
  }
  return joints;
}
