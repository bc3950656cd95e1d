import type { Person, ProjectDocument } from '../document/schema';
import type { Span } from '../frames/span';
import { type BoxEdit, editablePerson, framesText, newIdentity, personIn } from './boxEdit';
import { anchorCut, EMPTY_PART, hasBoxes, partOf, replacePart } from './personParts';

/**
 * Cuts a person in two at a frame: the left part keeps number and name, the right part becomes a new person with the next
 * number. Undefined when one side would be empty or the person is locked. The new person's id comes with it.
 */
export function planSplit(
  document: ProjectDocument,
  personId: string,
  frameIndex: number,
): (BoxEdit & { newPerson: string }) | undefined {
  const person = editablePerson(document, personId);
  const { frameCount } = document.media;
  const right = { from: frameIndex, to: frameCount };
  if (!person || right.from <= 0 || right.to <= right.from) return undefined;
  if (!hasBoxes(partOf(person, right)) || !hasBoxes(partOf(person, { from: 0, to: frameIndex }))) return undefined;
  const identity = newIdentity(document);
  return {
    label: `Split ${person.name}, frame ${frameIndex}`,
    frame: frameIndex,
    person: personId,
    newPerson: identity.id,
    recipe: (draft) => {
      const source = personIn(draft, personId);
      if (!source) return;
      anchorCut(source, frameIndex);
      const part = partOf(source, right);
      replacePart(source, right, EMPTY_PART, frameCount);
      const fresh: Person = {
        ...{ ...identity, visible: true, locked: false },
        ...{ segments: [], keyframes: [], interpolated: [], outside: [] },
      };
      replacePart(fresh, right, part, frameCount);
      draft.people.push(fresh);
      draft.nextNumber = identity.number + 1;
    },
  };
}

/** How far a swap of identities reaches. */
export type SwapScope = 'frame' | 'toCut' | 'toEnd' | 'range';

/** What a scope is measured against. */
export interface SwapPlace {
  /** Frame of the playhead. */
  frame: number;
  frameCount: number;
  /** First frames of shots, in order. */
  cuts: readonly number[];
  /** The range from in to out, when one is set. */
  range?: Span | undefined;
}

/** The frames a swap would exchange: shown before it happens. Undefined for `range` without one. */
export function swapSpan(scope: SwapScope, { frame, frameCount, cuts, range }: SwapPlace): Span | undefined {
  if (scope === 'range') return range && { from: range.from, to: range.to };
  if (scope === 'frame') return { from: frame, to: frame + 1 };
  const cut = scope === 'toCut' ? cuts.find((first) => first > frame) : undefined;
  return { from: frame, to: cut ?? frameCount };
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
  const first = editablePerson(document, firstId);
  const second = editablePerson(document, secondId);
  const { frameCount } = document.media;
  const range = { from: Math.max(0, span.from), to: Math.min(frameCount, span.to) };
  if (!first || !second || first === second || range.to <= range.from) return undefined;
  if (!hasBoxes(partOf(first, range)) && !hasBoxes(partOf(second, range))) return undefined;
  const where = range.to === frameCount ? `frame ${range.from} to the end` : framesText(range);
  return {
    label: `Swap ${first.name} and ${second.name}, ${where}`,
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
