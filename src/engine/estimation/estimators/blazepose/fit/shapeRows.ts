import { createEvidenceRows, type EvidenceRows } from './evidenceRows';
import { WindowSolver } from './levenbergMarquardt';
import { copyPoseRows, createPoseRows } from './parameters';
import { type FitBody, skeletonOf } from './points';
import { solveShape } from './shape';
import { FIT_WEIGHTS } from './weights';
import { type FitSpan, wideningAt } from './windows';
import { WindowProblem } from './windowProblem';

/** Pieces [from, to) of a span from which the shape is found: all of a short one, evenly spread pieces of a long one. */
export function shapePieces(from: number, to: number): { from: number; to: number }[] {
  const { shapeRows, shapePieces: count } = FIT_WEIGHTS.track;
  if (to - from <= shapeRows) return [{ from, to }];
  const length = Math.floor(shapeRows / count);
  return Array.from({ length: count }, (_, k) => {
    const start = from + Math.round((k * (to - from - length)) / (count - 1));
    return { from: start, to: start + length };
  });
}

/**
 * The shape of a person (betas that are fitted): steps of the pose solver on the pieces and linear solves of the betas
 * in turn. The poses of the pieces are left where they came to, a better start for the windows.
 */
export async function fitShape(
  body: FitBody,
  span: FitSpan,
  pause: (share: number) => Promise<void>,
): Promise<Float64Array> {
  const pieces = shapePieces(span.from, span.to);
  const evidence = gatherEvidence(span.evidence, pieces);
  const poses = createPoseRows(evidence.length);
  eachPiece(pieces, (from, at, count) => copyPoseRows(span.poses, from, poses, at, count));
  const problem = new WindowProblem({ evidence, from: 0, to: evidence.length, focal: span.focal });
  const solver = new WindowSolver(problem, poses);
  const { shapeEvery, shapeSteps } = FIT_WEIGHTS.solver;
  let betas = new Float64Array(body.shapeCount);
  for (let step = 1; step <= shapeSteps; step++) {
    problem.imageKappa = wideningAt(step - 1) * FIT_WEIGHTS.image.kappa;
    solver.advance(skeletonOf(body, betas));
    if (step % shapeEvery === 0) {
      const found = solveShape(body, betas, evidence, poses, span.focal);
      betas = found.betas;
      for (let c = 0; c < found.moves.length; c++) poses.translations[c]! += found.moves[c]!;
    }
    await pause(step / shapeSteps);
  }
  eachPiece(pieces, (from, at, count) => copyPoseRows(poses, at, span.poses, from, count));
  return betas;
}

function eachPiece(
  pieces: readonly { from: number; to: number }[],
  visit: (from: number, at: number, count: number) => void,
): void {
  let at = 0;
  for (const { from, to } of pieces) {
    visit(from, at, to - from);
    at += to - from;
  }
}

/** The rows of the pieces one after the other; a piece's first row continues nothing. */
function gatherEvidence(all: EvidenceRows, pieces: readonly { from: number; to: number }[]): EvidenceRows {
  const rows = createEvidenceRows(pieces.reduce((sum, piece) => sum + piece.to - piece.from, 0));
  const arrays = ['seconds', 'linked', 'sizes', 'image', 'world', 'visibility', 'standing'] as const;
  for (const name of arrays) {
    const size = all[name].length / all.length;
    eachPiece(pieces, (from, at, count) => {
      rows[name].set(all[name].subarray(from * size, (from + count) * size), at * size);
    });
  }
  eachPiece(pieces, (_, at) => {
    rows.linked[at] = 0;
  });
  return rows;
}
