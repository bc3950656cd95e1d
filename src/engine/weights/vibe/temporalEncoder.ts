import { AppError } from '#core/errors';
import { GraphBuilder, type OnnxGraph } from '../onnx/graph';
import type { WeightTensors } from '../weightTensor';
import { FEATURE_LENGTH } from './backbone';
import { expectTensors } from './expectTensors';
import { addGru, directionsOf, expectedGruTensors, type GruConfiguration, gruConfigurationOf } from './gru';

/** The build of a temporal encoder, as read off its weights. */
export interface EncoderConfiguration extends GruConfiguration {
  /** A linear layer behind the GRU, with a ReLU in between. */
  linear: boolean;
  /** The image features are added to the output. */
  residual: boolean;
  /** Numbers a frame in the output: 2048 with `linear`, else hidden times directions. */
  outputLength: number;
}

/** Options of {@link compileTemporalEncoder}. */
export interface EncoderOptions {
  /** Of every key; default `encoder.`, as in a VIBE checkpoint's `gen_state_dict`. */
  prefix?: string;
  /** Not visible in the weights; every published configuration has it on, and it is skipped where widths differ. */
  residual?: boolean;
}

/** A compiled temporal encoder. */
export interface CompiledEncoder {
  graph: OnnxGraph;
  configuration: EncoderConfiguration;
}

/**
 * VIBE's GRU encoder as ONNX, in any of its builds (reference vibe-smpl 4): `features` (T x N x 2048, time first) and
 * `state` (layers * directions x N x hidden; zeros at the start of a sequence) to `encoded` (T x N x outputLength) and
 * `nextState`, from which the following block goes on.
 * @throws AppError `WEIGHTS_INVALID` naming every key that is missing, of another shape or not finite
 */
export function compileTemporalEncoder(weights: WeightTensors, options: EncoderOptions = {}): CompiledEncoder {
  const { prefix = 'encoder.', residual = true } = options;
  const gru = gruConfigurationOf(weights, prefix, FEATURE_LENGTH);
  const width = gru.hidden * directionsOf(gru);
  const linear = [...weights.keys()].some((key) => key.startsWith(`${prefix}linear.`));
  const outputLength = linear ? FEATURE_LENGTH : width;
  const configuration = { ...gru, linear, residual: residual && outputLength === FEATURE_LENGTH, outputLength };
  const linearTensors = [
    { key: 'linear.weight', shape: [outputLength, width] },
    { key: 'linear.bias', shape: [outputLength] },
  ];
  const expected = [...expectedGruTensors(gru), ...(linear ? linearTensors : [])];
  const found = expectTensors(weights, expected, 'temporal encoder', prefix);

  const graph = new GraphBuilder('vibe-encoder');
  const states = gru.layers * directionsOf(gru);
  const features = graph.input('features', ['T', 'N', FEATURE_LENGTH]);
  const state = graph.input('state', [states, 'N', gru.hidden]);
  const stack = addGru(graph, found, gru, features, state);
  let value = stack.output;
  if (linear) {
    const transposed = transpose(found.data('linear.weight'), outputLength, width);
    const product = graph.node('MatMul', [
      graph.node('Relu', [value]),
      graph.floats('linear.weight', [width, outputLength], transposed),
    ]);
    value = graph.node('Add', [product, graph.floats('linear.bias', [outputLength], found.data('linear.bias'))]);
  }
  if (configuration.residual) value = graph.node('Add', [value, features]);
  graph.output('encoded', value, ['T', 'N', outputLength]);
  graph.output('nextState', stack.state, [states, 'N', gru.hidden]);
  return { graph: graph.build(), configuration };
}

/**
 * Refuses an encoder whose output the regressor cannot read: without a linear layer its width must be 2048.
 * @throws AppError `WEIGHTS_INVALID`
 */
export function requireFeatureLength({ outputLength, hidden }: EncoderConfiguration): void {
  if (outputLength === FEATURE_LENGTH) return;
  throw new AppError(
    'WEIGHTS_INVALID',
    `The temporal encoder gives ${outputLength} numbers a frame (hidden size ${hidden}, no linear layer), the regressor needs ${FEATURE_LENGTH}.`,
    { hint: 'Choose a checkpoint with encoder.linear.weight, or with a hidden size of 2048.' },
  );
}

/** Rows x columns to columns x rows. */
function transpose(data: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(data.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) result[column * rows + row] = data[row * columns + column]!;
  }
  return result;
}
