import { z } from 'zod';
import { jobMessage, problemMessage } from './messages';

/**
 * What a person can bring, by kind; each kind is one slot of the models page and one kind of folder in the store. Never
 * renamed: the ids of installed parts begin with it.
 */
export const PART_KINDS = [
  'spin-backbone',
  'vibe-temporal',
  'motion-discriminator',
  'mean-parameters',
  'joint-regressor-extra',
  'joint-regressor-h36m',
  'smpl-neutral',
  'smpl-male',
  'smpl-female',
] as const;

/** See {@link PART_KINDS}. */
export const partKindMessage = z.enum(PART_KINDS);

/** One installed part. */
export const installedPartMessage = z.object({
  /** `<kind>-<first 12 hex of the source's SHA-256>`. */
  id: z.string(),
  kind: partKindMessage,
  /** Name of the file it was made from. */
  source: z.string(),
  /** SHA-256 of that file, hex: its fingerprint. */
  sha256: z.string(),
  /** Bytes the part takes in the store. */
  bytes: z.number(),
  /** ISO 8601. */
  importedAt: z.string(),
  /** Where several parts of a kind are installed, the one that runs use. */
  inUse: z.boolean(),
  /** What was read off it, in words, for example `GRU with 2 layers of 1024`. */
  facts: z.array(z.string()),
  /** Why it cannot be used any more; absent when all is well. */
  problem: z.string().optional(),
});

/** A place for a part: what it is for, and where a person gets it when it is missing. */
export const modelSlotMessage = z.object({
  kind: partKindMessage,
  title: z.string(),
  /** What it is good for, in a phrase. */
  purpose: z.string(),
  /** False where everything works without it. */
  needed: z.boolean(),
  /** File names as the sites give them. */
  fileNames: z.array(z.string()),
  /** Name of the site, its address, and what it asks of a person. */
  site: z.object({ name: z.string(), address: z.string(), note: z.string() }),
  /** Licence in one line. */
  licence: z.string(),
  parts: z.array(installedPartMessage),
});

/** An estimator or a body that is made of parts. */
export const modelSetMessage = z.object({
  id: z.string(),
  title: z.string(),
  licence: z.string(),
  /** `empty`: nothing is there. */
  state: z.enum(['ready', 'incomplete', 'empty']),
  /** False for what is only an addition. */
  isMain: z.boolean(),
  slots: z.array(modelSlotMessage),
});

/** Everything the models page shows. */
export const modelsMessage = z.object({
  /** Where imported parts are, for people to read. */
  folder: z.string(),
  /** Bytes of all installed parts. */
  bytes: z.number(),
  /** Networks and body that come with Retake. */
  builtIn: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      licence: z.string(),
      /** Undefined while it is missing. */
      bytes: z.number().optional(),
    }),
  ),
  sets: z.array(modelSetMessage),
});

/** One line of the report of an import: what became of a file. */
export const importLineMessage = z.object({
  /** `left`: nothing Retake needs; `known`: installed before. */
  state: z.enum(['installed', 'known', 'left', 'refused']),
  /** Name of the file, with its place in a folder or zip. */
  file: z.string(),
  /** One sentence. */
  text: z.string(),
  hint: z.string().optional(),
  /** The parts it gave. */
  parts: z.array(z.string()),
});

/** What the engine tells the page of models. */
export const modelsEventMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('models'), models: modelsMessage }),
  /** An import under way or ended; `report` grows as files are done. */
  z.object({ type: z.literal('import'), job: jobMessage, report: z.array(importLineMessage) }),
  z.object({ type: z.literal('notice'), problem: problemMessage }),
]);

/** What to import: tokens of files or folders. */
export const importRequestMessage = z.object({
  tokens: z.array(z.string()).min(1).max(1_000),
  /** The slot a person chose; what is of another kind is refused. */
  expected: partKindMessage.optional(),
});

/** See {@link PART_KINDS}. */
export type PartKind = z.infer<typeof partKindMessage>;
/** See {@link installedPartMessage}. */
export type InstalledPartFacts = z.infer<typeof installedPartMessage>;
/** See {@link modelSlotMessage}. */
export type ModelSlot = z.infer<typeof modelSlotMessage>;
/** See {@link modelSetMessage}. */
export type ModelSet = z.infer<typeof modelSetMessage>;
/** See {@link modelsMessage}. */
export type Models = z.infer<typeof modelsMessage>;
/** See {@link importLineMessage}. */
export type ImportLine = z.infer<typeof importLineMessage>;
/** See {@link modelsEventMessage}. */
export type ModelsEvent = z.infer<typeof modelsEventMessage>;
