import { intersectSpans, type Span } from '#core/frames/span';
import { bridged, type PersonWork } from './estimateStage';

/** Longest piece of people without a body yet that is looked at before their first bodies are shown. */
const PIECE_FRAMES = 192;

function distance({ from, to }: Span, frame: number): number {
  return frame < from ? from - frame : Math.max(0, frame - to + 1);
}

/** Cuts a region at multiples of the piece's length from its begin. */
function pieces({ from, to }: Span): Span[] {
  const count = Math.max(1, Math.round((to - from) / PIECE_FRAMES));
  const border = (index: number) => from + Math.round((index * (to - from)) / count);
  return Array.from({ length: count }, (_, index) => ({ from: border(index), to: border(index + 1) }));
}

/**
 * The order in which work is gone through: region by region, the one that holds the frame `focus` or is nearest to it
 * first. Regions of people who have no body yet are cut into pieces, so that the first bodies appear early; what was
 * changed in a standing motion is solved in one go, as its new part joins the old on both sides.
 */
export function runRegions(work: readonly PersonWork[], focus: number | undefined): Span[] {
  const regions = bridged(work.flatMap(({ spans }) => spans)).flatMap((region) => {
    const touched = work.filter(({ spans }) => intersectSpans(spans, [region]).length > 0);
    return touched.every(({ isNew }) => isNew) ? pieces(region) : [region];
  });
  if (focus === undefined) return regions;
  return regions.sort((a, b) => distance(a, focus) - distance(b, focus) || a.from - b.from);
}
