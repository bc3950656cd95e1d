import type { BodyModel } from '#core/body/bodyModel';
import type { GlobalTransforms, JointTemplate } from '#core/body/kinematics';
import {
  createGlobalTransforms,
  createJointTemplate,
  forwardKinematics,
  restJoints,
  skinTransforms,
} from '#core/body/kinematics';
import type { Numbers } from '#core/body/rotations';
import { axisAngleToMatrix } from '#core/body/rotations';
import { AppError } from '#core/errors';
import { createNormalKernel } from './normals';
import { createSkinKernel } from './skinning';

/** Frames to mesh: one shape, F poses. */
export interface MeshRequest {
  /** Up to shapeCount numbers; missing ones are 0. */
  betas: Numbers;
  /** F. */
  frames: number;
  /** F * 72 axis-angles, rad. Give this or `rotations`. */
  poses?: Numbers;
  /** F * 24 * 9 local rotation matrices, row-major. */
  rotations?: Numbers;
  /** F * 3, m; none means zero. */
  translations?: Numbers;
  /** Leave normals out (an empty array) where nobody draws them. Default true. */
  normals?: boolean;
}

/** Meshes of F frames. */
export interface MeshSpan {
  frames: number;
  /** F * V * 3, m. */
  positions: Float32Array;
  /** F * V * 4: x, y, z times 127, then 0. Smooth: the area-weighted sum of the faces around a vertex. */
  normals: Int8Array;
  /** F * 24 * 3 posed joints, m. */
  joints: Float32Array;
}

/** Makes meshes of one body model. Not re-entrant between awaits for the same frame buffers; use one per thread. */
export interface MeshEngine {
  readonly body: BodyModel;
  /**
   * Meshes of a run of frames. Gives way to the event loop about every 20 ms, so that a cancel can arrive.
   * @throws AppError INVALID_ARGUMENT when an array is shorter than `frames` says; the signal's reason when aborted
   */
  evaluate(request: MeshRequest, signal?: AbortSignal): Promise<MeshSpan>;
  /** The same without giving way: for short spans and for exporters that already run in their own thread. */
  evaluateSync(request: MeshRequest): MeshSpan;
}

interface Shape {
  /** V * 3 unposed vertices. */
  vertices: Float32Array;
  joints: Float64Array;
}

/** How many shapes (one per person) stay shaped: 160 KB each for the default body. */
const SHAPES_KEPT = 16;

/** ms of work between two turns of the event loop. */
const SLICE = 20;

/** Shapes the body once per betas and keeps the latest ones. */
function createShapeCache(body: BodyModel, template: JointTemplate): (betas: Numbers) => Shape {
  const kept = new Map<string, Shape>();
  return (betas) => {
    const key = Array.from(betas).join(',');
    const known = kept.get(key);
    if (known) {
      kept.delete(key);
      kept.set(key, known);
      return known;
    }
    const shape = { vertices: shapeVertices(body, betas), joints: restJoints(template, betas) };
    kept.set(key, shape);
    if (kept.size > SHAPES_KEPT) for (const oldest of [...kept.keys()].slice(0, 1)) kept.delete(oldest);
    return shape;
  };
}

function shapeVertices(body: BodyModel, betas: Numbers): Float32Array {
  const size = body.vertexCount * 3;
  // Sums in double precision: ten f32 roundings would already cost a tenth of the kernel's tolerance.
  const sums = Float64Array.from(body.template);
  for (let k = 0; k < Math.min(betas.length, body.shapeCount); k++) {
    const beta = betas[k]!;
    if (beta === 0) continue;
    const directions = body.shapeDirections.subarray(k * size, (k + 1) * size);
    for (let at = 0; at < size; at++) sums[at]! += beta * directions[at]!;
  }
  return Float32Array.from(sums);
}

/** Adds the correctives of one pose to `rest`. Joints that do not turn cost nothing. */
function addCorrectives(body: BodyModel, rotations: Float64Array, rest: Float32Array): void {
  for (const { joint, vertices, directions } of body.poseCorrectives) {
    const at = joint * 9;
    const [f0, f1, f2] = [rotations[at]! - 1, rotations[at + 1]!, rotations[at + 2]!];
    const [f3, f4, f5] = [rotations[at + 3]!, rotations[at + 4]! - 1, rotations[at + 5]!];
    const [f6, f7, f8] = [rotations[at + 6]!, rotations[at + 7]!, rotations[at + 8]! - 1];
    if (f0 === 0 && f4 === 0 && f8 === 0 && f1 === 0 && f2 === 0 && f5 === 0) continue;
    let d = 0;
    for (let n = 0; n < vertices.length; n++) {
      const to = vertices[n]! * 3;
      for (let c = 0; c < 3; c++, d += 9) {
        rest[to + c]! +=
          directions[d]! * f0 +
          directions[d + 1]! * f1 +
          directions[d + 2]! * f2 +
          directions[d + 3]! * f3 +
          directions[d + 4]! * f4 +
          directions[d + 5]! * f5 +
          directions[d + 6]! * f6 +
          directions[d + 7]! * f7 +
          directions[d + 8]! * f8;
      }
    }
  }
}

function check(request: MeshRequest): void {
  const { frames, poses, rotations, translations } = request;
  const enough =
    Number.isInteger(frames) &&
    frames >= 0 &&
    (poses === undefined) !== (rotations === undefined) &&
    (poses === undefined || poses.length >= frames * 72) &&
    (rotations === undefined || rotations.length >= frames * 216) &&
    (translations === undefined || translations.length >= frames * 3);
  if (!enough) {
    throw new AppError(
      'INVALID_ARGUMENT',
      `A mesh of ${frames} frames needs 72 pose numbers or 216 rotation numbers each.`,
      {
        hint: 'This is a defect of Retake; please report it with what you did.',
      },
    );
  }
}

/** Scratch and kernels shared by all frames. */
interface Workspace {
  transforms: GlobalTransforms;
  rotations: Float64Array;
  maps: Float64Array;
  rest: Float32Array;
  skin: ReturnType<typeof createSkinKernel>;
  normals: ReturnType<typeof createNormalKernel>;
}

function evaluateFrame(
  body: BodyModel,
  work: Workspace,
  shape: Shape,
  request: MeshRequest,
  frame: number,
  out: MeshSpan,
): void {
  const { rotations, transforms, maps, rest } = work;
  const { poses, translations } = request;
  const jointCount = body.parents.length;
  for (let joint = 0; joint < jointCount; joint++) {
    if (poses) axisAngleToMatrix(poses, rotations, frame * 72 + joint * 3, joint * 9);
  }
  if (request.rotations) for (let k = 0; k < 216; k++) rotations[k] = request.rotations[frame * 216 + k]!;
  forwardKinematics(body.parents, shape.joints, rotations, transforms);
  skinTransforms(shape.joints, transforms, maps);
  for (let row = 0; row < 3; row++) {
    const moved = translations ? translations[frame * 3 + row]! : 0;
    for (let joint = 0; joint < jointCount; joint++) {
      maps[joint * 12 + row * 4 + 3]! += moved;
      out.joints[(frame * jointCount + joint) * 3 + row] = transforms.positions[joint * 3 + row]! + moved;
    }
  }
  rest.set(shape.vertices);
  addCorrectives(body, rotations, rest);
  const size = body.vertexCount * 3;
  const positions = out.positions.subarray(frame * size, (frame + 1) * size);
  work.skin(rest, maps, positions);
  if (request.normals !== false) {
    work.normals(positions, out.normals.subarray(frame * body.vertexCount * 4, (frame + 1) * body.vertexCount * 4));
  }
}

function createSpan(body: BodyModel, request: MeshRequest): MeshSpan {
  const { frames } = request;
  return {
    frames,
    positions: new Float32Array(frames * body.vertexCount * 3),
    normals: new Int8Array(request.normals === false ? 0 : frames * body.vertexCount * 4),
    joints: new Float32Array(frames * body.parents.length * 3),
  };
}

/**
 * The mesh kernel: shape once per betas, sparse pose correctives, skinning, smooth normals. Agrees with the reference
 * kernel of `core/body/reference` to 1e-5 m.
 */
export function createMeshEngine(body: BodyModel): MeshEngine {
  const shapeOf = createShapeCache(body, createJointTemplate(body));
  const jointCount = body.parents.length;
  const work: Workspace = {
    transforms: createGlobalTransforms(jointCount),
    rotations: new Float64Array(jointCount * 9),
    maps: new Float64Array(jointCount * 12),
    rest: new Float32Array(body.vertexCount * 3),
    skin: createSkinKernel(body.skin),
    normals: createNormalKernel(body.faces, body.vertexCount),
  };
  return {
    body,
    evaluateSync(request) {
      check(request);
      const span = createSpan(body, request);
      const shape = shapeOf(request.betas);
      for (let frame = 0; frame < request.frames; frame++) evaluateFrame(body, work, shape, request, frame, span);
      return span;
    },
    async evaluate(request, signal) {
      check(request);
      signal?.throwIfAborted();
      const span = createSpan(body, request);
      const shape = shapeOf(request.betas);
      let sliceStart = performance.now();
      for (let frame = 0; frame < request.frames; frame++) {
        evaluateFrame(body, work, shape, request, frame, span);
        if (performance.now() - sliceStart < SLICE) continue;
        await new Promise((resolve) => setImmediate(resolve));
        signal?.throwIfAborted();
        sliceStart = performance.now();
      }
      return span;
    },
  };
}
