import { closeSync, existsSync, fstatSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { z } from 'zod';
import { migratePatch } from '#core/document/migrations';
import { editSchema, type Patch } from '#core/document/patch';
import { DOCUMENT_VERSION } from '#core/document/schema';
import { AppError } from '#core/errors';
import { fileError, syncFolder, writeFileAtomically } from './atomicFile';

const entrySchema = z.object({
  /** Version of the documents that the patches were made for; absent in the first one. */
  version: z.int().min(1).default(1),
  seq: z.int().min(1),
  /** `system` is the engine's own change (people found by a run): replayed, never offered to undo. */
  kind: z.enum(['edit', 'system', 'undo', 'redo']),
  /** For undo and redo: the edit taken back or brought back. */
  of: z.int().optional(),
  at: z.string(),
  edit: editSchema,
});

/**
 * One line of `edits.jsonl`: its patches, applied in order of `seq`, rebuild the document. In memory they are always
 * those of this build's version.
 */
export type JournalEntry = Omit<z.infer<typeof entrySchema>, 'version'>;

/** What reading a journal gave. */
export interface JournalContent {
  /**
   * The entries before the first line that is torn, fails its checksum or does not follow its predecessor. A line that is there
   * again (two copies of a file put together) counts once.
   */
  entries: JournalEntry[];
  /** Byte behind each entry, and behind the lines after it that repeat earlier ones. */
  ends: number[];
  /** Bytes of the whole file. */
  size: number;
}

const NEWLINE = 0x0a;
const SPACE = 0x20;
const CHECKSUM_LENGTH = 8;

function checksum(body: Uint8Array): string {
  return crc32(body).toString(16).padStart(CHECKSUM_LENGTH, '0');
}

function encodeLine(entry: JournalEntry): Buffer {
  const body = Buffer.from(JSON.stringify({ version: DOCUMENT_VERSION, ...entry }));
  return Buffer.concat([Buffer.from(`${checksum(body)} `), body, Buffer.of(NEWLINE)]);
}

function parseLine(line: Buffer): JournalEntry | undefined {
  const body = line.subarray(CHECKSUM_LENGTH + 1);
  if (line[CHECKSUM_LENGTH] !== SPACE || line.toString('latin1', 0, CHECKSUM_LENGTH) !== checksum(body))
    return undefined;
  try {
    const parsed = entrySchema.safeParse(JSON.parse(body.toString('utf8'))).data;
    return parsed && upToDate(parsed);
  } catch {
    return undefined;
  }
}

function upToDate({ version, ...entry }: z.infer<typeof entrySchema>): JournalEntry {
  if (version >= DOCUMENT_VERSION) return entry;
  const migrate = (patches: readonly Patch[]) => patches.map((patch) => migratePatch(patch, version));
  return {
    ...entry,
    edit: { ...entry.edit, patches: migrate(entry.edit.patches), inverse: migrate(entry.edit.inverse) },
  };
}

/** Reads a journal as far as it is whole; changes nothing, so that it may belong to another process. */
export function readJournal(path: string): JournalContent {
  const bytes = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
  const content: JournalContent = { entries: [], ends: [], size: bytes.length };
  const lines = new Map<number, Buffer>();
  for (let position = 0; position < bytes.length; ) {
    const end = bytes.indexOf(NEWLINE, position);
    const line = bytes.subarray(position, Math.max(position, end));
    const entry = end < 0 ? undefined : parseLine(line);
    const before = content.entries[content.entries.length - 1];
    if (!entry) break;
    position = end + 1;
    if (lines.get(entry.seq)?.equals(line)) {
      content.ends[content.ends.length - 1] = position;
      continue;
    }
    if (before && entry.seq !== before.seq + 1) break;
    lines.set(entry.seq, line);
    content.entries.push(entry);
    content.ends.push(position);
  }
  return content;
}

/**
 * Cuts a journal behind byte `keep` and adds what stood there to the file of rejected lines, so that the next append
 * continues a whole file and nothing is thrown away. Returns the sentence about it.
 */
export function rejectJournalEnd(path: string, rejectedPath: string, keep: number): string {
  const bytes = readFileSync(path);
  const rest = bytes.subarray(keep);
  const earlier = existsSync(rejectedPath) ? readFileSync(rejectedPath) : Buffer.alloc(0);
  const separator = earlier.length > 0 && earlier[earlier.length - 1] !== NEWLINE ? [Buffer.of(NEWLINE)] : [];
  writeFileAtomically(rejectedPath, Buffer.concat([earlier, ...separator, rest]), 'the rejected end of the journal');
  writeFileAtomically(path, bytes.subarray(0, keep), 'the journal of edits');
  const lines = rest
    .toString('latin1')
    .split('\n')
    .filter((line) => line !== '').length;
  return lines <= 1
    ? 'The last edit was not completely written and was left out; it is kept in edits.rejected.jsonl.'
    : `${lines} edits could not be read and were left out; they are kept in edits.rejected.jsonl.`;
}

/** Replaces a journal by some entries of it. */
export function writeJournal(path: string, entries: readonly JournalEntry[]): void {
  writeFileAtomically(path, Buffer.concat(entries.map(encodeLine)), 'the journal of edits');
}

/** Appends entries, each durable (fsync) before `append` returns: an acknowledged edit survives the loss of power. */
export class JournalWriter {
  private readonly file: number;
  private size: number;

  constructor(path: string) {
    try {
      const isNew = !existsSync(path);
      this.file = openSync(path, 'a');
      this.size = fstatSync(this.file).size;
      if (isNew) syncFolder(dirname(path));
    } catch (error) {
      throw fileError(error, 'the journal of edits');
    }
  }

  /**
   * Adds an entry, or leaves the file as it was.
   * @throws AppError DISK_FULL, READ_ONLY, INVALID_ARGUMENT for what would not be read again, and PROJECT_LOCKED when
   * somebody else wrote to the file.
   */
  append(entry: JournalEntry): void {
    if (fstatSync(this.file).size !== this.size) {
      throw new AppError('PROJECT_LOCKED', 'Another Retake has changed this project, so this edit was not kept.', {
        hint: 'Close the project and open it again.',
      });
    }
    const line = encodeLine(entry);
    // What could not be read again (a number that JSON has no word for) must not count as kept.
    if (!parseLine(line.subarray(0, -1))) {
      throw new AppError('INVALID_ARGUMENT', `The edit "${entry.edit.label}" cannot be written down.`, {
        hint: 'Nothing was changed.',
      });
    }
    try {
      for (let written = 0; written < line.length; ) written += writeSync(this.file, line, written);
      fsyncSync(this.file);
      this.size += line.length;
    } catch (error) {
      // Half a line would swallow the next one, and a whole one that was not acknowledged would come back.
      ftruncateSync(this.file, this.size);
      throw fileError(error, 'this edit');
    }
  }

  close(): void {
    closeSync(this.file);
  }
}
