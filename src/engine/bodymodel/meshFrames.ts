import { BETA_COUNT, type BodyModel } from '#core/body/bodyModel';
import type { JointTemplate } from '#core/body/kinematics';
import { createGlobalTransforms, forwardKinematics, restJoints, skinTransforms } from '#core/body/kinematics';
import type { Numbers } from '#core/body/rotations';
import { axisAngleToMatrix } from '#core/body/rotations';
import type { MeshRequest } from './meshEngine';
import { LANES, type MeshMemory, TILE } from './meshMemory';

/** Per frame results of the skeleton. */
export interface SkeletonOutput {
  /** F x jointCount * 3 posed joints, m. */
  joints: Float32Array;
  /** F x jointCount * 9 global rotations, row-major. */
  jointRotations: Float32Array;
}

/** Puts frames into the memory of a kernel. */
export interface FramePlacer {
  /** Features, maps, translation and own betas of a frame into the lanes of slot `slot` of the batch. */
  place(
    request: MeshRequest,
    frame: number,
    slot: number,
    shape: { joints: Float64Array } | { betas: Numbers },
    out: SkeletonOutput,
  ): void;
  /** Features of a frame as row `slot` of `rows`, for a matrix product. */
  writeFeatures(request: MeshRequest, frame: number, slot: number, rows: Float32Array): void;
}

/**
 * The skeleton of one frame in double precision: local rotations, forward kinematics, maps from rest to posed. Slot s of
 * the batch gets its features, maps and translation. A shape is given as rest joints (m), or as the frames' own betas.
 */
export function createFramePlacer(body: BodyModel, template: JointTemplate, memory: MeshMemory): FramePlacer {
  const jointCount = body.parents.length;
  const featureCount = (jointCount - 1) * 9;
  const rotations = new Float64Array(jointCount * 9);
  const transforms = createGlobalTransforms(jointCount);
  const maps = new Float64Array(jointCount * 12);
  const ownJoints = new Float64Array(jointCount * 3);
  const ownBetas = new Float64Array(memory.shapeCount);

  function readRotations({ poses, rotations: given }: MeshRequest, frame: number): void {
    for (let joint = 0; joint < jointCount && poses; joint++) {
      axisAngleToMatrix(poses, rotations, (frame * jointCount + joint) * 3, joint * 9);
    }
    for (let k = 0; k < jointCount * 9 && given; k++) rotations[k] = given[frame * jointCount * 9 + k]!;
  }

  function readBetas(betas: Numbers, frame: number, slot: number): void {
    const at = Math.floor(slot / TILE) * memory.shapeCount;
    for (let k = 0; k < memory.shapeCount; k++) {
      const beta = betas[frame * BETA_COUNT + k]!;
      ownBetas[k] = beta;
      memory.betas[(at + k) * TILE + (slot % TILE)] = beta;
    }
  }

  /** Element k of R - I of the joints below the root. */
  function featureAt(k: number): number {
    return rotations[k + 9]! - (k % 9 === 0 || k % 9 === 4 || k % 9 === 8 ? 1 : 0);
  }

  function writeLanes(slot: number): void {
    const lane8 = slot % TILE;
    const featuresAt = Math.floor(slot / TILE) * featureCount;
    for (let k = 0; k < featureCount; k++) {
      memory.features[(featuresAt + k) * TILE + lane8] = featureAt(k);
    }
    const lane = slot % LANES;
    const mapsAt = Math.floor(slot / LANES) * jointCount * 12;
    for (let k = 0; k < jointCount * 12; k++) memory.maps[(mapsAt + k) * LANES + lane] = maps[k]!;
  }

  const place: FramePlacer['place'] = (request, frame, slot, shape, out) => {
    readRotations(request, frame);
    if ('betas' in shape) {
      readBetas(shape.betas, frame, slot);
      restJoints(template, ownBetas, ownJoints);
    }
    const joints = 'betas' in shape ? ownJoints : shape.joints;
    forwardKinematics(body.parents, joints, rotations, transforms);
    skinTransforms(joints, transforms, maps);
    writeLanes(slot);
    const translationsAt = Math.floor(slot / LANES) * 3;
    for (let c = 0; c < 3; c++) {
      const moved = request.translations?.[frame * 3 + c] ?? 0;
      memory.translations[(translationsAt + c) * LANES + (slot % LANES)] = moved;
      for (let joint = 0; joint < jointCount; joint++) {
        out.joints[(frame * jointCount + joint) * 3 + c] = transforms.positions[joint * 3 + c]! + moved;
      }
    }
    out.jointRotations.set(transforms.rotations, frame * jointCount * 9);
  };
  return {
    place,
    writeFeatures(request, frame, slot, rows) {
      readRotations(request, frame);
      for (let k = 0; k < featureCount; k++) rows[slot * featureCount + k] = featureAt(k);
    },
  };
}
