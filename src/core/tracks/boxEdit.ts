import type { Person, ProjectDocument } from '../document/schema';
import type { Span } from '../frames/span';
import type { Box } from './box';
import { keyframeBefore } from './interpolation';
import { changePerson } from './personChange';

/**
 * A change to people, planned but not made: `recipe` changes the document it is given in place (an immer draft or a
 * copy) and keeps its invariants: those that `brokenInvariants` states.
 */
export interface PersonEdit {
  /** Name in the undo list, for example `Lock Person 2`. */
  label: string;
  /** Frame to show when it is undone; absent when it belongs to none. */
  frame?: number;
  /** Person to select then. */
  person: string;
  recipe: (document: ProjectDocument) => void;
}

/** A change to boxes, for example `Move box, frame 118`. */
export interface BoxEdit extends PersonEdit {
  frame: number;
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

/** The person with an id, or undefined. */
export function personIn(document: ProjectDocument, personId: string): Person | undefined {
  return document.people.find((person) => person.id === personId);
}

/** The person with an id when boxes may be edited: not when locked. */
export function editablePerson(document: ProjectDocument, personId: string): Person | undefined {
  const person = personIn(document, personId);
  return person && !person.locked ? person : undefined;
}

/** True for a frame of the clip. */
export function isFrame(document: ProjectDocument, frameIndex: number): boolean {
  return Number.isInteger(frameIndex) && frameIndex >= 0 && frameIndex < document.media.frameCount;
}

/** The part of a span that lies in the clip; undefined when nothing does. */
export function clampSpan(document: ProjectDocument, span: Span): Span | undefined {
  const from = Math.max(0, span.from);
  const to = Math.min(document.media.frameCount, span.to);
  return to > from ? { from, to } : undefined;
}

/** A span in words: `frame 4`, `frames 4–9`. */
export function framesText(span: Span): string {
  return span.to - span.from === 1 ? `frame ${span.from}` : `frames ${span.from}–${span.to - 1}`;
}

/** A recipe that changes one person, by {@link changePerson}. */
export function personRecipe(personId: string, change: (person: Person) => void): BoxEdit['recipe'] {
  return (document) => {
    const person = personIn(document, personId);
    if (person) changePerson(person, change);
  };
}

/** The span of one frame. */
export function oneFrame(frameIndex: number): Span {
  return { from: frameIndex, to: frameIndex + 1 };
}

/** Frames of the keyframes next to a frame on either side; the one on the frame itself does not count. */
export function neighbours(person: Person, frameIndex: number): { before?: number; after?: number } {
  const at = keyframeBefore(person.keyframes, frameIndex);
  const before = person.keyframes[at]?.frame;
  const isOwn = person.keyframes[at + 1]?.frame === frameIndex;
  const after = person.keyframes[at + (isOwn ? 2 : 1)]?.frame;
  return { ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
}

/** An id and the number for a person made by hand. */
export function newIdentity(document: ProjectDocument): { id: string; number: number; name: string } {
  const number = document.nextNumber;
  const taken = new Set(document.people.map((entry) => entry.id));
  let id = `person-${number}`;
  for (let suffix = 2; taken.has(id); suffix++) id = `person-${number}-${suffix}`;
  return { id, number, name: `Person ${number}` };
}
