import type { Person, ProjectDocument } from '#core/document/schema';
import type { PersonEdit } from '#core/tracks/boxEdit';
import { planSplit } from '#core/tracks/identityEdits';
import {
  planColor,
  planDeletePeople,
  planForPeople,
  planLock,
  planRename,
  planShow,
  planUnfold,
} from '#core/tracks/personEdits';
import { askedFrame } from '../playback/editedFrame';
import { applyEdit, notifyEdited } from '../session/editing';
import { notify } from '../session/notices';
import { personById, projectStore } from '../session/projectStore';
import { selectedPersonId, selectPerson, viewStore } from '../session/viewStore';
import { countOf } from '../wording/numbers';

function apply(edit: PersonEdit | undefined): void {
  if (edit) applyEdit(edit.label, edit.frame, edit.recipe, edit.person);
}

/** What is open, where something is. */
function openDocument(): ProjectDocument | undefined {
  return projectStore.getState().project?.document;
}

/** Shows or hides a person everywhere. */
export function toggleVisible(personId: string): void {
  const document = openDocument();
  if (document) apply(planShow(document, personId, personById(personId)?.visible === false));
}

/** Protects a person's boxes from edits, or stops that. */
export function toggleLocked(personId: string): void {
  const document = openDocument();
  if (document) apply(planLock(document, personId, personById(personId)?.locked === false));
}

/** Shows everybody selected, or hides them when the last one selected is shown. */
export function toggleSelectedVisible(): void {
  const document = openDocument();
  const visible = personById(selectedPersonId() ?? '')?.visible === false;
  if (document) apply(planForPeople(viewStore.getState().selection, (id) => planShow(document, id, visible)));
}

/** Locks everybody selected, or unlocks them when the last one selected is locked. */
export function toggleSelectedLocked(): void {
  const document = openDocument();
  const locked = personById(selectedPersonId() ?? '')?.locked === false;
  if (document) apply(planForPeople(viewStore.getState().selection, (id) => planLock(document, id, locked)));
}

/** Shows only this person; again, shows all. Not an edit. */
export function toggleSolo(personId: string): void {
  viewStore.setState(({ solo }) => ({ solo: solo.length === 1 && solo[0] === personId ? [] : [personId] }));
}

/** Gives a person a name; an empty one is not taken. */
export function renamePerson(personId: string, name: string): void {
  const document = openDocument();
  if (document) apply(planRename(document, personId, name));
}

/** Takes a folded track out of the fold: from then on it counts as a person. */
export function unfoldPerson(personId: string): void {
  const document = openDocument();
  if (document) apply(planUnfold(document, personId));
  selectPerson(personId);
}

/** Deletes everybody selected with all boxes and says how many, with a way back; locked people stay. */
export function deleteSelected(): void {
  const { project } = projectStore.getState();
  const { selection } = viewStore.getState();
  const edit = project && planDeletePeople(project.document, project.tracks, selection);
  if (!edit) return;
  const gone = selection.flatMap((id) => personById(id) ?? []).filter((person) => !person.locked);
  apply(edit);
  if (personById(edit.person)) return;
  viewStore.setState({ selection: selection.filter((id) => personById(id) !== undefined) });
  const [first] = gone;
  const what = gone.length === 1 ? `Track ${first?.name ?? ''}` : `${gone.length} tracks`;
  notifyEdited(`${what} deleted, ${countOf(edit.boxes, 'box', 'boxes')}`);
}

/** People of the list, main ones first, in the order of their numbers. */
export function listedPeople(): Person[] {
  const people = projectStore.getState().project?.document.people ?? [];
  return people.filter((person) => person.foldedBecause === undefined).sort((a, b) => a.number - b.number);
}

/** Selects the next (1) or previous (-1) person of the list, around the ends. */
export function selectNeighbour(direction: 1 | -1): void {
  const people = listedPeople();
  if (people.length === 0) return;
  const at = people.findIndex((person) => person.id === selectedPersonId());
  const next = at === -1 ? (direction === 1 ? 0 : people.length - 1) : (at + direction + people.length) % people.length;
  selectPerson(people[next]?.id);
}

/** Cuts the selected person at the playhead; the right part stays selected. */
export function splitSelected(): void {
  const { project } = projectStore.getState();
  const id = selectedPersonId();
  if (!project || id === undefined) return;
  const edit = planSplit(project.document, id, askedFrame());
  if (!edit) {
    notify({ level: 'info', text: 'Nothing to split here: boxes must lie on both sides of the playhead' });
    return;
  }
  apply(edit);
  if (personById(edit.newPerson)) selectPerson(edit.newPerson);
}

/** Gives a person a colour of the palette by its place, or the one that goes with the number again. */
export function recolorPerson(personId: string, color: number | undefined): void {
  const document = openDocument();
  if (document) apply(planColor(document, personId, color));
}
