import type { BodyModel } from '#core/body/bodyModel';
import {
  createGlobalTransforms,
  createJointTemplate,
  forwardKinematics,
  restJoints,
  rotationsFromAxisAngles,
} from '#core/body/kinematics';
import { matrixToAxisAngle } from '#core/body/rotations';
import { JOINT_COUNT, JOINT_NAMES } from '#core/body/skeleton';
import type { MeshEngine } from '#engine/bodymodel/meshEngine';
import { type Dancer, SAMPLE_FRAMES, SAMPLE_RATE } from './choreography';
import type { SceneMotion } from './motion';
import { STAGE, STAGE_CAMERA } from './stage';

/** A dancer with its motion. */
export interface Cast {
  dancer: Dancer;
  motion: SceneMotion;
}

const round = (value: number, digits: number): number => Number(value.toFixed(digits));

/** A scene point in camera axes: x right, y down, z forward, m. */
function toCamera(point: readonly number[]): [number, number, number] {
  const [x = 0, y = 0, z = 0] = point;
  return [x, STAGE_CAMERA.height - y, STAGE_CAMERA.distance - z];
}

function project([x, y, z]: readonly [number, number, number]): [number, number] {
  return [STAGE.width / 2 + (STAGE_CAMERA.focal * x) / z, STAGE.height / 2 + (STAGE_CAMERA.focal * y) / z];
}

interface TruthPerson {
  id: number;
  box: number[];
  joints3d: number[][];
  joints2d: number[][];
  pose: number[];
  translation: number[];
}

function truthOf(
  body: BodyModel,
  engine: MeshEngine,
  { dancer, motion }: Cast,
  frame: number,
): TruthPerson | undefined {
  const poses = motion.poses.subarray(frame * 72, frame * 72 + 72);
  const translations = motion.translations.subarray(frame * 3, frame * 3 + 3);
  const box = boxOf(engine, dancer.betas, poses, translations);
  if (!box) return undefined;
  const rest = restJoints(createJointTemplate(body), dancer.betas);
  const rotations = rotationsFromAxisAngles(poses);
  const transforms = createGlobalTransforms(JOINT_COUNT);
  forwardKinematics(body.parents, rest, rotations, transforms);
  const joints3d = Array.from({ length: JOINT_COUNT }, (_, joint) =>
    toCamera([0, 1, 2].map((k) => (transforms.positions[joint * 3 + k] ?? 0) + (translations[k] ?? 0))),
  );
  // C R0 and C (J0 + trans) - J0: reference export-formats section 0.
  for (let k = 3; k < 9; k++) rotations[k] = -(rotations[k] ?? 0);
  const pose = Float64Array.from(poses);
  matrixToAxisAngle(rotations, pose, 0, 0);
  const pelvis = joints3d[0] ?? [0, 0, 0];
  return {
    id: dancer.id,
    box,
    joints3d: joints3d.map((joint) => joint.map((value) => round(value, 4))),
    joints2d: joints3d.map((joint) => project(joint).map((value) => round(value, 2))),
    pose: [...pose].map((value) => round(value, 5)),
    translation: pelvis.map((value, k) => round(value - (rest[k] ?? 0), 4)),
  };
}

/** x, y, width, height of what of the body lies inside the picture, px; undefined when less than 24 px of it do. */
function boxOf(
  engine: MeshEngine,
  betas: readonly number[],
  poses: Float64Array,
  translations: Float64Array,
): number[] | undefined {
  const { positions } = engine.evaluateSync({ betas, frames: 1, poses, translations, normals: false });
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let at = 0; at < positions.length; at += 3) {
    const [x, y] = project(toCamera([positions[at] ?? 0, positions[at + 1] ?? 0, positions[at + 2] ?? 0]));
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
  }
  [left, top] = [Math.max(0, left), Math.max(0, top)];
  [right, bottom] = [Math.min(STAGE.width, right), Math.min(STAGE.height, bottom)];
  if (right - left < 24 || bottom - top < 24) return undefined;
  return [left, top, right - left, bottom - top].map((value) => round(value, 1));
}

/** The exact truth of the sample: what `retake evaluate` compares with, and what accuracy is measured on. */
export function sampleTruth(body: BodyModel, engine: MeshEngine, cast: readonly Cast[]) {
  return {
    format: 'retake-truth-1',
    clip: 'sample.mp4',
    fps: SAMPLE_RATE,
    unit: 'm',
    axes: 'camera: x right, y down, z forward',
    camera: { width: STAGE.width, height: STAGE.height, focal: STAGE_CAMERA.focal },
    bodyModel: body.id,
    joints: JOINT_NAMES,
    people: cast.map(({ dancer }) => ({ id: dancer.id, name: dancer.name, betas: dancer.betas })),
    frames: Array.from({ length: SAMPLE_FRAMES }, (_, frame) => ({
      frame,
      people: cast.flatMap((entry) =>
        frame >= entry.dancer.from && frame < entry.dancer.to ? (truthOf(body, engine, entry, frame) ?? []) : [],
      ),
    })),
  };
}
