/** States a box can be in on the video; each has a line, a glyph and a word of its own, so that none needs colour. */
export type BoxState = 'detected' | 'interpolated' | 'manual' | 'outside';

/** Shapes of the marks beside the word. */
export type BoxGlyph = 'circle' | 'diamond' | 'filledDiamond' | 'bracket';

/** How a state is drawn. Widths in CSS px. */
export interface BoxLook {
  width: number;
  /** SVG dash pattern, CSS px; empty is a solid line. */
  dashes: string;
  opacity: number;
  glyph: BoxGlyph;
  word: string;
}

/** Lines, glyphs and words of the box states. */
export const BOX_LOOKS: Readonly<Record<BoxState, BoxLook>> = {
  detected: { width: 1.5, dashes: '', opacity: 1, glyph: 'circle', word: 'Detected' },
  interpolated: { width: 2, dashes: '7 5', opacity: 1, glyph: 'diamond', word: 'Interpolated' },
  manual: { width: 2.5, dashes: '', opacity: 1, glyph: 'filledDiamond', word: 'Manual' },
  outside: { width: 1.5, dashes: '1.5 4', opacity: 0.6, glyph: 'bracket', word: 'Outside' },
};

/** Screen width in px below which a label is only the number. */
export const NARROW_LABEL = 60;

/** CSS px that a label needs above its box. */
export const LABEL_HEIGHT = 25;

/** Parts of the name of a box for screen readers. */
export interface BoxFacts {
  number: number;
  name: string;
  state: BoxState;
  score: number | undefined;
  isLocked: boolean;
  hasNoBody: boolean;
  isOutOfDate: boolean;
}

/** Thing, state, facts: `2 Passer-by, manual box, score 0.97, locked`. */
export function boxName(facts: BoxFacts): string {
  const parts = [`${facts.number} ${facts.name}`, `${BOX_LOOKS[facts.state].word.toLowerCase()} box`];
  if (facts.score !== undefined) parts.push(`score ${facts.score.toFixed(2)}`);
  if (facts.isLocked) parts.push('locked');
  if (facts.hasNoBody) parts.push('no body');
  if (facts.isOutOfDate) parts.push('out of date');
  return parts.join(', ');
}
