import { closeSync, existsSync, fsyncSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { z } from 'zod';
import { editSchema } from '#core/document/patch';
import { fileError, writeFileAtomically } from './atomicFile';

const entrySchema = z.object({
  seq: z.int().min(1),
  /** `system` is the engine's own change (people found by a run): replayed, never offered to undo. */
  kind: z.enum(['edit', 'system', 'undo', 'redo']),
  /** For undo and redo: the edit taken back or brought back. */
  of: z.int().optional(),
  at: z.string(),
  edit: editSchema,
});

/** One line of `edits.jsonl`: its patches, applied in order of `seq`, rebuild the document. */
export type JournalEntry = z.infer<typeof entrySchema>;

/** What reading a journal gave: the entries that are whole, and a sentence when something had to be left out. */
export interface JournalContent {
  entries: JournalEntry[];
  warning?: string;
}

function parseLine(line: string): JournalEntry | undefined {
  const separator = line.indexOf(' ');
  const body = line.slice(separator + 1);
  if (separator !== 8 || checksum(body) !== line.slice(0, 8)) return undefined;
  try {
    const parsed = entrySchema.safeParse(JSON.parse(body));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}

/**
 * Reads a journal up to the first line that is torn or fails its checksum; what follows is kept aside as
 * `edits.rejected.jsonl` and the journal is cut there, so that the next append continues a whole file.
 */
export function readJournal(path: string, rejectedPath: string): JournalContent {
  if (!existsSync(path)) return { entries: [] };
  const text = readFileSync(path, 'utf8');
  const entries: JournalEntry[] = [];
  let position = 0;
  while (position < text.length) {
    const end = text.indexOf('\n', position);
    const entry = end < 0 ? undefined : parseLine(text.slice(position, end));
    if (!entry || (entries.length > 0 && entry.seq !== (entries[entries.length - 1]?.seq ?? 0) + 1)) break;
    entries.push(entry);
    position = end + 1;
  }
  if (position === text.length) return { entries };
  const rest = text.slice(position);
  writeFileAtomically(rejectedPath, rest, 'the rejected end of the journal');
  truncateSync(path, Buffer.byteLength(text.slice(0, position)));
  const lines = rest.split('\n').filter((line) => line !== '').length;
  return {
    entries,
    warning:
      lines === 1
        ? 'The last edit was not completely written and was left out; it is kept in edits.rejected.jsonl.'
        : `${lines} edits could not be read and were left out; they are kept in edits.rejected.jsonl.`,
  };
}

/** Appends entries, each durable (fsync) before `append` returns: an acknowledged edit survives the loss of power. */
export class JournalWriter {
  private readonly file: number;

  constructor(path: string) {
    try {
      this.file = openSync(path, 'a');
    } catch (error) {
      throw fileError(error, 'the journal of edits');
    }
  }

  append(entry: JournalEntry): void {
    const body = JSON.stringify(entry);
    try {
      writeSync(this.file, `${checksum(body)} ${body}\n`);
      fsyncSync(this.file);
    } catch (error) {
      throw fileError(error, 'this edit');
    }
  }

  close(): void {
    closeSync(this.file);
  }
}
