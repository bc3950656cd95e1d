import { AppError } from '#core/errors';
import type { ArrayBundle } from '#core/protocol/arrayBundle';
import { type BodyMeta, bulkRoutes, type MeshesMeta } from '#core/protocol/bulkRoutes';
import { fetchBundle } from '../session/bulk';
import { SpanCache } from './spanCache';

/** Posed bodies of one person over a piece of frames, as they travel. */
export interface MeshPiece {
  from: number;
  vertexCount: number;
  /** u8 n: 1 where the frame has a body. */
  present: Uint8Array;
  /** u16 n x V x 3. */
  positions: Uint16Array;
  /** f32 n x 3, m. */
  origins: Float32Array;
  /** f32 n x 3, m per unit of `positions`. */
  steps: Float32Array;
  /** i8 n x V x 4, 1/127. */
  normals: Int8Array;
  /** f32 n x 24 x 3, m, camera axes. */
  joints: Float32Array;
  /** f32 n x 24 x 9, row-major. */
  jointRotations: Float32Array;
}

/** What does not change with the pose. */
export interface BodyShape {
  id: string;
  vertexCount: number;
  /** V x 3, the mean body in T-pose (betas 0), m, y up. */
  template: Float32Array;
  /** Triangles, vertex indices. */
  faces: Uint32Array;
  /** Fewer triangles between some of the vertices, near the same surface. */
  coarseFaces: Uint32Array;
  /** Joints that a vertex can follow. */
  influences: number;
  /** V x influences joint indices. */
  skinJoints: Uint8Array;
  /** V x influences, rows sum to 1. */
  skinWeights: Float32Array;
  /** 24, -1 for the root. */
  parents: Int32Array;
  jointNames: readonly string[];
}

/** Room for one posed body, reused from frame to frame. m, camera axes. */
export interface BodyBuffers {
  /** V * 3. */
  positions: Float32Array;
  /** V * 4, 1/127. */
  normals: Int8Array;
  /** 24 * 3. */
  joints: Float32Array;
  /** 24 * 9. */
  jointRotations: Float32Array;
}

/** Frames fetched at a time: 4.4 MB of the default body. */
const PIECE_FRAMES = 32;
const BUDGET_BYTES = 192 * 2 ** 20;
/** Of each of two runs that are compared. */
const RUN_BUDGET_BYTES = 64 * 2 ** 20;

function damaged(what: string): AppError {
  return new AppError('INTERNAL', `The engine sent a body without its ${what}.`, { hint: 'Reload the page.' });
}

/** Checks a meshes bundle. @throws AppError `INTERNAL` when an array is missing or of another kind. */
export function readMeshPiece({ meta, arrays }: ArrayBundle<MeshesMeta>): MeshPiece {
  const { present, positions, origins, steps, normals, joints, jointRotations } = arrays;
  if (!(present instanceof Uint8Array)) throw damaged('frames');
  if (!(positions instanceof Uint16Array)) throw damaged('positions');
  if (!(origins instanceof Float32Array) || !(steps instanceof Float32Array)) throw damaged('scale');
  if (!(normals instanceof Int8Array)) throw damaged('normals');
  if (!(joints instanceof Float32Array)) throw damaged('joints');
  if (!(jointRotations instanceof Float32Array)) throw damaged('joint rotations');
  const { from, vertexCount } = meta;
  return { from, vertexCount, present, positions, origins, steps, normals, joints, jointRotations };
}

/** Checks a body bundle. @throws AppError `INTERNAL` as above. */
export function readBodyShape({ meta, arrays }: ArrayBundle<BodyMeta>): BodyShape {
  const { template, faces, coarseFaces, skinJoints, skinWeights, parents } = arrays;
  if (!(template instanceof Float32Array)) throw damaged('template');
  if (!(faces instanceof Uint32Array)) throw damaged('faces');
  if (!(coarseFaces instanceof Uint32Array)) throw damaged('coarse triangles');
  if (!(skinJoints instanceof Uint8Array) || !(skinWeights instanceof Float32Array)) throw damaged('skin');
  if (!(parents instanceof Int32Array)) throw damaged('skeleton');
  const { id, vertexCount, influences, jointNames } = meta;
  return { id, vertexCount, template, faces, coarseFaces, influences, skinJoints, skinWeights, parents, jointNames };
}

/** Room for a body of `vertexCount` vertices. */
export function createBodyBuffers(vertexCount: number): BodyBuffers {
  return {
    positions: new Float32Array(vertexCount * 3),
    normals: new Int8Array(vertexCount * 4),
    joints: new Float32Array(24 * 3),
    jointRotations: new Float32Array(24 * 9),
  };
}

/**
 * Writes one frame of a piece into buffers of the same vertex count: position = origin + step * value.
 * @returns false (buffers untouched) when the piece has no body on that frame.
 */
export function unpackBody(piece: MeshPiece, frame: number, out: BodyBuffers): boolean {
  const row = frame - piece.from;
  if (piece.present[row] !== 1) return false;
  const size = piece.vertexCount * 3;
  const { positions, origins, steps } = piece;
  for (let c = 0; c < 3; c++) {
    const origin = origins[row * 3 + c]!;
    const step = steps[row * 3 + c]!;
    const start = row * size;
    for (let at = c; at < size; at += 3) out.positions[at] = origin + step * positions[start + at]!;
  }
  const normals = piece.vertexCount * 4;
  out.normals.set(piece.normals.subarray(row * normals, (row + 1) * normals));
  out.joints.set(piece.joints.subarray(row * 72, (row + 1) * 72));
  out.jointRotations.set(piece.jointRotations.subarray(row * 216, (row + 1) * 216));
  return true;
}

/** Meshes of one project, or of one run of it, around the frame that is shown. */
export function createMeshCache(projectId: string, run?: string): SpanCache<MeshPiece> {
  return new SpanCache<MeshPiece>({
    load: async ({ person, from, to, version }, signal) => {
      const address =
        run === undefined
          ? bulkRoutes.meshes(projectId, person, from, to, version)
          : bulkRoutes.keptMeshes(projectId, run, person, from, to, version);
      const value = readMeshPiece(await fetchBundle<MeshesMeta>(address, signal));
      return { value, bytes: value.positions.buffer.byteLength };
    },
    pieceFrames: PIECE_FRAMES,
    singleFirst: true,
    budgetBytes: run === undefined ? BUDGET_BYTES : RUN_BUDGET_BYTES,
    inFlight: run === undefined ? 2 : 1,
  });
}

/** The unchanging part of a body model. */
export async function loadBodyShape(bodyModelId: string, signal: AbortSignal): Promise<BodyShape> {
  return readBodyShape(await fetchBundle<BodyMeta>(bulkRoutes.body(bodyModelId), signal));
}
