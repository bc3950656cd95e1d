import type { Span } from '#core/frames/span';
import type { Lane } from '../timeline/laneModel';

/** Why a place should be looked at. */
export type CheckReason = 'lowScore' | 'longGap' | 'longInterpolation';

/** Some frames of a person that a human should look at. */
export interface PlaceToCheck extends Span {
  person: string;
  reason: CheckReason;
  /** Frame to look at: the worst one. */
  frame: number;
  /** 0 to 1, 1 is worst. */
  severity: number;
}

/** Confidence below which a body is suspect. */
const LOW_SCORE = 0.35;
/** Frames a low score must last; single frames are noise. */
const SHORTEST = 3;
/** Low stretches closer than this are one place, frames. */
const JOIN_FRAMES = 6;
/** Frames without a box, or with an interpolated one, from which on a human should look. */
const LONG_FRAMES = 15;

function lowStretches(values: Float32Array): Span[] {
  const spans: Span[] = [];
  values.forEach((value, frame) => {
    if (!(value < LOW_SCORE)) return;
    const last = spans.at(-1);
    if (last && frame - last.to < JOIN_FRAMES) last.to = frame + 1;
    else spans.push({ from: frame, to: frame + 1 });
  });
  return spans.filter((span) => span.to - span.from >= SHORTEST);
}

function worstFrame(values: Float32Array, { from, to }: Span): number {
  let worst = from;
  for (let frame = from; frame < to; frame++) if ((values[frame] ?? 1) < (values[worst] ?? 1)) worst = frame;
  return worst;
}

function scorePlaces(person: string, values: Float32Array): PlaceToCheck[] {
  return lowStretches(values).map((span) => {
    const frame = worstFrame(values, span);
    const depth = 1 - (values[frame] ?? 0) / LOW_SCORE;
    const length = Math.min(1, (span.to - span.from) / 30);
    return { ...span, person, reason: 'lowScore', frame, severity: 0.4 + 0.4 * depth + 0.2 * length };
  });
}

function lanePlaces(person: string, lane: Lane): PlaceToCheck[] {
  return lane.pieces.flatMap((piece): PlaceToCheck[] => {
    const frames = piece.to - piece.from;
    if (frames < LONG_FRAMES || (piece.state !== 'gap' && piece.state !== 'interpolated')) return [];
    const reason = piece.state === 'gap' ? 'longGap' : 'longInterpolation';
    const middle = (piece.from + piece.to) >> 1;
    const severity = Math.min(1, 0.3 + frames / 150);
    return [{ from: piece.from, to: piece.to, person, reason, frame: middle, severity }];
  });
}

/** Places to look at in one person's track: suspect bodies, long gaps and long interpolation. In no order. */
export function placesOf(person: string, lane: Lane, confidences: Float32Array | undefined): PlaceToCheck[] {
  return [...(confidences ? scorePlaces(person, confidences) : []), ...lanePlaces(person, lane)];
}

/** Worst first; the same severity in the order of frames. */
export function bySeverity(places: readonly PlaceToCheck[]): PlaceToCheck[] {
  return [...places].sort((a, b) => b.severity - a.severity || a.frame - b.frame);
}

/** The place as a short sentence. */
export function reasonText(place: PlaceToCheck): string {
  const frames = place.to - place.from;
  if (place.reason === 'lowScore') return `Low score, ${frames} frames`;
  if (place.reason === 'longGap') return `Gap of ${frames} frames`;
  return `Interpolated over ${frames} frames`;
}
