import type { Keyframe, Person, ProjectDocument, Segment } from '../document/schema';
import { hasFrame, intersectSpans, mergeSpans, type Span, subtractSpans } from '../frames/span';
import { interpolateBox } from './box';
import type { BoxEdit } from './boxEdits';

/** Everything a person has on some frames: what changes hands when identities are corrected. */
interface Part {
  segments: Segment[];
  keyframes: Keyframe[];
  interpolated: Span[];
  outside: Span[];
}

function cutSegments(segments: readonly Segment[], span: Span): Segment[] {
  return segments
    .map((piece) => ({ ...piece, from: Math.max(piece.from, span.from), to: Math.min(piece.to, span.to) }))
    .filter((piece) => piece.to > piece.from);
}

function partOf(person: Person, span: Span): Part {
  return {
    segments: cutSegments(person.segments, span),
    keyframes: person.keyframes.filter((entry) => hasFrame([span], entry.frame)),
    interpolated: intersectSpans(person.interpolated, [span]),
    outside: intersectSpans(person.outside, [span]),
  };
}

/** Gives interpolation that runs across `frameIndex` a keyframe on both sides, so that a cut there moves no box. */
function anchorCut(person: Person, frameIndex: number): void {
  for (const frame of [frameIndex - 1, frameIndex]) {
    if (!hasFrame(person.interpolated, frame)) continue;
    const before = person.keyframes.findLast((entry) => entry.frame < frame);
    const after = person.keyframes.find((entry) => entry.frame > frame);
    if (!before || !after) continue;
    const box = interpolateBox(before.box, after.box, (frame - before.frame) / (after.frame - before.frame));
    person.keyframes = [...person.keyframes, { frame, box }].sort((a, b) => a.frame - b.frame);
    person.interpolated = subtractSpans(person.interpolated, [{ from: frame, to: frame + 1 }]);
  }
}

function replacePart(person: Person, span: Span, part: Part, frameCount: number): void {
  const rest = [
    { from: 0, to: span.from },
    { from: span.to, to: frameCount },
  ];
  const segments = [...rest.flatMap((side) => cutSegments(person.segments, side)), ...part.segments];
  person.segments = segments.sort((a, b) => a.from - b.from);
  const kept = person.keyframes.filter((entry) => !hasFrame([span], entry.frame));
  person.keyframes = [...kept, ...part.keyframes].sort((a, b) => a.frame - b.frame);
  person.interpolated = mergeSpans([...subtractSpans(person.interpolated, [span]), ...part.interpolated]);
  person.outside = mergeSpans([...subtractSpans(person.outside, [span]), ...part.outside]);
}

const NOTHING: Part = { segments: [], keyframes: [], interpolated: [], outside: [] };

function hasBoxes(part: Part): boolean {
  return part.segments.length > 0 || part.keyframes.length > 0;
}

function personIn(document: ProjectDocument, id: string): Person | undefined {
  return document.people.find((person) => person.id === id);
}

/**
 * Cuts a person in two at a frame: the left part keeps number and name, the right part becomes a new person with the next
 * number. Undefined when one side would be empty or the person is locked. The new person's id comes with it.
 */
export function planSplit(
  document: ProjectDocument,
  personId: string,
  frameIndex: number,
): (BoxEdit & { newPerson: string }) | undefined {
  const person = personIn(document, personId);
  const { frameCount } = document.media;
  const right = { from: frameIndex, to: frameCount };
  if (!person || person.locked || right.from <= 0 || right.to <= right.from) return undefined;
  if (!hasBoxes(partOf(person, right)) || !hasBoxes(partOf(person, { from: 0, to: frameIndex }))) return undefined;
  const number = document.nextNumber;
  const taken = new Set(document.people.map((entry) => entry.id));
  let id = `person-${number}`;
  for (let suffix = 2; taken.has(id); suffix++) id = `person-${number}-${suffix}`;
  return {
    label: `Split ${person.name}, frame ${frameIndex}`,
    frame: frameIndex,
    person: personId,
    newPerson: id,
    recipe: (draft) => {
      const source = personIn(draft, personId);
      if (!source) return;
      anchorCut(source, frameIndex);
      const part = partOf(source, right);
      replacePart(source, right, NOTHING, frameCount);
      const rest = { id, number, name: `Person ${number}`, visible: true, locked: false };
      draft.people.push({ ...rest, ...part });
      draft.nextNumber = number + 1;
    },
  };
}

/**
 * Exchanges two people on a span: whose boxes they are, never the boxes. Undefined when neither has any there or one is
 * locked.
 */
export function planSwap(
  document: ProjectDocument,
  firstId: string,
  secondId: string,
  span: Span,
): BoxEdit | undefined {
  const first = personIn(document, firstId);
  const second = personIn(document, secondId);
  const { frameCount } = document.media;
  const range = { from: Math.max(0, span.from), to: Math.min(frameCount, span.to) };
  if (!first || !second || first === second || first.locked || second.locked || range.to <= range.from)
    return undefined;
  if (!hasBoxes(partOf(first, range)) && !hasBoxes(partOf(second, range))) return undefined;
  const end = range.to === frameCount ? 'to the end' : `to ${range.to - 1}`;
  return {
    label: `Swap ${first.name} and ${second.name}, frame ${range.from} ${end}`,
    frame: range.from,
    person: firstId,
    recipe: (draft) => {
      const a = personIn(draft, firstId);
      const b = personIn(draft, secondId);
      if (!a || !b) return;
      for (const cut of [range.from, range.to]) {
        anchorCut(a, cut);
        anchorCut(b, cut);
      }
      const ofA = partOf(a, range);
      const ofB = partOf(b, range);
      replacePart(a, range, ofB, frameCount);
      replacePart(b, range, ofA, frameCount);
    },
  };
}

/**
 * Makes two people one: who begins earlier keeps number and name, and its boxes where both have some. Undefined when
 * one is locked.
 */
export function planMerge(document: ProjectDocument, firstId: string, secondId: string): BoxEdit | undefined {
  const pair = [personIn(document, firstId), personIn(document, secondId)];
  const start = (person: Person) =>
    Math.min(...person.segments.map((piece) => piece.from), ...person.keyframes.map((entry) => entry.frame));
  const [kept, gone] = pair[0] && pair[1] && start(pair[1]) < start(pair[0]) ? [pair[1], pair[0]] : pair;
  if (!kept || !gone || kept === gone || kept.locked || gone.locked) return undefined;
  return {
    label: `Merge ${gone.name} into ${kept.name}`,
    frame: hasBoxes(gone) ? Math.max(0, start(gone)) : 0,
    person: kept.id,
    recipe: (draft) => {
      const target = personIn(draft, kept.id);
      const source = personIn(draft, gone.id);
      if (!target || !source) return;
      const own = mergeSpans([
        ...target.segments,
        ...target.interpolated,
        ...target.keyframes.map(({ frame }) => ({ from: frame, to: frame + 1 })),
      ]);
      const free = subtractSpans([{ from: 0, to: draft.media.frameCount }], own);
      for (const span of free) {
        anchorCut(source, span.from);
        anchorCut(source, span.to);
      }
      for (const span of free) replacePart(target, span, partOf(source, span), draft.media.frameCount);
      draft.people = draft.people.filter((person) => person.id !== gone.id);
    },
  };
}
