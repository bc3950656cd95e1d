import type { Span } from '#core/frames/span';
import { countFrames, subtractSpans } from '#core/frames/span';
import type { PersonEdit } from '#core/tracks/boxEdit';
import { oneFrame } from '#core/tracks/boxEdit';
import { planForPeople } from '#core/tracks/personEdits';
import { framesToReview, planReviewed } from '#core/review/reviewEdits';
import type { PlaceToCheck } from '#core/review/places';
import { askedFrame } from '../playback/editedFrame';
import { applyEdit, editsSettled, notifyEdited } from '../session/editing';
import { toAppError } from '../session/engineError';
import { notify } from '../session/notices';
import { personById, projectStore } from '../session/projectStore';
import { selectedPersonId, viewStore } from '../session/viewStore';
import { checkStore, goToPlace } from './checkStore';

function applyReview(edit: PersonEdit | undefined): boolean {
  if (!edit) {
    notify({ level: 'info', text: 'Already reviewed' });
    return false;
  }
  applyEdit(edit.label, edit.frame, edit.recipe, edit.person);
  notifyEdited(edit.label);
  return true;
}

/** The place that a mark would be for: the one gone to last, else one of the selected person's under the playhead. */
export function placeHere(): PlaceToCheck | undefined {
  const { current, places } = checkStore.getState();
  const frame = askedFrame();
  const person = selectedPersonId();
  const isHere = (place: PlaceToCheck) => place.person === person && frame >= place.from && frame < place.to;
  return current && isHere(current) ? current : places.find(isHere);
}

function nextAfter(done: Span & { person: string }): PlaceToCheck | undefined {
  const { places } = checkStore.getState();
  const isOpen = (place: PlaceToCheck) => place.person !== done.person || subtractSpans([place], [done]).length > 0;
  return places.find(isOpen);
}

/** Marks the place here as reviewed and goes on to the worst one left; without a place, the frame alone. */
export function markPlaceReviewed(): void {
  const { project } = projectStore.getState();
  const person = selectedPersonId();
  if (!project || person === undefined) return;
  const place = placeHere();
  const span = place ?? oneFrame(askedFrame());
  const next = place && nextAfter(place);
  if (applyReview(planReviewed(project.document, person, span, true)) && next) goToPlace(next);
}

/** Marks what lies between in and out as reviewed (without them the whole clip), for everybody selected. */
export function markRangeReviewed(): void {
  const { project } = projectStore.getState();
  const { selection, range } = viewStore.getState();
  if (!project) return;
  const span = range ?? { from: 0, to: project.media.frameCount };
  applyReview(planForPeople(selection, (id) => planReviewed(project.document, id, span, true)));
}

/** Marks everybody selected as reviewed from the first box to the last, or takes all their marks back. */
export function markPeopleReviewed(isReviewed: boolean): void {
  const { project } = projectStore.getState();
  if (!project) return;
  const { document, tracks, media } = project;
  const plan = (id: string) => {
    const person = personById(id);
    const spans = person ? framesToReview(person, tracks, media.frameCount) : [];
    const [first, last] = [spans[0], spans.at(-1)];
    return first && last ? planReviewed(document, id, { from: first.from, to: last.to }, isReviewed) : undefined;
  };
  applyReview(planForPeople(viewStore.getState().selection, plan));
}

/** True when anybody selected has a reviewed frame. */
export function hasReviews(): boolean {
  return viewStore.getState().selection.some((id) => countFrames(personById(id)?.reviewed ?? []) > 0);
}

/** Writes which frames of whom were reviewed as a file, and offers it. */
export async function exportReview(): Promise<void> {
  await editsSettled();
  const { client, project } = projectStore.getState();
  if (!client || !project) return;
  try {
    const { name, url } = await client.tracks.review({ projectId: project.projectId });
    const download = () => Object.assign(document.createElement('a'), { href: url, download: name }).click();
    notify({ level: 'info', text: `Review written as ${name}`, action: { title: 'Download', run: download } });
  } catch (error) {
    const problem = toAppError(error);
    notify({ level: 'error', text: problem.message, detail: problem.hint });
  }
}
