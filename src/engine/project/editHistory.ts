import type { History } from '#core/protocol/messages';
import type { JournalEntry } from './journal';

/** Most entries that are listed; older ones can still be undone one by one. */
const MOST_LISTED = 200;

/** What can be undone and redone, rebuilt by remembering a journal's entries in order. */
export class EditHistory {
  private readonly undoStack: JournalEntry[] = [];
  private readonly redoStack: JournalEntry[] = [];

  /** The edit that undo takes back next. */
  get nextUndo(): JournalEntry | undefined {
    return this.undoStack[this.undoStack.length - 1];
  }

  /** The edit that redo brings back next. */
  get nextRedo(): JournalEntry | undefined {
    return this.redoStack[this.redoStack.length - 1];
  }

  /** Follows a change. An undo or redo of an edit from before the journal begins moves nothing. */
  remember(entry: JournalEntry): void {
    if (entry.kind === 'edit') {
      this.undoStack.push(entry);
      this.redoStack.length = 0;
    } else if (entry.kind === 'undo') move(this.undoStack, this.redoStack, entry.of);
    else if (entry.kind === 'redo') move(this.redoStack, this.undoStack, entry.of);
  }

  /** Labels of what can be undone and redone, newest last. */
  describe(): History {
    return { undo: this.undoStack.slice(-MOST_LISTED).map(describe), redo: this.redoStack.map(describe) };
  }
}

function move(from: JournalEntry[], to: JournalEntry[], seq: number | undefined): void {
  const top = from[from.length - 1];
  if (!top || top.seq !== seq) return;
  from.pop();
  to.push(top);
}

function describe({ seq, edit }: JournalEntry): History['undo'][number] {
  return {
    seq,
    label: edit.label,
    ...(edit.frame === undefined ? {} : { frame: edit.frame }),
    ...(edit.person === undefined ? {} : { person: edit.person }),
  };
}
