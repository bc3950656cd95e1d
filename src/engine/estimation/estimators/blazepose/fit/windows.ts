import { type EvidenceRows, sliceEvidence } from './evidenceRows';
import { WindowSolver } from './levenbergMarquardt';
import { copyPoseRows, createPoseRows, type PoseRows } from './parameters';
import type { FitSkeleton } from './points';
import { FIT_WEIGHTS } from './weights';
import { WindowProblem } from './windowProblem';

/** Rows [from, to) of one person that are to be fitted, with what was seen of all rows. */
export interface FitSpan {
  evidence: EvidenceRows;
  /** Moved in place; as many rows as evidence. */
  poses: PoseRows;
  /** px. */
  focal: number;
  from: number;
  to: number;
}

/** Rows that are held where they are before and after a span, 0 to 2 each. */
export interface HeldRows {
  before: number;
  after: number;
}

/** How much work a fit may be. */
export interface FitEffort {
  /** Starts with a wide robust term, for rows that come from the closed form. */
  anneal: boolean;
  /** Ends after the first step with the robust term as the table has it. */
  isDraft: boolean;
}

/** How much wider than its table value the robust 2-D term is at a step (graduated non-convexity), 1 at last. */
export function wideningAt(step: number): number {
  return FIT_WEIGHTS.image.widening[step] ?? 1;
}

/**
 * Fits the rows of a span in windows: each solves the last rows of the one before again and holds those before them, so
 * a track may be of any length. `pause` is awaited after every step with the share done.
 */
export async function fitWindows(
  span: FitSpan,
  held: HeldRows,
  skeleton: FitSkeleton,
  { anneal, isDraft }: FitEffort,
  pause: (share: number) => Promise<void>,
): Promise<void> {
  const { window, overlap } = FIT_WEIGHTS.track;
  const steps = FIT_WEIGHTS.solver.steps;
  let first = span.from;
  while (first < span.to) {
    // A short rest would be a window of its own: it joins the last one.
    const last = span.to - first <= window + 2 * overlap ? span.to : first + window;
    const before = first === span.from ? held.before : 2;
    const after = last === span.to ? held.after : 0;
    const { solver, problem } = openWindow(span, first, last, before, after);
    for (let step = 0; step < steps; step++) {
      const widening = anneal ? wideningAt(step) : 1;
      problem.imageKappa = widening * FIT_WEIGHTS.image.kappa;
      const gain = solver.advance(skeleton);
      await pause((first - span.from + ((last - first) * (step + 1)) / steps) / (span.to - span.from));
      if (widening === 1 && (isDraft || gain < FIT_WEIGHTS.solver.leastGain)) break;
    }
    copyPoseRows(solver.poses, before, span.poses, first, last - first);
    first = last === span.to ? last : last - overlap;
  }
}

function openWindow(span: FitSpan, first: number, last: number, before: number, after: number) {
  const from = first - before;
  const to = last + after;
  const poses = createPoseRows(to - from);
  copyPoseRows(span.poses, from, poses, 0, to - from);
  const evidence = sliceEvidence(span.evidence, from, to);
  const problem = new WindowProblem({ evidence, from: before, to: before + last - first, focal: span.focal });
  return { problem, solver: new WindowSolver(problem, poses) };
}
