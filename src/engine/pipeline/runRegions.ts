import { intersectSpans, type Span } from '#core/frames/span';
import { bridged, type PersonWork } from './estimateStage';

/** Frames of people without a body yet that are looked at before their first bodies are shown. */
const FIRST_FRAMES = 36;
/** About as many frames at a time after that. */
const PIECE_FRAMES = 192;

function distance({ from, to }: Span, frame: number): number {
  return frame < from ? from - frame : Math.max(0, frame - to + 1);
}

/** A span in equal pieces of about {@link PIECE_FRAMES}. */
function cut({ from, to }: Span): Span[] {
  if (to <= from) return [];
  const count = Math.max(1, Math.round((to - from) / PIECE_FRAMES));
  const border = (index: number) => from + Math.round((index * (to - from)) / count);
  return Array.from({ length: count }, (_, index) => ({ from: border(index), to: border(index + 1) }));
}

/** A short piece at the frame `focus` or nearest to it, and the rest. */
function pieces(region: Span, focus: number): Span[] {
  const { from, to } = region;
  if (to - from < 2 * FIRST_FRAMES) return [region];
  // No scraps beside it: they would cost a seek each.
  const wanted = focus - FIRST_FRAMES / 2;
  const first = wanted - from < FIRST_FRAMES ? from : Math.min(wanted, to - FIRST_FRAMES);
  const after = to - first < 2 * FIRST_FRAMES ? to : first + FIRST_FRAMES;
  return [...cut({ from, to: first }), { from: first, to: after }, ...cut({ from: after, to })];
}

/**
 * The order in which work is gone through: region by region, the one that holds the frame `focus` or is nearest to it
 * first. Regions of people who have no body yet are cut into pieces, so that the first bodies appear early; what was
 * changed in a standing motion is solved in one go, as its new part joins the old on both sides.
 */
export function runRegions(work: readonly PersonWork[], focus: number | undefined): Span[] {
  const regions = bridged(work.flatMap(({ spans }) => spans)).flatMap((region) => {
    const touched = work.filter(({ spans }) => intersectSpans(spans, [region]).length > 0);
    return touched.every(({ isNew }) => isNew) ? pieces(region, focus ?? region.from) : [region];
  });
  if (focus === undefined) return regions;
  return regions.sort((a, b) => distance(a, focus) - distance(b, focus) || a.from - b.from);
}
