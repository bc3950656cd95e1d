import { enablePatches, produceWithPatches } from 'immer';
import type { Edit } from '#core/document/patch';
import type { ProjectDocument } from '#core/document/schema';
import type { Span } from '#core/frames/span';
import { planReviewed } from '#core/review/reviewEdits';
import type { PersonEdit } from '#core/tracks/boxEdit';
import type { Box } from '#core/tracks/box';
import {
  planBackToDetected,
  planDeleteBox,
  planMoveBox,
  planNewPerson,
  planOutside,
  planOutsideFrom,
  planToggleKeyframe,
} from '#core/tracks/boxEdits';
import { type FollowedBox, planCopyForward, planFollowed } from '#core/tracks/copyEdits';
import type { TrackTable } from '#core/tracks/effectiveBoxes';
import { planSplit, planSwap } from '#core/tracks/identityEdits';
import { planInterpolate, planInterpolateSpan, planInterpolationOff } from '#core/tracks/interpolationEdits';
import { planMerge, planStitch, previewMerge, resolveOverlaps } from '#core/tracks/mergeEdits';
import { planColor, planDeletePeople, planForPeople, planLock, planRename, planShow } from '#core/tracks/personEdits';
import { BOX_ORIGIN, type TrackerTrack } from '#core/tracks/track';

enablePatches();

/** A change of the document as the page would send it; undefined when it changes nothing. */
export function editOf(
  document: ProjectDocument,
  plan: (Omit<PersonEdit, 'person'> & { person?: string }) | undefined,
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

/** Tracks `t0-1` to `t0-9` of 100 frames: detected, with a bridged gap and a hole, each at another place. */
export const RANDOM_TRACKS: TrackTable = new Map(
  Array.from({ length: 9 }, (_, index) => trackOf(`t0-${index + 1}`, index)).map((track) => [track.id, track]),
);

function trackOf(id: string, index: number): TrackerTrack {
  const length = 100;
  const origins = new Uint8Array(length).fill(BOX_ORIGIN.detected);
  origins.fill(BOX_ORIGIN.interpolated, 10 + 7 * index, 20 + 7 * index);
  origins.fill(BOX_ORIGIN.absent, 25 + 7 * index, 32 + 7 * index);
  const row = (at: number) => [20 * index + at, 10 + index, 40 + (at % 5), 90][at % 4] ?? 0;
  const boxes = Float64Array.from({ length: length * 4 }, (_, at) =>
    origins[at >> 2] === BOX_ORIGIN.absent ? 0 : row(at),
  );
  const scores = Float32Array.from(origins, (origin) => (origin === BOX_ORIGIN.detected ? 0.3 + 0.07 * index : 0));
  return { id, start: 0, length, boxes, scores, origins };
}

type Plan = Parameters<typeof editOf>[1];

/** What the dice stand for. */
interface Thrown {
  document: ProjectDocument;
  id: string;
  other: string;
  frame: number;
  span: Span;
  box: Box;
  how: number;
}

function boxPlans({ document, id, frame, span, box, how }: Thrown): (() => Plan)[] {
  const mode = how > 0.5 ? 'smooth' : 'linear';
  const followed = (): FollowedBox[] =>
    Array.from({ length: span.to - span.from }, (_, index) => ({
      frame: span.from + index,
      box: { ...box, x: box.x + 9 * Math.sin(index) },
    }));
  return [
    () => planMoveBox(document, id, frame, box),
    () => planToggleKeyframe(document, RANDOM_TRACKS, id, frame),
    () => planDeleteBox(document, RANDOM_TRACKS, id, frame),
    () => planInterpolate(document, id, frame, mode),
    () => planInterpolateSpan(document, id, span, mode),
    () => planInterpolationOff(document, id, span, how > 0.4),
    () => planOutside(document, id, span, how > 0.3),
    () => planOutsideFrom(document, id, frame),
    () => planBackToDetected(document, id, span),
    () => planCopyForward(document, RANDOM_TRACKS, id, frame, 1 + Math.floor(how * 30)),
    () => planFollowed(document, id, followed(), 2),
    () => planReviewed(document, id, span, how > 0.2),
  ];
}

function peoplePlans({ document, id, other, frame, span, box, how }: Thrown): (() => Plan)[] {
  const ids = document.people.map((person) => person.id);
  const choices = () => {
    const preview = previewMerge(document, RANDOM_TRACKS, id, other);
    return preview && resolveOverlaps(preview.overlaps, how > 0.5 ? 'better' : other);
  };
  return [
    () => (ids.length < 8 ? planNewPerson(document, frame, box) : undefined),
    () => planSplit(document, id, frame),
    () => planSwap(document, id, other, span),
    () => planMerge(document, RANDOM_TRACKS, id, other, choices()),
    () => planStitch(document, RANDOM_TRACKS, id, other, how > 0.5 ? 'smooth' : 'linear'),
    () => planRename(document, id, `Ämily ${Math.floor(how * 1000)} 🤸`),
    () => planColor(document, id, how > 0.2 ? Math.floor(how * 20) : undefined),
    () => planLock(document, id, how > 0.7),
    () => planShow(document, id, how > 0.5),
    () => (how > 0.6 ? planDeletePeople(document, RANDOM_TRACKS, [id]) : undefined),
    () => planForPeople(ids, (each) => planOutside(document, each, span, how > 0.7)),
    () => planForPeople(ids, (each) => planReviewed(document, each, span, true)),
  ];
}

/** One of the page's edits, chosen by dice; undefined when there is nothing to change that way. */
export function randomEdit(document: ProjectDocument, dice: Dice): Edit | undefined {
  const [kind, who, when, how] = dice;
  const { people, media } = document;
  const frame = Math.floor(when * media.frameCount);
  const thrown: Thrown = {
    document,
    frame,
    how,
    id: people[Math.floor(who * people.length)]?.id ?? '',
    other: people[Math.floor(how * people.length)]?.id ?? '',
    box: { x: how * 500, y: who * 300, width: 20 + 80 * when, height: 40 + 100 * how },
    span: { from: frame, to: Math.min(media.frameCount, frame + 1 + Math.floor(how * 20)) },
  };
  const plans = [...boxPlans(thrown), ...peoplePlans(thrown)];
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
