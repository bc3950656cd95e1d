import { PAGE_BYTES, startKernel } from '../../../../memory/startKernel';
import { LANDMARK } from '../observation';
import { BANDED_CHOLESKY_CODE } from './bandedCholeskyCode';
import { NORMAL_EQUATIONS_CODE } from './normalEquationsCode';
import { DERIVATIVES, UNKNOWNS } from './parameters';
import { pointOfLandmark } from './points';
import type { TermSums } from './termSums';

/**
 * The normal equations A x = -g of a window: a symmetric positive definite matrix of `frames` x `frames` blocks in which a
 * frame is coupled with the two before and after it, and half the cost's gradient. They lie in the memory of the kernels
 * (one room for a thread) until the next ones are opened.
 */
export interface Equations {
  readonly frames: number;
  /**
   * frames x UNKNOWNS x (3 * UNKNOWNS). Only the lower part is kept: row i of frame t holds the numbers of columns of
   * frames t - 2, t - 1 and t, so every dot product of the factorisation runs over contiguous numbers.
   */
  readonly values: Float64Array;
  /** frames x UNKNOWNS. */
  readonly gradient: Float64Array;
}

/** What scripts/kernels/assembly/bandedCholesky.ts exports; addresses are bytes. */
interface CholeskyKernel {
  factoriseFrame(values: number, factor: number, frame: number, scale: number): number;
  solveDown(factor: number, vector: number, frame: number): void;
  solveUp(factor: number, vector: number, frame: number): void;
}

/** What scripts/kernels/assembly/normalEquations.ts exports; addresses are bytes. */
interface AssemblyKernel {
  setLayout(starts: number, groups: number, blocks: number, left: number, right: number, room: number): void;
  setWindow(rows: number, sums: number, derivatives: number, values: number, gradient: number): void;
  assembleFrame(frame: number, row: number): void;
}

/** Numbers before the first equations: the tables of the layout, and at their end those that a call works with. */
const TABLES = 256;
const WORKING = 30;
const ROW_NUMBERS = 3 * UNKNOWNS * UNKNOWNS;

/** The memory that both kernels work in, and where things lie in it; addresses in numbers of 8 bytes. */
class EquationRoom {
  private readonly memory = new WebAssembly.Memory({ initial: 1 });
  private readonly cholesky: CholeskyKernel;
  private readonly assembly: AssemblyKernel;
  private opened: Equations | undefined;

  constructor() {
    this.cholesky = startKernel(BANDED_CHOLESKY_CODE, this.memory);
    this.assembly = startKernel(NORMAL_EQUATIONS_CODE, this.memory);
    this.layOut();
  }

  /** Tells the kernel which blocks a frame's derivatives have; the tables are read by it at every call. */
  private layOut(): void {
    const { starts, groups, blockCount } = DERIVATIVES;
    const tables = new Int32Array(this.memory.buffer, 0, starts.length + groups.length);
    tables.set(starts);
    tables.set(groups, starts.length);
    const [left, right] = [LANDMARK.leftHip, LANDMARK.rightHip].map((landmark) => starts[pointOfLandmark(landmark)]!);
    this.assembly.setLayout(0, starts.byteLength, blockCount, left!, right!, (TABLES - WORKING) * 8);
  }

  /** Equations with whatever was there before in them, and room for `inputCount` numbers behind them. */
  open(frames: number, inputCount = 0): Equations {
    const { values, gradient, vector, factor, input } = addressesOf(frames);
    const missing = (input + inputCount) * 8 - this.memory.buffer.byteLength;
    if (missing > 0) this.memory.grow(Math.ceil(missing / PAGE_BYTES));
    const { buffer } = this.memory;
    this.opened = {
      frames,
      values: new Float64Array(buffer, values * 8, factor - values),
      gradient: new Float64Array(buffer, gradient * 8, vector - gradient),
    };
    return this.opened;
  }

  assemble(sums: TermSums, derivatives: Float64Array, rows: number, held: number, frames: number): Equations {
    const equations = this.open(frames, sums.all.length + derivatives.length);
    const { values, gradient, input } = addressesOf(frames);
    const numbers = new Float64Array(this.memory.buffer, input * 8, sums.all.length + derivatives.length);
    numbers.set(sums.all);
    numbers.set(derivatives, sums.all.length);
    this.assembly.setWindow(rows, input * 8, (input + sums.all.length) * 8, values * 8, gradient * 8);
    for (let frame = 0; frame < frames; frame++) this.assembly.assembleFrame(frame, held + frame);
    return equations;
  }

  solve(equations: Equations, damping: number, step: Float64Array): boolean {
    if (this.opened !== equations) throw new Error('other equations were opened since');
    const { frames } = equations;
    const { values, vector, factor } = addressesOf(frames);
    const scale = 1 + damping;
    for (let frame = 0; frame < frames; frame++) {
      if (this.cholesky.factoriseFrame(values * 8, factor * 8, frame, scale) === 0) return false;
    }
    const numbers = new Float64Array(this.memory.buffer, vector * 8, frames * UNKNOWNS);
    for (let k = 0; k < numbers.length; k++) numbers[k] = -equations.gradient[k]!;
    for (let frame = 0; frame < frames; frame++) this.cholesky.solveDown(factor * 8, vector * 8, frame);
    for (let frame = frames - 1; frame >= 0; frame--) this.cholesky.solveUp(factor * 8, vector * 8, frame);
    step.set(numbers);
    return true;
  }
}

function addressesOf(frames: number) {
  const gradient = TABLES;
  const vector = gradient + frames * UNKNOWNS;
  const values = vector + frames * UNKNOWNS;
  const factor = values + frames * ROW_NUMBERS;
  return { gradient, vector, values, factor, input: factor + frames * ROW_NUMBERS };
}

let room: EquationRoom | undefined;

function equationRoom(): EquationRoom {
  room ??= new EquationRoom();
  return room;
}

/** Equations of so many frames to be filled in; nothing is zero in them. */
export function openEquations(frames: number): Equations {
  return equationRoom().open(frames);
}

/**
 * Turns the sums of the terms over `rows` rows of a window into normal equations. Window rows [held, held + frames) are
 * unknown; rows before and after are held where they are.
 */
export function assembleEquations(
  sums: TermSums,
  derivatives: Float64Array,
  rows: number,
  held: number,
  frames: number,
): Equations {
  return equationRoom().assemble(sums, derivatives, rows, held, frames);
}

/**
 * Solves the equations with the diagonal of A multiplied by 1 + damping by its Cholesky factor; the solution is written to
 * `step` (frames * UNKNOWNS). Returns false when A is not positive definite, and leaves `step` as it was.
 */
export function solveEquations(equations: Equations, damping: number, step: Float64Array): boolean {
  return equationRoom().solve(equations, damping, step);
}
