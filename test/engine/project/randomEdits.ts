import { enablePatches, produceWithPatches } from 'immer';
import type { Edit } from '#core/document/patch';
import type { ProjectDocument } from '#core/document/schema';
import type { BoxEdit } from '#core/tracks/boxEdits';
import { planInterpolate, planMoveBox, planNewPerson, planOutside, planToggleKeyframe } from '#core/tracks/boxEdits';
import { planMerge, planSplit, planSwap } from '#core/tracks/identityEdits';

enablePatches();

/** A change of the document as the page would send it; undefined when it changes nothing. */
export function editOf(
  document: ProjectDocument,
  plan: { label: string; recipe: (document: ProjectDocument) => void; frame?: number; person?: string } | undefined,
): Edit | undefined {
  if (!plan) return undefined;
  const [, patches, inverse] = produceWithPatches(document, plan.recipe);
  if (patches.length === 0) return undefined;
  const { label, frame, person } = plan;
  const named = { label, ...(frame === undefined ? {} : { frame }), ...(person === undefined ? {} : { person }) };
  return { ...named, patches, inverse };
}

/** What a random edit is made from: four numbers, 0 to 1. */
export type Dice = readonly [number, number, number, number];

/** One of the page's edits, chosen by dice; undefined when there is nothing to change that way. */
export function randomEdit(document: ProjectDocument, dice: Dice): Edit | undefined {
  const [kind, who, when, how] = dice;
  const { people, media } = document;
  const person = people[Math.floor(who * people.length)];
  const other = people[Math.floor(how * people.length)];
  const frame = Math.floor(when * media.frameCount);
  const box = { x: how * 500, y: who * 300, width: 20 + 80 * when, height: 40 + 100 * how };
  const span = { from: frame, to: Math.min(media.frameCount, frame + 1 + Math.floor(how * 20)) };
  const id = person?.id ?? '';
  const rename = (draft: ProjectDocument) => {
    const found = draft.people.find((entry) => entry.id === id);
    if (found) found.name = `Ämily ${Math.floor(how * 1000)} 🤸`;
  };
  const remove = (draft: ProjectDocument) => {
    draft.people = draft.people.filter((entry) => entry.id !== id);
  };
  const plans: (() => Parameters<typeof editOf>[1] | BoxEdit)[] = [
    () => planMoveBox(document, id, frame, box),
    () => planToggleKeyframe(document, new Map(), id, frame),
    () => planInterpolate(document, id, frame),
    () => planOutside(document, id, span, how > 0.3),
    () => (people.length < 8 ? planNewPerson(document, frame, box) : undefined),
    () => planSplit(document, id, frame),
    () => planSwap(document, id, other?.id ?? '', span),
    () => planMerge(document, id, other?.id ?? ''),
    () => ({ label: 'Rename', recipe: rename }),
    () => (how > 0.6 ? { label: 'Delete person', recipe: remove } : undefined),
  ];
  return editOf(document, plans[Math.floor(kind * plans.length)]?.());
}

/** Numbers from 0 to 1 that a seed decides (mulberry32). */
export function diceFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Four numbers of {@link diceFrom}. */
export function rolled(next: () => number): Dice {
  return [next(), next(), next(), next()];
}
