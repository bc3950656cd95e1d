import type { Person, ProjectDocument } from '#core/document/schema';
import { countFrames } from '#core/frames/span';
import { reviewsLost } from '#core/tracks/personChange';
import { followEdits, notifyEdited } from '../session/editing';
import { countOf } from '../wording/numbers';

/** Only the marks were changed: a human took them back on purpose. */
function isOnlyMarked(before: Person, after: Person): boolean {
  return (
    before.segments === after.segments &&
    before.keyframes === after.keyframes &&
    before.interpolated === after.interpolated &&
    before.outside === after.outside &&
    before.off === after.off
  );
}

/** Reviewed frames that an edit of boxes took the mark from; what only went to another person is not lost. */
export function lostReviews(before: ProjectDocument, after: ProjectDocument): number {
  if (before.people === after.people) return 0;
  const old = new Map(before.people.map((person) => [person.id, person]));
  let lost = 0;
  for (const person of after.people) {
    const known = old.get(person.id);
    if (known === person || (known && isOnlyMarked(known, person))) continue;
    if (known) lost += countFrames(reviewsLost(known, person)) - countFrames(reviewsLost(person, known));
    else lost -= countFrames(person.reviewed ?? []);
  }
  return Math.max(0, lost);
}

/** Says so when an edit takes "reviewed" from frames. Call once; returns its own end. */
export function followReviews(): () => void {
  return followEdits((label, before, after) => {
    const lost = lostReviews(before, after);
    if (lost === 0) return;
    const verb = lost === 1 ? 'is' : 'are';
    notifyEdited(`${label}: ${countOf(lost, 'frame')} ${verb} no longer reviewed`);
  });
}
