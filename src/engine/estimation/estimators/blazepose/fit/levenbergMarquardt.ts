import { type Equations, solveEquations } from './equations';
import { copyPoseRows, createPoseRows, GROUP_COUNT, type PoseRows, TRANSLATION_AT, UNKNOWNS } from './parameters';
import type { FitSkeleton } from './points';
import { turnRotation } from './rotationSteps';
import { FIT_WEIGHTS } from './weights';
import type { WindowProblem } from './windowProblem';

/** `to` = `from` moved by `step` (UNKNOWNS per unknown row; rows from `first` on): R exp(d), T + d. */
export function moveRows(from: PoseRows, step: Float64Array, first: number, to: PoseRows): void {
  copyPoseRows(from, 0, to, 0, from.length);
  const count = step.length / UNKNOWNS;
  for (let k = 0; k < count; k++) {
    const row = first + k;
    for (let group = 0; group < GROUP_COUNT; group++) {
      turnRotation(to.rotations, (row * GROUP_COUNT + group) * 9, step, k * UNKNOWNS + group * 3);
    }
    for (let c = 0; c < 3; c++) to.translations[row * 3 + c]! += step[k * UNKNOWNS + TRANSLATION_AT + c]!;
  }
}

/** Levenberg-Marquardt steps on one window; holds the buffers and the damping between steps. */
export class WindowSolver {
  private readonly step: Float64Array;
  private readonly candidate: PoseRows;
  private damping: number = FIT_WEIGHTS.solver.damping;
  /** Cost after the last step. */
  cost = Infinity;

  constructor(
    private readonly problem: WindowProblem,
    /** Moved in place. */
    readonly poses: PoseRows,
  ) {
    this.step = new Float64Array((problem.rows.to - problem.rows.from) * UNKNOWNS);
    this.candidate = createPoseRows(poses.length);
  }

  /**
   * One accepted step (or none when nothing lowers the cost). Returns the share of the cost that was gained; 0 means
   * that the window has converged.
   */
  advance(skeleton: FitSkeleton): number {
    const { dampingDown, dampingUp, dampingMost } = FIT_WEIGHTS.solver;
    const { cost: before, equations } = this.problem.build(this.poses, skeleton);
    this.cost = before;
    while (this.damping <= dampingMost) {
      const after = this.attempt(equations, skeleton);
      if (after < before) {
        copyPoseRows(this.candidate, 0, this.poses, 0, this.poses.length);
        this.damping = Math.max(this.damping / dampingDown, 1e-9);
        this.cost = after;
        return (before - after) / before;
      }
      this.damping *= dampingUp;
    }
    this.damping = FIT_WEIGHTS.solver.damping;
    return 0;
  }

  private attempt(equations: Equations, skeleton: FitSkeleton): number {
    if (!solveEquations(equations, this.damping, this.step)) return Infinity;
    moveRows(this.poses, this.step, this.problem.rows.from, this.candidate);
    return this.problem.cost(this.candidate, skeleton);
  }
}
