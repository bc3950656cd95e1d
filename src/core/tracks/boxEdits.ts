import type { Person, ProjectDocument } from '../document/schema';
import { hasFrame, mergeSpans, overlaps, type Span, subtractSpans } from '../frames/span';
import type { Box } from './box';
import {
  type BoxEdit,
  clampSpan,
  editablePerson,
  framesText,
  isFrame,
  neighbours,
  newIdentity,
  oneFrame,
  personRecipe,
  storableBox,
} from './boxEdit';
import { effectiveBoxAt, type TrackTable } from './effectiveBoxes';
import { setList } from './personChange';

/** Puts a human's box on a frame, in place: it counts there whatever stood before. */
export function setKeyframe(person: Person, frameIndex: number, box: Box): void {
  const at = person.keyframes.findIndex((entry) => entry.frame >= frameIndex);
  const keyframe = { frame: frameIndex, box };
  if (at < 0) person.keyframes.push(keyframe);
  else if (person.keyframes[at]?.frame === frameIndex) person.keyframes[at] = keyframe;
  else person.keyframes.splice(at, 0, keyframe);
  person.interpolated = subtractSpans(person.interpolated, [oneFrame(frameIndex)]);
  person.outside = subtractSpans(person.outside, [oneFrame(frameIndex)]);
}

/**
 * Takes a keyframe away, in place. Where interpolation ran through it, it goes on from the keyframe before to the one after; where
 * it only ran on one side, that side loses its anchor and goes back to the tracker.
 */
export function removeKeyframe(person: Person, frameIndex: number): void {
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
 * Gives a span of frames back to the tracker: keyframes, interpolation (on or off) and outside marks in it go. Interpolation beside
 * it that loses its keyframe goes as well. Undefined when there is nothing human in the span.
 */
export function planBackToDetected(document: ProjectDocument, personId: string, span: Span): BoxEdit | undefined {
  const person = editablePerson(document, personId);
  const frames = clampSpan(document, span);
  if (!person || !frames) return undefined;
  const removed = person.keyframes.map((entry) => entry.frame).filter((frame) => hasFrame([frames], frame));
  const touched = [...person.interpolated, ...person.outside, ...(person.off ?? [])].some((entry) =>
    overlaps(entry, frames),
  );
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
      setList(draft, 'off', subtractSpans(draft.off ?? [], [frames]));
    }),
  };
}

/** A person drawn by hand: a new number, the default name, one keyframe. Returns the id with the edit. */
export function planNewPerson(document: ProjectDocument, frameIndex: number, box: Box): BoxEdit | undefined {
  if (!isFrame(document, frameIndex)) return undefined;
  const { id, number, name } = newIdentity(document);
  const stored = storableBox(box, document.media);
  return {
    label: `Draw box, frame ${frameIndex}`,
    frame: frameIndex,
    person: id,
    recipe: (draft) => {
      draft.people.push({
        id,
        number,
        name,
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
