import type { Person, ProjectDocument } from '#core/document/schema';
import type { PersonEdit } from '#core/tracks/boxEdit';
import { planSplit, planSwap } from '#core/tracks/identityEdits';
import { planMerge } from '#core/tracks/mergeEdits';
import { planDeletePeople, planLock, planRename, planShow, planUnfold } from '#core/tracks/personEdits';
import { playhead } from '../playback/playhead';
import { applyEdit, undo } from '../session/editing';
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

/** Deletes a person with all boxes and says how many, with a way back. */
export function deletePerson(personId: string): void {
  const { project } = projectStore.getState();
  const name = personById(personId)?.name;
  const edit = project && planDeletePeople(project.document, project.tracks, [personId]);
  if (!edit || name === undefined) return;
  apply(edit);
  if (personById(personId)) return;
  viewStore.setState(({ selection }) => ({ selection: selection.filter((id) => id !== personId) }));
  notify({
    level: 'info',
    text: `Track ${name} deleted, ${countOf(edit.boxes, 'box', 'boxes')}`,
    action: { title: 'Undo', run: () => void undo() },
  });
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
  const edit = planSplit(project.document, id, playhead.frame());
  if (!edit) {
    notify({ level: 'info', text: 'Nothing to split here: boxes must lie on both sides of the playhead' });
    return;
  }
  apply(edit);
  if (personById(edit.newPerson)) selectPerson(edit.newPerson);
}

/** Makes the two selected people one. */
export function mergeSelected(): void {
  const { project } = projectStore.getState();
  const [first, second] = viewStore.getState().selection;
  if (!project || first === undefined || second === undefined) return;
  const edit = planMerge(project.document, project.tracks, first, second);
  if (!edit) return;
  apply(edit);
  selectPerson(edit.person);
  notify({ level: 'info', text: edit.label, action: { title: 'Undo', run: () => void undo() } });
}

/**
 * Swaps the two selected people from the playhead to the end, or in the range when the playhead is in one. With one
 * selected and only two people there, the other one is meant.
 */
export function swapSelected(): void {
  const { project } = projectStore.getState();
  const { selection, range } = viewStore.getState();
  const people = listedPeople();
  const first = selection[0];
  const other = people.length === 2 ? people.find((person) => person.id !== first)?.id : undefined;
  const second = selection[1] ?? other;
  if (!project || first === undefined) return;
  if (second === undefined) {
    notify({ level: 'info', text: 'Select two people to swap: Shift+click adds one' });
    return;
  }
  const frame = playhead.frame();
  const inRange = range && frame >= range.from && frame < range.to;
  const span = { from: inRange ? range.from : frame, to: inRange ? range.to : project.media.frameCount };
  const edit = planSwap(project.document, first, second, span);
  if (!edit) {
    notify({ level: 'info', text: 'Nothing to swap from here' });
    return;
  }
  apply(edit);
  notify({ level: 'info', text: edit.label, action: { title: 'Undo', run: () => void undo() } });
}
