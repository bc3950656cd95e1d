import { z } from 'zod';
import type { Patch } from './patch';
import { DOCUMENT_VERSION, documentSchema, type ProjectDocument } from './schema';

/** How documents and patches of one version become those of the next. Pure; what it does not know stays as it is. */
export interface Migration {
  /** Version it starts from; it leads to `from + 1`. */
  from: number;
  /** A whole document of that version, as JSON gives it; `schemaVersion` is raised by the caller. */
  document: (document: Record<string, unknown>) => Record<string, unknown>;
  /** A patch made for documents of that version, so that old edits can still be undone. */
  patch: (patch: Patch) => Patch;
}

/** Run settings gained the estimator's options. */
function withEstimatorOptions(settings: unknown): unknown {
  return typeof settings === 'object' && settings !== null ? { estimatorOptions: {}, ...settings } : settings;
}

/** One a version, in order. What was added as optional needs no step. */
export const migrations: readonly Migration[] = [
  {
    from: 1,
    document: (document) => ({ ...document, settings: withEstimatorOptions(document['settings']) }),
    patch: (patch) =>
      patch.path.length === 1 && patch.path[0] === 'settings' && patch.op !== 'remove'
        ? { ...patch, value: withEstimatorOptions(patch.value) }
        : patch,
  },
];

function stepsFrom(version: number): Migration[] {
  return migrations.filter((step) => step.from >= version);
}

/** A patch made for documents of `version`, as this build's documents need it. */
export function migratePatch(patch: Patch, version: number): Patch {
  return stepsFrom(version).reduce((current, step) => step.patch(current), patch);
}

/** A document as it was read, and the version it was written in. */
export interface RestoredDocument {
  document: ProjectDocument;
  /** Higher than {@link DOCUMENT_VERSION} when a newer Retake wrote it: what only that one knows is not in `document`. */
  writtenVersion: number;
}

const versionedSchema = z.looseObject({ schemaVersion: z.int().min(1) });

/**
 * Reads a document of any version: parses, brings it up to this one, and validates. One of a newer version is read as
 * far as this build understands it, to be looked at and never to be written.
 * @throws z.ZodError when it is not a document, or one of a newer version that this build cannot understand.
 */
export function restoreDocument(raw: unknown): RestoredDocument {
  const { schemaVersion: writtenVersion, ...rest } = versionedSchema.parse(raw);
  const current = stepsFrom(writtenVersion).reduce<Record<string, unknown>>((step, next) => next.document(step), rest);
  const document = documentSchema.parse({ ...current, schemaVersion: DOCUMENT_VERSION });
  return { document, writtenVersion };
}

/** The version a document says it was written in; undefined for what is no document at all. */
export function writtenVersionOf(raw: unknown): number | undefined {
  return versionedSchema.safeParse(raw).data?.schemaVersion;
}
