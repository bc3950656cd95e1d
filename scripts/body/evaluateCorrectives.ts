import type { BodyModel, PoseCorrectiveBlock } from '../../src/core/body/bodyModel';
import type { MeshEngine } from '../../src/engine/bodymodel/meshEngine';
import { createMeshEngine } from '../../src/engine/bodymodel/meshEngine';
import type { CorrectiveData } from './correctives';
import { enclosedBy } from './overlap';
import { BENT_POSES, poseOf } from './poses';
import type { PosableBody, PoseTarget } from './poseTarget';
import { skinLinear } from './skinning';
import type { Topology } from './topology';
import { volumeOf } from './topology';

/** Distances to the target shape over vertices that correctives touch, mm. */
export interface HeldOutError {
  vertices: number;
  before: { rms: number; p95: number };
  after: { rms: number; p95: number };
}

/** How a pose changes what the skin encloses, against the rest pose, cm3. */
export interface Bent {
  /** Signed volume of the closed mesh: what limbs share counts twice. */
  volume: number;
  /** More skin sunk into other skin. */
  overlap: number;
}

/** One pose of the card. */
export interface BentRow {
  name: string;
  /** Skinning without correctives. */
  linear: Bent;
  /** The body as shipped. */
  shipped: Bent;
  /** What its correctives were learned from. */
  target: Bent;
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

/** Volume and overlap of the poses that the card lists. `targetOf` gives the shape that a pose should have, V * 3. */
export function bentRows(
  body: BodyModel,
  { triangles }: Topology,
  targetOf: (pose: Float64Array) => Float64Array,
  template: Float64Array,
): BentRow[] {
  const [shipped, linear] = [createMeshEngine(body), createMeshEngine({ ...body, poseCorrectives: [] })];
  const posed = (engine: MeshEngine, pose: Float64Array): Float64Array =>
    Float64Array.from(engine.evaluateSync({ betas: [], frames: 1, poses: pose, normals: false }).positions);
  const [shippedRest, templateRest] = [posed(shipped, poseOf({})), template].map((rest) => ({
    volume: volumeOf(triangles, rest),
    overlap: enclosedBy(triangles, rest).overlap,
  }));
  const change = (vertices: Float64Array, rest: Bent | undefined): Bent => ({
    volume: (volumeOf(triangles, vertices) - (rest?.volume ?? 0)) * 1e6,
    overlap: (enclosedBy(triangles, vertices).overlap - (rest?.overlap ?? 0)) * 1e6,
  });
  return BENT_POSES.map(({ name, pose }) => ({
    name,
    linear: change(posed(linear, pose), shippedRest),
    shipped: change(posed(shipped, pose), shippedRest),
    target: change(targetOf(pose), templateRest),
  }));
}
