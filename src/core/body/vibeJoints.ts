import type { SparseRows } from './bodyModel';
import type { Numbers } from './rotations';
import { JOINT, JOINT_NAMES, type JointName } from './skeleton';

/** Vertices of the SMPL surface that stand for joints (reference vibe-smpl 7.5), in the order of the 45-joint vector. */
export const VERTEX_JOINTS = {
  noseTip: 332,
  rightEye: 6260,
  leftEye: 2800,
  rightEar: 4071,
  leftEar: 583,
  leftBigToe: 3216,
  leftSmallToe: 3226,
  leftHeel: 3387,
  rightBigToe: 6617,
  rightSmallToe: 6624,
  rightHeel: 6787,
  leftThumbTip: 2746,
  leftIndexTip: 2319,
  leftMiddleTip: 2445,
  leftRingTip: 2556,
  leftPinkyTip: 2673,
  rightThumbTip: 6191,
  rightIndexTip: 5782,
  rightMiddleTip: 5905,
  rightRingTip: 6016,
  rightPinkyTip: 6133,
} as const;

/** One of {@link VERTEX_JOINTS}. */
export type VertexJoint = keyof typeof VERTEX_JOINTS;

/** Rows of `J_regressor_extra.npy` in file order (reference vibe-smpl 7.6). */
export const EXTRA_JOINTS = [
  'rightHipLsp',
  'leftHipLsp',
  'neckLsp',
  'headTopLsp',
  'pelvisMpii',
  'thoraxMpii',
  'spineH36m',
  'jawH36m',
  'headH36m',
] as const;

/** One of {@link EXTRA_JOINTS}. */
export type ExtraJoint = (typeof EXTRA_JOINTS)[number];

/** Where an output joint comes from: a skeleton joint, a picked vertex or a row of the extra regressor. */
export type JointSource = JointName | VertexJoint | ExtraJoint;

/**
 * VIBE's 49 output joints in order: its name, and its source (reference vibe-smpl 7.7). The first 25 are OpenPose's
 * BODY_25, the others the joints of the training data. Eyes and ears come right then left in the first part, left then
 * right in the second.
 */
export const VIBE_JOINTS: readonly (readonly [name: string, source: JointSource])[] = [
  ['OP Nose', 'noseTip'],
  ['OP Neck', 'neck'],
  ['OP RShoulder', 'rightShoulder'],
  ['OP RElbow', 'rightElbow'],
  ['OP RWrist', 'rightWrist'],
  ['OP LShoulder', 'leftShoulder'],
  ['OP LElbow', 'leftElbow'],
  ['OP LWrist', 'leftWrist'],
  ['OP MidHip', 'pelvis'],
  ['OP RHip', 'rightHip'],
  ['OP RKnee', 'rightKnee'],
  ['OP RAnkle', 'rightAnkle'],
  ['OP LHip', 'leftHip'],
  ['OP LKnee', 'leftKnee'],
  ['OP LAnkle', 'leftAnkle'],
  ['OP REye', 'rightEye'],
  ['OP LEye', 'leftEye'],
  ['OP REar', 'rightEar'],
  ['OP LEar', 'leftEar'],
  ['OP LBigToe', 'leftBigToe'],
  ['OP LSmallToe', 'leftSmallToe'],
  ['OP LHeel', 'leftHeel'],
  ['OP RBigToe', 'rightBigToe'],
  ['OP RSmallToe', 'rightSmallToe'],
  ['OP RHeel', 'rightHeel'],
  ['Right Ankle', 'rightAnkle'],
  ['Right Knee', 'rightKnee'],
  ['Right Hip', 'rightHipLsp'],
  ['Left Hip', 'leftHipLsp'],
  ['Left Knee', 'leftKnee'],
  ['Left Ankle', 'leftAnkle'],
  ['Right Wrist', 'rightWrist'],
  ['Right Elbow', 'rightElbow'],
  ['Right Shoulder', 'rightShoulder'],
  ['Left Shoulder', 'leftShoulder'],
  ['Left Elbow', 'leftElbow'],
  ['Left Wrist', 'leftWrist'],
  ['Neck (LSP)', 'neckLsp'],
  ['Top of Head (LSP)', 'headTopLsp'],
  ['Pelvis (MPII)', 'pelvisMpii'],
  ['Thorax (MPII)', 'thoraxMpii'],
  ['Spine (H36M)', 'spineH36m'],
  ['Jaw (H36M)', 'jawH36m'],
  ['Head (H36M)', 'headH36m'],
  ['Nose', 'noseTip'],
  ['Left Eye', 'leftEye'],
  ['Right Eye', 'rightEye'],
  ['Left Ear', 'leftEar'],
  ['Right Ear', 'rightEar'],
];

/** A regressor's joints (rows x 3, m) of posed vertices (V x 3, m). */
export function regressJoints(regressor: SparseRows, vertices: Numbers): Float64Array {
  const { rowStarts, columns, values } = regressor;
  const joints = new Float64Array((rowStarts.length - 1) * 3);
  for (let row = 0; row + 1 < rowStarts.length; row++) {
    for (let k = rowStarts[row]!; k < rowStarts[row + 1]!; k++) {
      for (let c = 0; c < 3; c++) joints[row * 3 + c]! += values[k]! * vertices[columns[k]! * 3 + c]!;
    }
  }
  return joints;
}

/**
 * VIBE's 49 joints (49 x 3, m) of one posed SMPL body.
 * @param joints the 24 posed skeleton joints, 24 x 3
 * @param vertices the 6890 posed vertices, V x 3
 * @param extraRegressor 9 rows, `J_regressor_extra.npy`
 */
export function vibeJoints(joints: Numbers, vertices: Numbers, extraRegressor: SparseRows): Float64Array {
  const extra = regressJoints(extraRegressor, vertices);
  const out = new Float64Array(VIBE_JOINTS.length * 3);
  VIBE_JOINTS.forEach(([, source], k) => {
    const [from, at] = isSkeletonJoint(source)
      ? [joints, JOINT[source]]
      : isVertexJoint(source)
        ? [vertices, VERTEX_JOINTS[source]]
        : [extra, EXTRA_JOINTS.indexOf(source)];
    for (let c = 0; c < 3; c++) out[k * 3 + c] = from[at * 3 + c]!;
  });
  return out;
}

const skeletonNames: ReadonlySet<string> = new Set(JOINT_NAMES);

function isSkeletonJoint(source: JointSource): source is JointName {
  return skeletonNames.has(source);
}

function isVertexJoint(source: JointSource): source is VertexJoint {
  return Object.hasOwn(VERTEX_JOINTS, source);
}
