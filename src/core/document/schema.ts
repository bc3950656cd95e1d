import { z } from 'zod';

/**
 * Version of the document written by this build. An older one is brought up to it by `migrations`, a newer one is opened
 * for reading only.
 */
export const DOCUMENT_VERSION = 2;

const frameIndex = z.int().min(0);
const spanSchema = z
  .object({ from: frameIndex, to: frameIndex })
  .refine((span) => span.to > span.from, { error: 'a span must end after it begins' });

/** A box in px of the upright video; finite, at least 1 px wide and high. */
export const boxSchema = z.object({
  x: z.number(),
  y: z.number(),
  width: z.number().min(1),
  height: z.number().min(1),
});

/** A box a person drew or moved, on one frame. */
export const keyframeSchema = z.object({
  frame: frameIndex,
  box: boxSchema,
  /**
   * How fast the box changes here on a smooth curve, px a frame. Only where a curve was cut, so that both parts run on as
   * they did; absent everywhere else, where the keyframes around decide.
   */
  slope: z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() }).optional(),
});

/** A piece of a tracker's track that belongs to a person: frames `[from, to)` of track `track`. */
export const segmentSchema = z.object({ track: z.string(), from: frameIndex, to: frameIndex });

/**
 * Frames `[from, to)` of a person whose body is taken from a kept run, named by its id, instead of the newest one. `person`:
 * whose rows of that run, which stay where they are when people are swapped; absent for the person's own.
 */
export const choiceSchema = z
  .object({ from: frameIndex, to: frameIndex, run: z.string().min(1), person: z.string().optional() })
  .refine((choice) => choice.to > choice.from, { error: 'a choice must end after it begins' });

/** What a human did to one joint on one frame, over what the estimator said. */
export const poseEditSchema = z.object({
  frame: frameIndex,
  /** Joint of the SMPL skeleton, 0 (pelvis) to 23. */
  joint: z.int().min(0).max(23),
  /**
   * `offset` turns the estimated rotation further (estimate, then offset, in the joint's own axes); `replace` stands in
   * its place.
   */
  kind: z.enum(['offset', 'replace']),
  /** Axis times angle, rad, relative to the parent joint; for the pelvis in camera axes. */
  rotation: z.tuple([z.number(), z.number(), z.number()]),
});

/** A body shape that a human set: it stands in for the estimated betas on all frames. */
export const shapeEditSchema = z.object({
  /** Id of the body model that the betas belong to; over another one they are not shown. */
  bodyModel: z.string().min(1).max(200),
  /** SMPL betas from the first on; those that are absent stay as estimated. */
  betas: z.array(z.number()).min(1).max(300),
});

/**
 * A person of the project. Boxes are layered: a keyframe beats an interpolated span, which beats the tracker's track;
 * `outside` beats all of them. A rerun of the detector replaces tracks and segments, never keyframes, spans or names.
 * What is optional is absent until somebody needs it, so that documents stay small and old edits still fit.
 */
export const personSchema = z.object({
  /** Names a folder of results, so it holds nothing that means something in a path. */
  id: z.string().regex(/^[\w-]{1,64}$/),
  /** Shown in the rounded square; 1 and up, unique, never reused. */
  number: z.int().min(1),
  /** Place of the person's colour in the palette, 0 and up; absent for the one that goes with the number. */
  color: z.int().min(0).max(63).optional(),
  name: z.string().max(80),
  visible: z.boolean(),
  locked: z.boolean(),
  /** Why the person is folded away in the list; absent for a main person. */
  foldedBecause: z.string().optional(),
  /** Ordered by `from`, not overlapping. */
  segments: z.array(segmentSchema),
  /** Ordered by frame, one a frame. */
  keyframes: z.array(keyframeSchema),
  /** Spans between two keyframes where the box runs from one to the other: straight, unless it is in `smooth`. */
  interpolated: z.array(spanSchema),
  /** Frames on which interpolation runs as a smooth curve through the keyframes around. */
  smooth: z.array(spanSchema).optional(),
  /** Frames without interpolation of any kind: neither between keyframes nor over the tracker's short gaps. */
  off: z.array(spanSchema).optional(),
  /** Frames where a human said that the person is not there. */
  outside: z.array(spanSchema),
  /** Frames that a human has looked at and found good. */
  reviewed: z.array(spanSchema).optional(),
  /** Ordered by `from`, not overlapping; frames in none of them show the newest run. */
  choices: z.array(choiceSchema).optional(),
  /** Ordered by frame, then by joint; one a frame and joint. */
  poseEdits: z.array(poseEditSchema).optional(),
  shapeEdit: shapeEditSchema.optional(),
});

/** Settings of a run; each is part of the key of the results it changes. */
export const runSettingsSchema = z.object({
  detector: z.string(),
  tracker: z.string(),
  estimator: z.string(),
  quality: z.string(),
  /** Focal length in units of the longer side of the picture; the default is an estimate for phone cameras. */
  focalFactor: z.number().min(0.3).max(5),
  /** The estimator's own options; checked by the estimator, whose defaults hold for what is absent. */
  estimatorOptions: z.record(z.string(), z.unknown()).default({}),
  /** Id of the body model that results are made for; absent for the one that the estimator chooses itself. */
  bodyModel: z.string().optional(),
});

/** Where the video is and how it is recognised again when it moved. */
export const mediaReferenceSchema = z.object({
  /** Path relative to the project folder where possible, else absolute. */
  path: z.string(),
  /** Bytes. */
  size: z.number(),
  /** sha256 over size and sampled blocks. */
  fingerprint: z.string(),
  /** sha256 of the pts table. */
  ptsHash: z.string(),
  /** px, upright. */
  width: z.int().min(1),
  height: z.int().min(1),
  frameCount: z.int().min(1),
});

/** Everything a person can change about a project, and what must be known to open it. Sparse; results live beside it. */
export const documentSchema = z.object({
  schemaVersion: z.literal(DOCUMENT_VERSION),
  id: z.string(),
  name: z.string(),
  /** ISO 8601, UTC. */
  createdAt: z.string(),
  media: mediaReferenceSchema,
  settings: runSettingsSchema,
  people: z.array(personSchema).refine((people) => new Set(people.map(({ id }) => id)).size === people.length, {
    error: 'two people must not have the same id',
  }),
  /** Number the next new person gets. */
  nextNumber: z.int().min(1),
});

/** See {@link keyframeSchema}. */
export type Keyframe = z.infer<typeof keyframeSchema>;
/** See {@link choiceSchema}. */
export type Choice = z.infer<typeof choiceSchema>;
/** See {@link poseEditSchema}. */
export type PoseEdit = z.infer<typeof poseEditSchema>;
/** See {@link shapeEditSchema}. */
export type ShapeEdit = z.infer<typeof shapeEditSchema>;
/** See {@link segmentSchema}. */
export type Segment = z.infer<typeof segmentSchema>;
/** See {@link personSchema}. */
export type Person = z.infer<typeof personSchema>;
/** See {@link runSettingsSchema}. */
export type RunSettings = z.infer<typeof runSettingsSchema>;
/** See {@link documentSchema}. */
export type ProjectDocument = z.infer<typeof documentSchema>;

/** What a new project runs with. */
export const DEFAULT_RUN_SETTINGS: RunSettings = {
  detector: 'movenet-multipose',
  tracker: 'keypoint-box',
  estimator: 'blazepose',
  quality: 'best',
  focalFactor: 0.85,
  estimatorOptions: {},
};
