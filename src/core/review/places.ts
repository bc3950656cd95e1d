import type { Span } from '../frames/span';
import { subtractSpans } from '../frames/span';
import { type Reason, REASONS } from './signal';
import { reasonAt, type Suspicion } from './suspicion';

/** Some frames of a person that a human should look at. */
export interface PlaceToCheck extends Span {
  person: string;
  reason: Reason;
  /** Frame to look at: the worst one; of those that are as bad the first of a jump, else the one in the middle. */
  frame: number;
  /** 0 to 1, 1 is worst. */
  severity: number;
}

/** Score from which a frame is worth a human's time. */
export const WORTH_A_LOOK = 0.4;
/** Suspect stretches for one reason closer than this are one place, frames. */
const JOIN_FRAMES = 6;
/** A low score must last so many frames; single frames are noise. */
const LASTING = new Map<Reason, number>([
  ['lowConfidence', 3],
  ['lowPlausibility', 3],
]);

function stretches(suspicion: Suspicion, reason: Reason): Span[] {
  const spans: Span[] = [];
  suspicion.scores.forEach((score, frame) => {
    if (!(score >= WORTH_A_LOOK) || reasonAt(suspicion, frame) !== reason) return;
    const last = spans.at(-1);
    if (last && frame - last.to < JOIN_FRAMES) last.to = frame + 1;
    else spans.push({ from: frame, to: frame + 1 });
  });
  return spans.filter((span) => span.to - span.from >= (LASTING.get(reason) ?? 1));
}

function worstFrame(suspicion: Suspicion, span: Span, reason: Reason): number {
  const score = (frame: number) => (reasonAt(suspicion, frame) === reason ? (suspicion.scores[frame] ?? 0) : 0);
  let worst = 0;
  for (let frame = span.from; frame < span.to; frame++) worst = Math.max(worst, score(frame));
  const frames: number[] = [];
  for (let frame = span.from; frame < span.to; frame++) if (score(frame) === worst) frames.push(frame);
  return frames[reason === 'boxJump' ? 0 : frames.length >> 1] ?? span.from;
}

/**
 * Places of one person to look at, in no order: what was reviewed is left out, and of a stretch that was reviewed in part
 * the rest stays.
 */
export function placesOf(suspicion: Suspicion, reviewed: readonly Span[]): PlaceToCheck[] {
  return REASONS.flatMap((reason) =>
    stretches(suspicion, reason)
      .flatMap((span) => subtractSpans([span], reviewed))
      .map((span) => {
        const frame = worstFrame(suspicion, span, reason);
        return { ...span, person: suspicion.person, reason, frame, severity: suspicion.scores[frame] ?? 0 };
      })
      .filter(({ severity }) => severity >= WORTH_A_LOOK),
  );
}

/** Worst first; the same severity in the order of frames. */
export function bySeverity(places: readonly PlaceToCheck[]): PlaceToCheck[] {
  return [...places].sort((a, b) => b.severity - a.severity || a.frame - b.frame);
}

const WORDS: Readonly<Record<Reason, string>> = {
  boxJump: 'Box jumps',
  overlap: 'Overlaps another person',
  spawn: 'Begins inside the picture',
  loss: 'Lost inside the picture',
  gap: 'Gap',
  longInterpolation: 'Interpolated',
  posePop: 'Pose jumps',
  boneSlip: 'Bones change length',
  footSlip: 'Standing foot slides',
  lowConfidence: 'Low score',
  lowPlausibility: 'Unlikely motion',
};

/** Why the place is one, as a short sentence: `Low score, 8 frames`. */
export function reasonText({ reason, from, to }: Pick<PlaceToCheck, 'reason' | 'from' | 'to'>): string {
  const frames = to - from;
  return frames === 1 ? WORDS[reason] : `${WORDS[reason]}, ${frames} frames`;
}
