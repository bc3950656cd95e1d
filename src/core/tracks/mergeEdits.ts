import type { Person, ProjectDocument } from '../document/schema';
import { intersectSpans, mergeSpans, type Span, spansWhere, subtractSpans } from '../frames/span';
import { type BoxEdit, editablePerson, personIn, storableBox } from './boxEdit';
import { setKeyframe } from './boxEdits';
import { type BoxRows, boxRows, rowBox } from './boxRows';
import type { TrackTable } from './effectiveBoxes';
import { type InterpolationMode, interpolateGap } from './interpolationEdits';
import { changePerson } from './personChange';
import { anchorCut, partOf, replacePart } from './personParts';
import { BOX_ORIGIN } from './track';

/** Frames on which two people who are to become one both have a box. */
export interface Overlap extends Span {
  /** Who looks better there: a box that a human drew beats any score. */
  better: string;
}

/** For frames on which both have a box: whose it is afterwards, by person id. */
export interface OverlapChoice extends Span {
  keep: string;
}

/** Frames on which a merge gives a box to another person, or to nobody. */
export interface MergeHands {
  /** The box of who is gone becomes that of who is kept. */
  given: Span[];
  /** The box of who is gone belongs to nobody any more: the kept person's stays. */
  dropped: Span[];
  /** The kept person's own box gives way to the other one's: within `given`. */
  replaced: Span[];
}

/** What merging two people would do, before it is done. */
export interface MergePreview {
  /** Who keeps number and name: the one that begins earlier. */
  kept: string;
  gone: string;
  /** In order; frames in none of them are of one of the two only. */
  overlaps: Overlap[];
  /** Frames without a box between the end of the one and the begin of the other; absent when there are none. */
  gap?: Span;
}

interface Pair {
  kept: Person;
  gone: Person;
  ofKept: BoxRows;
  ofGone: BoxRows;
}

/** First and last frame (exclusive) with a box. */
function extentOf({ origins }: BoxRows): Span | undefined {
  const from = origins.findIndex((origin) => origin !== BOX_ORIGIN.absent);
  if (from < 0) return undefined;
  return { from, to: origins.findLastIndex((origin) => origin !== BOX_ORIGIN.absent) + 1 };
}

function pairOf(document: ProjectDocument, tracks: TrackTable, firstId: string, secondId: string): Pair | undefined {
  const first = editablePerson(document, firstId);
  const second = editablePerson(document, secondId);
  if (!first || !second || first === second) return undefined;
  const [ofFirst, ofSecond] = [first, second].map((person) => boxRows(person, tracks, document.media.frameCount));
  if (!ofFirst || !ofSecond) return undefined;
  const start = (rows: BoxRows) => extentOf(rows)?.from ?? Number.POSITIVE_INFINITY;
  return start(ofSecond) < start(ofFirst)
    ? { kept: second, gone: first, ofKept: ofSecond, ofGone: ofFirst }
    : { kept: first, gone: second, ofKept: ofFirst, ofGone: ofSecond };
}

function meanScore({ scores }: BoxRows, { from, to }: Span): number {
  let sum = 0;
  for (let frame = from; frame < to; frame++) sum += scores[frame] ?? 0;
  return sum / (to - from);
}

function drawnFrames({ origins }: BoxRows, { from, to }: Span): number {
  return origins.subarray(from, to).filter((origin) => origin === BOX_ORIGIN.manual).length;
}

function overlapsOf({ kept, gone, ofKept, ofGone }: Pair): Overlap[] {
  const both = (frame: number) => ofKept.origins[frame] !== 0 && ofGone.origins[frame] !== 0;
  return spansWhere(ofKept.origins.length, both).map((span) => {
    const drawn = drawnFrames(ofGone, span) - drawnFrames(ofKept, span);
    const isGone = drawn === 0 ? meanScore(ofGone, span) > meanScore(ofKept, span) : drawn > 0;
    return { ...span, better: isGone ? gone.id : kept.id };
  });
}

function gapOf({ ofKept, ofGone }: Pair): Span | undefined {
  const [kept, gone] = [extentOf(ofKept), extentOf(ofGone)];
  return kept && gone && gone.from > kept.to ? { from: kept.to, to: gone.from } : undefined;
}

/** What {@link planMerge} would do; undefined when one is locked or they are the same. */
export function previewMerge(
  document: ProjectDocument,
  tracks: TrackTable,
  firstId: string,
  secondId: string,
): MergePreview | undefined {
  const pair = pairOf(document, tracks, firstId, secondId);
  if (!pair) return undefined;
  const gap = gapOf(pair);
  return { kept: pair.kept.id, gone: pair.gone.id, overlaps: overlapsOf(pair), ...(gap ? { gap } : {}) };
}

/** One answer for all overlaps: a person's id, or `better` for the better score of each. */
export function resolveOverlaps(overlaps: readonly Overlap[], how: string): OverlapChoice[] {
  return overlaps.map(({ from, to, better }) => ({ from, to, keep: how === 'better' ? better : how }));
}

/** Whose box each frame has after a merge of a pair. */
function handsOf({ gone, ofKept, ofGone }: Pair, choices: readonly OverlapChoice[]): MergeHands {
  const chosen = mergeSpans(choices.filter(({ keep }) => keep === gone.id));
  const has = (rows: BoxRows) => spansWhere(rows.origins.length, (frame) => rows.origins[frame] !== BOX_ORIGIN.absent);
  const [own, theirs] = [has(ofKept), has(ofGone)];
  const replaced = intersectSpans(intersectSpans(own, theirs), chosen);
  const given = mergeSpans([...subtractSpans(theirs, own), ...replaced]);
  return { given, dropped: subtractSpans(theirs, given), replaced };
}

/** Which boxes change hands when {@link planMerge} merges with the same choices; undefined where that is. */
export function mergeHands(
  document: ProjectDocument,
  tracks: TrackTable,
  firstId: string,
  secondId: string,
  choices: readonly OverlapChoice[] = [],
): MergeHands | undefined {
  const pair = pairOf(document, tracks, firstId, secondId);
  return pair && handsOf(pair, choices);
}

/** Moves the boxes of `spans` from one person to another, in place. */
function giveFrames(source: Person, target: Person, spans: readonly Span[], frameCount: number): void {
  for (const { from, to } of spans) {
    for (const frame of [from, to]) {
      anchorCut(source, frame);
      anchorCut(target, frame);
    }
  }
  for (const span of spans) replacePart(target, span, partOf(source, span), frameCount);
}

/**
 * Makes two people one: who begins earlier keeps number and name. On frames where both have a box, `choices` says whose
 * stays; without a choice it is the kept person's. No box is changed, only whose it is. Undefined when one is locked.
 */
export function planMerge(
  document: ProjectDocument,
  tracks: TrackTable,
  firstId: string,
  secondId: string,
  choices: readonly OverlapChoice[] = [],
): BoxEdit | undefined {
  const pair = pairOf(document, tracks, firstId, secondId);
  if (!pair) return undefined;
  const { kept, gone, ofKept, ofGone } = pair;
  const { frameCount } = document.media;
  const { given } = handsOf(pair, choices);
  // Marks of frames where neither has a box go along where the kept person has nothing at all.
  const own = mergeSpans([
    ...kept.segments,
    ...kept.interpolated,
    ...kept.outside,
    ...kept.keyframes.map(({ frame }) => ({ from: frame, to: frame + 1 })),
  ]);
  const empty = (frame: number) => !own.some(({ from, to }) => frame >= from && frame < to);
  const spans = mergeSpans([
    ...given,
    ...spansWhere(frameCount, (frame) => empty(frame) && ofKept.origins[frame] === 0),
  ]);
  return {
    label: `Merge ${gone.name} into ${kept.name}`,
    frame: extentOf(ofGone)?.from ?? 0,
    person: kept.id,
    recipe: (draft) => {
      const target = personIn(draft, kept.id);
      const source = personIn(draft, gone.id);
      if (!target || !source) return;
      giveFrames(source, target, spans, frameCount);
      draft.people = draft.people.filter((person) => person.id !== gone.id);
    },
  };
}

/**
 * Merges two people and bridges the frames between the end of the one and the begin of the other: the boxes at both ends
 * become keyframes and interpolation runs between them. Undefined when one is locked or there is no gap to bridge.
 */
export function planStitch(
  document: ProjectDocument,
  tracks: TrackTable,
  firstId: string,
  secondId: string,
  mode: InterpolationMode = 'linear',
): BoxEdit | undefined {
  const pair = pairOf(document, tracks, firstId, secondId);
  const merge = planMerge(document, tracks, firstId, secondId);
  const gap = pair && gapOf(pair);
  if (!pair || !merge || !gap) return undefined;
  const ends = [gap.from - 1, gap.to].flatMap((frame) => {
    const box = rowBox(pair.ofKept, frame) ?? rowBox(pair.ofGone, frame);
    return box ? [{ frame, box: storableBox(box, document.media) }] : [];
  });
  return {
    ...merge,
    label: `Stitch ${pair.gone.name} to ${pair.kept.name}`,
    frame: gap.from,
    recipe: (draft) => {
      merge.recipe(draft);
      const person = personIn(draft, pair.kept.id);
      if (!person) return;
      changePerson(person, (stitched) => {
        for (const { frame, box } of ends) {
          const isDrawn = stitched.keyframes.some((entry) => entry.frame === frame);
          if (!isDrawn) setKeyframe(stitched, frame, box);
        }
        stitched.outside = subtractSpans(stitched.outside, [gap]);
        interpolateGap(stitched, gap, mode);
      });
    },
  };
}
