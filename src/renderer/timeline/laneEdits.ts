import { hasFrame } from '#core/frames/span';
import type { BoxEdit } from '#core/tracks/boxEdit';
import { planOutside } from '#core/tracks/boxEdits';
import { planCopyForward } from '#core/tracks/copyEdits';
import { applyBoxEdit } from '../boxes/boxEditing';
import { playhead } from '../playback/playhead';
import { previewEdit } from '../proposals/proposalStore';
import { announce } from '../session/notices';
import { projectStore } from '../session/projectStore';
import { selectPerson } from '../session/viewStore';
import { frameUnder } from './scrub';
import { trackDrag } from './trackDrag';

/** px the pointer must travel before a press on a keyframe is a drag. */
const THRESHOLD = 4;

/** Follows a drag with a preview in the lanes and makes the edit once, when it is let go; Escape leaves all as it was. */
function dragEdit(
  event: React.PointerEvent<HTMLElement>,
  threshold: number,
  planTo: (frame: number) => BoxEdit | undefined,
): void {
  const element = event.currentTarget;
  const startX = event.clientX;
  let edit: BoxEdit | undefined;
  let isDrag = false;
  const follow = (clientX: number) => {
    if (!isDrag && Math.abs(clientX - startX) < threshold) return;
    isDrag = true;
    edit = planTo(frameUnder(element, clientX));
    previewEdit(edit);
  };
  trackDrag(event, follow, (isKept) => {
    if (!isDrag) return;
    previewEdit(undefined);
    leaveOutClick(element);
    if (isKept && !applyBoxEdit(edit)) announce('Nothing to change here');
  });
  follow(startX);
}

/** The click that ends a drag is none. */
function leaveOutClick(element: HTMLElement): void {
  const stop = (click: Event) => click.stopPropagation();
  element.addEventListener('click', stop, { capture: true });
  setTimeout(() => element.removeEventListener('click', stop, { capture: true }));
}

/** A drag from a keyframe to the right copies its box as far as the pointer, never onto the next keyframe. */
export function copyByDrag(event: React.PointerEvent<HTMLElement>, personId: string, frame: number): void {
  if (event.button !== 0) return;
  dragEdit(event, THRESHOLD, (to) => {
    const { project } = projectStore.getState();
    return project && planCopyForward(project.document, project.tracks, personId, frame, to - frame);
  });
}

/** A drag over a lane says that the person is outside on its frames; from a frame that is outside, back in. */
export function paintOutside(event: React.PointerEvent<HTMLElement>, personId: string): void {
  const { project } = projectStore.getState();
  const person = project?.document.people.find(({ id }) => id === personId);
  if (!person) return;
  selectPerson(personId);
  playhead.pause();
  const first = frameUnder(event.currentTarget, event.clientX);
  const isOutside = !hasFrame(person.outside, first);
  dragEdit(event, 0, (frame) => {
    const now = projectStore.getState().project;
    const span = { from: Math.min(first, frame), to: Math.max(first, frame) + 1 };
    return now && planOutside(now.document, personId, span, isOutside);
  });
}
