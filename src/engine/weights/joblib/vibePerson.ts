/** Floats of a table, single or double as the file has them. */
export type Floats = Float32Array | Float64Array;

/** Meshes of a person, one after another: far too many numbers to hold at once. */
export interface VertexFrames {
  /** V. */
  vertexCount: number;
  /** All frames in order, any number of whole or partial frames a chunk; together n * V * 3 numbers, m. */
  chunks(): Iterable<Float32Array> | AsyncIterable<Float32Array>;
}

/** One person of a `vibe_output.pkl`, n frames, row-major (reference vibe-smpl 12.1). */
export interface VibePersonResult {
  /** n x 3: s, tx, ty of the crop. */
  predCam: Floats;
  /** n x 4: sx, sy, tx, ty of the whole picture. */
  origCam: Floats;
  /** n x V x 3: camera frame, y down, about the pelvis' rest place, m. */
  verts: VertexFrames;
  /** n x 72, axis-angle, rad. */
  pose: Floats;
  /** n x 10. */
  betas: Floats;
  /** n x joints (49) x 3, m. */
  joints3d: Floats;
  /** Key points of the tracker, as they were; null without pose tracking. */
  joints2d: { shape: readonly number[]; data: Floats } | null;
  /** n x joints (49) x 2, px of the picture. */
  joints2dImgCoord: Floats;
  /** n x 4: cx, cy, w, h, px, without the factor 1.1. */
  bboxes: Floats;
  /** n frame indices of the video, from 0, rising; there may be gaps. */
  frameIds: readonly number[];
}

/** A person that was read: meshes can be asked for by row, each is made then. */
export interface ReadVibePerson extends VibePersonResult {
  verts: VertexFrames & {
    /** V x 3 of one row. */
    row(row: number): Float32Array;
  };
}
