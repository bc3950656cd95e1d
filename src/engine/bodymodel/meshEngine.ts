import { BETA_COUNT, type BodyModel } from '#core/body/bodyModel';
import { createJointTemplate } from '#core/body/kinematics';
import type { Numbers } from '#core/body/rotations';
import { AppError } from '#core/errors';
import { createFramePlacer, type FramePlacer, type SkeletonOutput } from './meshFrames';
import { createMeshMemory, LANES, type MeshMemory, TILE } from './meshMemory';
import { createPositionWriter, createScreenWriter, type HalfWriter, type ScreenSpan } from './meshOutput';
import { directionMatrix, type MatrixProduct, type ProductFactory } from './meshProduct';
import { createShapeCache, type Shape } from './meshShapes';

/** Frames to mesh: F poses of one body, in one shape or in a shape each. */
export interface MeshRequest {
  /**
   * One shape: up to shapeCount numbers, missing ones are 0. A shape for each frame: F * 10 numbers (F > 1).
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
    (betas.length <= Math.max(BETA_COUNT, body.shapeCount) || bringsShapes(request)) &&
    (poses === undefined) !== (rotations === undefined) &&
    (poses === undefined || poses.length >= frames * jointCount * 3) &&
    (rotations === undefined || rotations.length >= frames * jointCount * 9) &&
    (translations === undefined || translations.length >= frames * 3);
  if (!enough) {
    throw new AppError(
      'INVALID_ARGUMENT',
      `A mesh of ${frames} frames needs ${jointCount * 3} pose numbers or ${jointCount * 9} rotation numbers each, and ${BETA_COUNT} betas in all or each.`,
      { hint: 'This is a defect of Retake; please report it with what you did.' },
    );
  }
}

function bringsShapes({ betas, frames }: MeshRequest): boolean {
  return frames > 1 && betas.length === frames * BETA_COUNT;
}

function oneShape(request: MeshRequest): Numbers {
  return bringsShapes(request) ? Array.from(request.betas).slice(0, BETA_COUNT) : request.betas;
}

/** True when frames differ in shape. */
function changesShape(request: MeshRequest): boolean {
  if (!bringsShapes(request)) return false;
  const { betas } = request;
  for (let at = BETA_COUNT; at < betas.length; at++) if (betas[at] !== betas[at % BETA_COUNT]) return true;
  return false;
}

/** One engine's parts. */
interface Parts {
  body: BodyModel;
  memory: MeshMemory;
  placer: FramePlacer;
  shapeOf: (betas: Numbers) => Shape;
  /** What memory.rest holds. */
  loaded: Float32Array | undefined;
}

/** A stretch of frames that fits the kernel's memory. */
interface Batch {
  request: MeshRequest;
  from: number;
  count: number;
}

function* batchesOf(request: MeshRequest, size: number): Generator<Batch> {
  for (let from = 0; from < request.frames; from += size) {
    yield { request, from, count: Math.min(size, request.frames - from) };
  }
}

/** Poses a batch; `offsets` are its pose correctives where a matrix product has made them. */
function poseBatch(parts: Parts, { request, from, count }: Batch, out: SkeletonOutput, offsetsAt?: number): void {
  const { body, memory, placer } = parts;
  const { kernel } = memory;
  const isChanging = changesShape(request);
  const shape = isChanging ? undefined : parts.shapeOf(oneShape(request));
  // Calls may take turns on one engine, so each batch says what it stands on.
  const rest = shape?.vertices ?? body.template;
  if (parts.loaded !== rest) memory.rest.set(rest);
  parts.loaded = rest;
  if (isChanging) memory.fillShapes();
  kernel.setShapes(isChanging ? memory.shapeCount : 0, memory.shapesAt);
  for (let slot = 0; slot < count; slot++) placer.place(request, from + slot, slot, shape ?? request, out);
  if (offsetsAt === undefined) return poseChunks(memory, body.vertexCount, count);
  const stride = body.vertexCount * 12;
  for (let half = 0; half * LANES < count; half++) {
    kernel.poseOffsets(half, offsetsAt + half * LANES * stride, stride);
  }
}

/** A stretch of vertices for all tiles, then the next: a dense body's directions are read from far away only once. */
function poseChunks({ kernel, chunk }: MeshMemory, vertexCount: number, count: number): void {
  for (let start = 0; start < vertexCount; start += chunk) {
    const end = Math.min(vertexCount, start + chunk);
    for (let tile = 0; tile * TILE < count; tile++) {
      if (count - tile * TILE > LANES) kernel.poseEight(tile, start, end);
      else kernel.poseFour(tile, start, end);
    }
  }
}

function writeBatch({ from, count }: Batch, write: HalfWriter): void {
  for (let half = 0; half * LANES < count; half++) {
    write(half, from + half * LANES, Math.min(LANES, count - half * LANES));
  }
}

/** Pose correctives of a batch by one matrix product. @returns where the kernel finds them */
async function multiply(parts: Parts, product: MatrixProduct, { request, from, count }: Batch): Promise<number> {
  const { features, offsets, offsetsAt } = parts.memory.product!;
  for (let slot = 0; slot < count; slot++) parts.placer.writeFeatures(request, from + slot, slot, features);
  const rows = Math.ceil(count / LANES) * LANES;
  await product.multiply(features.subarray(0, rows * product.inner), rows, offsets.subarray(0, rows * product.width));
  return offsetsAt;
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
 * smooth normals, 4 frames side by side in vectors of 128 bits (decision 0008). Agrees with the reference kernel of
 * `core/body/reference` to 1e-5 m.
 * @param createProduct multiplies matrices faster than the kernel does; taken for bodies whose correctives are dense
 */
export function createMeshEngine(body: BodyModel, createProduct?: ProductFactory): MeshEngine {
  const template = createJointTemplate(body);
  const memory = createMeshMemory(body);
  const parts: Parts = {
    body,
    memory,
    placer: createFramePlacer(body, template, memory),
    shapeOf: createShapeCache(body, template),
    loaded: undefined,
  };
  const batchSize = memory.tiles * TILE;
  let product: Promise<MatrixProduct> | undefined;
  let turn: Promise<unknown> = Promise.resolve();

  function productOf(): Promise<MatrixProduct> | undefined {
    if (memory.product === undefined || createProduct === undefined) return undefined;
    if (product) return product;
    const { matrix, inner, width } = directionMatrix(body);
    const made = createProduct(matrix, inner, width);
    product = made;
    // A failed one is made again the next time.
    made.catch(() => (product = undefined));
    return made;
  }

  async function run(
    request: MeshRequest,
    out: SkeletonOutput,
    write: HalfWriter,
    signal?: AbortSignal,
  ): Promise<void> {
    signal?.throwIfAborted();
    const made = await productOf();
    let sliceStart = performance.now();
    for (const batch of batchesOf(request, batchSize)) {
      const offsetsAt = made ? await multiply(parts, made, batch) : undefined;
      poseBatch(parts, batch, out, offsetsAt);
      writeBatch(batch, write);
      if (performance.now() - sliceStart < SLICE) continue;
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
      sliceStart = performance.now();
    }
  }

  /** One after the other: a product that is awaited must not be overwritten. */
  function inTurn(request: MeshRequest, out: SkeletonOutput, write: HalfWriter, signal?: AbortSignal): Promise<void> {
    const done = turn.then(() => run(request, out, write, signal));
    turn = done.catch(() => undefined);
    return done;
  }

  function beginExact(request: MeshRequest) {
    check(request, body);
    const skeleton = createSkeletonOutput(body, request.frames);
    const { write, ...meshes } = createPositionWriter(memory, body.vertexCount, request);
    return { span: { frames: request.frames, ...meshes, ...skeleton }, write };
  }

  return {
    body,
    evaluateSync(request) {
      const { span, write } = beginExact(request);
      for (const batch of batchesOf(request, batchSize)) {
        poseBatch(parts, batch, span);
        writeBatch(batch, write);
      }
      return span;
    },
    async evaluate(request, signal) {
      const { span, write } = beginExact(request);
      await inTurn(request, span, write, signal);
      return span;
    },
    async evaluateForScreen(request, signal) {
      check(request, body);
      const skeleton = createSkeletonOutput(body, request.frames);
      const { write, ...meshes } = createScreenWriter(memory, body.vertexCount, request);
      await inTurn(request, skeleton, write, signal);
      return { frames: request.frames, vertexCount: body.vertexCount, ...meshes, ...skeleton };
    },
  };
}
