import { mergeSpans, type Span } from '../frames/span';
import type { Person } from './schema';

/** What humans changed on the frames of a clip, all people together who are not folded away. */
export interface HumanEdits {
  /** Frames on which an edit was made or begins, ascending. */
  frames: number[];
  /** Frames that are as a human said, those between two boxes of theirs included. */
  spans: Span[];
  /** Boxes, poses of a frame, and stretches with one decision. */
  count: number;
}

/** Gathers what documents keep of human edits; shapes hold on all frames and are not among them. */
export function humanEditsOf(people: readonly Person[]): HumanEdits {
  const frames = new Set<number>();
  const spans: Span[] = [];
  let count = 0;
  for (const person of people) {
    if (person.foldedBecause !== undefined) continue;
    const { keyframes, interpolated, outside, off = [], choices = [], poseEdits = [] } = person;
    const stretches = [...outside, ...off, ...choices];
    const posed = new Set(poseEdits.map(({ frame }) => frame));
    const single = [...keyframes.map(({ frame }) => frame), ...posed];
    for (const frame of single) {
      frames.add(frame);
      spans.push({ from: frame, to: frame + 1 });
    }
    for (const { from } of stretches) frames.add(from);
    spans.push(...interpolated, ...stretches);
    count += single.length + stretches.length;
  }
  return { frames: [...frames].sort((a, b) => a - b), spans: mergeSpans(spans), count };
}
