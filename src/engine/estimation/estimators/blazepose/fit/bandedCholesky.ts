import { BANDED_CHOLESKY_CODE } from './bandedCholeskyCode';

/**
 * A symmetric positive definite matrix of `frames` x `frames` blocks in which a frame is coupled with the two before
 * and after it. Only the lower part is kept: row i of frame t holds the `3 * block` numbers of columns of frames
 * t - 2, t - 1 and t, so every dot product of the factorisation runs over contiguous numbers.
 */
export interface BandedMatrix {
  frames: number;
  /** Unknowns per frame, a multiple of 3. */
  block: number;
  /** frames x block x (3 * block). */
  values: Float64Array;
}

/** Room for a banded matrix; `block` must be a multiple of 3. */
export function createBandedMatrix(frames: number, block: number): BandedMatrix {
  return { frames, block, values: new Float64Array(frames * block * 3 * block) };
}

/** What scripts/kernels/assembly/bandedCholesky.ts exports; addresses are bytes. */
interface Kernel {
  factoriseFrame(values: number, frame: number, block: number): number;
  solveDown(values: number, vector: number, frame: number, block: number): void;
  solveUp(values: number, vector: number, frame: number, block: number): void;
}

const PAGE_BYTES = 65536;

/** The kernel with the memory that it works in, one for a thread: nothing in it outlives a call. */
class Workshop {
  private readonly memory = new WebAssembly.Memory({ initial: 1 });
  private readonly kernel: Kernel;
  private numbers = new Float64Array(this.memory.buffer);

  constructor() {
    const module = new WebAssembly.Module(Buffer.from(BANDED_CHOLESKY_CODE, 'base64'));
    const { exports } = new WebAssembly.Instance(module, { env: { memory: this.memory } });
    // The code is ours and compiled from the source named above; a test compares both.
    this.kernel = exports as unknown as Kernel;
  }

  solve({ frames, block, values }: BandedMatrix, damping: number, vector: Float64Array): boolean {
    const { kernel } = this;
    const width = 3 * block;
    const size = frames * block * width;
    const numbers = this.roomFor(size + vector.length);
    numbers.set(values.subarray(0, size));
    numbers.set(vector, size);
    const scale = 1 + damping;
    for (let row = 0; row < frames * block; row++) numbers[row * width + 2 * block + (row % block)]! *= scale;
    for (let frame = 0; frame < frames; frame++) if (kernel.factoriseFrame(0, frame, block) === 0) return false;
    for (let frame = 0; frame < frames; frame++) kernel.solveDown(0, size * 8, frame, block);
    for (let frame = frames - 1; frame >= 0; frame--) kernel.solveUp(0, size * 8, frame, block);
    vector.set(numbers.subarray(size, size + vector.length));
    return true;
  }

  /** The memory as numbers, at least `count` of them. */
  private roomFor(count: number): Float64Array {
    const missing = count * 8 - this.memory.buffer.byteLength;
    if (missing > 0) {
      this.memory.grow(Math.ceil(missing / PAGE_BYTES));
      this.numbers = new Float64Array(this.memory.buffer);
    }
    return this.numbers;
  }
}

let workshop: Workshop | undefined;

/**
 * Solves A x = b in place of b (frames * block numbers), where A is `matrix` with its diagonal multiplied by 1 + damping, by
 * its Cholesky factor. Returns false when A is not positive definite, and leaves b as it was.
 */
export function solveBanded(matrix: BandedMatrix, damping: number, vector: Float64Array): boolean {
  workshop ??= new Workshop();
  return workshop.solve(matrix, damping, vector);
}
