import type { PersonEdit } from '#core/tracks/boxEdit';
import { shownBodies } from '../playback/shownBodies';
import { applyEdit, beginGesture, type Gesture } from './editing';
import { personById, projectStore } from './projectStore';

/** After this long the body as the engine has it is shown again, whatever became of the edit, ms. */
const MOST_WAIT = 4000;

function showEdits(personId: string): void {
  const person = personById(personId);
  const results = projectStore.getState().project?.results.people.find((entry) => entry.person === personId);
  if (!person || !results) return;
  const { poseEdits, shapeEdit } = person;
  const edits = { ...(poseEdits ? { poseEdits } : {}), ...(shapeEdit ? { shapeEdit } : {}) };
  shownBodies.preview.show(personId, edits, results.version);
}

/** Keeps an edit of a body and shows it at once, before the engine has made the body of it. */
export function applyBodyEdit(edit: PersonEdit | undefined): void {
  if (!edit) return shownBodies.preview.release();
  const before = personById(edit.person);
  applyEdit(edit.label, edit.frame, edit.recipe, edit.person);
  if (personById(edit.person) === before) return shownBodies.preview.release();
  showEdits(edit.person);
  setTimeout(() => {
    if (!gesture) shownBodies.preview.release();
  }, MOST_WAIT);
}

let gesture: Gesture | undefined;

/** Shows an edit of a body that is still in hand: a drag. The next one, a kept one or none takes its place. */
export function previewBodyEdit(edit: PersonEdit | undefined): void {
  if (!edit) return;
  gesture ??= beginGesture(edit.label, edit.frame, edit.person);
  gesture.update(edit.recipe);
  showEdits(edit.person);
}

/** Drops the edit in hand. */
export function cancelBodyEdit(): void {
  if (!gesture) return;
  gesture.cancel();
  gesture = undefined;
  shownBodies.preview.release();
}

/** Keeps an edit in the place of what is in hand, as one step. */
export function commitBodyEdit(edit: PersonEdit | undefined): void {
  gesture?.cancel();
  gesture = undefined;
  applyBodyEdit(edit);
}
