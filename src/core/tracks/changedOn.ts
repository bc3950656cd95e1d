import type { Person, ProjectDocument } from '../document/schema';
import { hasFrame } from '../frames/span';
import { effectiveBoxAt, type TrackTable } from './effectiveBoxes';

/** What the document says of a person on one frame, as text to compare. */
function saidOn(person: Person | undefined, tracks: TrackTable, frame: number): string {
  if (!person) return '';
  const box = effectiveBoxAt(person, tracks, frame);
  return JSON.stringify([
    box && [box.box, box.origin, box.isKeyframe],
    [person.outside, person.off, person.smooth, person.reviewed].map((spans) => hasFrame(spans ?? [], frame)),
    person.choices?.find(({ from, to }) => frame >= from && frame < to),
    (person.poseEdits ?? []).filter((edit) => edit.frame === frame),
    box && person.shapeEdit,
  ]);
}

/** Whether two states of a document differ in what is to be seen of anybody on a frame: boxes, marks, poses, chosen runs. */
export function isChangedOn(
  before: ProjectDocument,
  after: ProjectDocument,
  tracks: TrackTable,
  frame: number,
): boolean {
  const ids = new Set([...before.people, ...after.people].map(({ id }) => id));
  const of = ({ people }: ProjectDocument, id: string) => people.find((person) => person.id === id);
  return [...ids].some((id) => {
    const [was, is] = [of(before, id), of(after, id)];
    // A person who is new or gone differs where they have a box.
    const isThere = (person: Person | undefined) => person !== undefined && effectiveBoxAt(person, tracks, frame);
    if (!was || !is) return Boolean(isThere(was) || isThere(is));
    return was !== is && saidOn(was, tracks, frame) !== saidOn(is, tracks, frame);
  });
}
