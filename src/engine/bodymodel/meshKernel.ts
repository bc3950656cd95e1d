import { startKernel } from '../memory/startKernel';
import { MESH_KERNEL_CODE } from './meshKernelCode';

/**
 * The compiled inner loops of scripts/kernels/assembly/mesh.ts, which says what they do and how their memory is
 * laid out. Addresses and strides are bytes; `half` is half a tile, 4 frames.
 */
export interface MeshKernel {
  setBody(
    vertexCount: number,
    faceCount: number,
    jointCount: number,
    rest: number,
    blockStarts: number,
    blockFeatures: number,
    directions: number,
    slotStarts: number,
    slotMaps: number,
    slotWeights: number,
    corners: number,
  ): void;
  setShapes(count: number, at: number): void;
  setFrames(features: number, betas: number, maps: number, translations: number, posed: number): void;
  poseEight(tile: number, fromVertex: number, toVertex: number): void;
  poseFour(tile: number, fromVertex: number, toVertex: number): void;
  poseOffsets(half: number, offsets: number, stride: number): void;
  writePositions(half: number, out: number, stride: number): void;
  measureBounds(half: number, out: number): void;
  writeQuantised(half: number, bounds: number, out: number, stride: number): void;
  writeNormals(half: number, sums: number, out: number, stride: number): void;
}

/** A kernel of its own on `memory`: instances keep where their body lies. */
export function createMeshKernel(memory: WebAssembly.Memory): MeshKernel {
  return startKernel(MESH_KERNEL_CODE, memory);
}
