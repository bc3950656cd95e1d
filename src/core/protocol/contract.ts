import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { actorSchema, newActorSchema } from '../document/actor';
import { editSchema } from '../document/patch';
import { runSettingsSchema } from '../document/schema';
import {
  diagnosticMessage,
  exporterMessage,
  exportRequestMessage,
  folderMessage,
  preflightMessage,
  projectEventMessage,
  projectMessage,
  recentProjectMessage,
  spanMessage,
  trackFormatMessage,
} from './messages';
import { betasMessage, shapeMessage, shapeWordsMessage } from './shapeMessages';
import { keptRunMessage, MOST_RUN_NAME } from './runMessages';
import { importRequestMessage, modelsEventMessage, modelsMessage } from './modelMessages';

const projectInput = z.object({ projectId: z.string() });
const nothing = z.object({});

/** Errors every method can raise; `code` and `hint` are those of AppError. */
const base = oc.errors({
  APP_ERROR: { data: z.object({ code: z.string(), hint: z.string().optional() }) },
});

/**
 * The control plane: every method of the engine, once. Arguments are checked by the engine, always. Bulk data (frames,
 * tracks, motion, meshes, files) does not ride here: see `bulkRoutes`.
 */
export const contract = {
  /** First call of every page. */
  hello: base
    .input(z.object({ protocolVersion: z.int() }))
    .output(z.object({ protocolVersion: z.int(), appVersion: z.string(), canBrowse: z.boolean() })),

  projects: {
    /**
     * Opens a project by its id, or a video (a project of its own is made or found again). Exactly one source:
     * `recent` project id, `file` token from browse or upload, or the sample. `video` is the token of the file that a
     * project's video is now. Errors: VIDEO_MISSING when it is not where it was, VIDEO_CHANGED with what differs.
     */
    open: base
      .input(
        z.discriminatedUnion('source', [
          z.object({ source: z.literal('project'), projectId: z.string(), video: z.string().optional() }),
          z.object({ source: z.literal('file'), token: z.string(), video: z.string().optional() }),
          z.object({ source: z.literal('sample') }),
        ]),
      )
      .output(projectMessage),
    /** Closes a project, unless another page still follows its events. A running job is cancelled first. */
    close: base.input(projectInput).output(nothing),
    recent: base.input(nothing).output(z.array(recentProjectMessage)),
    /** Everything that happens to a project from now on; begins with its state: `results`, `document`, and every job. */
    events: base.input(projectInput).output(eventIterator(projectEventMessage)),
    /**
     * Applies an edit made in the page. `baseSeq` must be the current sequence number.
     * Errors: EDIT_CONFLICT (take the document from the next event and try again), INVALID_ARGUMENT, READ_ONLY.
     */
    applyEdit: base
      .input(z.object({ projectId: z.string(), baseSeq: z.int(), edit: editSchema }))
      .output(z.object({ seq: z.int() })),
    /** Takes back or brings back the newest edit, or all down to `seq`. The answer arrives as a `document` event. */
    undo: base.input(z.object({ projectId: z.string(), seq: z.int().optional() })).output(z.object({ seq: z.int() })),
    redo: base.input(z.object({ projectId: z.string(), seq: z.int().optional() })).output(z.object({ seq: z.int() })),
    /** Changes settings of the next run; an undoable edit. */
    setRunSettings: base
      .input(z.object({ projectId: z.string(), settings: runSettingsSchema }))
      .output(z.object({ seq: z.int() })),
  },

  runs: {
    /**
     * Starts or resumes work and returns at once; progress arrives as `job` events. `missing` does everything that is
     * not there yet (detection, tracking, bodies); `outOfDate` only the frames whose boxes changed.
     */
    start: base
      .input(
        z.object({
          projectId: z.string(),
          scope: z.enum(['missing', 'outOfDate']),
          people: z.array(z.string()).optional(),
          span: spanMessage.optional(),
          /** Frame under the playhead: computed first where the scope has it. */
          focusFrame: z.int().optional(),
        }),
      )
      .output(z.object({ jobId: z.string() })),
    /** Runs that were kept to be compared with, oldest first. */
    kept: base.input(projectInput).output(z.array(keptRunMessage)),
    /** Keeps the bodies as they are; files are shared, not copied, where the disk can. Errors: NO_PEOPLE, DISK_FULL, READ_ONLY. */
    keep: base
      .input(z.object({ projectId: z.string(), name: z.string().min(1).max(MOST_RUN_NAME).optional() }))
      .output(keptRunMessage),
    rename: base
      .input(z.object({ projectId: z.string(), run: z.string(), name: z.string().min(1).max(MOST_RUN_NAME) }))
      .output(keptRunMessage),
    /** Takes a kept run away that nobody shows; `restore` brings it back while the project is open. */
    remove: base.input(z.object({ projectId: z.string(), run: z.string() })).output(nothing),
    restore: base.input(z.object({ projectId: z.string(), run: z.string() })).output(keptRunMessage),
    /**
     * Takes a person's bodies of a span from a kept run, or from the newest again (null); an undoable edit. Errors:
     * NOT_FOUND, INVALID_ARGUMENT for a run of another body.
     */
    choose: base
      .input(z.object({ projectId: z.string(), person: z.string(), span: spanMessage, run: z.string().nullable() }))
      .output(z.object({ seq: z.int() })),
    /** What may be chosen in the run dialog. */
    options: base.input(nothing).output(
      z.object({
        detectors: z.array(z.object({ id: z.string(), title: z.string() })),
        trackers: z.array(z.object({ id: z.string(), title: z.string() })),
        /** Body models of this computer, by the ids that results and settings name. */
        bodies: z.array(z.object({ id: z.string(), title: z.string() })),
        estimators: z.array(
          z.object({
            id: z.string(),
            title: z.string(),
            qualities: z.array(z.object({ id: z.string(), title: z.string() })),
            /** JSON Schema of its options, with titles, descriptions and defaults. */
            optionsSchema: z.record(z.string(), z.unknown()),
            /** Sets of options with a name. */
            presets: z.array(
              z.object({
                id: z.string(),
                title: z.string(),
                description: z.string(),
                options: z.record(z.string(), z.unknown()),
              }),
            ),
            /** What is not on this computer yet, in a sentence; absent when it can run. */
            missing: z.string().optional(),
          }),
        ),
      }),
    ),
  },

  jobs: {
    /** Stops a job between two batches; what is finished stays. Unknown or ended jobs are not an error. */
    cancel: base.input(z.object({ jobId: z.string() })).output(nothing),
  },

  exports: {
    formats: base.input(nothing).output(z.array(exporterMessage)),
    preflight: base.input(exportRequestMessage).output(preflightMessage),
    start: base.input(exportRequestMessage).output(z.object({ jobId: z.string() })),
  },

  models: {
    /** What comes with Retake, what a person brought, and what is missing where. */
    list: base.input(nothing).output(modelsMessage),
    /** News of models from now on; begins with `models` and the last import, where there was one. */
    events: base.input(nothing).output(eventIterator(modelsEventMessage)),
    /**
     * Imports files, folders or zips by their content and returns at once; progress and report arrive as `import` events,
     * `jobs.cancel` stops it. Errors: INVALID_ARGUMENT while another import is going on, NOT_FOUND for an unknown token.
     */
    import: base.input(importRequestMessage).output(z.object({ jobId: z.string() })),
    /** Makes one of several parts of a kind the one that runs use. */
    choose: base.input(z.object({ id: z.string() })).output(nothing),
    /** Takes a part away; `restore` brings it back for a while. */
    remove: base.input(z.object({ id: z.string() })).output(nothing),
    restore: base.input(z.object({ id: z.string() })).output(nothing),
  },

  /** Shapes of bodies in human words; stature in m, mass in kg. Errors: NOT_FOUND for a body that is not there. */
  shapes: {
    /** What betas mean. */
    words: base.input(z.object({ bodyModel: z.string(), betas: betasMessage })).output(shapeMessage),
    /** Betas for words; those without a word are taken from `betas`. */
    betas: base
      .input(z.object({ bodyModel: z.string(), betas: betasMessage, words: shapeWordsMessage }))
      .output(shapeMessage.extend({ betas: betasMessage })),
  },

  /** Shapes of people, saved in the user's data folder to be used again. */
  actors: {
    list: base.input(nothing).output(z.array(actorSchema)),
    /** Errors: NOT_FOUND for an id that is gone. */
    save: base.input(newActorSchema).output(actorSchema),
    remove: base.input(z.object({ id: z.string() })).output(nothing),
  },

  /** Boxes in and out, in the formats of other programs. */
  tracks: {
    /**
     * Follows a person from the box on a frame to the next keyframe, the end, or where they are lost, as a job; what was
     * found becomes one undoable edit.
     */
    follow: base
      .input(
        z.object({
          projectId: z.string(),
          person: z.string(),
          frame: z.int().min(0),
          direction: z.enum(['forward', 'backward']),
          frames: z.int().min(1).optional(),
        }),
      )
      .output(z.object({ jobId: z.string() })),
    formats: base.input(nothing).output(z.array(trackFormatMessage)),
    /** Writes the boxes of all people beside the project; `losses` says what the format could not hold. */
    export: base
      .input(z.object({ projectId: z.string(), format: z.string() }))
      .output(z.object({ name: z.string(), bytes: z.number(), url: z.string(), losses: z.array(z.string()) })),
    /** Writes which frames of whom were reviewed beside the project, as JSON. */
    review: base.input(projectInput).output(z.object({ name: z.string(), bytes: z.number(), url: z.string() })),
    /** Adds the people of a file (a token from browse or upload) as one undoable edit. */
    import: base
      .input(z.object({ projectId: z.string(), format: z.string(), token: z.string() }))
      .output(z.object({ people: z.int() })),
  },

  files: {
    /** Lists a folder below the allowed roots, videos unless said otherwise; without a token, the roots. Only where `canBrowse`. */
    browse: base
      .input(z.object({ token: z.string().optional(), show: z.enum(['videos', 'models']).optional() }))
      .output(folderMessage),
  },

  diagnostics: base.input(nothing).output(z.array(diagnosticMessage)),
};

/** The contract's type, for clients and the service. */
export type Contract = typeof contract;
