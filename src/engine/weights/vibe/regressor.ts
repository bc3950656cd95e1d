import { GraphBuilder, type OnnxGraph } from '../onnx/graph';
import type { WeightTensors } from '../weightTensor';
import { FEATURE_LENGTH } from './backbone';
import { type ExpectedTensor, expectTensors, type FoundTensors } from './expectTensors';

/** Numbers that the regressor finds, in the order in which it reads them back: pose 6D, betas, camera. */
export const PARAMETERS = { pose6d: 144, betas: 10, camera: 3 } as const;
const PARAMETER_COUNT = PARAMETERS.pose6d + PARAMETERS.betas + PARAMETERS.camera;
/** Width of fc1 and fc2. */
const WIDTH = 1024;
/** Rounds of iterative error feedback. */
const ITERATIONS = 3;
/** Decoder heads in the order of {@link PARAMETERS}. */
const HEADS = [
  { key: 'decpose', count: PARAMETERS.pose6d },
  { key: 'decshape', count: PARAMETERS.betas },
  { key: 'deccam', count: PARAMETERS.camera },
] as const;

/** Where the iteration starts: the mean body of the training data. */
export interface MeanParameters {
  /** 144 numbers, 24 joints in the network's 6D layout. */
  pose6d: Float32Array;
  /** 10 betas. */
  betas: Float32Array;
  /** s, tx, ty. */
  camera: Float32Array;
}

/**
 * The iterative regressor as ONNX (reference vibe-smpl 5.1): `features` (R x 2048) and the start `initialPose6d`
 * (1 x 144), `initialBetas` (1 x 10), `initialCamera` (1 x 3) to `pose6d` (R x 144), `betas` (R x 10), `camera` (R x 3).
 *
 * The three iterations are unrolled. fc1, fc2 and the heads have nothing between them but dropout, so one iteration is
 * x += A f + B x + c; A, B and c are multiplied out here in double precision, which leaves 157 x 2048 products a frame
 * instead of ten million.
 * @param prefix of every key: `regressor.` in a VIBE checkpoint, '' in SPIN's
 * @throws AppError `WEIGHTS_INVALID` naming every key that is missing, of another shape or not finite
 */
export function compileRegressor(weights: WeightTensors, prefix = 'regressor.'): OnnxGraph {
  const found = expectTensors(weights, expectedTensors(), 'pose regressor', prefix);
  const { ofFeature, ofParameters, constant } = foldIteration(found);
  const graph = new GraphBuilder('vibe-regressor');
  const features = graph.input('features', ['R', FEATURE_LENGTH]);
  const start = [
    graph.input('initialPose6d', [1, PARAMETERS.pose6d]),
    graph.input('initialBetas', [1, PARAMETERS.betas]),
    graph.input('initialCamera', [1, PARAMETERS.camera]),
  ];
  const seen = graph.node(
    'Gemm',
    [
      features,
      graph.floats('ofFeature', [PARAMETER_COUNT, FEATURE_LENGTH], ofFeature),
      graph.floats('constant', [PARAMETER_COUNT], constant),
    ],
    { transB: { int: 1 } },
    'seen',
  );
  const feedback = graph.floats('ofParameters', [PARAMETER_COUNT, PARAMETER_COUNT], ofParameters);
  let parameters = graph.node('Concat', start, { axis: { int: 1 } });
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const change = graph.node('Gemm', [parameters, feedback], { transB: { int: 1 } }, 'feedback');
    parameters = graph.node('Add', [graph.node('Add', [parameters, change]), seen], {}, 'parameters');
  }
  const sizes = graph.integers('sizes', [3], Object.values(PARAMETERS));
  const [pose6d = '', betas = '', camera = ''] = graph.nodeWithOutputs(
    ['pose6d_', 'betas_', 'camera_'],
    'Split',
    [parameters, sizes],
    { axis: { int: 1 } },
  );
  graph.output('pose6d', pose6d, ['R', PARAMETERS.pose6d]);
  graph.output('betas', betas, ['R', PARAMETERS.betas]);
  graph.output('camera', camera, ['R', PARAMETERS.camera]);
  return graph.build();
}

/**
 * The mean parameters that a checkpoint carries as buffers (`init_pose`, `init_shape`, `init_cam`), or undefined when it
 * has none of them: then `smpl_mean_params.npz` is needed.
 * @throws AppError `WEIGHTS_INVALID` when some are there, but not all, or of another shape
 */
export function meanParametersOf(weights: WeightTensors, prefix = 'regressor.'): MeanParameters | undefined {
  const expected = [
    { key: 'init_pose', shape: [1, PARAMETERS.pose6d] },
    { key: 'init_shape', shape: [1, PARAMETERS.betas] },
    { key: 'init_cam', shape: [1, PARAMETERS.camera] },
  ];
  if (!expected.some(({ key }) => weights.has(prefix + key))) return undefined;
  const found = expectTensors(weights, expected, "pose regressor's mean parameters", prefix);
  return { pose6d: found.data('init_pose'), betas: found.data('init_shape'), camera: found.data('init_cam') };
}

function expectedTensors(): ExpectedTensor[] {
  return [
    { key: 'fc1.weight', shape: [WIDTH, FEATURE_LENGTH + PARAMETER_COUNT] },
    { key: 'fc1.bias', shape: [WIDTH] },
    { key: 'fc2.weight', shape: [WIDTH, WIDTH] },
    { key: 'fc2.bias', shape: [WIDTH] },
    ...HEADS.flatMap(({ key, count }) => [
      { key: `${key}.weight`, shape: [count, WIDTH] },
      { key: `${key}.bias`, shape: [count] },
    ]),
  ];
}

/** One iteration as a map: heads . fc2 . fc1 over [feature | parameters]. */
function foldIteration(found: FoundTensors): {
  ofFeature: Float32Array;
  ofParameters: Float32Array;
  constant: Float32Array;
} {
  const inputLength = FEATURE_LENGTH + PARAMETER_COUNT;
  const heads = new Float64Array(PARAMETER_COUNT * WIDTH);
  const headBiases = new Float64Array(PARAMETER_COUNT);
  let row = 0;
  for (const { key, count } of HEADS) {
    heads.set(found.data(`${key}.weight`), row * WIDTH);
    headBiases.set(found.data(`${key}.bias`), row);
    row += count;
  }
  const throughFc2 = multiply(heads, found.data('fc2.weight'), PARAMETER_COUNT, WIDTH, WIDTH);
  const throughFc1 = multiply(throughFc2, found.data('fc1.weight'), PARAMETER_COUNT, WIDTH, inputLength);
  const fc2Part = multiply(heads, found.data('fc2.bias'), PARAMETER_COUNT, WIDTH, 1);
  const fc1Part = multiply(throughFc2, found.data('fc1.bias'), PARAMETER_COUNT, WIDTH, 1);
  const ofFeature = new Float32Array(PARAMETER_COUNT * FEATURE_LENGTH);
  const ofParameters = new Float32Array(PARAMETER_COUNT * PARAMETER_COUNT);
  const constant = new Float32Array(PARAMETER_COUNT);
  for (let n = 0; n < PARAMETER_COUNT; n++) {
    const at = n * inputLength;
    ofFeature.set(throughFc1.subarray(at, at + FEATURE_LENGTH), n * FEATURE_LENGTH);
    ofParameters.set(throughFc1.subarray(at + FEATURE_LENGTH, at + inputLength), n * PARAMETER_COUNT);
    constant[n] = headBiases[n]! + fc2Part[n]! + fc1Part[n]!;
  }
  return { ofFeature, ofParameters, constant };
}

/**
 * A (rows x inner) times B (inner x columns), row-major, double precision, always summed in the same order. Four rows of B
 * at once, so that a row of the product is touched a quarter as often; `inner` must be a multiple of 4.
 */
function multiply(a: Float64Array, b: Float32Array, rows: number, inner: number, columns: number): Float64Array {
  const product = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const to = row * columns;
    for (let k = 0; k < inner; k += 4) {
      const at = row * inner + k;
      const [f0, f1, f2, f3] = [a[at]!, a[at + 1]!, a[at + 2]!, a[at + 3]!];
      const from0 = k * columns;
      const [from1, from2, from3] = [from0 + columns, from0 + 2 * columns, from0 + 3 * columns];
      for (let column = 0; column < columns; column++) {
        product[to + column]! +=
          f0 * b[from0 + column]! + f1 * b[from1 + column]! + f2 * b[from2 + column]! + f3 * b[from3 + column]!;
      }
    }
  }
  return product;
}
