import { BETA_COUNT, type BodyModel } from '#core/body/bodyModel';
import type { NpzMember } from '../weights/numpy/writeNpz';
import { createMeshEngine, type MeshEngine } from './meshEngine';
import type { ProductFactory } from './meshProduct';
import type { PoseFile } from './poseFile';

/** Frames that are in memory at a time. */
const BATCH = 64;

function requestOf({ betas, poses, translations, frames }: PoseFile, from: number) {
  const to = Math.min(frames, from + BATCH);
  const isChanging = frames > 1 && betas.length === frames * BETA_COUNT;
  return {
    betas: isChanging ? betas.subarray(from * BETA_COUNT, to * BETA_COUNT) : betas,
    frames: to - from,
    poses: poses.subarray(from * 72, to * 72),
    translations: translations.subarray(from * 3, to * 3),
    normals: false,
  };
}

async function* verticesOf(
  engine: MeshEngine,
  file: PoseFile,
  joints: Float32Array,
  signal: AbortSignal | undefined,
  onProgress: ((done: number) => void) | undefined,
): AsyncGenerator<Float32Array> {
  for (let from = 0; from < file.frames; from += BATCH) {
    const span = await engine.evaluate(requestOf(file, from), signal);
    joints.set(span.joints, from * engine.body.parents.length * 3);
    yield span.positions;
    onProgress?.(from + span.frames);
  }
}

/**
 * The posed body as arrays of an `.npz`: `vertices` [n, V, 3] and `joints` [n, 24, 3] in m, `f` [faces, 3], in this
 * order. Meshes are made while the archive is written, 64 frames at a time.
 */
export function posedMembers(
  body: BodyModel,
  file: PoseFile,
  options: { createProduct?: ProductFactory; signal?: AbortSignal; onProgress?: (done: number) => void } = {},
): NpzMember[] {
  const { frames } = file;
  const jointCount = body.parents.length;
  const joints = new Float32Array(frames * jointCount * 3);
  const engine = createMeshEngine(body, options.createProduct);
  const pieces = verticesOf(engine, file, joints, options.signal, options.onProgress);
  return [
    { name: 'vertices', type: '<f4', shape: [frames, body.vertexCount, 3], pieces },
    { name: 'joints', type: '<f4', shape: [frames, jointCount, 3], pieces: [joints] },
    { name: 'f', type: '<u4', shape: [body.faceCount, 3], pieces: [body.faces] },
  ];
}
