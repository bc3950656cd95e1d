import type { Person, ProjectDocument } from '../document/schema';
import { hasFrame, mergeSpans, type Span, subtractSpans } from '../frames/span';
import type { Box } from './box';
import { effectiveBoxAt, type TrackTable } from './effectiveBoxes';

/**
 * A change to boxes, planned but not made: `recipe` changes the document it is given in place (an immer draft or a
 * copy) and keeps its invariants: keyframes ordered and one a frame, spans merged, interpolated spans between two
 * keyframes and on none of them.
 */
export interface BoxEdit {
  /** Name in the undo list, for example `Move box, frame 118`. */
  label: string;
  /** Frame to show when it is undone. */
  frame: number;
  /** Person to select then. */
  person: string;
  recipe: (document: ProjectDocument) => void;
}

/** Smallest side of a box, px. */
const MIN_SIDE = 1;

/** Boxes are kept to this fraction of a px: what the inspector shows. */
const STEPS_PER_PX = 10;

/** A box that may be stored: finite, at least 1 px wide and high, to 0.1 px, with at least 1 px of it in the picture. */
export function storableBox(box: Box, media: { width: number; height: number }): Box {
  const round = (value: number) => Math.round((Number.isFinite(value) ? value : 0) * STEPS_PER_PX) / STEPS_PER_PX;
  const width = Math.max(MIN_SIDE, round(box.width));
  const height = Math.max(MIN_SIDE, round(box.height));
  return {
    x: round(Math.max(1 - width, Math.min(media.width - 1, box.x))),
    y: round(Math.max(1 - height, Math.min(media.height - 1, box.y))),
    width,
    height,
  };
}

function editablePerson(document: ProjectDocument, personId: string): Person | undefined {
  const person = document.people.find((entry) => entry.id === personId);
  return person && !person.locked ? person : undefined;
}

function isFrame(document: ProjectDocument, frameIndex: number): boolean {
  return Number.isInteger(frameIndex) && frameIndex >= 0 && frameIndex < document.media.frameCount;
}

function clampSpan(document: ProjectDocument, span: Span): Span | undefined {
  const from = Math.max(0, span.from);
  const to = Math.min(document.media.frameCount, span.to);
  return to > from ? { from, to } : undefined;
}

function framesText(span: Span): string {
  return span.to - span.from === 1 ? `frame ${span.from}` : `frames ${span.from}–${span.to - 1}`;
}

function personRecipe(personId: string, change: (person: Person) => void): BoxEdit['recipe'] {
  return (document) => {
    const person = document.people.find((entry) => entry.id === personId);
    if (person) change(person);
  };
}

function oneFrame(frameIndex: number): Span {
  return { from: frameIndex, to: frameIndex + 1 };
}

function neighbours(person: Person, frameIndex: number): { before?: number; after?: number } {
  const before = person.keyframes.findLast((entry) => entry.frame < frameIndex)?.frame;
  const after = person.keyframes.find((entry) => entry.frame > frameIndex)?.frame;
  return { ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
}

function setKeyframe(person: Person, frameIndex: number, box: Box): void {
  const at = person.keyframes.findIndex((entry) => entry.frame >= frameIndex);
  const keyframe = { frame: frameIndex, box };
  if (at < 0) person.keyframes.push(keyframe);
  else if (person.keyframes[at]?.frame === frameIndex) person.keyframes[at] = keyframe;
  else person.keyframes.splice(at, 0, keyframe);
  person.interpolated = subtractSpans(person.interpolated, [oneFrame(frameIndex)]);
  person.outside = subtractSpans(person.outside, [oneFrame(frameIndex)]);
}

/**
 * Takes a keyframe away. Where interpolation ran through it, it goes on from the keyframe before to the one after; where
 * it only ran on one side, that side loses its anchor and goes back to the tracker.
 */
function removeKeyframe(person: Person, frameIndex: number): void {
  const { before, after } = neighbours(person, frameIndex);
  const reaches = (neighbour: number) =>
    hasFrame(person.interpolated, neighbour) || person.keyframes.some((entry) => entry.frame === neighbour);
  const runsThrough = before !== undefined && after !== undefined && reaches(frameIndex - 1) && reaches(frameIndex + 1);
  const wasInterpolated =
    hasFrame(person.interpolated, frameIndex - 1) || hasFrame(person.interpolated, frameIndex + 1);
  person.keyframes = person.keyframes.filter((entry) => entry.frame !== frameIndex);
  person.interpolated =
    runsThrough && wasInterpolated
      ? mergeSpans([...person.interpolated, oneFrame(frameIndex)])
      : subtractSpans(person.interpolated, [{ from: before ?? 0, to: after ?? Number.MAX_SAFE_INTEGER }]);
}

/** A person's box on a frame as a human wants it: makes or moves the keyframe there and nothing else. */
export function planMoveBox(
  document: ProjectDocument,
  personId: string,
  frameIndex: number,
  box: Box,
  verb: 'Move' | 'Resize' = 'Move',
): BoxEdit | undefined {
  const person = editablePerson(document, personId);
  if (!person || !isFrame(document, frameIndex)) return undefined;
  const stored = storableBox(box, document.media);
  return {
    label: `${verb} box, frame ${frameIndex}`,
    frame: frameIndex,
    person: personId,
    recipe: personRecipe(personId, (draft) => setKeyframe(draft, frameIndex, stored)),
  };
}

/**
 * Sets a keyframe with the box as it is, or removes the one that is there. Undefined where there is neither a keyframe
 * nor a box.
 */
export function planToggleKeyframe(
  document: ProjectDocument,
  tracks: TrackTable,
  personId: string,
  frameIndex: number,
): BoxEdit | undefined {
  const person = editablePerson(document, personId);
  if (!person || !isFrame(document, frameIndex)) return undefined;
  const edit = { frame: frameIndex, person: personId };
  if (person.keyframes.some((entry) => entry.frame === frameIndex)) {
    const recipe = personRecipe(personId, (draft) => removeKeyframe(draft, frameIndex));
    return { ...edit, label: `Remove keyframe, frame ${frameIndex}`, recipe };
  }
  const effective = effectiveBoxAt(person, tracks, frameIndex);
  if (!effective) return undefined;
  const stored = storableBox(effective.box, document.media);
  const recipe = personRecipe(personId, (draft) => setKeyframe(draft, frameIndex, stored));
  return { ...edit, label: `Set keyframe, frame ${frameIndex}`, recipe };
}

/**
 * Says that a person is not there on a span of frames, or takes that back. Keyframes stay underneath, so that taking it
 * back restores them. Undefined when nothing would change.
 */
export function planOutside(
  document: ProjectDocument,
  personId: string,
  span: Span,
  isOutside: boolean,
): BoxEdit | undefined {
  const person = editablePerson(document, personId);
  const frames = clampSpan(document, span);
  if (!person || !frames) return undefined;
  const changed = isOutside ? subtractSpans([frames], person.outside) : subtractSpans(person.outside, [frames]);
  const isSame = isOutside ? changed.length === 0 : !person.outside.some((entry) => overlaps(entry, frames));
  if (isSame) return undefined;
  return {
    label: `${isOutside ? 'Outside' : 'Back in'}, ${framesText(frames)}`,
    frame: frames.from,
    person: personId,
    recipe: personRecipe(personId, (draft) => {
      draft.outside = isOutside ? mergeSpans([...draft.outside, frames]) : subtractSpans(draft.outside, [frames]);
    }),
  };
}

function overlaps(a: Span, b: Span): boolean {
  return a.from < b.to && b.from < a.to;
}

/** Deletes the box of one frame, never more: the frame counts as outside. */
export function planDeleteBox(
  document: ProjectDocument,
  tracks: TrackTable,
  personId: string,
  frameIndex: number,
): BoxEdit | undefined {
  const person = editablePerson(document, personId);
  if (!person || !effectiveBoxAt(person, tracks, frameIndex)) return undefined;
  const edit = planOutside(document, personId, oneFrame(frameIndex), true);
  return edit && { ...edit, label: `Delete box, frame ${frameIndex}` };
}

/**
 * Outside from a frame on, up to the next keyframe or the end; on a frame that is outside already, back in to the end of
 * that stretch.
 */
export function planOutsideFrom(document: ProjectDocument, personId: string, frameIndex: number): BoxEdit | undefined {
  const person = editablePerson(document, personId);
  if (!person || !isFrame(document, frameIndex)) return undefined;
  const stretch = person.outside.find((span) => frameIndex >= span.from && frameIndex < span.to);
  if (stretch) return planOutside(document, personId, { from: frameIndex, to: stretch.to }, false);
  const to = neighbours(person, frameIndex).after ?? document.media.frameCount;
  return planOutside(document, personId, { from: frameIndex, to }, true);
}

/**
 * Gives a span of frames back to the tracker: keyframes, interpolation and outside marks in it go. Interpolation beside
 * it that loses its keyframe goes as well. Undefined when there is nothing human in the span.
 */
export function planBackToDetected(document: ProjectDocument, personId: string, span: Span): BoxEdit | undefined {
  const person = editablePerson(document, personId);
  const frames = clampSpan(document, span);
  if (!person || !frames) return undefined;
  const removed = person.keyframes.map((entry) => entry.frame).filter((frame) => hasFrame([frames], frame));
  const touched = [...person.interpolated, ...person.outside].some((entry) => overlaps(entry, frames));
  if (removed.length === 0 && !touched) return undefined;
  const unanchored = removed.map((frame) => {
    const { before, after } = neighbours(person, frame);
    return { from: before ?? 0, to: after ?? document.media.frameCount };
  });
  return {
    label: `Back to detected, ${framesText(frames)}`,
    frame: frames.from,
    person: personId,
    recipe: personRecipe(personId, (draft) => {
      draft.keyframes = draft.keyframes.filter((entry) => !hasFrame([frames], entry.frame));
      draft.interpolated = subtractSpans(draft.interpolated, [frames, ...unanchored]);
      draft.outside = subtractSpans(draft.outside, [frames]);
    }),
  };
}

/** Frames between the keyframes around a frame; on a keyframe, those after it and those before it. */
function gapsAt(person: Person, frameIndex: number): Span[] {
  const { before, after } = neighbours(person, frameIndex);
  const isKeyframe = person.keyframes.some((entry) => entry.frame === frameIndex);
  const gaps: Span[] = [];
  if (isKeyframe && after !== undefined) gaps.push({ from: frameIndex + 1, to: after });
  if (isKeyframe && before !== undefined) gaps.push({ from: before + 1, to: frameIndex });
  if (!isKeyframe && before !== undefined && after !== undefined) gaps.push({ from: before + 1, to: after });
  return gaps;
}

/**
 * Straight line between the keyframes around a frame; on a keyframe, from it to the next one, else from the one before.
 * Undefined without a keyframe on both sides or when it runs straight already.
 */
export function planInterpolate(document: ProjectDocument, personId: string, frameIndex: number): BoxEdit | undefined {
  const person = editablePerson(document, personId);
  if (!person) return undefined;
  const gap = gapsAt(person, frameIndex).find(
    (entry) => entry.to > entry.from && subtractSpans([entry], person.interpolated).length > 0,
  );
  if (!gap) return undefined;
  return {
    label: `Interpolate, ${framesText(gap)}`,
    frame: gap.from,
    person: personId,
    recipe: personRecipe(personId, (draft) => {
      draft.interpolated = mergeSpans([...draft.interpolated, gap]);
    }),
  };
}

/** A person drawn by hand: a new number, the default name, one keyframe. Returns the id with the edit. */
export function planNewPerson(document: ProjectDocument, frameIndex: number, box: Box): BoxEdit | undefined {
  if (!isFrame(document, frameIndex)) return undefined;
  const number = document.nextNumber;
  const taken = new Set(document.people.map((entry) => entry.id));
  let id = `person-${number}`;
  for (let suffix = 2; taken.has(id); suffix++) id = `person-${number}-${suffix}`;
  const stored = storableBox(box, document.media);
  return {
    label: `Draw box, frame ${frameIndex}`,
    frame: frameIndex,
    person: id,
    recipe: (draft) => {
      draft.people.push({
        id,
        number,
        name: `Person ${number}`,
        visible: true,
        locked: false,
        segments: [],
        keyframes: [{ frame: frameIndex, box: stored }],
        interpolated: [],
        outside: [],
      });
      draft.nextNumber = number + 1;
    },
  };
}
