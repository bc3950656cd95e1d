import { z } from 'zod';
import type { BodyStep } from '../body/bodySteps';
import { poseEditSchema, shapeEditSchema } from '../document/schema';
/** Stands for the newest run, without choices of kept ones, where a kept run is asked for. */
export const NEWEST_RUN = 'newest';

/**
 * The bulk plane: addresses of everything that is fetched by GET and too large or too frequent for the control plane.
 * All are below `/bulk/`; answers are JPEG, or an array bundle (`arrayBundle.ts`).
 */
export const bulkRoutes = {
  /**
   * One frame, upright, as JPEG. `longSide` in px (a smaller video is not enlarged). Immutable for a media fingerprint.
   */
  frame: (projectId: string, frameIndex: number, longSide: number) =>
    `/bulk/projects/${projectId}/frames/${frameIndex}.jpg?longSide=${longSide}`,
  /** All tracker tracks: {@link TracksMeta} and, for each track i, `boxes{i}`, `scores{i}`, `origins{i}`. */
  tracks: (projectId: string, version: number) => `/bulk/projects/${projectId}/tracks?version=${version}`,
  /** Motion of one person over a span: {@link MotionMeta} and arrays. */
  motion: (projectId: string, person: string, from: number, to: number, version: number) =>
    `/bulk/projects/${projectId}/motion?person=${person}&from=${from}&to=${to}&version=${version}`,
  /** Meshes of one person over a span (at most 64 frames): {@link MeshesMeta} and arrays. */
  meshes: (projectId: string, person: string, from: number, to: number, version: number) =>
    `/bulk/projects/${projectId}/meshes?person=${person}&from=${from}&to=${to}&version=${version}`,
  /**
   * One frame of it that nobody keeps: with body edits that are still in hand in place of the document's, or only as far
   * as a step of SMPL. `meshes` bundle.
   */
  preview: (projectId: string, person: string, frame: number, { step, edits }: MeshPreview) =>
    `/bulk/projects/${projectId}/meshes?person=${person}&from=${frame}&to=${frame + 1}` +
    (step === undefined ? '' : `&step=${step}`) +
    (edits === undefined ? '' : `&edits=${encodeURIComponent(JSON.stringify(edits))}`),
  /** {@link motion} and {@link meshes} of a kept run as it is compared: its poses never change while it is there, sizes of people may. */
  keptMotion: (projectId: string, run: string, person: string, from: number, to: number, version: number) =>
    `/bulk/projects/${projectId}/motion?person=${person}&from=${from}&to=${to}&version=${version}&run=${run}`,
  keptMeshes: (projectId: string, run: string, person: string, from: number, to: number, version: number) =>
    `/bulk/projects/${projectId}/meshes?person=${person}&from=${from}&to=${to}&version=${version}&run=${run}`,
  /** Faces, skin weights and skeleton of a body model: {@link BodyMeta} and arrays. Kept by nobody. */
  body: (bodyModelId: string) => `/bulk/bodies/${bodyModelId}`,
  /** POST of a dropped video, answered with `{"token": "..."}` for `projects.open`. */
  upload: (name: string) => `/bulk/uploads?name=${encodeURIComponent(name)}`,
  /** GET of an exported file, as a download. */
  exported: (jobId: string, name: string) => `/bulk/exports/${jobId}/${encodeURIComponent(name)}`,
} as const;

/** What a preview shows instead of the body as it is. */
export interface MeshPreview {
  step?: BodyStep | undefined;
  edits?: BodyEditsMessage | undefined;
}

/** Body edits in hand. Those of joints that are absent on the frame may be left out. */
export const bodyEditsMessage = z.object({
  poseEdits: z.array(poseEditSchema).max(5000).optional(),
  shapeEdit: shapeEditSchema.optional(),
});

/** See {@link bodyEditsMessage}. */
export type BodyEditsMessage = z.infer<typeof bodyEditsMessage>;

/** Meta of the tracks bundle; arrays are those of TrackerTrack, suffixed with the index in this list. */
export interface TracksMeta {
  version: number;
  tracks: { id: string; start: number; length: number; foldedBecause?: string }[];
}

/**
 * Meta of the motion bundle. Arrays over the n frames of the span: `present` u8 n, `poses` f32 n x 72 (axis-angle, rad,
 * camera axes), `translations` f32 n x 3 (m), `betas` f32 10, `confidences` f32 n (0..1), `joints` f32 n x 24 x 3
 * (m, camera axes), `joints2d` f32 n x 24 x 2 (px of the upright video); where they are known `plausibilities` f32 n
 * (0..1, NaN where there is nothing to judge); where a human edited the body `estimatedPoses` and `estimatedBetas`, what
 * the estimator said.
 */
export interface MotionMeta {
  from: number;
  to: number;
  version: number;
  /** Who judged `plausibilities`: `motion-discriminator` or `kinematics`. */
  judge?: string;
}

/**
 * Meta of the meshes bundle. Arrays over the n frames of the span: `present` u8 n; `positions` u16 n x V x 3, metres in
 * camera axes = origin + step * value; `origins` f32 n x 3 and `steps` f32 n x 3; `normals` i8 n x V x 4 (x, y, z, 0, in
 * 1/127, camera axes); `joints` f32 n x 24 x 3 (m, camera axes); `jointRotations` f32 n x 24 x 9 (global, row-major).
 */
export interface MeshesMeta {
  from: number;
  to: number;
  vertexCount: number;
  version: number;
}

/**
 * Meta of the body bundle. Arrays: `faces` u32 faces x 3; `coarseFaces` the same of far fewer triangles between the same vertices; `skinJoints` u8 V x influences and `skinWeights` f32
 * V x influences (every weight of the body, rows sum to 1); `parents` i32 24 (-1 for the root); `template` f32 V x 3 (m, y up).
 */
export interface BodyMeta {
  id: string;
  title: string;
  vertexCount: number;
  /** Joints that a vertex can follow: 4 of the default body, as many as its file has of an imported one. */
  influences: number;
  jointNames: string[];
}
