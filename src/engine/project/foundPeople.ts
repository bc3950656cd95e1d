import { z } from 'zod';
import type { Patch } from '#core/document/patch';
import type { ProjectDocument } from '#core/document/schema';
import type { JournalEntry } from './journal';

const peopleSchema = z.array(z.object({ id: z.string() }));

interface Note {
  seq: number;
  /** Ids of people the engine added. */
  added: string[];
  /** True when people that were there kept their places in the list, which patches name them by. */
  keptPlaces: boolean;
}

function idsIn(patches: readonly Patch[]): string[] | undefined {
  const whole = patches.find(({ path }) => path.length === 1 && path[0] === 'people');
  const people = peopleSchema.safeParse(whole?.value).data;
  return people?.map(({ id }) => id);
}

/**
 * Whom the engine found while a human was editing. An edit, undo or redo that was made for an earlier document knows
 * nothing of them: they must neither vanish by it nor make it impossible.
 */
export class FoundPeople {
  private readonly notes: Note[] = [];

  /** Follows a change; only the engine's own count. */
  note({ kind, seq, edit }: JournalEntry): void {
    if (kind !== 'system') return;
    const after = idsIn(edit.patches);
    if (!after) return;
    const before = idsIn(edit.inverse) ?? [];
    const keptPlaces = before.every((id, place) => after[place] === id);
    this.notes.push({ seq, added: after.filter((id) => !before.includes(id)), keptPlaces });
  }

  /** True when a patch made for the document as of `seq` still means the same people. */
  keepsPlacesSince(seq: number): boolean {
    return this.notes.every((note) => note.seq <= seq || note.keptPlaces);
  }

  /**
   * What to add to a change that was made for the document as of `seq` and led from `current` to `next`: people found
   * since then stay, and no number is given twice.
   */
  patchesToKeep(seq: number, current: ProjectDocument, next: ProjectDocument): Patch[] {
    const found = new Set(this.notes.flatMap((note) => (note.seq > seq ? note.added : [])));
    const there = new Set(next.people.map(({ id }) => id));
    const lost = current.people.filter(({ id }) => found.has(id) && !there.has(id));
    const people = [...next.people, ...lost];
    const nextNumber = Math.max(next.nextNumber, ...people.map((person) => person.number + 1));
    return [
      ...(lost.length > 0 ? [{ op: 'replace' as const, path: ['people'], value: people }] : []),
      ...(nextNumber > next.nextNumber ? [{ op: 'replace' as const, path: ['nextNumber'], value: nextNumber }] : []),
    ];
  }
}
