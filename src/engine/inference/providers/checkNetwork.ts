import { encodeModel } from '../../weights/onnx/encodeModel';
import { GraphBuilder } from '../../weights/onnx/graph';
import type { Tensor } from '../session';

const SIDE = 24;
const CHANNELS = 8;
const FEATURES = 16;
const HIDDEN = 12;
const STEPS = 6;

/** Deterministic numbers in [-1, 1): a 32-bit mix of the index (MurmurHash3's finaliser). */
function numbers(count: number, seed: number, scale: number): Float32Array {
  return Float32Array.from({ length: count }, (_, index) => {
    let x = (Math.imul(index + 1, 0x9e3779b9) + seed) >>> 0;
    x = Math.imul(x ^ (x >>> 16), 0x85ebca6b) >>> 0;
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35) >>> 0;
    return (((x ^ (x >>> 16)) >>> 0) / 2 ** 31 - 1) * scale;
  });
}

const WEIGHTS = {
  convolution: numbers(CHANNELS * 3 * 9, 1, 0.3),
  convolutionBias: numbers(CHANNELS, 2, 0.2),
  gemm: numbers(FEATURES * CHANNELS, 3, 0.5),
  gemmBias: numbers(FEATURES, 4, 0.2),
  input: numbers(3 * HIDDEN * FEATURES, 5, 0.4),
  recurrent: numbers(3 * HIDDEN * HIDDEN, 6, 0.4),
  gruBias: numbers(6 * HIDDEN, 7, 0.3),
};

/** What the check looks at: {@link STEPS} pictures. */
const PICTURES: Tensor = { dims: [STEPS, 3, SIDE, SIDE], data: numbers(STEPS * 3 * SIDE * SIDE, 8, 1) };

/** Feeds of {@link encodeCheckNetwork}. */
export const CHECK_FEEDS: Readonly<Record<string, Tensor>> = { pictures: PICTURES };

/** Name of the output of {@link encodeCheckNetwork}. */
export const CHECK_OUTPUT = 'states';

/**
 * A network of everything Retake's networks are made of, a few thousand numbers large: strided convolution with ReLU,
 * mean over the picture, Gemm, and a GRU with the reset gate behind the product (`linear_before_reset`).
 */
export function encodeCheckNetwork(): Uint8Array {
  const graph = new GraphBuilder('retake-check');
  const pictures = graph.input('pictures', ['T', 3, SIDE, SIDE]);
  const convolved = graph.node(
    'Conv',
    [
      pictures,
      graph.floats('W', [CHANNELS, 3, 3, 3], WEIGHTS.convolution),
      graph.floats('b', [CHANNELS], WEIGHTS.convolutionBias),
    ],
    { kernel_shape: { ints: [3, 3] }, strides: { ints: [2, 2] }, pads: { ints: [1, 1, 1, 1] } },
  );
  const mean = graph.node('Flatten', [graph.node('GlobalAveragePool', [graph.node('Relu', [convolved])])]);
  const features = graph.node(
    'Gemm',
    [mean, graph.floats('G', [FEATURES, CHANNELS], WEIGHTS.gemm), graph.floats('g', [FEATURES], WEIGHTS.gemmBias)],
    { transB: { int: 1 } },
  );
  const sequence = graph.node('Unsqueeze', [features, graph.integers('batch', [1], [1])]);
  const [states = ''] = graph.nodeWithOutputs(
    ['gru', ''],
    'GRU',
    [
      sequence,
      graph.floats('I', [1, 3 * HIDDEN, FEATURES], WEIGHTS.input),
      graph.floats('R', [1, 3 * HIDDEN, HIDDEN], WEIGHTS.recurrent),
      graph.floats('B', [1, 6 * HIDDEN], WEIGHTS.gruBias),
    ],
    { hidden_size: { int: HIDDEN }, linear_before_reset: { int: 1 } },
  );
  graph.output(CHECK_OUTPUT, states, ['T', 1, 1, HIDDEN]);
  return encodeModel(graph.build());
}

/** The right answer of {@link encodeCheckNetwork}, computed here in double precision: T x hidden. */
export function expectedStates(): Float64Array {
  const states = new Float64Array(STEPS * HIDDEN);
  let state: Float64Array = new Float64Array(HIDDEN);
  for (let step = 0; step < STEPS; step++) {
    state = gruStep(featuresOf(step), state);
    states.set(state, step * HIDDEN);
  }
  return states;
}

function featuresOf(picture: number): Float64Array {
  const mean = new Float64Array(CHANNELS);
  const half = SIDE / 2;
  for (let channel = 0; channel < CHANNELS; channel++) {
    for (let y = 0; y < half; y++) {
      for (let x = 0; x < half; x++) {
        mean[channel]! += Math.max(0, convolvedAt(picture, channel, x, y)) / (half * half);
      }
    }
  }
  return Float64Array.from({ length: FEATURES }, (_, row) => {
    let sum = WEIGHTS.gemmBias[row]!;
    for (let channel = 0; channel < CHANNELS; channel++)
      sum += WEIGHTS.gemm[row * CHANNELS + channel]! * mean[channel]!;
    return sum;
  });
}

function convolvedAt(picture: number, channel: number, x: number, y: number): number {
  let sum = WEIGHTS.convolutionBias[channel]!;
  for (let tap = 0; tap < 27; tap++) {
    const [colour, row, column] = [Math.floor(tap / 9), Math.floor((tap % 9) / 3) + 2 * y - 1, (tap % 3) + 2 * x - 1];
    if (row < 0 || column < 0 || row >= SIDE || column >= SIDE) continue;
    sum +=
      WEIGHTS.convolution[channel * 27 + tap]! * PICTURES.data[((picture * 3 + colour) * SIDE + row) * SIDE + column]!;
  }
  return sum;
}

/** One step of the GRU (vibe-smpl.md 4.4), ONNX blocks z, r, h. */
function gruStep(features: Float64Array, state: Float64Array): Float64Array {
  const product = (weights: Float32Array, row: number, vector: Float64Array) =>
    vector.reduce((sum, value, index) => sum + weights[row * vector.length + index]! * value, 0);
  const gate = (block: number, unit: number) => {
    const row = block * HIDDEN + unit;
    const own = product(WEIGHTS.input, row, features) + WEIGHTS.gruBias[row]!;
    const back = product(WEIGHTS.recurrent, row, state) + WEIGHTS.gruBias[3 * HIDDEN + row]!;
    return { own, back };
  };
  const sigmoid = (value: number) => 1 / (1 + Math.exp(-value));
  return Float64Array.from({ length: HIDDEN }, (_, unit) => {
    const [z, r, h] = [gate(0, unit), gate(1, unit), gate(2, unit)];
    const update = sigmoid(z.own + z.back);
    const fresh = Math.tanh(h.own + sigmoid(r.own + r.back) * h.back);
    return (1 - update) * fresh + update * state[unit]!;
  });
}

/** A network that is only there to be timed: three convolutions of 64 channels on 56 x 56, as in ResNet-50's first stage. */
export function encodeTimedNetwork(): Uint8Array {
  const graph = new GraphBuilder('retake-timed');
  let value = graph.input('maps', ['N', 64, 56, 56]);
  for (let layer = 0; layer < 3; layer++) {
    const weights = graph.floats('W', [64, 64, 3, 3], numbers(64 * 64 * 9, 20 + layer, 0.04));
    value = graph.node('Relu', [
      graph.node('Conv', [value, weights], { kernel_shape: { ints: [3, 3] }, pads: { ints: [1, 1, 1, 1] } }),
    ]);
  }
  graph.output('mean', graph.node('GlobalAveragePool', [value]), ['N', 64, 1, 1]);
  return encodeModel(graph.build());
}

/** Feeds of {@link encodeTimedNetwork}. */
export const TIMED_FEEDS: Readonly<Record<string, Tensor>> = {
  maps: { dims: [1, 64, 56, 56], data: numbers(64 * 56 * 56, 30, 1) },
};
