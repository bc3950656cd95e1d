import type { Person } from '#core/document/schema';
import { hasFrame } from '#core/frames/span';
import type { Box } from '#core/tracks/box';
import { effectiveBoxAt, personExtent, type TrackTable } from '#core/tracks/effectiveBoxes';
import type { PersonResults } from '#core/protocol/messages';
import type { BoxInHand } from '../session/boxInHand';
import { shownBoxAt } from '../session/shownBox';
import type { BoxState } from './boxLooks';

/** A box to show on a frame. */
export interface StageBox {
  person: Person;
  /** px of the upright picture. */
  box: Box;
  state: BoxState;
  isKeyframe: boolean;
  score: number | undefined;
  /** A run has been over this box and made no body. */
  hasNoBody: boolean;
  isOutOfDate: boolean;
}

/** Frames that are searched back for the last known box of somebody who is outside. */
const LOOK_BACK = 300;

function lastKnownBox(person: Person, tracks: TrackTable, frame: number): Box | undefined {
  const extent = personExtent(person);
  if (!extent || frame < extent.from || frame >= extent.to) return undefined;
  for (let index = frame - 1; index >= Math.max(extent.from, frame - LOOK_BACK); index--) {
    const effective = effectiveBoxAt(person, tracks, index);
    if (effective) return effective.box;
  }
  return undefined;
}

/**
 * Boxes of people on a frame, in their order. A selected person who is outside there shows the last known box, dotted.
 * `betweenLooks`: see {@link shownBoxAt}.
 */
export function stageBoxes(
  people: readonly Person[],
  tracks: TrackTable,
  results: readonly PersonResults[],
  frame: number,
  selection: readonly string[],
  betweenLooks: number,
): StageBox[] {
  return people.flatMap((person): StageBox[] => {
    const effective = shownBoxAt(person, tracks, frame, betweenLooks);
    if (!effective) {
      const last = selection.includes(person.id) ? lastKnownBox(person, tracks, frame) : undefined;
      if (!last) return [];
      const none = { isKeyframe: false, score: undefined, hasNoBody: false, isOutOfDate: false };
      return [{ person, box: last, state: 'outside', ...none }];
    }
    const computed = results.find((entry) => entry.person === person.id);
    const isOutOfDate = computed !== undefined && hasFrame(computed.outOfDate, frame);
    const hasAnyBody = computed !== undefined && computed.present.length > 0;
    return [
      {
        person,
        box: effective.box,
        state: effective.origin,
        isKeyframe: effective.isKeyframe,
        score: effective.score !== undefined && effective.score > 0 ? effective.score : undefined,
        hasNoBody: hasAnyBody && !isOutOfDate && !hasFrame(computed.present, frame),
        isOutOfDate,
      },
    ];
  });
}

/** The same boxes with the one in hand where it is held, when it is of this frame. */
export function withBoxInHand(
  boxes: readonly StageBox[],
  frame: number,
  inHand: BoxInHand | undefined,
): readonly StageBox[] {
  if (inHand?.frame !== frame) return boxes;
  return boxes.map((entry): StageBox => {
    if (entry.person.id !== inHand.person) return entry;
    return { ...entry, box: inHand.box, state: 'manual', isKeyframe: true, score: undefined };
  });
}
