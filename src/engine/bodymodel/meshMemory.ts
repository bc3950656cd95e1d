import { BETA_COUNT, type BodyModel } from '#core/body/bodyModel';
import { PAGE_BYTES } from '../memory/startKernel';
import { createMeshKernel, type MeshKernel } from './meshKernel';

/** Frames of a tile: two vectors of four lanes. */
export const TILE = 8;

/** Lanes of a vector: frames that one instruction serves. */
export const LANES = 4;

/**
 * Directions of pose correctives up to this size stay near the processor while whole tiles pass: the default body has 1.7 MB. A
 * single mesh of it takes five times as long where they do not.
 */
const SMALL_DIRECTIONS_BYTES = 2_500_000;

/** Directions that a stretch of vertices may have, to be read from the nearest cache for one tile after the other. */
const CHUNK_BYTES = 192 * 1024;

/** Tiles that share one reading of a body with many directions: 64 frames. */
const TILES_OF_DENSE = 8;

/** Bytes in 64-byte lines, taken one after the other. */
class Arena {
  bytes = 64;
  take(count: number): number {
    const at = this.bytes;
    this.bytes += (count + 63) & ~63;
    return at;
  }
}

/** One body in the memory of its kernel, with room for a batch of frames. Nothing is allocated later. */
export interface MeshMemory {
  kernel: MeshKernel;
  /** Tiles of a batch. */
  tiles: number;
  /** Vertices that are posed for all tiles of a batch before the next ones. */
  chunk: number;
  /** V * 3, the shaped body. */
  rest: Float32Array;
  /** Betas that may change from frame to frame. */
  shapeCount: number;
  /** V x shapeCount x 3; see {@link MeshMemory.fillShapes}. */
  shapesAt: number;
  /** tiles x (jointCount - 1) * 9 x 8. */
  features: Float32Array;
  /** tiles x shapeCount x 8. */
  betas: Float32Array;
  /** 2 * tiles x jointCount * 12 x 4. */
  maps: Float32Array;
  /** 2 * tiles x 3 x 4. */
  translations: Float32Array;
  /** Rows of features and of the offsets that a matrix product made of them; absent where correctives are few. */
  product: { features: Float32Array; offsets: Float32Array; offsetsAt: number } | undefined;
  /** 6 x 4. */
  bounds: Float32Array;
  boundsAt: number;
  /** Where normals are summed. */
  sumsAt: number;
  /** Four rows of `rowBytes`. */
  rowsAt: number;
  rowBytes: number;
  memory: WebAssembly.Memory;
  /** Writes the shape directions vertex by vertex; needed once, before betas change from frame to frame. */
  fillShapes(): void;
}

/** Pose corrective blocks vertex by vertex: where each vertex's blocks start, their features, their 9 x 3 directions. */
function blocksByVertex(body: BodyModel) {
  const starts = new Uint32Array(body.vertexCount + 1);
  for (const block of body.poseCorrectives) for (const vertex of block.vertices) starts[vertex + 1]! += 1;
  for (let vertex = 0; vertex < body.vertexCount; vertex++) starts[vertex + 1]! += starts[vertex]!;
  const next = starts.slice();
  const total = starts[body.vertexCount]!;
  const features = new Uint32Array(total);
  const directions = new Float32Array(total * 27);
  for (const { joint, vertices, directions: given } of body.poseCorrectives) {
    for (let n = 0; n < vertices.length; n++) {
      const to = next[vertices[n]!]!++;
      features[to] = (joint - 1) * 9 * TILE * 4;
      for (let c = 0; c < 3; c++) {
        for (let f = 0; f < 9; f++) directions[to * 27 + f * 3 + c] = given[(n * 3 + c) * 9 + f]!;
      }
    }
  }
  return { starts, features, directions };
}

/** Joints with a weight, vertex by vertex; a vertex without any keeps one of weight 0. */
function slotsByVertex({ skin, vertexCount }: BodyModel) {
  const starts = new Uint32Array(vertexCount + 1);
  const maps: number[] = [];
  const weights: number[] = [];
  for (let vertex = 0; vertex < vertexCount; vertex++) {
    for (let k = 0; k < skin.influences; k++) {
      const weight = skin.weights[vertex * skin.influences + k]!;
      if (weight === 0 && (k > 0 || skin.influences > 1)) continue;
      maps.push(skin.joints[vertex * skin.influences + k]! * 12 * LANES * 4);
      weights.push(weight);
    }
    if (maps.length === starts[vertex]) {
      maps.push(0);
      weights.push(0);
    }
    starts[vertex + 1] = maps.length;
  }
  return { starts, maps: Uint32Array.from(maps), weights: Float32Array.from(weights) };
}

function batchOf(vertexCount: number, directionBytes: number): { tiles: number; chunk: number } {
  if (directionBytes <= SMALL_DIRECTIONS_BYTES) return { tiles: 1, chunk: vertexCount };
  const perVertex = directionBytes / vertexCount;
  return { tiles: TILES_OF_DENSE, chunk: Math.max(8, Math.floor(CHUNK_BYTES / perVertex)) };
}

/** Lays a body out for the kernel. */
export function createMeshMemory(body: BodyModel): MeshMemory {
  const { vertexCount, faceCount } = body;
  const shapeCount = Math.min(BETA_COUNT, body.shapeCount);
  const jointCount = body.parents.length;
  const blocks = blocksByVertex(body);
  const slots = slotsByVertex(body);
  const corners = Uint32Array.from(body.faces, (vertex) => vertex * 3 * LANES * 4);
  const { tiles, chunk } = batchOf(vertexCount, blocks.directions.byteLength);
  const rowBytes = vertexCount * 12 + 16;
  const featureCount = (jointCount - 1) * 9;
  // The last vertex of the last row is read with 4 bytes too many.
  const offsetCount = tiles > 1 ? tiles * TILE * vertexCount * 3 + 1 : 0;
  const arena = new Arena();
  const at = {
    rest: arena.take(vertexCount * 12),
    shapes: arena.take(vertexCount * shapeCount * 12),
    blockStarts: arena.take(blocks.starts.byteLength),
    blockFeatures: arena.take(blocks.features.byteLength),
    directions: arena.take(blocks.directions.byteLength),
    slotStarts: arena.take(slots.starts.byteLength),
    slotMaps: arena.take(slots.maps.byteLength),
    slotWeights: arena.take(slots.weights.byteLength),
    corners: arena.take(corners.byteLength),
    features: arena.take(tiles * featureCount * TILE * 4),
    featureRows: arena.take(tiles > 1 ? tiles * featureCount * TILE * 4 : 0),
    offsets: arena.take(offsetCount * 4),
    betas: arena.take(tiles * shapeCount * TILE * 4),
    maps: arena.take(tiles * jointCount * 12 * TILE * 4),
    translations: arena.take(tiles * 3 * TILE * 4),
    posed: arena.take(tiles * vertexCount * 3 * TILE * 4),
    bounds: arena.take(6 * LANES * 4),
    sums: arena.take(vertexCount * 3 * LANES * 4),
    rows: arena.take(LANES * rowBytes),
  };
  const memory = new WebAssembly.Memory({ initial: Math.ceil(arena.bytes / PAGE_BYTES) });
  const floats = (start: number, count: number) => new Float32Array(memory.buffer, start, count);
  const copy = (start: number, from: Uint32Array | Float32Array) =>
    new Uint8Array(memory.buffer, start, from.byteLength).set(
      new Uint8Array(from.buffer, from.byteOffset, from.byteLength),
    );
  copy(at.blockStarts, blocks.starts);
  copy(at.blockFeatures, blocks.features);
  copy(at.directions, blocks.directions);
  copy(at.slotStarts, slots.starts);
  copy(at.slotMaps, slots.maps);
  copy(at.slotWeights, slots.weights);
  copy(at.corners, corners);
  const kernel = createMeshKernel(memory);
  kernel.setBody(
    vertexCount,
    faceCount,
    jointCount,
    at.rest,
    at.blockStarts,
    at.blockFeatures,
    at.directions,
    at.slotStarts,
    at.slotMaps,
    at.slotWeights,
    at.corners,
  );
  kernel.setFrames(at.features, at.betas, at.maps, at.translations, at.posed);
  let hasShapes = false;
  return {
    ...{ kernel, tiles, chunk, memory, rowBytes, rowsAt: at.rows, sumsAt: at.sums, boundsAt: at.bounds },
    shapeCount,
    shapesAt: at.shapes,
    rest: floats(at.rest, vertexCount * 3),
    features: floats(at.features, tiles * featureCount * TILE),
    product:
      tiles > 1
        ? {
            features: floats(at.featureRows, tiles * featureCount * TILE),
            offsets: floats(at.offsets, tiles * TILE * vertexCount * 3),
            offsetsAt: at.offsets,
          }
        : undefined,
    betas: floats(at.betas, tiles * shapeCount * TILE),
    maps: floats(at.maps, tiles * jointCount * 12 * TILE),
    translations: floats(at.translations, tiles * 3 * TILE),
    bounds: floats(at.bounds, 6 * LANES),
    fillShapes() {
      if (hasShapes) return;
      hasShapes = true;
      const shapes = floats(at.shapes, vertexCount * shapeCount * 3);
      for (let vertex = 0; vertex < vertexCount; vertex++) {
        for (let k = 0; k < shapeCount; k++) {
          for (let c = 0; c < 3; c++) {
            shapes[(vertex * shapeCount + k) * 3 + c] = body.shapeDirections[(k * vertexCount + vertex) * 3 + c]!;
          }
        }
      }
    },
  };
}
