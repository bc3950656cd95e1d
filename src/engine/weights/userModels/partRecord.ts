import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { partKindMessage } from '#core/protocol/modelMessages';
import { factsAt } from '../../project/factsAt';

/** Version of the record's own form. */
export const RECORD_FORMAT = 1;

/**
 * Raised when what the compilers write changes, so that a part made by an older build says that it must be imported
 * again instead of giving other numbers.
 */
export const PART_RECIPE = 1;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** `part.json` of an installed part. */
export const partRecordSchema = z.object({
  format: z.literal(RECORD_FORMAT),
  kind: partKindMessage,
  recipe: z.int(),
  /** The file it was made from. */
  source: z.object({
    name: z.string(),
    sha256,
    bytes: z.int().min(0),
    /** Every kind of part that it gave. */
    gives: z.array(partKindMessage),
  }),
  /** ISO 8601; not part of any hash. */
  importedAt: z.string(),
  /** ISO 8601: of several parts of a kind the one chosen last is used. Empty for what came along in a checkpoint. */
  chosenAt: z.string(),
  /** What the compilers wrote. */
  files: z.array(z.object({ name: z.string().regex(/^[\w.-]+$/), bytes: z.int().min(0), sha256 })),
  /** What was read off the source, for people and for the estimator: `layers`, `hidden`, `vertices`, ... */
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});

/** See {@link partRecordSchema}. */
export type PartRecord = z.infer<typeof partRecordSchema>;

/** Name of the record in the folder of a part. */
export const RECORD_FILE = 'part.json';

/** Folder name of a part, also its id. */
export function partId({ kind, source }: { kind: string; source: { sha256: string } }): string {
  return `${kind}-${source.sha256.slice(0, 12)}`;
}

/** The record of the part in `folder`; undefined for anything that is none. */
export function readPartRecord(folder: string): PartRecord | undefined {
  try {
    return partRecordSchema.safeParse(JSON.parse(readFileSync(join(folder, RECORD_FILE), 'utf8'))).data;
  } catch {
    return undefined;
  }
}

/** Why a part cannot be used, as a sentence; undefined when its files are there in full. */
export function partProblem(folder: string, record: PartRecord): string | undefined {
  if (record.recipe !== PART_RECIPE) {
    return `It was imported by another version of Retake. Import ${record.source.name} again.`;
  }
  for (const { name, bytes } of record.files) {
    const found = factsAt(join(folder, name));
    if (found?.size !== bytes) return `Its file ${name} is missing or damaged. Import ${record.source.name} again.`;
  }
  return undefined;
}
