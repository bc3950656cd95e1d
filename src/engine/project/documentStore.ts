import { existsSync } from 'node:fs';
import { applyPatches, type Edit, type Patch } from '#core/document/patch';
import { DOCUMENT_VERSION, documentSchema, type ProjectDocument } from '#core/document/schema';
import { AppError } from '#core/errors';
import type { History } from '#core/protocol/messages';
import { brokenInvariants } from '#core/tracks/invariants';
import { EditHistory } from './editHistory';
import { FoundPeople } from './foundPeople';
import { type JournalEntry, JournalWriter, readJournal, rejectJournalEnd, writeJournal } from './journal';
import type { ProjectFolder } from './projectFolder';
import { newerProject, readSnapshot, writeSnapshot } from './snapshot';

const SNAPSHOT_EVERY = 200;
/** A longer journal is cut when a snapshot is written… */
const MOST_JOURNALED = 2000;
/** …to so many entries, which stay undoable after a restart. */
const KEPT_ENTRIES = 500;

/** What a human may change; the rest of the document is the engine's. */
const EDITABLE = new Set(['people', 'settings', 'name', 'nextNumber']);

/** What changed a document, for those who listen. */
export interface DocumentChange {
  /** For example `Move box, frame 118` or `Undid: Move box, frame 118`. */
  label: string;
  /** Where to look, when the change was an undo or a redo. */
  reveal?: { frame?: number; person?: string };
  /** The change was planned for an earlier document: it may have brought back what the engine had renewed since. */
  isOlder: boolean;
}

/** How a change is committed. */
interface Commit {
  kind: JournalEntry['kind'];
  label: string;
  /** Number of the document that the patches were made for. */
  madeFor: number;
  of?: number;
  reveal?: DocumentChange['reveal'];
}

/**
 * The document of one open project, and the only writer of it: snapshot plus journal on disk, undo and redo in memory,
 * rebuilt from the journal on opening.
 */
export class DocumentStore {
  readonly warnings: string[] = [];
  private current: ProjectDocument;
  private sequence: number;
  private snapshotSequence: number;
  private triedSnapshotAt: number;
  private highestNumber = 1;
  private entries: JournalEntry[] = [];
  private readonly edits = new EditHistory();
  private readonly found = new FoundPeople();
  private journal: JournalWriter | undefined;
  private readonly listeners = new Set<(change: DocumentChange) => void>();

  /**
   * Opens what stands in `folder`. Read-only stores refuse every edit and write nothing.
   * @throws AppError PROJECT_NEWER when a newer Retake wrote it and `readOnly` is false, and as reading a snapshot.
   */
  constructor(
    private readonly folder: ProjectFolder,
    private readonly readOnly: boolean,
  ) {
    const snapshot = readSnapshot(folder);
    if (snapshot.writtenVersion > DOCUMENT_VERSION && !readOnly) throw newerProject();
    this.current = snapshot.document;
    this.sequence = snapshot.seq;
    this.highestNumber = snapshot.document.nextNumber;
    this.snapshotSequence = snapshot.seq;
    this.replay();
    this.triedSnapshotAt = this.sequence;
    this.journal = readOnly ? undefined : new JournalWriter(folder.journal);
    if (snapshot.writtenVersion < DOCUMENT_VERSION) this.renewSnapshot();
  }

  /** Writes the first snapshot of a new project. @throws AppError when the folder cannot be written. */
  static create(folder: ProjectFolder, document: ProjectDocument): void {
    if (existsSync(folder.document)) throw new AppError('FILE_EXISTS', `A project stands in ${folder.root} already.`);
    // Edits of a project whose document is gone belong to nothing.
    if (existsSync(folder.journal)) rejectJournalEnd(folder.journal, folder.rejected, 0);
    writeSnapshot(folder, { seq: 0, document });
  }

  get document(): ProjectDocument {
    return this.current;
  }

  /** Number of the last change; the next edit must be made on it. */
  get seq(): number {
    return this.sequence;
  }

  /** Higher than the number of anybody there ever was, also of people who were undone and may come back. */
  get freeNumber(): number {
    return this.highestNumber;
  }

  /** Calls `listener` after every change until the returned function is called. */
  subscribe(listener: (change: DocumentChange) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Labels of what can be undone and redone, newest last. */
  history(): History {
    return this.edits.describe();
  }

  /**
   * Applies a human's edit. It may have been made for an earlier document when only the engine changed it since and
   * everybody kept their place.
   * @throws AppError EDIT_CONFLICT when `baseSeq` is not current, INVALID_ARGUMENT when the document would break its
   * schema, READ_ONLY.
   */
  apply(baseSeq: number, edit: Edit): number {
    if (baseSeq !== this.sequence && !this.mayBeMadeFor(baseSeq)) {
      throw new AppError('EDIT_CONFLICT', 'The project changed while this edit was made.', {
        hint: 'The page shows the new state; make the edit again.',
      });
    }
    if (![...edit.patches, ...edit.inverse].every(({ path }) => EDITABLE.has(String(path[0])))) {
      throw new AppError('INVALID_ARGUMENT', `The edit "${edit.label}" changes what only Retake itself may change.`, {
        hint: 'Nothing was changed.',
      });
    }
    return this.commit(edit, { kind: 'edit', label: edit.label, madeFor: baseSeq });
  }

  /** Applies the engine's own change (people found, tracks renewed): kept, but never offered to undo. */
  applySystem(edit: Edit): number {
    return this.commit(edit, { kind: 'system', label: edit.label, madeFor: this.sequence });
  }

  /** Takes back the newest edit, or all down to and including `seq`. Nothing to undo is not an error. */
  undo(downTo?: number): number {
    do {
      const entry = this.edits.nextUndo;
      if (!entry || (downTo !== undefined && entry.seq < downTo)) break;
      const edit: Edit = { ...entry.edit, patches: entry.edit.inverse, inverse: entry.edit.patches };
      const label = `Undid: ${edit.label}`;
      this.commit(edit, { kind: 'undo', label, madeFor: entry.seq, of: entry.seq, reveal: revealOf(edit) });
    } while (downTo !== undefined);
    return this.sequence;
  }

  /** Brings back the newest undone edit, or all up to and including `seq`. */
  redo(upTo?: number): number {
    do {
      const entry = this.edits.nextRedo;
      if (!entry || (upTo !== undefined && entry.seq > upTo)) break;
      const label = `Redid: ${entry.edit.label}`;
      this.commit(entry.edit, {
        kind: 'redo',
        label,
        madeFor: entry.seq,
        of: entry.seq,
        reveal: revealOf(entry.edit),
      });
    } while (upTo !== undefined);
    return this.sequence;
  }

  /** Writes a snapshot so that the next opening replays little. @throws AppError DISK_FULL, READ_ONLY. */
  save(): void {
    if (!this.journal) return;
    this.triedSnapshotAt = this.sequence;
    if (this.snapshotSequence !== this.sequence) {
      writeSnapshot(this.folder, { seq: this.sequence, document: this.current });
      this.snapshotSequence = this.sequence;
    }
    if (this.entries.length > MOST_JOURNALED) this.cutJournal();
  }

  close(): void {
    try {
      this.save();
    } finally {
      this.journal?.close();
      this.journal = undefined;
    }
  }

  private mayBeMadeFor(seq: number): boolean {
    const since = this.entries.filter((entry) => entry.seq > seq);
    const isKnown = seq < this.sequence && since.length === this.sequence - seq;
    return isKnown && since.every(({ kind }) => kind === 'system') && this.found.keepsPlacesSince(seq);
  }

  private replay(): void {
    const { entries, ends, size } = readJournal(this.folder.journal);
    let whole = 0;
    for (const [index, entry] of entries.entries()) {
      if (!this.replayEntry(entry)) break;
      this.remember(entry);
      whole = ends[index] ?? whole;
    }
    // What looks torn to a reader may be a line that its owner is writing just now.
    if (whole === size || this.readOnly) return;
    this.warnings.push(rejectJournalEnd(this.folder.journal, this.folder.rejected, whole));
  }

  private replayEntry(entry: JournalEntry): boolean {
    if (entry.seq <= this.snapshotSequence) return true;
    if (entry.seq !== this.sequence + 1) return false;
    try {
      const next = applyPatches(this.current, entry.edit.patches);
      documentSchema.parse(next);
      this.current = next;
      this.sequence = entry.seq;
      return true;
    } catch {
      return false;
    }
  }

  private commit(edit: Edit, { kind, label, madeFor, of, reveal }: Commit): number {
    if (!this.journal) {
      throw new AppError('READ_ONLY', 'This project is open for reading only.', {
        hint: 'Close it in the other window to edit here.',
      });
    }
    const isOlder = madeFor !== this.sequence;
    const { next, patches } = this.checked(edit, isOlder ? madeFor : undefined);
    if (kind === 'edit') checkRules(edit, this.current, next);
    const seq = this.sequence + 1;
    const at = new Date().toISOString();
    const entry: JournalEntry = { seq, kind, at, edit: { ...edit, patches }, ...(of === undefined ? {} : { of }) };
    this.journal.append(entry);
    this.current = next;
    this.sequence = seq;
    this.remember(entry);
    if (seq - this.triedSnapshotAt >= SNAPSHOT_EVERY) this.saveIfPossible();
    for (const listener of [...this.listeners]) listener({ label, isOlder, ...(reveal ? { reveal } : {}) });
    return this.sequence;
  }

  /** An older Retake must not open a document of its own version below a journal of this one. */
  private renewSnapshot(): void {
    this.snapshotSequence = -1;
    this.saveIfPossible();
  }

  /** A snapshot that fails is tried again later: the journal alone holds everything. */
  private saveIfPossible(): void {
    try {
      this.save();
    } catch (error) {
      console.error(error);
    }
  }

  private checked(edit: Edit, madeFor: number | undefined): { next: ProjectDocument; patches: Patch[] } {
    try {
      const changed = applyPatches(this.current, edit.patches);
      // Checked, not replaced by the parsed copy: unchanged people stay the same objects, which others use as a key.
      documentSchema.parse(changed);
      const kept = madeFor === undefined ? [] : this.found.patchesToKeep(madeFor, this.current, changed);
      const next = applyPatches(changed, kept);
      if (kept.length > 0) documentSchema.parse(next);
      return { next, patches: [...edit.patches, ...kept] };
    } catch (error) {
      throw new AppError('INVALID_ARGUMENT', `The edit "${edit.label}" would leave the project in an invalid state.`, {
        hint: 'Nothing was changed.',
        cause: error,
      });
    }
  }

  private remember(entry: JournalEntry): void {
    this.entries.push(entry);
    this.edits.remember(entry);
    this.found.note(entry);
    this.highestNumber = Math.max(this.highestNumber, this.current.nextNumber);
  }

  private cutJournal(): void {
    this.entries = this.entries.slice(-KEPT_ENTRIES);
    this.journal?.close();
    try {
      writeJournal(this.folder.journal, this.entries);
    } finally {
      this.journal = new JournalWriter(this.folder.journal);
    }
  }
}

/** Refuses an edit that breaks a rule of the document; one that was broken before is no reason. */
function checkRules(edit: Edit, before: ProjectDocument, after: ProjectDocument): void {
  const broken = brokenInvariants(after);
  if (broken.length === 0) return;
  const known = new Set(brokenInvariants(before));
  const [first] = broken.filter((what) => !known.has(what));
  if (first === undefined) return;
  throw new AppError('INVALID_ARGUMENT', `The edit "${edit.label}" would break the project: ${first}.`, {
    hint: 'Nothing was changed.',
  });
}

function revealOf(edit: Edit): { frame?: number; person?: string } {
  return {
    ...(edit.frame === undefined ? {} : { frame: edit.frame }),
    ...(edit.person === undefined ? {} : { person: edit.person }),
  };
}
