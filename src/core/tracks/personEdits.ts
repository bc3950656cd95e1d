import type { Person, ProjectDocument } from '../document/schema';
import { type PersonEdit, personIn } from './boxEdit';
import { originsOf } from './boxRows';
import { personExtent, type TrackTable } from './effectiveBoxes';
import { BOX_ORIGIN } from './track';

/** Most letters of a name. */
const LONGEST_NAME = 80;

function editOf(person: Person, label: string, change: (person: Person) => void): PersonEdit {
  return {
    label,
    person: person.id,
    recipe: (document) => {
      const draft = personIn(document, person.id);
      if (draft) change(draft);
    },
  };
}

/** Shows or hides a person everywhere; undefined when it is so already. */
export function planShow(document: ProjectDocument, personId: string, visible: boolean): PersonEdit | undefined {
  const person = personIn(document, personId);
  if (!person || person.visible === visible) return undefined;
  return editOf(person, `${visible ? 'Show' : 'Hide'} ${person.name}`, (draft) => {
    draft.visible = visible;
  });
}

/** Protects a person's boxes from edits, or stops that; undefined when it is so already. */
export function planLock(document: ProjectDocument, personId: string, locked: boolean): PersonEdit | undefined {
  const person = personIn(document, personId);
  if (!person || person.locked === locked) return undefined;
  return editOf(person, `${locked ? 'Lock' : 'Unlock'} ${person.name}`, (draft) => {
    draft.locked = locked;
  });
}

/** Gives a person a name, cut to 80 letters; an empty one or the same is not taken. */
export function planRename(document: ProjectDocument, personId: string, name: string): PersonEdit | undefined {
  const person = personIn(document, personId);
  const next = name.trim().slice(0, LONGEST_NAME);
  if (!person || next === '' || next === person.name) return undefined;
  return editOf(person, `Rename ${person.name} to ${next}`, (draft) => {
    draft.name = next;
  });
}

/** Gives a person a colour of the palette, by its place; undefined for the one that goes with the number. */
export function planColor(
  document: ProjectDocument,
  personId: string,
  color: number | undefined,
): PersonEdit | undefined {
  const person = personIn(document, personId);
  if (!person || person.color === color) return undefined;
  return editOf(person, `Change colour of ${person.name}`, (draft) => {
    if (color === undefined) delete draft.color;
    else draft.color = color;
  });
}

/** Takes a folded track out of the fold: from then on it counts as a person. */
export function planUnfold(document: ProjectDocument, personId: string): PersonEdit | undefined {
  const person = personIn(document, personId);
  if (person?.foldedBecause === undefined) return undefined;
  return editOf(person, `Keep ${person.name}`, (draft) => {
    delete draft.foldedBecause;
  });
}

/** Number of frames on which a person has a box. */
export function countBoxes(person: Person, tracks: TrackTable, frameCount: number): number {
  return originsOf(person, tracks, frameCount).reduce((sum, origin) => sum + (origin === BOX_ORIGIN.absent ? 0 : 1), 0);
}

/** Deletes whole people with all their boxes; locked ones stay. `boxes` is how many go: to be said. */
export function planDeletePeople(
  document: ProjectDocument,
  tracks: TrackTable,
  personIds: readonly string[],
): (PersonEdit & { boxes: number }) | undefined {
  const gone = document.people.filter((person) => personIds.includes(person.id) && !person.locked);
  const [first] = gone;
  if (!first) return undefined;
  const ids = new Set(gone.map(({ id }) => id));
  return {
    label: gone.length === 1 ? `Delete ${first.name}` : `Delete ${gone.length} people`,
    frame: Math.min(...gone.map((person) => personExtent(person)?.from ?? 0)),
    person: first.id,
    boxes: gone.reduce((sum, person) => sum + countBoxes(person, tracks, document.media.frameCount), 0),
    recipe: (draft) => {
      draft.people = draft.people.filter(({ id }) => !ids.has(id));
    },
  };
}

/**
 * One edit for several people, made of one plan each; those that have nothing to change are left out, and with none left it
 * is undefined. The label says for how many: `Outside, frames 4–9, 3 people`.
 */
export function planForPeople(
  personIds: readonly string[],
  plan: (personId: string) => PersonEdit | undefined,
): PersonEdit | undefined {
  const edits = personIds.flatMap((id) => plan(id) ?? []);
  const [first] = edits;
  if (!first || edits.length === 1) return first;
  const [what = ''] = first.label.split(', ', 1);
  const isSame = edits.every(({ label }) => label === first.label);
  const frames = edits.flatMap(({ frame }) => frame ?? []);
  return {
    label: `${isSame ? first.label : what}, ${edits.length} people`,
    ...(frames.length > 0 ? { frame: Math.min(...frames) } : {}),
    person: first.person,
    recipe: (document) => {
      for (const { recipe } of edits) recipe(document);
    },
  };
}
