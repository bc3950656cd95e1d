import { z } from 'zod';
import { documentSchema } from '../document/schema';

/** Raised when engine and page can no longer understand each other; a page with another version says so and stops. */
export const PROTOCOL_VERSION = 1;

/** Frames `[from, to)`. */
export const spanMessage = z.object({ from: z.int().min(0), to: z.int().min(0) });

/** A problem in words: what was wrong, and what to do next. */
export const problemMessage = z.object({ code: z.string(), message: z.string(), hint: z.string().optional() });

/** Facts about the open video, as the page shows them. */
export const mediaMessage = z.object({
  name: z.string(),
  codec: z.string(),
  container: z.string(),
  /** px, upright (rotation and sample aspect applied). */
  width: z.number(),
  height: z.number(),
  /** Degrees clockwise the stored picture was turned by to stand upright. */
  rotation: z.number(),
  frameCount: z.number(),
  /** Frames per second, mean. */
  rate: z.number(),
  variableRate: z.boolean(),
  /** True where the rate is not in the source (image folders). */
  rateAssumed: z.boolean(),
  seconds: z.number(),
  sizeBytes: z.number(),
  timeBase: z.object({ numerator: z.number(), denominator: z.number() }),
  /** The pts table in units of `timeBase`. */
  pts: z.array(z.number()),
  /** What the reader should know (damaged end, assumed rate); sentences. */
  notes: z.array(z.string()),
});

/** What has been computed for one person. */
export const personResultsMessage = z.object({
  person: z.string(),
  /** Frames with a body that belongs to the boxes as they are now. */
  current: z.array(spanMessage),
  /** Frames whose body is missing or was made from other boxes: what a rerun would compute. */
  outOfDate: z.array(spanMessage),
  /** Frames with any body as it is shown: current or not, of the newest run or of a kept one that was chosen. */
  present: z.array(spanMessage),
  /** Of these, frames that show a kept run. */
  chosen: z.array(spanMessage),
  /** Raised whenever motion changed: part of the address of meshes, so that caches never show old ones. */
  version: z.int(),
  /** The same of the newest run as it is compared: without choices and edits of poses; 0 where it has no body of this person. */
  newestVersion: z.int(),
  /** True where some of what is out of date was made by an earlier version of the estimator, not from other boxes. */
  fromEarlierVersion: z.boolean().optional(),
});

/** State of all results of a project. */
export const resultsMessage = z.object({
  /** Raised when tracker tracks changed. */
  tracksVersion: z.int(),
  /** Frames that the detector has been through, in order from 0. */
  detectedFrames: z.int(),
  /** First frames of shots that were found so far, in order, without the clip's own first. */
  cuts: z.array(z.int()),
  people: z.array(personResultsMessage),
  /** A sentence for each choice of a kept run that is not followed on some of its frames, and why. */
  passedOver: z.array(z.string()),
  /** Where nobody has a body with the run options as they are: a sentence about bodies that are kept but not shown. */
  keptBodies: z.string().optional(),
  camera: z.object({ focal: z.number(), width: z.number(), height: z.number() }),
  /** Column-major 4x4 from camera axes (x right, y down, z forward, m) to scene axes (y up, ground at 0, m). */
  sceneFromCamera: z.array(z.number()).length(16),
  bodyModel: z.string(),
  /** What is assumed and must be said wherever it shows, for example `Scale assumed: 1.68 m tall`. */
  assumptions: z.array(z.string()),
});

/** A running or ended job. */
export const jobMessage = z.object({
  id: z.string(),
  kind: z.enum(['run', 'export', 'preview', 'setup', 'follow']),
  /** For example `Body, person 1`. */
  title: z.string(),
  state: z.enum(['waiting', 'running', 'done', 'cancelled', 'failed']),
  stages: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      done: z.number(),
      total: z.number(),
      /** What is counted: `frames`, `MB`. */
      unit: z.string(),
    }),
  ),
  /** Id of the stage at work; absent when none has anything left. */
  activeStage: z.string().optional(),
  /** Share of all the work that is done, 0 to 1: stages count by what their units cost. */
  fraction: z.number(),
  /** Seconds left over all stages; absent until it can be told. */
  secondsLeft: z.number().optional(),
  problem: problemMessage.optional(),
  /** What was produced (export files), for the toast and for downloads. */
  files: z.array(z.object({ name: z.string(), bytes: z.number(), url: z.string().optional() })).optional(),
  /** On which frame a job ended before its goal without a fault (who was followed is lost), and why, in a phrase. */
  stop: z.object({ frame: z.int().min(0), reason: z.string() }).optional(),
});

/** One entry of the undo list. */
export const historyEntryMessage = z.object({
  seq: z.int(),
  label: z.string(),
  frame: z.int().optional(),
  person: z.string().optional(),
});

/** Undo and redo lists by label, newest last; the engine holds the patches. */
export const historyMessage = z.object({ undo: z.array(historyEntryMessage), redo: z.array(historyEntryMessage) });

/** Everything a page needs when it opens a project. */
export const projectMessage = z.object({
  projectId: z.string(),
  /** Where it lives, for people to read (the page cannot use it). */
  folder: z.string(),
  document: documentSchema,
  /** Number of edits applied so far; the next edit must name it. */
  seq: z.int(),
  history: historyMessage,
  media: mediaMessage,
  results: resultsMessage,
  jobs: z.array(jobMessage),
  readOnly: problemMessage.optional(),
  /** Repairs and losses met while opening; sentences. */
  warnings: z.array(z.string()),
});

/** What the engine tells every page of a project. */
export const projectEventMessage = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('document'),
    seq: z.int(),
    document: documentSchema,
    history: historyMessage,
    /** Frame and person to show, when the change came from undo or redo. */
    reveal: z.object({ frame: z.int().optional(), person: z.string().optional() }).optional(),
    /** For the toast and the live region, for example `Undid: Move box, frame 118`. */
    label: z.string(),
  }),
  z.object({ type: z.literal('results'), results: resultsMessage }),
  z.object({ type: z.literal('job'), job: jobMessage }),
  z.object({ type: z.literal('notice'), level: z.enum(['info', 'warning', 'error']), problem: problemMessage }),
]);

/** What one exporter offers, for the dialog and for `retake run --help`. */
export const exporterMessage = z.object({
  id: z.string(),
  title: z.string(),
  extensions: z.array(z.string()),
  /** JSON Schema of its options, with titles, descriptions and defaults. */
  optionsSchema: z.record(z.string(), z.unknown()),
});

/** What an export will write, before it writes. */
export const preflightMessage = z.object({
  /** Folder for people to read. */
  folder: z.string(),
  files: z.array(z.object({ name: z.string(), bytes: z.number() })),
  checks: z.array(
    z.object({ level: z.enum(['good', 'note', 'warning']), text: z.string(), detail: z.string().optional() }),
  ),
});

/** An export as asked for. */
export const exportRequestMessage = z.object({
  projectId: z.string(),
  exporter: z.string(),
  /** Checked by the exporter's own schema. */
  options: z.record(z.string(), z.unknown()),
  /** Person ids; empty means all visible people that are not folded away. */
  people: z.array(z.string()),
  span: spanMessage.optional(),
  ifExists: z.enum(['fail', 'rename', 'overwrite']),
});

/** A line of `retake doctor` and of the diagnostics page. */
export const diagnosticMessage = z.object({
  id: z.string(),
  title: z.string(),
  state: z.enum(['ready', 'missing', 'note']),
  /** For example `ffmpeg 5.1.9, /usr/bin/ffmpeg`. */
  detail: z.string(),
  hint: z.string().optional(),
});

/** A project on the start page. */
export const recentProjectMessage = z.object({
  projectId: z.string(),
  name: z.string(),
  frameCount: z.number(),
  people: z.number(),
  /** ISO 8601. */
  changedAt: z.string(),
  /** For example `Interrupted at 62 %, can resume`. */
  note: z.string().optional(),
});

/** A file format of boxes. */
export const trackFormatMessage = z.object({
  id: z.string(),
  title: z.string(),
  /** Ending of its files, without the dot. */
  extension: z.string(),
  canRead: z.boolean(),
  canWrite: z.boolean(),
});

/** A folder as the server-side file browser shows it; names only, tokens stand for paths. */
export const folderMessage = z.object({
  /** Token of this folder. */
  token: z.string(),
  name: z.string(),
  /** Token of the folder above; absent at a root. */
  parent: z.string().optional(),
  entries: z.array(
    z.object({
      token: z.string(),
      name: z.string(),
      kind: z.enum(['folder', 'video', 'project', 'images', 'model']),
      bytes: z.number().optional(),
    }),
  ),
});

/** See {@link mediaMessage}. */
export type Media = z.infer<typeof mediaMessage>;
/** See {@link personResultsMessage}. */
export type PersonResults = z.infer<typeof personResultsMessage>;
/** See {@link resultsMessage}. */
export type Results = z.infer<typeof resultsMessage>;
/** See {@link jobMessage}. */
export type Job = z.infer<typeof jobMessage>;
/** See {@link historyMessage}. */
export type History = z.infer<typeof historyMessage>;
/** See {@link projectMessage}. */
export type Project = z.infer<typeof projectMessage>;
/** See {@link projectEventMessage}. */
export type ProjectEvent = z.infer<typeof projectEventMessage>;
/** See {@link exporterMessage}. */
export type ExporterFacts = z.infer<typeof exporterMessage>;
/** See {@link preflightMessage}. */
export type Preflight = z.infer<typeof preflightMessage>;
/** See {@link exportRequestMessage}. */
export type ExportRequest = z.infer<typeof exportRequestMessage>;
/** See {@link diagnosticMessage}. */
export type Diagnostic = z.infer<typeof diagnosticMessage>;
/** See {@link recentProjectMessage}. */
export type RecentProject = z.infer<typeof recentProjectMessage>;
/** See {@link trackFormatMessage}. */
export type TrackFormat = z.infer<typeof trackFormatMessage>;
/** See {@link folderMessage}. */
export type Folder = z.infer<typeof folderMessage>;
/** See {@link problemMessage}. */
export type Problem = z.infer<typeof problemMessage>;
