import type { Person } from '#core/document/schema';
import { type Span, spansWhere } from '#core/frames/span';
import type { EarlierResults } from '../project/earlierResults';
import type { MotionStore } from '../project/motionStore';
import { planKeep, planPutBack, reachBeyond } from './earlierPlan';
import { concernedSpans, type FrameKeys, type ReachContext, staleness, trackExtent } from './frameKeys';

/** What overwriting and putting back of results works on. */
export interface EarlierContext extends ReachContext {
  motion: MotionStore;
  earlier: EarlierResults;
}

/** Keeps the rows of a person that are about to be overwritten, as far as they are worth it. */
export function keepEarlier(context: EarlierContext, person: string, changed: Span, isNewShape: boolean): void {
  const { motion, earlier, frameCount } = context;
  const stored = motion.get(person);
  // Rows of an earlier version of the estimator never fit again; they stay in the folder of that version.
  if (!stored || stored.earlierVersion !== undefined) return;
  const extent = trackExtent(
    spansWhere(frameCount, (frame) => stored.keys[frame] !== 0),
    context,
  );
  const rows = extent && planKeep(changed, isNewShape, stored, extent, context);
  if (rows) earlier.keep(motion, person, rows);
}

/**
 * Distrusts rows beside `changed` that were made from what is about to be replaced there by rows with the keys `now`: a
 * run that was limited to a span leaves them as they are, and their own keys do not tell.
 */
export function distrustBeside(context: EarlierContext, person: Person, keys: FrameKeys, changed: Span): void {
  const { motion, frameCount } = context;
  const stored = motion.get(person.id);
  if (!stored?.isFinal) return;
  const extent = trackExtent(concernedSpans(keys, person, stored, frameCount), context);
  if (!extent) return;
  const spans = reachBeyond(changed, keys.ofBodies(person), stored, extent, context);
  if (spans.length > 0) motion.distrust(person.id, spans);
}

/**
 * Puts back every kept result that fits the boxes and settings as they are and makes frames up to date; what it replaces is
 * kept in turn, so that redo is as quick. True when anything changed.
 */
export function bringBackEarlier(context: EarlierContext, keys: FrameKeys, people: readonly Person[]): boolean {
  let isChanged = false;
  for (const person of people) while (bringBackOne(context, keys, person)) isChanged = true;
  return isChanged;
}

function bringBackOne(context: EarlierContext, keys: FrameKeys, person: Person): boolean {
  const { motion, earlier, frameCount } = context;
  const kept = earlier.of(motion, person.id);
  const stored = motion.get(person.id);
  if (kept.length === 0 || !stored) return false;
  const { outOfDate } = staleness(keys, person, stored, context);
  const extent = trackExtent(concernedSpans(keys, person, stored, frameCount), context);
  if (outOfDate.length === 0 || !extent) return false;
  const entry = planPutBack(kept, keys.ofBodies(person), outOfDate, stored, extent, context);
  if (!entry) return false;
  keepEarlier(context, person.id, entry.span, entry.span.to - entry.span.from === frameCount);
  // What cannot be read is forgotten: the next one is tried.
  return earlier.putBack(motion, person.id, entry) || bringBackOne(context, keys, person);
}
