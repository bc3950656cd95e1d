import { existsSync, readFileSync } from 'node:fs';
import { applyPatches, type Edit } from '#core/document/patch';
import { DOCUMENT_VERSION, documentSchema, type ProjectDocument } from '#core/document/schema';
import { AppError } from '#core/errors';
import type { History } from '#core/protocol/messages';
import { writeFileAtomically } from './atomicFile';
import { type JournalEntry, JournalWriter, readJournal } from './journal';
import type { ProjectFolder } from './projectFolder';

const SNAPSHOT_EVERY = 200;

/** What changed a document, for those who listen. */
export interface DocumentChange {
  /** For example `Move box, frame 118` or `Undid: Move box, frame 118`. */
  label: string;
  /** Where to look, when the change was an undo or a redo. */
  reveal?: { frame?: number; person?: string };
}

interface Snapshot {
  seq: number;
  document: ProjectDocument;
}

/** Reads and validates a snapshot. @throws AppError PROJECT_NEWER or PROJECT_DAMAGED. */
function readSnapshot(folder: ProjectFolder): Snapshot {
  const damaged = (cause: unknown) =>
    new AppError('PROJECT_DAMAGED', `The file project.json in ${folder.root} cannot be read as a Retake project.`, {
      hint: 'Restore the folder from a backup, or open the video again to start a new project.',
      cause,
    });
  try {
    const raw: unknown = JSON.parse(readFileSync(folder.document, 'utf8'));
    if (typeof raw !== 'object' || raw === null || !('document' in raw) || !('seq' in raw)) throw damaged(undefined);
    const { document, seq } = raw;
    if (typeof document === 'object' && document !== null && 'schemaVersion' in document) {
      if (Number(document.schemaVersion) > DOCUMENT_VERSION) {
        throw new AppError('PROJECT_NEWER', 'This project was saved by a newer version of Retake.', {
          hint: 'Install the newer version to open it; nothing was changed.',
        });
      }
    }
    return { seq: Number(seq), document: documentSchema.parse(document) };
  } catch (error) {
    throw error instanceof AppError ? error : damaged(error);
  }
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
  private readonly undoStack: JournalEntry[] = [];
  private readonly redoStack: JournalEntry[] = [];
  private readonly journal: JournalWriter | undefined;
  private readonly listeners = new Set<(change: DocumentChange) => void>();

  /** Opens what stands in `folder`. Read-only stores refuse every edit. */
  constructor(
    private readonly folder: ProjectFolder,
    private readonly readOnly: boolean,
  ) {
    const snapshot = readSnapshot(folder);
    const { entries, warning } = readJournal(folder.journal, folder.rejected);
    if (warning) this.warnings.push(warning);
    this.current = snapshot.document;
    this.sequence = snapshot.seq;
    this.snapshotSequence = snapshot.seq;
    for (const entry of entries) {
      if (entry.seq > this.sequence) {
        this.current = applyPatches(this.current, entry.edit.patches);
        this.sequence = entry.seq;
      }
      this.remember(entry);
    }
    documentSchema.parse(this.current);
    this.journal = readOnly ? undefined : new JournalWriter(folder.journal);
  }

  /** Writes the first snapshot of a new project. @throws AppError when the folder cannot be written. */
  static create(folder: ProjectFolder, document: ProjectDocument): void {
    if (existsSync(folder.document)) throw new AppError('FILE_EXISTS', `A project stands in ${folder.root} already.`);
    writeFileAtomically(folder.document, JSON.stringify({ seq: 0, document }, null, 1), 'the project');
  }

  get document(): ProjectDocument {
    return this.current;
  }

  /** Number of the last change; the next edit must be made on it. */
  get seq(): number {
    return this.sequence;
  }

  /** Calls `listener` after every change until the returned function is called. */
  subscribe(listener: (change: DocumentChange) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Labels of what can be undone and redone, newest last. */
  history(): History {
    const describe = ({ seq, edit }: JournalEntry) => ({
      seq,
      label: edit.label,
      ...(edit.frame === undefined ? {} : { frame: edit.frame }),
      ...(edit.person === undefined ? {} : { person: edit.person }),
    });
    return { undo: this.undoStack.slice(-200).map(describe), redo: this.redoStack.map(describe) };
  }

  /**
   * Applies a human's edit. @throws AppError EDIT_CONFLICT when `baseSeq` is not current, INVALID_ARGUMENT when the
   * document would break its schema, READ_ONLY.
   */
  apply(baseSeq: number, edit: Edit): number {
    if (baseSeq !== this.sequence) {
      throw new AppError('EDIT_CONFLICT', 'The project changed while this edit was made.', {
        hint: 'The page shows the new state; make the edit again.',
      });
    }
    return this.commit('edit', edit, edit.label, undefined, undefined);
  }

  /** Applies the engine's own change (people found, tracks renewed): kept, but never offered to undo. */
  applySystem(edit: Edit): number {
    return this.commit('system', edit, edit.label, undefined, undefined);
  }

  /** Takes back the newest edit, or all down to and including `seq`. Nothing to undo is not an error. */
  undo(downTo?: number): number {
    do {
      const entry = this.undoStack[this.undoStack.length - 1];
      if (!entry || (downTo !== undefined && entry.seq < downTo)) break;
      const edit: Edit = { ...entry.edit, patches: entry.edit.inverse, inverse: entry.edit.patches };
      this.commit('undo', edit, `Undid: ${edit.label}`, entry.seq, revealOf(edit));
    } while (downTo !== undefined);
    return this.sequence;
  }

  /** Brings back the newest undone edit, or all up to and including `seq`. */
  redo(upTo?: number): number {
    do {
      const entry = this.redoStack[this.redoStack.length - 1];
      if (!entry || (upTo !== undefined && entry.seq > upTo)) break;
      this.commit('redo', entry.edit, `Redid: ${entry.edit.label}`, entry.seq, revealOf(entry.edit));
    } while (upTo !== undefined);
    return this.sequence;
  }

  /** Writes a snapshot so that the next opening replays little. */
  save(): void {
    if (this.readOnly || this.snapshotSequence === this.sequence) return;
    const content = JSON.stringify({ seq: this.sequence, document: this.current }, null, 1);
    writeFileAtomically(this.folder.document, content, 'the project');
    this.snapshotSequence = this.sequence;
  }

  close(): void {
    this.save();
    this.journal?.close();
  }

  private commit(
    kind: JournalEntry['kind'],
    edit: Edit,
    label: string,
    of: number | undefined,
    reveal: DocumentChange['reveal'],
  ): number {
    if (!this.journal) {
      throw new AppError('READ_ONLY', 'This project is open for reading only.', {
        hint: 'Close it in the other window to edit here.',
      });
    }
    const next = this.checked(edit);
    const entry: JournalEntry = {
      seq: this.sequence + 1,
      kind,
      at: new Date().toISOString(),
      edit,
      ...(of === undefined ? {} : { of }),
    };
    this.journal.append(entry);
    this.current = next;
    this.sequence = entry.seq;
    this.remember(entry);
    if (this.sequence - this.snapshotSequence >= SNAPSHOT_EVERY) this.save();
    for (const listener of this.listeners) listener({ label, ...(reveal ? { reveal } : {}) });
    return this.sequence;
  }

  private checked(edit: Edit): ProjectDocument {
    try {
      const next = applyPatches(this.current, edit.patches);
      // Checked, not replaced by the parsed copy: unchanged people stay the same objects, which others use as a key.
      documentSchema.parse(next);
      return next;
    } catch (error) {
      throw new AppError('INVALID_ARGUMENT', `The edit "${edit.label}" would leave the project in an invalid state.`, {
        hint: 'Nothing was changed.',
        cause: error,
      });
    }
  }

  private remember(entry: JournalEntry): void {
    if (entry.kind === 'edit') {
      this.undoStack.push(entry);
      this.redoStack.length = 0;
    } else if (entry.kind === 'undo') {
      const undone = this.undoStack.pop();
      if (undone) this.redoStack.push(undone);
    } else if (entry.kind === 'redo') {
      const redone = this.redoStack.pop();
      if (redone) this.undoStack.push(redone);
    }
  }
}

function revealOf(edit: Edit): { frame?: number; person?: string } {
  return {
    ...(edit.frame === undefined ? {} : { frame: edit.frame }),
    ...(edit.person === undefined ? {} : { person: edit.person }),
  };
}
