import { createHash } from 'node:crypto';
import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PartKind } from '#core/protocol/modelMessages';
import { fileError, syncFolder } from '../../project/atomicFile';
import {
  PART_RECIPE,
  partId,
  partProblem,
  readPartRecord,
  type PartRecord,
  RECORD_FILE,
  RECORD_FORMAT,
} from '../userModels/partRecord';

/** Where a part comes from. */
export interface PartSource {
  /** File name without folders. */
  name: string;
  sha256: string;
  bytes: number;
}

/** What a compiler made of a source, before it is written. */
export interface CompiledPart {
  kind: PartKind;
  /** Files by name, each as byte runs in order. */
  files: ReadonlyMap<string, readonly Uint8Array[]>;
  facts: PartRecord['facts'];
  /** True for what comes along in a checkpoint: a file of its own is preferred to it. */
  isEmbedded?: boolean;
}

/** What a source gives, and what a person should know of it. */
export interface CompiledSource {
  parts: CompiledPart[];
  /** Sentences. */
  notes: string[];
}

/** A part that is written in full but not in its place. */
export interface PendingPart {
  id: string;
  kind: PartKind;
  folder: string;
}

/**
 * Writes a compiled part below the work folder. Every file is on the disk when it resolves.
 * @throws AppError DISK_FULL, READ_ONLY; the signal's reason
 */
export async function writePart(
  workFolder: string,
  compiled: CompiledPart,
  source: PartSource,
  gives: readonly PartKind[],
  signal: AbortSignal,
): Promise<PendingPart> {
  const now = new Date().toISOString();
  const { kind, facts } = compiled;
  const id = partId({ kind, source });
  const folder = join(workFolder, id);
  try {
    await mkdir(folder, { recursive: true });
    const files: PartRecord['files'] = [];
    for (const [name, runs] of compiled.files) files.push(await writeRuns(folder, name, runs, signal));
    const record: PartRecord = {
      format: RECORD_FORMAT,
      kind,
      recipe: PART_RECIPE,
      source: { ...source, gives: [...gives] },
      importedAt: now,
      chosenAt: compiled.isEmbedded ? '' : now,
      files,
      facts,
    };
    await writeFile(join(folder, RECORD_FILE), `${JSON.stringify(record, null, 2)}\n`, { flush: true });
  } catch (error) {
    signal.throwIfAborted();
    throw fileError(error, `the import of ${source.name}`);
  }
  return { id, kind, folder };
}

/**
 * Puts a part into its place in the store, over a damaged one of the same id. A whole one is the same and stays: it must
 * not be missing for a moment. @throws AppError READ_ONLY
 */
export async function publishPart(storeFolder: string, part: PendingPart): Promise<void> {
  const place = join(storeFolder, part.id);
  const known = readPartRecord(place);
  if (known && partProblem(place, known) === undefined) return;
  try {
    await rm(place, { recursive: true, force: true });
    await rename(part.folder, place);
    syncFolder(storeFolder);
  } catch (error) {
    throw fileError(error, `the model ${part.id}`);
  }
}

async function writeRuns(
  folder: string,
  name: string,
  runs: readonly Uint8Array[],
  signal: AbortSignal,
): Promise<PartRecord['files'][number]> {
  const hash = createHash('sha256');
  let bytes = 0;
  const file = await open(join(folder, name), 'w');
  try {
    for (const run of runs) {
      signal.throwIfAborted();
      for (let at = 0; at < run.byteLength; ) at += (await file.write(run, at)).bytesWritten;
      hash.update(run);
      bytes += run.byteLength;
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { name, bytes, sha256: hash.digest('hex') };
}
