import type { MeshRequest } from './meshEngine';
import type { SkeletonOutput } from './meshFrames';
import { LANES, type MeshMemory } from './meshMemory';
import type { QuantisedPositions } from './quantise';

/** Takes half a tile of posed vertices: `count` (1 to 4) frames from `frame` on. */
export type HalfWriter = (half: number, frame: number, count: number) => void;

/** Meshes of F frames as the screen takes them. */
export interface ScreenSpan extends QuantisedPositions, SkeletonOutput {
  /** F * V * 4: x, y, z times 127, then 0. */
  normals: Int8Array;
}

/** Copies rows of the kernel's memory (four, `rowBytes` apart) into an array of frames. */
function copyRows<Values extends Float32Array | Uint16Array | Int8Array>(
  rows: readonly Values[],
  out: Values,
  frame: number,
  count: number,
): void {
  for (let lane = 0; lane < count; lane++) {
    const row = rows[lane]!;
    out.set(row, (frame + lane) * row.length);
  }
}

function rowViews<Values>(memory: MeshMemory, make: (buffer: ArrayBuffer, at: number) => Values): Values[] {
  const { buffer } = memory.memory;
  return Array.from({ length: LANES }, (_, lane) => make(buffer, memory.rowsAt + lane * memory.rowBytes));
}

function createNormalWriter(memory: MeshMemory, vertexCount: number, request: MeshRequest) {
  const isWanted = request.normals !== false;
  const normals = new Int8Array(isWanted ? request.frames * vertexCount * 4 : 0);
  const rows = rowViews(memory, (buffer, at) => new Int8Array(buffer, at, vertexCount * 4));
  const write: HalfWriter = (half, frame, count) => {
    if (!isWanted) return;
    memory.kernel.writeNormals(half, memory.sumsAt, memory.rowsAt, memory.rowBytes);
    copyRows(rows, normals, frame, count);
  };
  return { normals, write };
}

/** Room for exact positions (F * V * 3, m) and normals, and what fills it. */
export function createPositionWriter(memory: MeshMemory, vertexCount: number, request: MeshRequest) {
  const { normals, write: writeNormals } = createNormalWriter(memory, vertexCount, request);
  const positions = new Float32Array(request.frames * vertexCount * 3);
  const rows = rowViews(memory, (buffer, at) => new Float32Array(buffer, at, vertexCount * 3));
  const write: HalfWriter = (half, frame, count) => {
    memory.kernel.writePositions(half, memory.rowsAt, memory.rowBytes);
    copyRows(rows, positions, frame, count);
    writeNormals(half, frame, count);
  };
  return { positions, normals, write };
}

/** Room for positions in 16-bit steps and normals, and what fills it. */
export function createScreenWriter(memory: MeshMemory, vertexCount: number, request: MeshRequest) {
  const { frames } = request;
  const { normals, write: writeNormals } = createNormalWriter(memory, vertexCount, request);
  const values = new Uint16Array(frames * vertexCount * 3);
  const origins = new Float32Array(frames * 3);
  const steps = new Float32Array(frames * 3);
  const rows = rowViews(memory, (buffer, at) => new Uint16Array(buffer, at, vertexCount * 3));
  const { bounds } = memory;
  const write: HalfWriter = (half, frame, count) => {
    memory.kernel.measureBounds(half, memory.boundsAt);
    for (let axis = 0; axis < 3; axis++) {
      for (let lane = 0; lane < count; lane++) {
        const at = (frame + lane) * 3 + axis;
        const low = bounds[axis * LANES + lane]!;
        origins[at] = low;
        steps[at] = (bounds[(axis + 3) * LANES + lane]! - low) / 65_535;
        // The stored f32 step is the one that counts when the other side puts positions back.
        const step = steps[at]!;
        bounds[(axis + 3) * LANES + lane] = step > 0 ? 1 / step : 0;
      }
    }
    memory.kernel.writeQuantised(half, memory.boundsAt, memory.rowsAt, memory.rowBytes);
    copyRows(rows, values, frame, count);
    writeNormals(half, frame, count);
  };
  return { values, origins, steps, normals, write };
}
