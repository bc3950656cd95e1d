import type { Person } from '../document/schema';
import { intersectSpans, type Span, subtractSpans } from '../frames/span';

/** Frames `[from, to)` of a person that show one run. */
export interface ChosenSpan extends Span {
  /** Id of a kept run; undefined for the newest. */
  run: string | undefined;
}

/**
 * Which run each frame of a person shows, in order and without overlap: choices as they stand, and the newest run wherever
 * else there is a body. `present`: frames with any body.
 */
export function chosenSpans({ choices = [] }: Pick<Person, 'choices'>, present: readonly Span[]): ChosenSpan[] {
  const newest = subtractSpans(intersectSpans(present, present), choices);
  return [
    ...choices.map(({ from, to, run }) => ({ from, to, run })),
    ...newest.map(({ from, to }) => ({ from, to, run: undefined })),
  ].sort((a, b) => a.from - b.from);
}
