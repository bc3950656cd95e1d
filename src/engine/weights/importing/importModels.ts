import { mkdir } from 'node:fs/promises';
import { basename } from 'node:path';
import { AppError, isCancelled, toPlainError } from '#core/errors';
import type { ImportLine, PartKind } from '#core/protocol/modelMessages';
import { fileError } from '../../project/atomicFile';
import { listed } from '../userModels/modelSets';
import { PARTS } from '../userModels/partKinds';
import { UserModelStore } from '../userModels/userModelStore';
import { compileSource } from './compileSource';
import { type LeftFile, type SourceFile, SourceGatherer } from './gatherSources';
import { type PartSource, type PendingPart, publishPart, writePart } from './pendingPart';
import { readWhole } from './readWhole';
import { tryParts } from './tryParts';

/** What to import, and where to. */
export interface ImportRequest {
  /** Files, folders and zips. */
  paths: string[];
  storeFolder: string;
  /** A folder in the store that is this import's own; whoever asked for the import deletes it afterwards. */
  workFolder: string;
  /** The slot that a person chose; what is of another kind is refused. */
  expected?: PartKind;
}

/** What became of each file. */
export interface ImportOutcome {
  lines: ImportLine[];
}

/** Names of files nobody took for a model are told one by one up to here, the others as a sum. */
const MOST_LEFT_LINES = 8;

/**
 * Imports what is of use in files, folders and zips: read, recognised by content, compiled, tried, and put into the
 * store at the very end, all of it or, on an error of the disk or when it is cancelled, nothing.
 * Files that cannot be used are refused one by one, in the outcome.
 * @param onProgress gets the share of bytes done, 0 to 1
 * @throws AppError DISK_FULL, READ_ONLY, INVALID_ARGUMENT for a folder of too many files; the signal's reason
 */
export async function importModels(
  request: ImportRequest,
  signal: AbortSignal,
  onProgress: (share: number) => void,
): Promise<ImportOutcome> {
  try {
    await mkdir(request.workFolder, { recursive: true });
  } catch (error) {
    throw fileError(error, 'the import');
  }
  const { sources, left } = await new SourceGatherer(request.workFolder, signal).gather(request.paths);
  const lines = linesOfLeft(left);
  const pending: PendingPart[] = [];
  const total = sources.reduce((sum, source) => sum + source.size, 0);
  let done = 0;
  for (const source of inOrder(sources)) {
    // Reading is a small part of the work; what follows it counts when it is done.
    let read = 0;
    const onRead = (bytes: number) => {
      read += bytes;
      onProgress((done + read * READ_SHARE) / total);
    };
    const { line, parts } = await importSource(request, source, signal, onRead);
    lines.push(line);
    pending.push(...parts);
    done += source.size;
    onProgress(total === 0 ? 1 : done / total);
  }
  signal.throwIfAborted();
  for (const part of pending) await publishPart(request.storeFolder, part);
  return { lines };
}

const READ_SHARE = 0.3;

/** Small arrays first, the rest by name: what is compiled does not depend on the order in which files were given. */
function inOrder(sources: readonly SourceFile[]): SourceFile[] {
  return [...sources].sort((a, b) => a.size - b.size || a.name.localeCompare(b.name));
}

interface SourceOutcome {
  line: ImportLine;
  parts: PendingPart[];
}

async function importSource(
  request: ImportRequest,
  file: SourceFile,
  signal: AbortSignal,
  onRead: (bytes: number) => void,
): Promise<SourceOutcome> {
  try {
    const { bytes, sha256 } = await readWhole(file.path, file.name, signal, onRead);
    const source: PartSource = { name: basename(file.name), sha256, bytes: bytes.byteLength };
    const known = knownParts(request.storeFolder, sha256);
    if (known && isWelcome(known, request.expected)) {
      const text = `${source.name} is installed already: ${titles(known)}.`;
      return { line: { state: 'known', file: file.name, text, parts: [] }, parts: [] };
    }
    const { parts: compiled, notes } = compileSource(file, bytes, request.expected);
    const kinds = compiled.map(({ kind }) => kind);
    refuseOtherKind(source.name, kinds, request.expected);
    signal.throwIfAborted();
    const parts: PendingPart[] = [];
    for (const part of compiled) {
      parts.push(await writePart(request.workFolder, part, source, kinds, signal));
      // Lets the thread hear of a cancellation between two long stretches of work.
      await new Promise((resolve) => setImmediate(resolve));
      signal.throwIfAborted();
    }
    await tryParts(parts, source.name);
    const text = [`${source.name}: ${titles(kinds)}, compiled and tried.`, ...notes].join(' ');
    return { line: { state: 'installed', file: file.name, text, parts: parts.map(({ id }) => id) }, parts };
  } catch (error) {
    if (isFatal(error, signal)) throw error;
    return { line: refusal(file.name, error), parts: [] };
  }
}

function isFatal(error: unknown, signal: AbortSignal): boolean {
  if (signal.aborted || isCancelled(error) || !(error instanceof AppError)) return true;
  return error.code === 'DISK_FULL' || error.code === 'READ_ONLY' || error.code === 'INTERNAL';
}

function refusal(file: string, error: unknown): ImportLine {
  const { message, hint } = toPlainError(error);
  const name = basename(file);
  const text = message.includes(name) ? message : `${name}: ${message}`;
  return { state: 'refused', file, text, ...(hint === undefined ? {} : { hint }), parts: [] };
}

/** The kinds that a source gave when it was imported before, where all of them are still installed and whole. */
function knownParts(storeFolder: string, sha256: string): readonly PartKind[] | undefined {
  const own = new UserModelStore(storeFolder)
    .list()
    .filter(({ record, problem }) => record.source.sha256 === sha256 && problem === undefined);
  const [first] = own;
  if (!first) return undefined;
  const gives = first.record.source.gives;
  return gives.every((kind) => own.some(({ record }) => record.kind === kind)) ? gives : undefined;
}

function isWelcome(kinds: readonly PartKind[], expected: PartKind | undefined): boolean {
  return expected === undefined || kinds.includes(expected);
}

/** @throws AppError WEIGHTS_INVALID when a slot was chosen and the file is for another one */
function refuseOtherKind(name: string, kinds: readonly PartKind[], expected: PartKind | undefined): void {
  if (isWelcome(kinds, expected) || expected === undefined) return;
  const place = PARTS[expected].title;
  throw new AppError('WEIGHTS_INVALID', `${name} is for another place: ${titles(kinds)}, not the ${place}.`, {
    hint: 'Nothing was installed. Drop it on the models page without choosing a place.',
  });
}

function titles(kinds: readonly PartKind[]): string {
  return listed(kinds.map((kind) => PARTS[kind].title));
}

function linesOfLeft(left: readonly LeftFile[]): ImportLine[] {
  const suspects = left.filter((file) => file.isSuspect);
  const others = left.filter((file) => !file.isSuspect);
  const lines = [...suspects, ...others.slice(0, Math.max(0, MOST_LEFT_LINES - suspects.length))].map(
    ({ name, because, hint, isSuspect }): ImportLine => {
      const short = basename(name);
      const isSentence = because.endsWith('.');
      const sentence = because.includes(short) ? because : `${short}: ${because}`;
      const text = isSentence ? sentence : `${short} ${because}; it was left alone.`;
      const advice = hint ?? (isSuspect ? EXPECTED : undefined);
      return { state: 'left', file: name, text, ...(advice === undefined ? {} : { hint: advice }), parts: [] };
    },
  );
  const rest = left.length - lines.length;
  if (rest > 0) lines.push({ state: 'left', file: '', text: `${rest} more files are no models.`, parts: [] });
  return lines;
}

const EXPECTED =
  'Expected are a VIBE or SPIN checkpoint (.pth.tar), smpl_mean_params.npz, J_regressor_extra.npy, or an SMPL body (.pkl).';
