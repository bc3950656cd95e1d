import type { BodyModel } from '#core/body/bodyModel';
import { type BodyStep, bodyAtStep } from '#core/body/bodySteps';
import { rotationsFromAxisAngles } from '#core/body/kinematics';
import type { MeshRequest, ScreenMeshes } from '../compute/task';
import { vertexNormals } from '../export/vertexNormals';

/** Writes positions V * 3 (m) as 16-bit steps of their bounding box: see {@link ScreenMeshes}. */
function quantise(positions: Float64Array, row: number, out: ScreenMeshes): void {
  for (let axis = 0; axis < 3; axis++) {
    let [low, high] = [Infinity, -Infinity];
    for (let at = axis; at < positions.length; at += 3) {
      low = Math.min(low, positions[at]!);
      high = Math.max(high, positions[at]!);
    }
    out.origins[row * 3 + axis] = low;
    out.steps[row * 3 + axis] = (high - low) / 65_535;
    const step = out.steps[row * 3 + axis]!;
    for (let at = axis; at < positions.length; at += 3) {
      const value = step > 0 ? Math.round((positions[at]! - low) / step) : 0;
      out.positions[row * positions.length + at] = Math.max(0, Math.min(65_535, value));
    }
  }
}

/** Bodies as far as a step of SMPL, frame by frame with the reference kernel: exact, a few tens of ms a frame. */
export function stepMeshes(body: BodyModel, request: MeshRequest, step: BodyStep): ScreenMeshes {
  const { frames, poses, translations, betas } = request;
  const { vertexCount, faces, parents } = body;
  const jointCount = parents.length;
  const isChanging = frames > 1 && betas.length === frames * 10;
  const out: ScreenMeshes = {
    positions: new Uint16Array(frames * vertexCount * 3),
    origins: new Float32Array(frames * 3),
    steps: new Float32Array(frames * 3),
    normals: new Int8Array(frames * vertexCount * 4),
    joints: new Float32Array(frames * jointCount * 3),
    jointRotations: new Float32Array(frames * jointCount * 9),
  };
  for (let row = 0; row < frames; row++) {
    const pose = {
      betas: isChanging ? betas.subarray(row * 10, row * 10 + 10) : betas,
      rotations: rotationsFromAxisAngles(poses.subarray(row * jointCount * 3, (row + 1) * jointCount * 3)),
      translation: translations.subarray(row * 3, row * 3 + 3),
    };
    const { vertices, joints, jointRotations } = bodyAtStep(body, pose, step);
    quantise(vertices, row, out);
    const normals = vertexNormals(vertices, faces);
    for (let vertex = 0; vertex < vertexCount; vertex++) {
      for (let axis = 0; axis < 3; axis++) {
        out.normals[(row * vertexCount + vertex) * 4 + axis] = Math.round(normals[vertex * 3 + axis]! * 127);
      }
    }
    out.joints.set(joints, row * jointCount * 3);
    out.jointRotations.set(jointRotations, row * jointCount * 9);
  }
  return out;
}
