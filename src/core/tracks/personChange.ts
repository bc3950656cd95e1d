import type { Person } from '../document/schema';
import { intersectSpans, mergeSpans, type Span, spansWhere, subtractSpans } from '../frames/span';
import type { Box } from './box';
import { boxBetween } from './interpolation';

/** Keyframes on either side of a moved one up to which a smooth curve follows it. */
const CURVE_REACH = 2;

type SpanList = 'smooth' | 'off' | 'reviewed';
type OptionalList = SpanList | 'choices' | 'poseEdits';

/** Sets an optional list of a person; an empty one is absent, so that what was undone is what was. */
export function setList<Name extends OptionalList>(person: Person, name: Name, list: Person[Name]): void {
  if (list && list.length > 0) person[name] = list;
  else delete person[name];
}

function sameBox(a: Box, b: Box): boolean {
  return a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;
}

function differing(a: readonly Span[], b: readonly Span[]): Span[] {
  return [...subtractSpans(a, b), ...subtractSpans(b, a)];
}

/** Frames of spans on which interpolation puts the box elsewhere in the two states. */
function movedFrames(spans: readonly Span[], a: Person, b: Person): Span[] {
  return mergeSpans(spans).flatMap(({ from, to }) =>
    spansWhere(to - from, (offset) => {
      const [one, other] = [boxBetween(a, from + offset), boxBetween(b, from + offset)];
      return !one || !other || !sameBox(one, other);
    }).map((span) => ({ from: span.from + from, to: span.to + from })),
  );
}

/** Keyframes of `a` that `b` does not have, with the interpolated frames they reach. */
function keyframeReach(a: Person, b: Person): Span[] {
  const others = new Map(b.keyframes.map((entry) => [entry.frame, entry]));
  return a.keyframes.flatMap((entry, index) => {
    const other = others.get(entry.frame);
    if (other && sameBox(other.box, entry.box)) return [];
    const from = a.keyframes[index - CURVE_REACH]?.frame ?? a.keyframes[0]?.frame ?? entry.frame;
    const to = (a.keyframes[index + CURVE_REACH] ?? a.keyframes.at(-1))?.frame ?? entry.frame;
    return [
      { from: entry.frame, to: entry.frame + 1 },
      ...movedFrames(intersectSpans([{ from, to: to + 1 }], [...a.interpolated, ...b.interpolated]), a, b),
    ];
  });
}

function segmentsWithout(a: Person, b: Person): Span[] {
  return a.segments.flatMap(({ track, from, to }) =>
    subtractSpans(
      [{ from, to }],
      b.segments.filter((other) => other.track === track),
    ),
  );
}

/** Frames on which a person's box may have changed between two states: never too few. */
export function touchedFrames(before: Person, after: Person): Span[] {
  return mergeSpans([
    ...keyframeReach(before, after),
    ...keyframeReach(after, before),
    ...differing(before.interpolated, after.interpolated),
    ...differing(before.smooth ?? [], after.smooth ?? []),
    ...differing(before.off ?? [], after.off ?? []),
    ...differing(before.outside, after.outside),
    ...segmentsWithout(before, after),
    ...segmentsWithout(after, before),
  ]);
}

/**
 * Changes a person in place and keeps what follows from boxes in step: smooth frames lie within interpolated ones, and
 * frames whose box changed are not reviewed any more.
 */
export function changePerson(person: Person, change: (person: Person) => void): void {
  const before: Person = { ...person, keyframes: [...person.keyframes] };
  change(person);
  if (person.smooth) {
    const smooth = intersectSpans(person.smooth, person.interpolated);
    if (differing(smooth, person.smooth).length > 0) setList(person, 'smooth', smooth);
  }
  if (!before.reviewed || !person.reviewed) return;
  const kept = subtractSpans(person.reviewed, touchedFrames(before, person));
  if (differing(kept, person.reviewed).length > 0) setList(person, 'reviewed', kept);
}

/** Frames that {@link changePerson} would take the reviewed mark from: for the sentence about it. */
export function reviewsLost(before: Person, after: Person): Span[] {
  return subtractSpans(before.reviewed ?? [], after.reviewed ?? []);
}
