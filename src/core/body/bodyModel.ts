/** Betas that motion has for a person or a frame, in SMPL's order; a model may know more, which count as 0. */
export const BETA_COUNT = 10;

/**
 * Rows of a sparse matrix (compressed sparse rows): row r holds `columns[k]`, `values[k]` for
 * k in [rowStarts[r], rowStarts[r+1]).
 */
export interface SparseRows {
  /** rows + 1 offsets. */
  rowStarts: Uint32Array;
  columns: Uint32Array;
  values: Float32Array;
}

/**
 * Skin weights: vertex v follows joint `joints[v*influences + k]` with `weights[v*influences + k]`. Rows sum to 1;
 * unused slots are joint 0 with weight 0, and slots are in order of falling weight.
 */
export interface SkinWeights {
  /** Slots per vertex, usually 4. */
  influences: number;
  joints: Uint8Array;
  weights: Float32Array;
}

/**
 * Pose correctives driven by one joint (1..23). Its 9 features are the row-major elements of R - I of the joint's local
 * rotation. The offset in m of coordinate c of vertex `vertices[n]` is
 * sum over f of `directions[(3 n + c) * 9 + f] * feature[f]`. Dense SMPL lists every vertex it really moves.
 */
export interface PoseCorrectiveBlock {
  joint: number;
  /** Rising vertex indices. */
  vertices: Uint32Array;
  /** `vertices.length * 27`. */
  directions: Float32Array;
}

/** Texture coordinates of a body model, where it has them. */
export interface TextureCoordinates {
  /** uv pairs in 0..1, v up. */
  coordinates: Float32Array;
  /** faceCount * 3 indices into the pairs, corner by corner as `faces`. */
  faces: Uint32Array;
}

/** Surface points that the pose fitter and the overlays know by name. Left is the body's left (+x in rest). */
export const BODY_LANDMARKS = [
  'nose',
  'leftEye',
  'rightEye',
  'leftEar',
  'rightEar',
  'mouthLeft',
  'mouthRight',
  'leftHeel',
  'rightHeel',
  'leftToe',
  'rightToe',
  'leftIndexKnuckle',
  'rightIndexKnuckle',
  'leftPinkyKnuckle',
  'rightPinkyKnuckle',
] as const;

/** One of {@link BODY_LANDMARKS}. */
export type BodyLandmark = (typeof BODY_LANDMARKS)[number];

/** A linear map from something a person can say or measure to betas: betas = [1, ...inputs] times `rows`. */
export interface BetasMap {
  /** Names of the inputs in order; the first is always `1` (the constant). */
  inputs: readonly string[];
  /** inputs x shapeCount, row-major. */
  rows: Float32Array;
}

/**
 * A body in SMPL's format: shape by betas, 24 joints, linear blend skinning with pose correctives. Rest pose is a
 * T-pose: metres, right-handed, y up, the face towards +z, +x the body's left.
 */
export interface BodyModel {
  /** Stable name of the model that betas belong to; betas of different ids are never mixed. */
  id: string;
  /** Name for people. */
  title: string;
  /** SHA-256 (hex) of the file that it was read from; absent for one that was made in memory. */
  sha256?: string;
  /** V. */
  vertexCount: number;
  faceCount: number;
  /** V * 3, m, betas 0. */
  template: Float32Array;
  /** faceCount * 3 vertex indices, counter-clockwise seen from outside. */
  faces: Uint32Array;
  /** Number of betas, 10. */
  shapeCount: number;
  /** shapeCount x (V * 3), m per unit of beta: the offsets of beta k start at k * V * 3. */
  shapeDirections: Float32Array;
  /** At most one block per joint, rising joints. */
  poseCorrectives: readonly PoseCorrectiveBlock[];
  /** 24 rows over V vertices. */
  jointRegressor: SparseRows;
  skin: SkinWeights;
  /** 24 parents, -1 for the root; a parent comes before its children. */
  parents: readonly number[];
  /** Vertex index of each named surface point; absent when the topology is unknown. */
  landmarks?: Readonly<Record<BodyLandmark, number>>;
  /** Vertex on the other side of the body, V indices; absent when unknown. */
  mirror?: Uint32Array;
  texture?: TextureCoordinates;
  /** From sliders (gender, age, ... 0 to 1) to betas. */
  phenotypeToBetas?: BetasMap;
  /** From stature m, cube root of volume m, gender 0 (female) to 1 (male), to betas. */
  measureToBetas?: BetasMap;
}

/**
 * Betas of a {@link BetasMap} for the given inputs (the constant left out). Missing inputs count as 0.
 */
export function betasFrom(map: BetasMap, inputs: readonly number[]): Float64Array {
  const shapeCount = map.rows.length / map.inputs.length;
  const betas = new Float64Array(shapeCount);
  for (let row = 0; row < map.inputs.length; row++) {
    const input = row === 0 ? 1 : (inputs[row - 1] ?? 0);
    for (let k = 0; k < shapeCount; k++) betas[k]! += input * (map.rows[row * shapeCount + k] ?? 0);
  }
  return betas;
}

/**
 * Blocks from SMPL's dense posedirs: (V * 3) rows of 207 columns, column 9 (j - 1) + f. A vertex enters a joint's block
 * when one of its 27 numbers is larger than `threshold` m in size; 0 keeps the result exact.
 */
export function poseCorrectivesFromDense(
  posedirs: ArrayLike<number>,
  vertexCount: number,
  threshold = 0,
): PoseCorrectiveBlock[] {
  const jointCount = Math.floor(posedirs.length / (vertexCount * 27));
  const featureCount = jointCount * 9;
  const blocks: PoseCorrectiveBlock[] = [];
  for (let joint = 1; joint <= jointCount; joint++) {
    const vertices: number[] = [];
    const kept: number[] = [];
    for (let vertex = 0; vertex < vertexCount; vertex++) {
      let moves = false;
      for (let k = 0; k < 27 && !moves; k++) {
        const at = (vertex * 3 + Math.floor(k / 9)) * featureCount + 9 * (joint - 1) + (k % 9);
        moves = Math.abs(posedirs[at]!) > threshold;
      }
      if (!moves) continue;
      vertices.push(vertex);
      for (let k = 0; k < 27; k++) {
        kept.push(posedirs[(vertex * 3 + Math.floor(k / 9)) * featureCount + 9 * (joint - 1) + (k % 9)]!);
      }
    }
    if (vertices.length > 0) {
      blocks.push({ joint, vertices: Uint32Array.from(vertices), directions: Float32Array.from(kept) });
    }
  }
  return blocks;
}

/** Sparse rows from a dense row-major matrix; zeros are dropped. */
export function sparseRowsFromDense(dense: ArrayLike<number>, rowCount: number): SparseRows {
  const width = dense.length / rowCount;
  const rowStarts = new Uint32Array(rowCount + 1);
  const columns: number[] = [];
  const values: number[] = [];
  for (let row = 0; row < rowCount; row++) {
    for (let column = 0; column < width; column++) {
      const value = dense[row * width + column]!;
      if (value === 0) continue;
      columns.push(column);
      values.push(value);
    }
    rowStarts[row + 1] = columns.length;
  }
  return { rowStarts, columns: Uint32Array.from(columns), values: Float32Array.from(values) };
}

/** Joints that a vertex of a dense V x jointCount table follows, heaviest first. */
function slotsOf(dense: ArrayLike<number>, vertex: number, jointCount: number): { joint: number; weight: number }[] {
  const slots: { joint: number; weight: number }[] = [];
  for (let joint = 0; joint < jointCount; joint++) {
    const weight = dense[vertex * jointCount + joint]!;
    if (weight > 0) slots.push({ joint, weight });
  }
  return slots.sort((a, b) => b.weight - a.weight || a.joint - b.joint);
}

/**
 * The `influences` largest weights of each vertex of a dense V x jointCount table, renormalised to sum 1.
 */
export function skinWeightsFromDense(dense: ArrayLike<number>, vertexCount: number, influences = 4): SkinWeights {
  const jointCount = dense.length / vertexCount;
  const joints = new Uint8Array(vertexCount * influences);
  const weights = new Float32Array(vertexCount * influences);
  for (let vertex = 0; vertex < vertexCount; vertex++) {
    const kept = slotsOf(dense, vertex, jointCount).slice(0, influences);
    const sum = kept.reduce((total, slot) => total + slot.weight, 0) || 1;
    kept.forEach((slot, k) => {
      joints[vertex * influences + k] = slot.joint;
      weights[vertex * influences + k] = slot.weight / sum;
    });
  }
  return { influences, joints, weights };
}

/** Every positive weight of a dense V x jointCount table as it is, with as many slots as its fullest vertex needs. */
export function fullSkinWeights(dense: ArrayLike<number>, vertexCount: number): SkinWeights {
  const jointCount = dense.length / vertexCount;
  const rows = Array.from({ length: vertexCount }, (_, vertex) => slotsOf(dense, vertex, jointCount));
  const influences = rows.reduce((most, row) => Math.max(most, row.length), 1);
  const joints = new Uint8Array(vertexCount * influences);
  const weights = new Float32Array(vertexCount * influences);
  rows.forEach((row, vertex) => {
    row.forEach((slot, k) => {
      joints[vertex * influences + k] = slot.joint;
      weights[vertex * influences + k] = slot.weight;
    });
  });
  return { influences, joints, weights };
}
