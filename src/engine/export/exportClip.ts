import type { FrameRate, FrameTimes } from '#core/frames/frameTimes';
import type { SparseRows } from '#core/body/bodyModel';
import type { Span } from '#core/frames/span';

/** One person on one frame of the clip. Scene space: right-handed, y up, metres, ground at y = 0. */
export interface ExportFrame {
  /** Index in the video's pts table. */
  frameIndex: number;
  /** False where the person has no body; every number of such a frame is without meaning. */
  present: boolean;
  /** 24 * 4: local rotations as unit quaternions (x, y, z, w); joint 0 is the orientation in scene space. */
  rotations: Float64Array;
  /** 3: position of the pelvis joint in scene space, m. */
  rootTranslation: Float64Array;
  /** 24 * 3: posed joints in camera axes (x right, y down, z forward), m. */
  joints3dCamera: Float64Array;
  /** 24 * 2: posed joints in px of the upright video. */
  joints2d: Float64Array;
  /** Bounding box x, y, width, height in px of the upright video; absent where the person has none. */
  box?: readonly [number, number, number, number];
  /** V * 3 with pose correctives, m, in the space of the request; there when it asked and the person is present. */
  vertices?: Float32Array;
  /** What the estimator gave, in camera axes; there when the person is present. */
  smpl?: SmplFrame;
}

/** A frame in SMPL's own numbers, as research code keeps it. Camera axes: x right, y down, z forward. */
export interface SmplFrame {
  /** 72: axis-angle of the 24 joints, rad. */
  pose: Float32Array;
  /** 3: SMPL `trans`, m. */
  translation: Float32Array;
  /** 10: the shape of this frame. */
  betas: Float32Array;
  /** 3: s, tx, ty of the weak-perspective camera of the crop, where the estimator works with one. */
  cropCamera?: Float32Array;
}

/** Which frames of a person are wanted, in rising order. */
export interface FrameRequest {
  span: Span;
  /**
   * Ask for {@link ExportFrame.vertices}, which are made in chunks and never kept: in scene space, or as SMPL gives them
   * in camera axes without the translation.
   */
  vertices: false | 'scene' | 'smpl';
}

/**
 * One person of a clip. The rest body is a T-pose in metres, y up, facing +z, its left along +x; the rest orientation of
 * every joint is the identity, so the rest translation of joint i is J[i] - J[parent].
 */
export interface ExportPerson {
  /** Id in the project. */
  id: string;
  /** ASCII letters, digits and underscores, unique in the clip without regard to case; see `safePersonNames`. */
  name: string;
  /** Name as the user wrote it. */
  title: string;
  /** Number in the rounded square, 1 and up. */
  number: number;
  bodyModelId: string;
  /** V * 3, m, betas baked in. */
  restVertices: Float32Array;
  /** jointCount * 3, m. */
  restJoints: Float64Array;
  /** -1 for the root; a parent comes before its children. */
  parents: readonly number[];
  /** Names in SMPL's order, one a joint. */
  jointNames: readonly string[];
  /** V * 4 joint indices; unused slots are joint 0 with weight 0. */
  skinJoints: Uint8Array | Uint16Array;
  /** V * 4 weights; rows sum to 1. */
  skinWeights: Float32Array;
  /** faceCount * 3 vertex indices, counter-clockwise seen from outside. */
  faces: Uint32Array;
  /** True where the person has a body; cheap, no frame is made. */
  isPresent(frameIndex: number): boolean;
  /**
   * Every frame of the span in order, absent ones too. Frames stay valid after the next one was taken.
   * @throws the signal's reason when it is aborted
   */
  frames(request: FrameRequest, signal: AbortSignal): AsyncIterable<ExportFrame>;
}

/** Frames of a person whose bodies were taken from a kept run. */
export interface ChosenSpan {
  /** Number of the person. */
  person: number;
  /** First and last frame, both inside. */
  first: number;
  last: number;
  run: string;
  estimation: Provenance['estimation'];
}

/** Where a clip comes from and what its numbers do not promise; written into or beside every export. */
export interface Provenance {
  appVersion: string;
  /** Networks and body models that made the motion. */
  models: readonly { name: string; sha256: string }[];
  /** Who estimated the motion, and with which options. */
  estimation: { estimator: string; quality: string; options: Readonly<Record<string, unknown>> };
  /** Frames whose bodies were taken from a kept run instead, with what it was made with; absent where there are none. */
  chosen?: readonly ChosenSpan[];
  /** People some of whose bodies an earlier version of the estimator made, and which; absent where there are none. */
  earlier?: readonly { person: number; estimatorVersion: number }[];
  /** File name of the video. */
  sourceName: string;
  /** SHA-256 over the size of the video and blocks of it, by which Retake knows it again; not that of the whole file. */
  sourceSampledSha256: string;
  /** ISO 8601, UTC: when the export was made. */
  createdAt: string;
  /** What is assumed, one sentence each, for example `Stature is assumed: 1.70 m`. */
  notMetric: readonly string[];
}

/**
 * The one intermediate clip that every writer takes (reference export-formats section 0). Nothing in it grows with the
 * length of the clip but the pts table.
 */
export interface ExportClip {
  /** Name of the project, for titles inside files. */
  title: string;
  /** The pts table of the whole video; a frame is its index in it. */
  times: FrameTimes;
  /** Exact rate of an even clip, mean rate of a variable one. */
  rate: FrameRate;
  /** True when frames are not evenly spaced; keys then stand at the times of the table. */
  variableRate: boolean;
  /** Frames to export. */
  span: Span;
  people: readonly ExportPerson[];
  provenance: Provenance;
  /** px, upright. */
  picture: { width: number; height: number; focal: number };
  /** What formats of VIBE need beside the people; absent where the bodies are not SMPL's. */
  vibe?: {
    /** 9 rows over SMPL's 6,890 vertices (`J_regressor_extra.npy`). */
    extraRegressor: SparseRows;
    /** True when the run reproduced VIBE: cameras of the whole picture leave out the 1.1 of the crop, as it does. */
    matchesOriginal: boolean;
  };
}
