import type { BoxGlyph } from './boxLooks';

/** The mark of a box state. Decoration: the word stands beside it. */
export function GlyphMark({ glyph, size = 11 }: { glyph: BoxGlyph; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="2.4" aria-hidden>
      {glyph === 'circle' && <circle cx="12" cy="12" r="8" />}
      {glyph === 'diamond' && <path d="m12 3 9 9-9 9-9-9z" />}
      {glyph === 'filledDiamond' && <path d="m12 3 9 9-9 9-9-9z" fill="currentColor" />}
      {glyph === 'bracket' && <path d="M9 4H5v16h4M15 4h4v16h-4" />}
    </svg>
  );
}
