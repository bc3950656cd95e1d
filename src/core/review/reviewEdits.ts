import type { Person, ProjectDocument } from '../document/schema';
import { countFrames, intersectSpans, mergeSpans, type Span, subtractSpans } from '../frames/span';
import { type BoxEdit, clampSpan, framesText, personIn } from '../tracks/boxEdit';
import { originsOf } from '../tracks/boxRows';
import type { TrackTable } from '../tracks/effectiveBoxes';
import { setList } from '../tracks/personChange';
import { BOX_ORIGIN } from '../tracks/track';

/** Frames on which a person has a box: what there is to review. */
export function framesToReview(person: Person, tracks: TrackTable, frameCount: number): Span[] {
  const spans: Span[] = [];
  originsOf(person, tracks, frameCount).forEach((origin, frame) => {
    if (origin === BOX_ORIGIN.absent) return;
    const last = spans.at(-1);
    if (last?.to === frame) last.to += 1;
    else spans.push({ from: frame, to: frame + 1 });
  });
  return spans;
}

/**
 * Marks a span of frames as looked at and good, or takes that back. Locked people can be reviewed: no box changes. Undefined
 * when nothing would change.
 */
export function planReviewed(
  document: ProjectDocument,
  personId: string,
  span: Span,
  isReviewed: boolean,
): BoxEdit | undefined {
  const person = personIn(document, personId);
  const frames = clampSpan(document, span);
  if (!person || !frames) return undefined;
  const before = person.reviewed ?? [];
  const reviewed = isReviewed ? mergeSpans([...before, frames]) : subtractSpans(before, [frames]);
  if (countFrames(reviewed) === countFrames(before)) return undefined;
  return {
    label: `${isReviewed ? 'Mark reviewed' : 'Not reviewed'}, ${framesText(frames)}`,
    frame: frames.from,
    person: personId,
    recipe: (draft) => {
      const target = personIn(draft, personId);
      if (target) setList(target, 'reviewed', reviewed);
    },
  };
}

/** How far the review of a person is. */
export interface ReviewCount {
  person: string;
  /** Frames with a box. */
  frames: number;
  /** Of them, those that were marked. */
  reviewed: number;
}

/** Counts reviewed frames, a person at a time; folded people are not counted. */
export function countReviewed(document: ProjectDocument, tracks: TrackTable): ReviewCount[] {
  return document.people
    .filter((person) => person.foldedBecause === undefined)
    .map((person) => {
      const boxes = framesToReview(person, tracks, document.media.frameCount);
      const reviewed = countFrames(intersectSpans(boxes, person.reviewed ?? []));
      return { person: person.id, frames: countFrames(boxes), reviewed };
    });
}

/** What was reviewed, as a file says it: JSON with spans of frames `[from, to)`, frames counted from 0. */
export interface ReviewReport {
  format: 'retake-review';
  version: 1;
  video: { name: string; fingerprint: string; frameCount: number };
  people: {
    number: number;
    name: string;
    frames: number;
    reviewedFrames: number;
    reviewed: Span[];
  }[];
}

/** The report of a project's review. */
export function reviewReport(document: ProjectDocument, tracks: TrackTable): ReviewReport {
  const { path, fingerprint, frameCount } = document.media;
  const counts = new Map(countReviewed(document, tracks).map((count) => [count.person, count]));
  return {
    format: 'retake-review',
    version: 1,
    video: { name: path.split(/[\\/]/).pop() ?? path, fingerprint, frameCount },
    people: document.people.flatMap(({ id, number, name, reviewed }) => {
      const count = counts.get(id);
      if (!count) return [];
      return [{ number, name, frames: count.frames, reviewedFrames: count.reviewed, reviewed: reviewed ?? [] }];
    }),
  };
}
