import type { z } from 'zod';
import { checkedOptions } from '../checkedOptions';
import type { ExportClip } from './exportClip';

/** A file being written. Bytes appear under its name when the whole export is finished, never before. */
export interface ExportFile {
  /** Bytes written so far. */
  readonly length: number;
  /** Appends. @throws AppError DISK_FULL, READ_ONLY, INTERNAL */
  write(content: Uint8Array | string): Promise<void>;
  /** Replaces bytes that were written before, for lengths known only afterwards. */
  patch(content: Uint8Array, position: number): Promise<void>;
  close(): Promise<void>;
}

/** Where an export goes. Files are collected out of sight and put in place together; see `FolderTarget`. */
export interface ExportTarget {
  /** What the names of all files begin with. */
  readonly baseName: string;
  /**
   * Opens a file by its path below the target folder, with `/` between folders.
   * @throws AppError DISK_FULL, READ_ONLY, INTERNAL
   */
  create(relativePath: string): Promise<ExportFile>;
}

/** A file that an export will write. */
export interface PlannedFile {
  /** Path below the target folder; a name that ends with `/` is a folder of frames. */
  name: string;
  /** Expected size; the true one differs by some per cent. */
  estimatedBytes: number;
}

/** A fact for the user before anything is written. */
export interface PreflightCheck {
  level: 'good' | 'note' | 'warning';
  text: string;
  detail?: string;
}

/** What an export will write and what is worth knowing. */
export interface ExportPlan {
  files: PlannedFile[];
  checks: PreflightCheck[];
}

/** How far an export is. `unit` is what is counted, for example `frames`. */
export interface ExportProgress {
  done: number;
  total: number;
  unit: string;
}

/**
 * A file format. A new one is a folder under `exporters/` and one line in `registry.ts`; the dialog builds its form from
 * the JSON Schema of `optionsSchema`, the terminal its flags.
 */
export interface Exporter {
  /** kebab-case, used in project presets and on the command line; never changes. */
  id: string;
  title: string;
  /** Without the dot. */
  extensions: readonly string[];
  /** An object schema in which every option has a default, a title and a description. */
  optionsSchema: z.ZodObject;
  /** The options with every default filled in. @throws AppError INVALID_ARGUMENT, also for names it does not know */
  resolveOptions(options: unknown): Record<string, unknown>;
  /** Units and axes of what it writes with these options. @throws AppError INVALID_ARGUMENT */
  space(options: unknown): SpaceStatement;
  /** Options are checked here. @throws AppError INVALID_ARGUMENT */
  preflight(clip: ExportClip, options: unknown, baseName: string): ExportPlan;
  /**
   * Writes the files of the plan (not the sidecar, which `runExport` adds).
   * @throws AppError INVALID_ARGUMENT for wrong options or when nobody is in the clip; the signal's reason when aborted
   */
  run(clip: ExportClip, options: unknown, target: ExportTarget, signal: AbortSignal): AsyncIterable<ExportProgress>;
}

/** Units and axes in words, as files and sidecars state them. */
export interface SpaceStatement {
  /** For example `metre`, `centimetre`. */
  units: string;
  /** For example `right-handed, y up, character faces +z`. */
  axes: string;
}

/** An {@link Exporter} as its author writes it, with options already checked. */
export interface ExporterDefinition<Schema extends z.ZodObject> {
  id: string;
  title: string;
  extensions: readonly string[];
  optionsSchema: Schema;
  space(options: z.output<Schema>): SpaceStatement;
  preflight(clip: ExportClip, options: z.output<Schema>, baseName: string): ExportPlan;
  run(
    clip: ExportClip,
    options: z.output<Schema>,
    target: ExportTarget,
    signal: AbortSignal,
  ): AsyncIterable<ExportProgress>;
}

/** Makes an {@link Exporter} that checks its options at the door. */
export function defineExporter<Schema extends z.ZodObject>(definition: ExporterDefinition<Schema>): Exporter {
  const parse = (options: unknown) =>
    checkedOptions(definition.optionsSchema, options, `the ${definition.title} export`);
  return {
    id: definition.id,
    title: definition.title,
    extensions: definition.extensions,
    optionsSchema: definition.optionsSchema,
    resolveOptions: (options) => ({ ...parse(options) }),
    space: (options) => definition.space(parse(options)),
    preflight: (clip, options, baseName) => definition.preflight(clip, parse(options), baseName),
    run: (clip, options, target, signal) => definition.run(clip, parse(options), target, signal),
  };
}
