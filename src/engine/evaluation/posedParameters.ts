import type { BodyModel } from '#core/body/bodyModel';
import { rotationsFromAxisAngles } from '#core/body/kinematics';
import { JOINT_COUNT } from '#core/body/skeleton';
import { createMeshEngine, type MeshEngine } from '../bodymodel/meshEngine';

/** SMPL parameters of one person, a row a frame. */
export interface SmplRows {
  /** rows x `width`, axis-angle, rad; at least 24 joints. */
  poses: ArrayLike<number>;
  /** Numbers a row of `poses`: 72 for SMPL, 156 for SMPL-H. */
  width: number;
  /** One set for all rows, or one a row. */
  betas: { data: ArrayLike<number>; perRow: number | undefined };
  /** Turns the whole body of a row: row-major 3 x 3, for example from the world to a camera. */
  turn?: (row: number) => ArrayLike<number>;
}

/** SMPL's hands are the first finger joints of SMPL-H, which has 15 on each side. */
const LAST_HAND = { smpl: 23, smplH: 37 };

function axisAngles({ poses, width }: SmplRows, row: number): Float64Array {
  const count = Math.min(width / 3, JOINT_COUNT);
  const angles = new Float64Array(JOINT_COUNT * 3);
  for (let k = 0; k < count * 3; k++) angles[k] = poses[row * width + k]!;
  if (width > JOINT_COUNT * 3) {
    for (let c = 0; c < 3; c++) angles[LAST_HAND.smpl * 3 + c] = poses[row * width + LAST_HAND.smplH * 3 + c]!;
  }
  return angles;
}

const engines = new WeakMap<BodyModel, MeshEngine>();

/** Made once for a body: a clip has thousands of rows. */
function engineOf(body: BodyModel): MeshEngine {
  const engine = engines.get(body) ?? createMeshEngine(body);
  engines.set(body, engine);
  return engine;
}

/** A body in one pose, m. */
export interface PosedRow {
  /** V * 3. */
  vertices: Float32Array;
  /** 24 * 3. */
  joints: Float32Array;
}

/** The body of a row without translation, turned as `turn` says, by the mesh engine (single precision, under 1e-5 m off). */
export function poseRow(body: BodyModel, rows: SmplRows, row: number): PosedRow {
  const rotations = rotationsFromAxisAngles(axisAngles(rows, row));
  const turn = rows.turn?.(row);
  if (turn) {
    const root = rotations.slice(0, 9);
    for (let r = 0; r < 3; r++) {
      for (let c = 0; c < 3; c++) {
        rotations[r * 3 + c] =
          turn[r * 3]! * root[c]! + turn[r * 3 + 1]! * root[3 + c]! + turn[r * 3 + 2]! * root[6 + c]!;
      }
    }
  }
  const { data, perRow } = rows.betas;
  const start = perRow === undefined ? 0 : row * perRow;
  const betas = Array.from({ length: Math.min(perRow ?? data.length, body.shapeCount) }, (_, k) => data[start + k]!);
  const { positions, joints } = engineOf(body).evaluateSync({ betas, frames: 1, rotations, normals: false });
  return { vertices: positions, joints };
}
