import { addImageTerm, addWorldTerm } from './dataTerms';
import { assembleEquations, type Equations } from './equations';
import type { EvidenceRows } from './evidenceRows';
import { createFrameScratch, evaluateDerivatives, evaluatePoints } from './kinematics';
import { addSmoothTerms, addStandingTerm } from './motionTerms';
import { DERIVATIVES, type PoseRows } from './parameters';
import { type FitSkeleton, POINT_COUNT } from './points';
import { addPoseTerms, poseCost } from './poseTerms';
import { FIT_WEIGHTS } from './weights';
import { createTermSums, type TermSums } from './termSums';

/** Rows of one person that are solved together; rows outside [from, to) are held and only tie the motion at the ends. */
export interface WindowRows {
  evidence: EvidenceRows;
  /** First unknown row. */
  from: number;
  /** Row after the last unknown one. */
  to: number;
  /** px. */
  focal: number;
}

/** What {@link WindowProblem.build} finds. */
export interface BuiltWindow {
  /** Sum over all terms, dimensionless. */
  cost: number;
  /** Of the unknown rows; they hold until a window of this thread is built again. */
  equations: Equations;
}

/** The cost of reference blazepose 11 over a window, and its normal equations. Arrays are made once and reused by every step. */
export class WindowProblem {
  /** Rows x POINT_COUNT x 3 of the last evaluation, m from the pelvis. */
  readonly points: Float64Array;
  /** Width of the robust 2-D term, in scales: wide at first, so that landmarks far off still pull (see the table). */
  imageKappa: number = FIT_WEIGHTS.image.kappa;
  private readonly derivatives: Float64Array;
  private readonly sums: TermSums;
  private readonly scratch = createFrameScratch();

  constructor(readonly rows: WindowRows) {
    const { length } = rows.evidence;
    this.points = new Float64Array(length * POINT_COUNT * 3);
    this.derivatives = new Float64Array(length * DERIVATIVES.blockCount * 9);
    this.sums = createTermSums(length);
  }

  /** The cost of poses: sum over all terms, dimensionless. */
  cost(poses: PoseRows, skeleton: FitSkeleton): number {
    const { evidence, from, to } = this.rows;
    for (let row = 0; row < evidence.length; row++) {
      evaluatePoints(skeleton, poses, row, this.scratch, this.points);
    }
    let cost = this.sharedCost(poses);
    for (let row = from; row < to; row++) cost += poseCost(poses, row);
    return cost;
  }

  /** The same with the normal equations of the unknown rows. */
  build(poses: PoseRows, skeleton: FitSkeleton): BuiltWindow {
    const { evidence, from, to } = this.rows;
    this.sums.all.fill(0);
    for (let row = 0; row < evidence.length; row++) {
      evaluatePoints(skeleton, poses, row, this.scratch, this.points);
      evaluateDerivatives(this.scratch, this.points, row, this.derivatives);
    }
    let cost = this.sharedCost(poses, this.sums);
    const equations = assembleEquations(this.sums, this.derivatives, evidence.length, from, to - from);
    for (let row = from; row < to; row++) cost += addPoseTerms(poses, row, equations, row - from);
    return { cost, equations };
  }

  private sharedCost(poses: PoseRows, sums?: TermSums): number {
    const { evidence, from, to, focal } = this.rows;
    let cost = 0;
    for (let row = from; row < to; row++) {
      cost += addImageTerm(evidence, focal, this.imageKappa, row, this.points, poses.translations, sums);
      cost += addWorldTerm(evidence, row, this.points, sums);
    }
    // Terms between rows reach one (standing) or two (smooth) rows into the held ones.
    for (let row = Math.max(1, from - 1); row < evidence.length && row <= to; row++) {
      cost += addSmoothTerms(evidence, row, this.points, poses.translations, sums);
      cost += addStandingTerm(evidence, row, this.points, poses.translations, sums);
    }
    return cost;
  }
}
