import type { PoseCorrectiveBlock } from '../../src/core/body/bodyModel';
import type { CorrectiveData } from './correctives';
import { VOLUME_POSES } from './poses';
import type { PosableBody, PoseTarget } from './poseTarget';
import { skinLinear } from './skinning';
import { volumeOf } from './topology';

/** Distances to the target shape over vertices that correctives touch, mm. */
export interface HeldOutError {
  vertices: number;
  before: { rms: number; p95: number };
  after: { rms: number; p95: number };
}

/** Change of volume against the rest pose, cm3. */
export interface VolumeRow {
  name: string;
  linear: number;
  corrected: number;
  centred: number;
  target: number;
}

/** Linear skinning with correctives. */
function corrected(body: PosableBody, blocks: readonly PoseCorrectiveBlock[], pose: PoseTarget): Float64Array {
  const rest = Float64Array.from(body.rest);
  for (const { joint, vertices, directions } of blocks) {
    vertices.forEach((vertex, n) => {
      for (let k = 0; k < 27; k++) {
        const f = k % 9;
        const feature = pose.rotations[joint * 9 + f]! - (f % 4 === 0 ? 1 : 0);
        rest[vertex * 3 + Math.floor(k / 9)]! += directions[n * 27 + k]! * feature;
      }
    });
  }
  return skinLinear(rest, pose.blended);
}

/** Compares poses that were not learned from with their targets, before and after correctives. */
export function heldOutError(
  body: PosableBody,
  data: CorrectiveData,
  blocks: readonly PoseCorrectiveBlock[],
  poses: readonly PoseTarget[],
): HeldOutError {
  const distances = { before: [] as number[], after: [] as number[] };
  for (const pose of poses) {
    const result = corrected(body, blocks, pose);
    for (const vertex of data.vertices) {
      const far = (field: Float64Array): number =>
        Math.hypot(...[0, 1, 2].map((c) => field[vertex * 3 + c]! - pose.target[vertex * 3 + c]!)) * 1000;
      distances.before.push(far(pose.linear));
      distances.after.push(far(result));
    }
  }
  const summary = (values: number[]): { rms: number; p95: number } => {
    const sorted = Float64Array.from(values).sort();
    const rms = Math.sqrt(sorted.reduce((sum, value) => sum + value * value, 0) / sorted.length);
    return { rms, p95: sorted[Math.floor(0.95 * sorted.length)]! };
  };
  return { vertices: data.vertices.length, before: summary(distances.before), after: summary(distances.after) };
}

/** Volume changes of the poses that the card lists. */
export function volumeRows(
  body: PosableBody,
  blocks: readonly PoseCorrectiveBlock[],
  targetOf: (pose: Float64Array) => PoseTarget,
): VolumeRow[] {
  const change = (vertices: Float64Array): number =>
    (volumeOf(body.topology.triangles, vertices) - volumeOf(body.topology.triangles, body.rest)) * 1e6;
  return VOLUME_POSES.map(({ name, pose }) => {
    const target = targetOf(pose);
    return {
      name,
      linear: change(target.linear),
      corrected: change(corrected(body, blocks, target)),
      centred: change(target.centred),
      target: change(target.target),
    };
  });
}
