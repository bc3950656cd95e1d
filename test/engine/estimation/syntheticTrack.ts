import { fileURLToPath } from 'node:url';
import type { BodyModel } from '#core/body/bodyModel';
import {
  createGlobalTransforms,
  createJointTemplate,
  forwardKinematics,
  restJoints,
  rotationsFromAxisAngles,
} from '#core/body/kinematics';
import { type PinholeCamera, projectPoints } from '#core/camera/projection';
import { loadDefaultBody } from '#engine/bodymodel/defaultBody';
import type { ObservationTrack, PersonMotion } from '#engine/estimation/estimator';
import { FIT_POINTS } from '#engine/estimation/estimators/blazepose/fit/points';
import { exponential, swing, transposed, turn, unit } from '#engine/estimation/estimators/blazepose/fit/vectors';
import {
  LANDMARK,
  LANDMARK_COUNT,
  OBSERVATION,
  packObservation,
} from '#engine/estimation/estimators/blazepose/observation';

/** The body of the repository. */
export function readDefaultBody(): Promise<BodyModel> {
  return loadDefaultBody(fileURLToPath(new URL('../../../resources/body/default-body.bin', import.meta.url)));
}

/** Repeatable numbers from about a standard normal distribution (sum of 12 uniform ones). */
export function normalNumbers(seed: number): () => number {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return () => {
    let sum = -6;
    for (let k = 0; k < 12; k++) sum += uniform();
    return sum;
  };
}

/** A pose of a made-up motion: axis-angles by joint index, and where the pelvis is, camera axes, m. */
export interface MadeUpPose {
  angles: Readonly<Record<number, readonly [number, number, number]>>;
  pelvis: readonly [number, number, number];
}

/** Somebody who stands facing the camera, waves, leans and nods; feet stay. */
export function standAndWave(seconds: number, pelvis: readonly [number, number, number] = [0.3, 0, 3.5]): MadeUpPose {
  const s = Math.sin(2 * Math.PI * 0.8 * seconds);
  const c = Math.cos(2 * Math.PI * 0.5 * seconds);
  return {
    pelvis,
    angles: {
      0: [Math.PI, 0, 0],
      1: [0.05, 0, 0.08],
      2: [0.05, 0, -0.08],
      4: [0.12, 0, 0],
      5: [0.12, 0, 0],
      3: [0.06, 0.1 * s, 0.05 * c],
      6: [0.06, 0.1 * s, 0.05 * c],
      9: [0.06, 0.1 * s, 0.05 * c],
      12: [0.1 * c, 0.15 * s, 0],
      15: [0.1 * c, 0.15 * s, 0],
      16: [0.1, -0.3, -1.0 + 0.3 * s],
      17: [0.1, 0.3, 0.4 * c],
      18: [0, -0.8 - 0.4 * s, 0],
      19: [0, 1.2 + 0.5 * c, 0],
    },
  };
}

/** Somebody who walks across the picture, turned by `heading` rad about the vertical. */
export function walk(seconds: number, heading = 0.7): MadeUpPose {
  const phase = 2 * Math.PI * 0.9 * seconds;
  const swingOf = (shift: number): number => Math.sin(phase + shift);
  const bend = (shift: number): number => 0.15 + 0.5 * Math.max(0, Math.sin(phase + shift)) ** 2;
  const turned = exponential([0, heading, 0]);
  const upsideDown = [1, 0, 0, 0, -1, 0, 0, 0, -1];
  const quaternionFree = turned.map((_, k) => {
    const row = Math.floor(k / 3);
    return [0, 1, 2].reduce((sum, j) => sum + upsideDown[row * 3 + j]! * turned[j * 3 + (k % 3)]!, 0);
  });
  return {
    pelvis: [
      -0.8 + 1.1 * seconds * Math.sin(heading),
      0.02 * Math.cos(2 * phase),
      4.5 - 1.1 * seconds * Math.cos(heading),
    ],
    angles: {
      0: logarithm(quaternionFree),
      1: [-0.45 * swingOf(0), 0, 0.03],
      2: [0.45 * swingOf(0), 0, -0.03],
      4: [bend(-1), 0, 0],
      5: [bend(Math.PI - 1), 0, 0],
      16: [0, 0, -1.2],
      17: [0, 0, 1.2],
      18: [0, -0.5 - 0.2 * swingOf(0), 0],
      19: [0, 0.5 - 0.2 * swingOf(0), 0],
    },
  };
}

/** log of a matrix well away from half turns of the x axis alone; enough for the motions here. */
function logarithm(m: readonly number[]): [number, number, number] {
  const trace = m[0]! + m[4]! + m[8]!;
  const angle = Math.acos(Math.max(-1, Math.min(1, (trace - 1) / 2)));
  if (Math.PI - angle > 1e-4) {
    const factor = angle / (2 * Math.sin(angle));
    return [(m[7]! - m[5]!) * factor, (m[2]! - m[6]!) * factor, (m[3]! - m[1]!) * factor];
  }
  // Half turn: the axis is the largest column of M + I.
  const columns = [0, 1, 2].map((k) => [
    m[k]! + (k === 0 ? 1 : 0),
    m[3 + k]! + (k === 1 ? 1 : 0),
    m[6 + k]! + (k === 2 ? 1 : 0),
  ]);
  const largest = columns.reduce((best, column) => (Math.hypot(...column) > Math.hypot(...best) ? column : best));
  const length = Math.hypot(...largest);
  return [(largest[0]! / length) * angle, (largest[1]! / length) * angle, (largest[2]! / length) * angle];
}

/** A made-up clip: what was seen and what is true. */
export interface SyntheticClip {
  track: ObservationTrack;
  camera: PinholeCamera;
  truth: PersonMotion;
  /** length x 24 x 3, m, camera axes. */
  joints: Float64Array;
}

/** How a made-up clip is seen. */
export interface SyntheticOptions {
  body: BodyModel;
  frames: number;
  rate: number;
  pose: (seconds: number) => MadeUpPose;
  camera?: PinholeCamera;
  betas?: readonly number[];
  /** sd of noise on image landmarks, px. */
  imageNoise?: number;
  /** sd of noise on world landmarks, m per axis. */
  worldNoise?: number;
  seed?: number;
  start?: number;
  /** Seconds of each frame; even by default. */
  secondsOf?: (frame: number) => number;
}

/** Joints (24 x 3) of every row of a motion, m, camera axes. */
export function jointsOf(body: BodyModel, motion: PersonMotion): Float64Array {
  const rest = restJoints(createJointTemplate(body), motion.betas);
  const transforms = createGlobalTransforms(24);
  const joints = new Float64Array(motion.length * 72);
  for (let row = 0; row < motion.length; row++) {
    const rotations = rotationsFromAxisAngles(motion.poses.subarray(row * 72, row * 72 + 72));
    forwardKinematics(body.parents, rest, rotations, transforms);
    for (let c = 0; c < 72; c++)
      joints[row * 72 + c] = transforms.positions[c]! + motion.translations[row * 3 + (c % 3)]!;
  }
  return joints;
}

/** Mean and largest distance of joints in m over rows [from, to) of two joint lists. */
export function jointDistances(a: Float64Array, b: Float64Array, rows?: readonly number[], joints?: readonly number[]) {
  const which = rows ?? Array.from({ length: a.length / 72 }, (_, row) => row);
  const picked = joints ?? Array.from({ length: 24 }, (_, joint) => joint);
  const distances = which.flatMap((row) =>
    picked.map((joint) =>
      Math.hypot(...[0, 1, 2].map((c) => a[row * 72 + joint * 3 + c]! - b[row * 72 + joint * 3 + c]!)),
    ),
  );
  return { mean: distances.reduce((sum, d) => sum + d, 0) / distances.length, most: Math.max(...distances) };
}

/** Builds a clip: body posed by the core's kinematics, seen by a pinhole camera, landmarks with noise. */
export function makeClip(options: SyntheticOptions): SyntheticClip {
  const { body, frames, rate, pose, start = 0 } = options;
  const camera = options.camera ?? { focal: 0.85 * 1920, width: 1920, height: 1080 };
  const secondsOf = options.secondsOf ?? ((frame: number) => (start + frame) / rate);
  const truth: PersonMotion = {
    start,
    length: frames,
    present: new Uint8Array(frames).fill(1),
    poses: new Float32Array(frames * 72),
    translations: new Float32Array(frames * 3),
    betas: Float32Array.from({ length: 10 }, (_, k) => options.betas?.[k] ?? 0),
    confidences: new Float32Array(frames).fill(1),
  };
  const rest = restJoints(createJointTemplate(body), truth.betas);
  for (let row = 0; row < frames; row++) {
    const { angles, pelvis } = pose(secondsOf(row));
    for (const [joint, vector] of Object.entries(angles)) truth.poses.set(vector, row * 72 + Number(joint) * 3);
    truth.translations.set(
      [0, 1, 2].map((c) => pelvis[c]! - rest[c]!),
      row * 3,
    );
  }
  const joints = jointsOf(body, truth);
  const observations = new Float32Array(frames * OBSERVATION.length);
  const next = normalNumbers(options.seed ?? 1);
  for (let row = 0; row < frames; row++) {
    const points = surfacePoints(body, truth, row, joints);
    observations.set(observe(points, camera, options, next), row * OBSERVATION.length);
  }
  const track: ObservationTrack = {
    start,
    length: frames,
    observations,
    present: new Uint8Array(frames).fill(1),
    boxes: new Float64Array(frames * 4),
    seconds: Float64Array.from({ length: frames }, (_, row) => secondsOf(row)),
  };
  return { track, camera, truth, joints };
}

/** The fitted points of a row in the order of FIT_POINTS, from the template's surface and the core's kinematics. */
function surfacePoints(body: BodyModel, motion: PersonMotion, row: number, joints: Float64Array): number[][] {
  const rest = restJoints(createJointTemplate(body), motion.betas);
  const transforms = createGlobalTransforms(24);
  const rotations = rotationsFromAxisAngles(motion.poses.subarray(row * 72, row * 72 + 72));
  forwardKinematics(body.parents, rest, rotations, transforms);
  return FIT_POINTS.map(({ joint, surface, alongHand }) => {
    const offset = [0, 0, alongHand ?? 0];
    const vertex = surface && body.landmarks?.[surface];
    if (vertex !== undefined) {
      for (let c = 0; c < 3; c++) {
        offset[c] = body.template[vertex * 3 + c]! - rest[joint * 3 + c]!;
        for (let k = 0; k < 3; k++) {
          offset[c]! += motion.betas[k]! * body.shapeDirections[(k * body.vertexCount + vertex) * 3 + c]!;
        }
      }
    }
    return [0, 1, 2].map((r) =>
      [0, 1, 2].reduce(
        (sum, c) => sum + transforms.rotations[joint * 9 + r * 3 + c]! * offset[c]!,
        joints[row * 72 + joint * 3 + r]!,
      ),
    );
  });
}

function observe(
  points: number[][],
  camera: PinholeCamera,
  options: SyntheticOptions,
  next: () => number,
): Float32Array {
  const pixels = projectPoints(camera, points.flat());
  const image = new Float32Array(LANDMARK_COUNT * 4);
  const world = new Float32Array(LANDMARK_COUNT * 3);
  const at = (landmark: number): number => FIT_POINTS.findIndex((point) => point.landmark === landmark);
  const [leftHip, rightHip] = [points[at(LANDMARK.leftHip)]!, points[at(LANDMARK.rightHip)]!];
  const torso = [LANDMARK.leftShoulder, LANDMARK.rightShoulder, LANDMARK.leftHip, LANDMARK.rightHip].map(at);
  const bearing = [0, 1].map((c) => torso.reduce((sum, k) => sum + pixels[k * 2 + c]!, 0) / 4);
  const ray = unit(
    [(bearing[0]! - camera.width / 2) / camera.focal, (bearing[1]! - camera.height / 2) / camera.focal, 1],
    [0, 0, 1],
  );
  const back = transposed(exponential(swing([0, 0, 1], ray)));
  FIT_POINTS.forEach(({ landmark }, k) => {
    const noise = options.imageNoise ?? 0;
    image.set([pixels[k * 2]! + noise * next(), pixels[k * 2 + 1]! + noise * next(), 0, 0.95], landmark * 4);
    const [x, y, z] = [0, 1, 2].map((c) => points[k]![c]! - (leftHip[c]! + rightHip[c]!) / 2);
    const seen = turn(back, [x!, y!, z!]);
    world.set(
      seen.map((value) => value + (options.worldNoise ?? 0) * next()),
      landmark * 3,
    );
  });
  const ys = Array.from({ length: points.length }, (_, k) => pixels[k * 2 + 1]!);
  const size = 1.1 * (Math.max(...ys) - Math.min(...ys));
  return packObservation({
    image,
    world,
    score: 1,
    roi: { centreX: bearing[0]!, centreY: bearing[1]!, side: 1.25 * size, rotation: 0 },
    flags: 0,
  });
}
