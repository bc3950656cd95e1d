import { BETA_COUNT, type BodyModel } from '#core/body/bodyModel';
import {
  createGlobalTransforms,
  createJointTemplate,
  forwardKinematics,
  type GlobalTransforms,
  type JointTemplate,
  restJoints,
  rotationsFromAxisAngles,
} from '#core/body/kinematics';
import { axisAngleToMatrix, matrixToQuaternion } from '#core/body/rotations';
import { evaluateReference, shapedVertices } from '#core/body/reference';
import type { FrameTimes } from '#core/frames/frameTimes';
import { isVariableRate } from '#core/frames/frameTimes';
import type { Span } from '#core/frames/span';
import type { Box } from '#core/tracks/box';
import type { ClipCamera, PersonMotion } from '../estimation/estimator';
import { betasOfRow } from '../estimation/rowShape';
import { Breather } from './breather';
import type { ExportClip, ExportFrame, ExportPerson, FrameRequest, Provenance } from './exportClip';
import { exportRate } from './sampleGrid';
import { safePersonNames } from './safeNames';
import { pointToScene, rotationToScene, type SceneTransform } from './scene';

/**
 * Vertices (V * 3, m) with pose correctives for a run of frames of one person. Called with at most 16 frames.
 * @param betas 10, or 10 for each frame
 * @param rotations local matrices of each frame, n * 216
 * @param translations SMPL trans of each frame in the axes of joint 0, n * 3
 */
export type MeshKernel = (
  body: BodyModel,
  betas: Float32Array,
  rotations: Float64Array,
  translations: Float64Array,
  signal: AbortSignal,
) => Promise<Float32Array[]>;

/** One person to export. */
export interface MotionPerson {
  id: string;
  number: number;
  /** As the user wrote it. */
  title: string;
  motion: PersonMotion;
  /** Effective box, px of the upright video. */
  boxAt(frameIndex: number): Box | undefined;
}

/** What a clip is made from. */
export interface MotionClipSource {
  title: string;
  body: BodyModel;
  jointNames: readonly string[];
  camera: ClipCamera;
  times: FrameTimes;
  span: Span;
  scene: SceneTransform;
  people: readonly MotionPerson[];
  provenance: Provenance;
  /** Makes meshes; the double-precision reference when absent. */
  meshKernel?: MeshKernel;
  vibe?: ExportClip['vibe'];
}

const MESH_CHUNK = 64;

const referenceKernel: MeshKernel = async (body, betas, rotations, translations, signal) => {
  const meshes: Float32Array[] = [];
  const size = body.parents.length * 9;
  const breather = new Breather();
  for (let row = 0; row * size < rotations.length; row++) {
    await breather.pause(signal);
    const posed = evaluateReference(body, {
      betas: betas.length > BETA_COUNT ? betas.subarray(row * BETA_COUNT, (row + 1) * BETA_COUNT) : betas,
      rotations: rotations.subarray(row * size, (row + 1) * size),
      translation: translations.subarray(row * 3, row * 3 + 3),
    });
    meshes.push(Float32Array.from(posed.vertices));
  }
  return meshes;
};

/** Skin in four slots a vertex: the largest weights, renormalised where the model has more. */
function fourInfluences(body: BodyModel): { joints: Uint8Array; weights: Float32Array } {
  const { influences, joints, weights } = body.skin;
  const result = { joints: new Uint8Array(body.vertexCount * 4), weights: new Float32Array(body.vertexCount * 4) };
  for (let vertex = 0; vertex < body.vertexCount; vertex++) {
    const slots = Array.from({ length: influences }, (_, k) => vertex * influences + k)
      .filter((at) => weights[at]! > 0)
      .sort((a, b) => weights[b]! - weights[a]!)
      .slice(0, 4);
    const sum = slots.reduce((total, at) => total + weights[at]!, 0) || 1;
    slots.forEach((at, k) => {
      result.joints[vertex * 4 + k] = joints[at]!;
      result.weights[vertex * 4 + k] = weights[at]! / sum;
    });
  }
  return result;
}

/** A frame with what its mesh is made from. */
interface MadeFrame {
  frame: ExportFrame;
  /** 24 * 9 local matrices, joint 0 in scene axes. */
  rotations: Float64Array;
  /** Rest joints of the frame's shape; the first 3 numbers are the pelvis, m. */
  pelvis: Float64Array;
}

/** The crop's camera of a row, where the estimator gave one. */
function cropCameraOf({ channels }: PersonMotion, row: number): { cropCamera?: Float32Array } {
  const cropCamera = channels?.cropCameras?.subarray(row * 3, row * 3 + 3);
  return cropCamera === undefined || Number.isNaN(cropCamera[0]) ? {} : { cropCamera };
}

/** Makes frames of one person from stored motion. */
class MotionFrames {
  private readonly transforms: GlobalTransforms;

  constructor(
    private readonly source: MotionClipSource,
    private readonly person: MotionPerson,
    private readonly joints: Float64Array,
    private readonly template: JointTemplate,
  ) {
    this.transforms = createGlobalTransforms(source.body.parents.length);
  }

  isPresent(frameIndex: number): boolean {
    const { motion } = this.person;
    const row = frameIndex - motion.start;
    return row >= 0 && row < motion.length && motion.present[row] === 1;
  }

  async *frames(request: FrameRequest, signal: AbortSignal): AsyncGenerator<ExportFrame> {
    const { from, to } = request.span;
    for (let start = from; start < to; start += MESH_CHUNK) {
      signal.throwIfAborted();
      const end = Math.min(to, start + MESH_CHUNK);
      const chunk: MadeFrame[] = [];
      for (let frameIndex = start; frameIndex < end; frameIndex++) chunk.push(this.makeFrame(frameIndex));
      if (request.vertices) await this.addVertices(chunk, request.vertices, signal);
      for (const { frame } of chunk) yield frame;
    }
  }

  private makeFrame(frameIndex: number): MadeFrame {
    const jointCount = this.source.body.parents.length;
    const box = this.person.boxAt(frameIndex);
    const frame: ExportFrame = {
      frameIndex,
      present: this.isPresent(frameIndex),
      rotations: new Float64Array(jointCount * 4),
      rootTranslation: new Float64Array(3),
      joints3dCamera: new Float64Array(jointCount * 3),
      joints2d: new Float64Array(jointCount * 2),
      ...(box ? { box: [box.x, box.y, box.width, box.height] as const } : {}),
    };
    if (!frame.present) return { frame, rotations: new Float64Array(0), pelvis: this.joints };
    const { motion } = this.person;
    const row = frameIndex - motion.start;
    const pose = motion.poses.subarray(row * jointCount * 3, (row + 1) * jointCount * 3);
    const betas = betasOfRow(motion, row);
    frame.smpl = {
      pose,
      betas,
      translation: motion.translations.subarray(row * 3, row * 3 + 3),
      ...cropCameraOf(motion, row),
    };
    const rotations = rotationsFromAxisAngles(pose);
    const joints = betas === motion.betas ? this.joints : restJoints(this.template, betas);
    forwardKinematics(this.source.body.parents, joints, rotations, this.transforms);
    for (let at = 0; at < jointCount * 3; at++) {
      frame.joints3dCamera[at] = this.transforms.positions[at]! + motion.translations[row * 3 + (at % 3)]!;
    }
    this.project(frame);
    pointToScene(this.source.scene, frame.joints3dCamera, frame.rootTranslation);
    rotationToScene(this.source.scene, rotations, rotations);
    const quaternion = [0, 0, 0, 0];
    for (let joint = 0; joint < jointCount; joint++) {
      matrixToQuaternion(rotations, quaternion, joint * 9);
      const length = Math.hypot(...quaternion) || 1;
      for (let k = 0; k < 4; k++) frame.rotations[joint * 4 + k] = quaternion[(k + 1) % 4]! / length;
    }
    return { frame, rotations, pelvis: joints };
  }

  private project(frame: ExportFrame): void {
    const { focal, width, height } = this.source.camera;
    for (let joint = 0; joint * 2 < frame.joints2d.length; joint++) {
      const depth = frame.joints3dCamera[joint * 3 + 2]!;
      frame.joints2d[joint * 2] = width / 2 + (focal * frame.joints3dCamera[joint * 3]!) / depth;
      frame.joints2d[joint * 2 + 1] = height / 2 + (focal * frame.joints3dCamera[joint * 3 + 1]!) / depth;
    }
  }

  private async addVertices(chunk: readonly MadeFrame[], space: 'scene' | 'smpl', signal: AbortSignal): Promise<void> {
    const present = chunk.filter(({ frame }) => frame.present);
    const size = this.source.body.parents.length * 9;
    const rotations = new Float64Array(present.length * size);
    const translations = new Float64Array(present.length * 3);
    const { motion } = this.person;
    present.forEach(({ frame, rotations: inScene, pelvis }, row) => {
      rotations.set(inScene, row * size);
      if (space === 'smpl') axisAngleToMatrix(frame.smpl?.pose ?? [0, 0, 0], rotations, 0, row * size);
      else for (let c = 0; c < 3; c++) translations[row * 3 + c] = frame.rootTranslation[c]! - pelvis[c]!;
    });
    const betas = motion.channels?.frameBetas
      ? Float32Array.from(present.flatMap(({ frame }) => [...(frame.smpl?.betas ?? motion.betas)]))
      : motion.betas;
    const kernel = this.source.meshKernel ?? referenceKernel;
    const meshes = await kernel(this.source.body, betas, rotations, translations, signal);
    present.forEach(({ frame }, row) => {
      const vertices = meshes[row];
      if (vertices) frame.vertices = vertices;
    });
  }
}

/** The clip that exporters take, from motion as estimators store it. Meshes are made on demand, 16 frames at a time. */
export function createMotionClip(source: MotionClipSource): ExportClip {
  const { body, people } = source;
  const template = createJointTemplate(body);
  const skin = fourInfluences(body);
  const names = safePersonNames(people);
  return {
    title: source.title,
    times: source.times,
    rate: exportRate(source.times),
    variableRate: isVariableRate(source.times),
    span: source.span,
    people: people.map((person, index): ExportPerson => {
      const joints = restJoints(template, person.motion.betas);
      const frames = new MotionFrames(source, person, joints, template);
      return {
        id: person.id,
        name: names[index] ?? `Person${person.number}`,
        title: person.title.trim() || `Person ${person.number}`,
        number: person.number,
        bodyModelId: body.id,
        restVertices: Float32Array.from(shapedVertices(body, person.motion.betas)),
        restJoints: joints,
        parents: body.parents,
        jointNames: source.jointNames,
        skinJoints: skin.joints,
        skinWeights: skin.weights,
        faces: body.faces,
        isPresent: (frameIndex) => frames.isPresent(frameIndex),
        frames: (request, signal) => frames.frames(request, signal),
      };
    }),
    provenance: source.provenance,
    picture: source.camera,
    ...(source.vibe ? { vibe: source.vibe } : {}),
  };
}
