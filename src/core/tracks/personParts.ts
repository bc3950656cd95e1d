import type { Choice, Keyframe, Person, PoseEdit, Segment } from '../document/schema';
import { hasFrame, intersectSpans, mergeSpans, type Span, subtractSpans } from '../frames/span';
import { boxBetween, keyframeBefore, slopeAt, smoothPoint } from './interpolation';
import { setList } from './personChange';

/** Everything a person has on some frames: what changes hands when identities are corrected. */
export interface Part {
  segments: Segment[];
  keyframes: Keyframe[];
  interpolated: Span[];
  smooth: Span[];
  off: Span[];
  outside: Span[];
  reviewed: Span[];
  choices: Choice[];
  poseEdits: PoseEdit[];
}

/** A part without anything. */
export const EMPTY_PART: Readonly<Part> = {
  ...{ segments: [], keyframes: [], interpolated: [], smooth: [], off: [] },
  ...{ outside: [], reviewed: [], choices: [], poseEdits: [] },
};

/** What of pieces with ends lies in a span, each cut to it. */
function cut<T extends Span>(pieces: readonly T[], span: Span): T[] {
  return pieces
    .map((piece) => ({ ...piece, from: Math.max(piece.from, span.from), to: Math.min(piece.to, span.to) }))
    .filter((piece) => piece.to > piece.from);
}

function within<T extends { frame: number }>(entries: readonly T[], span: Span): T[] {
  return entries.filter(({ frame }) => frame >= span.from && frame < span.to);
}

/** A person's part on a span of frames (copies). */
export function partOf(person: Person, span: Span): Part {
  const spans = (list: readonly Span[] | undefined) => intersectSpans(list ?? [], [span]);
  return {
    segments: cut(person.segments, span),
    keyframes: within(person.keyframes, span),
    interpolated: spans(person.interpolated),
    smooth: spans(person.smooth),
    off: spans(person.off),
    outside: spans(person.outside),
    reviewed: spans(person.reviewed),
    choices: cut(person.choices ?? [], span),
    poseEdits: within(person.poseEdits ?? [], span),
  };
}

/** True when there is anything that can make a box. */
export function hasBoxes(part: Pick<Part, 'segments' | 'keyframes'>): boolean {
  return part.segments.length > 0 || part.keyframes.length > 0;
}

/**
 * Gives interpolation that runs across `frameIndex` a keyframe on both sides, so that a cut there moves no box. On a smooth
 * curve the keyframes around it keep the slope that they have with their neighbours.
 */
export function anchorCut(person: Person, frameIndex: number): void {
  const crossing = [frameIndex - 1, frameIndex].filter((frame) => hasFrame(person.interpolated, frame));
  if (crossing.length === 0) return;
  keepSlopes(person, frameIndex);
  const anchors = crossing.flatMap((frame): Keyframe[] => {
    const index = keyframeBefore(person.keyframes, frame);
    if (hasFrame(person.smooth ?? [], frame)) {
      const point = smoothPoint(person, index, frame);
      return point ? [{ frame, box: point.box, slope: point.slope }] : [];
    }
    const box = boxBetween(person, frame);
    return box ? [{ frame, box }] : [];
  });
  const anchored = anchors.map(({ frame }) => ({ from: frame, to: frame + 1 }));
  person.keyframes = [...person.keyframes, ...anchors].sort((a, b) => a.frame - b.frame);
  person.interpolated = subtractSpans(person.interpolated, anchored);
  setList(person, 'smooth', subtractSpans(person.smooth ?? [], anchored));
}

/** Writes down the slopes of the keyframes around a cut, where a smooth curve runs on one of their sides. */
function keepSlopes(person: Person, frameIndex: number): void {
  const last = keyframeBefore(person.keyframes, frameIndex);
  const smooth = person.smooth ?? [];
  person.keyframes = person.keyframes.map((entry, index) => {
    const isNear = index >= last - 1 && index <= last + 2;
    const isSmooth = hasFrame(smooth, entry.frame - 1) || hasFrame(smooth, entry.frame + 1);
    return isNear && isSmooth ? { ...entry, slope: slopeAt(person, index) } : entry;
  });
}

/** Puts a part in the place of what a person has on a span, in place. Cut both people at its ends before. */
export function replacePart(person: Person, span: Span, part: Part, frameCount: number): void {
  const sides = [
    { from: 0, to: span.from },
    { from: span.to, to: frameCount },
  ];
  const pieces = <T extends Span>(own: readonly T[], more: readonly T[]) =>
    [...sides.flatMap((side) => cut(own, side)), ...more].sort((a, b) => a.from - b.from);
  const entries = <T extends { frame: number }>(own: readonly T[], more: readonly T[]) =>
    [...own.filter(({ frame }) => !hasFrame([span], frame)), ...more].sort((a, b) => a.frame - b.frame);
  const spans = (own: readonly Span[] | undefined, more: readonly Span[]) =>
    mergeSpans([...subtractSpans(own ?? [], [span]), ...more]);
  person.segments = pieces(person.segments, part.segments);
  person.keyframes = entries(person.keyframes, part.keyframes);
  person.interpolated = spans(person.interpolated, part.interpolated);
  person.outside = spans(person.outside, part.outside);
  setList(person, 'smooth', spans(person.smooth, part.smooth));
  setList(person, 'off', spans(person.off, part.off));
  setList(person, 'reviewed', spans(person.reviewed, part.reviewed));
  setList(person, 'choices', pieces(person.choices ?? [], part.choices));
  setList(person, 'poseEdits', entries(person.poseEdits ?? [], part.poseEdits));
}
