import type { BodyModel } from '#core/body/bodyModel';
import { createJointTemplate } from '#core/body/kinematics';
import type { Numbers } from '#core/body/rotations';
import { AppError } from '#core/errors';
import { createFramePlacer, type FramePlacer, type SkeletonOutput } from './meshFrames';
import { createMeshMemory, LANES, type MeshMemory, TILE } from './meshMemory';
import { createPositionWriter, createScreenWriter, type HalfWriter, type ScreenSpan } from './meshOutput';
import { createShapeCache, type Shape } from './meshShapes';

/** Frames to mesh: F poses of one body, in one shape or in a shape each. */
export interface MeshRequest {
  /**
   * One shape: up to shapeCount numbers, missing ones are 0. A shape for each frame: F * shapeCount numbers (F > 1).
   */
  betas: Numbers;
  /** F. */
  frames: number;
  /** F * 72 axis-angles (3 a joint), rad. Give this or `rotations`. */
  poses?: Numbers;
  /** F * 24 * 9 local rotation matrices, row-major. */
  rotations?: Numbers;
  /** F * 3, m; none means zero. */
  translations?: Numbers;
  /** Leave normals out (an empty array) where nobody draws them. Default true. */
  normals?: boolean;
}

/** Meshes of F frames, exact. */
export interface MeshSpan extends SkeletonOutput {
  frames: number;
  /** F * V * 3, m. */
  positions: Float32Array;
  /** F * V * 4: x, y, z times 127, then 0. Smooth: the area-weighted sum of the faces around a vertex. */
  normals: Int8Array;
}

/** Makes meshes of one body model; its memory does not grow with the number of frames. Use one per thread. */
export interface MeshEngine {
  readonly body: BodyModel;
  /**
   * Meshes of a run of frames in f32. Gives way to the event loop about every 20 ms, so that a cancel can arrive.
   * @throws AppError INVALID_ARGUMENT when an array is shorter than `frames` says; the signal's reason when aborted
   */
  evaluate(request: MeshRequest, signal?: AbortSignal): Promise<MeshSpan>;
  /** The same without giving way: for short spans and for exporters that already run in their own thread. */
  evaluateSync(request: MeshRequest): MeshSpan;
  /** The same with positions in 16-bit steps, as the screen takes them: within 0.03 mm for one body. */
  evaluateForScreen(request: MeshRequest, signal?: AbortSignal): Promise<ScreenSpan>;
}

/** ms of work between two turns of the event loop. */
const SLICE = 20;

function check(request: MeshRequest, body: BodyModel): void {
  const { frames, betas, poses, rotations, translations } = request;
  const jointCount = body.parents.length;
  const enough =
    Number.isInteger(frames) &&
    frames >= 0 &&
    (betas.length <= body.shapeCount || betas.length === frames * body.shapeCount) &&
    (poses === undefined) !== (rotations === undefined) &&
    (poses === undefined || poses.length >= frames * jointCount * 3) &&
    (rotations === undefined || rotations.length >= frames * jointCount * 9) &&
    (translations === undefined || translations.length >= frames * 3);
  if (!enough) {
    throw new AppError(
      'INVALID_ARGUMENT',
      `A mesh of ${frames} frames needs ${jointCount * 3} pose numbers or ${jointCount * 9} rotation numbers each, and ${body.shapeCount} betas in all or each.`,
      { hint: 'This is a defect of Retake; please report it with what you did.' },
    );
  }
}

/** True when every frame brings betas of its own; equal ones for all frames are one shape. */
function changesShape({ betas, frames }: MeshRequest, shapeCount: number): boolean {
  if (betas.length <= shapeCount) return false;
  for (let at = shapeCount; at < frames * shapeCount; at++) if (betas[at] !== betas[at % shapeCount]) return true;
  return false;
}

/** One engine's parts. */
interface Parts {
  body: BodyModel;
  memory: MeshMemory;
  place: FramePlacer;
  shapeOf: (betas: Numbers) => Shape;
  /** What memory.rest holds. */
  loaded: Float32Array | undefined;
}

/** Poses up to a batch of frames from `from` on. */
function poseBatch(parts: Parts, request: MeshRequest, from: number, count: number, out: SkeletonOutput): void {
  const { body, memory, place } = parts;
  const { kernel } = memory;
  const isChanging = changesShape(request, body.shapeCount);
  const shape = isChanging ? undefined : parts.shapeOf(Array.from(request.betas).slice(0, body.shapeCount));
  // Calls may take turns on one engine, so each batch says what it stands on.
  const rest = shape?.vertices ?? body.template;
  if (parts.loaded !== rest) memory.rest.set(rest);
  parts.loaded = rest;
  if (isChanging) memory.fillShapes();
  kernel.setShapes(isChanging ? body.shapeCount : 0, memory.shapesAt);
  for (let slot = 0; slot < count; slot++) place(request, from + slot, slot, shape ?? request, out);
  for (let start = 0; start < body.vertexCount; start += memory.chunk) {
    const end = Math.min(body.vertexCount, start + memory.chunk);
    for (let tile = 0; tile * TILE < count; tile++) {
      if (count - tile * TILE > LANES) kernel.poseEight(tile, start, end);
      else kernel.poseFour(tile, start, end);
    }
  }
}

/** Batch after batch; after each one the caller may give way. */
function* batches(parts: Parts, request: MeshRequest, out: SkeletonOutput, write: HalfWriter): Generator<void> {
  const size = parts.memory.tiles * TILE;
  for (let from = 0; from < request.frames; from += size) {
    const count = Math.min(size, request.frames - from);
    poseBatch(parts, request, from, count, out);
    for (let half = 0; half * LANES < count; half++) {
      write(half, from + half * LANES, Math.min(LANES, count - half * LANES));
    }
    yield;
  }
}

async function inSlices(work: Iterable<void>, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  let sliceStart = performance.now();
  for (const _batch of work) {
    if (performance.now() - sliceStart < SLICE) continue;
    await new Promise((resolve) => setImmediate(resolve));
    signal?.throwIfAborted();
    sliceStart = performance.now();
  }
}

function createSkeletonOutput(body: BodyModel, frames: number): SkeletonOutput {
  const jointCount = body.parents.length;
  return {
    joints: new Float32Array(frames * jointCount * 3),
    jointRotations: new Float32Array(frames * jointCount * 9),
  };
}

/**
 * The mesh kernel for any body in SMPL's format: shape once per betas (or frame by frame), pose correctives, skinning,
 * smooth normals, 4 frames side by side in vectors of 128 bits (docs/decisions). Agrees with the reference kernel of
 * `core/body/reference` to 1e-5 m.
 */
export function createMeshEngine(body: BodyModel): MeshEngine {
  const template = createJointTemplate(body);
  const memory = createMeshMemory(body);
  const parts: Parts = {
    body,
    memory,
    place: createFramePlacer(body, template, memory),
    shapeOf: createShapeCache(body, template),
    loaded: undefined,
  };

  function begin(request: MeshRequest): { span: MeshSpan; work: Iterable<void> } {
    check(request, body);
    const skeleton = createSkeletonOutput(body, request.frames);
    const { write, ...meshes } = createPositionWriter(memory, body.vertexCount, request);
    return { span: { frames: request.frames, ...meshes, ...skeleton }, work: batches(parts, request, skeleton, write) };
  }

  return {
    body,
    evaluateSync(request) {
      const { span, work } = begin(request);
      for (const _batch of work);
      return span;
    },
    async evaluate(request, signal) {
      const { span, work } = begin(request);
      await inSlices(work, signal);
      return span;
    },
    async evaluateForScreen(request, signal) {
      check(request, body);
      const skeleton = createSkeletonOutput(body, request.frames);
      const { write, ...meshes } = createScreenWriter(memory, body.vertexCount, request);
      await inSlices(batches(parts, request, skeleton, write), signal);
      return { frames: request.frames, vertexCount: body.vertexCount, ...meshes, ...skeleton };
    },
  };
}
