import { solveCholesky } from './linearAlgebra';

/** Least squares with a price on large coefficients, and large errors held lightly. */
export interface RobustRidge {
  /** rows * width inputs. */
  inputs: Float64Array;
  width: number;
  /** rows: what each row counts. */
  weights: ArrayLike<number>;
  /** rows * 3 outputs. */
  outputs: Float64Array;
  ridge: number;
  /** Per row: length of an error at which it counts half (Cauchy's weights). Infinity: it counts in full. */
  scales: Float64Array;
}

/** Fits where errors are held lightly: each weighs rows by the errors of the one before. */
const ROUNDS = 4;

/** Coefficients, width * 3: outputs = inputs * coefficients. */
export function fitRobustRidge(problem: RobustRidge): Float64Array {
  const { inputs, width, outputs, scales } = problem;
  const weights = Float64Array.from(problem.weights);
  let fitted = solveWeighted(problem, weights);
  if (scales.every((scale) => scale === Infinity)) return fitted;
  for (let round = 1; round < ROUNDS; round++) {
    for (let row = 0; row < weights.length; row++) {
      let squared = 0;
      for (let c = 0; c < 3; c++) {
        let error = -outputs[row * 3 + c]!;
        for (let i = 0; i < width; i++) error += inputs[row * width + i]! * fitted[i * 3 + c]!;
        squared += error * error;
      }
      weights[row] = problem.weights[row]! / (1 + squared / scales[row]! ** 2);
    }
    fitted = solveWeighted(problem, weights);
  }
  return fitted;
}

function solveWeighted({ inputs, width, outputs, ridge }: RobustRidge, weights: Float64Array): Float64Array {
  const gram = new Float64Array(width * width);
  const right = new Float64Array(width * 3);
  for (let row = 0; row < weights.length; row++) {
    for (let i = 0; i < width; i++) {
      const value = inputs[row * width + i]! * weights[row]!;
      if (value === 0) continue;
      for (let j = 0; j <= i; j++) gram[i * width + j]! += value * inputs[row * width + j]!;
      for (let c = 0; c < 3; c++) right[i * 3 + c]! += value * outputs[row * 3 + c]!;
    }
  }
  // The solver reads the lower triangle only.
  for (let i = 0; i < width; i++) gram[i * width + i]! += ridge;
  solveCholesky(gram, right, width, 3);
  return right;
}
