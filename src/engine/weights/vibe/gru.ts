import type { GraphBuilder } from '../onnx/graph';
import type { WeightTensors } from '../weightTensor';
import { escaped, type ExpectedTensor, type FoundTensors, indicesIn } from './expectTensors';

/** The build of a stack of GRU layers. */
export interface GruConfiguration {
  layers: number;
  /** Width of the state of one direction. */
  hidden: number;
  /** Width of the input of layer 0. */
  input: number;
  bidirectional: boolean;
}

/** Names of the values that {@link addGru} made. */
export interface GruValues {
  /** T x N x width, width = hidden or 2 hidden (forward, then reverse). */
  output: string;
  /** layers * directions x N x hidden: the state after the last step, in PyTorch's order. */
  state: string;
}

/**
 * Reads the build off the keys `gru.weight_ih_l{k}[_reverse]`, so that nobody has to state it. What is inconsistent is
 * left to {@link expectedGruTensors}, which asks for every tensor that this build needs.
 */
export function gruConfigurationOf(weights: WeightTensors, prefix: string, input: number): GruConfiguration {
  const layers = indicesIn(
    weights,
    new RegExp(`${escaped(prefix)}gru\\.(?:weight|bias)_[ih]h_l(\\d{1,2})(?:_reverse)?$`),
  );
  const bidirectional = [...weights.keys()].some((key) => key.startsWith(`${prefix}gru.`) && key.endsWith('_reverse'));
  const recurrent = weights.get(`${prefix}gru.weight_hh_l0`)?.shape[1];
  const rows = (weights.get(`${prefix}gru.weight_ih_l0`) ?? weights.get(`${prefix}gru.bias_ih_l0`))?.shape[0];
  return {
    layers: (layers.at(-1) ?? 0) + 1,
    hidden: recurrent ?? Math.floor((rows ?? 3072) / 3),
    input,
    bidirectional,
  };
}

/** Directions of a build: 1 or 2. */
export function directionsOf({ bidirectional }: GruConfiguration): 1 | 2 {
  return bidirectional ? 2 : 1;
}

/** Every tensor of a build, keys without prefix (reference vibe-smpl 4.3). */
export function expectedGruTensors(configuration: GruConfiguration): ExpectedTensor[] {
  const { layers, hidden } = configuration;
  return Array.from({ length: layers }, (_, layer) =>
    suffixesOf(configuration, layer).flatMap((suffix): ExpectedTensor[] => [
      { key: `gru.weight_ih_${suffix}`, shape: [3 * hidden, inputOf(configuration, layer)] },
      { key: `gru.weight_hh_${suffix}`, shape: [3 * hidden, hidden] },
      { key: `gru.bias_ih_${suffix}`, shape: [3 * hidden] },
      { key: `gru.bias_hh_${suffix}`, shape: [3 * hidden] },
    ]),
  ).flat();
}

/**
 * Adds the stack to a graph, one ONNX GRU node a layer (reference vibe-smpl 4.5).
 * @param input T x N x input
 * @param state layers * directions x N x hidden, or '' to start from zeros
 */
export function addGru(
  graph: GraphBuilder,
  found: FoundTensors,
  configuration: GruConfiguration,
  input: string,
  state: string,
): GruValues {
  const { layers, hidden } = configuration;
  const directions = directionsOf(configuration);
  const starts = state === '' ? Array.from({ length: layers }, () => '') : splitState(graph, configuration, state);
  const ends: string[] = [];
  let output = input;
  starts.forEach((start, layer) => {
    const suffixes = suffixesOf(configuration, layer);
    const stack = (name: string): Float32Array[] => suffixes.map((suffix) => found.data(`gru.${name}_${suffix}`));
    const width = inputOf(configuration, layer);
    const weights = stack('weight_ih').map((data) => toOnnxOrder(data, hidden * width));
    const recurrent = stack('weight_hh').map((data) => toOnnxOrder(data, hidden * hidden));
    const inputBiases = stack('bias_ih').map((data) => toOnnxOrder(data, hidden));
    const stateBiases = stack('bias_hh').map((data) => toOnnxOrder(data, hidden));
    const biases = inputBiases.flatMap((bias, direction) => [bias, stateBiases[direction]!]);
    const [y = '', yh = ''] = graph.nodeWithOutputs(
      [`gru.l${layer}`, `gru.l${layer}.state`],
      'GRU',
      [
        output,
        graph.floats(`gru.W_l${layer}`, [directions, 3 * hidden, width], joined(weights)),
        graph.floats(`gru.R_l${layer}`, [directions, 3 * hidden, hidden], joined(recurrent)),
        graph.floats(`gru.B_l${layer}`, [directions, 6 * hidden], joined(biases)),
        '',
        start,
      ],
      {
        hidden_size: { int: hidden },
        direction: { string: directions === 2 ? 'bidirectional' : 'forward' },
        // The default, 0, puts the recurrent bias of the new gate outside the reset product: another cell.
        linear_before_reset: { int: 1 },
      },
    );
    ends.push(yh);
    // T x directions x N x hidden to T x N x (directions * hidden).
    const swapped = directions === 1 ? y : graph.node('Transpose', [y], { perm: { ints: [0, 2, 1, 3] } });
    output =
      directions === 1
        ? graph.node('Squeeze', [swapped, graph.integers('direction', [1], [1])])
        : graph.node('Reshape', [swapped, graph.integers('joined', [3], [0, 0, directions * hidden])]);
  });
  return { output, state: layers === 1 ? ends[0]! : graph.node('Concat', ends, { axis: { int: 0 } }) };
}

function splitState(graph: GraphBuilder, configuration: GruConfiguration, state: string): string[] {
  const { layers } = configuration;
  if (layers === 1) return [state];
  const sizes = Array.from({ length: layers }, () => directionsOf(configuration));
  const hints = sizes.map((_, layer) => `state.l${layer}`);
  return graph.nodeWithOutputs(hints, 'Split', [state, graph.integers('stateSizes', [layers], sizes)], {
    axis: { int: 0 },
  });
}

function suffixesOf({ bidirectional }: GruConfiguration, layer: number): string[] {
  return bidirectional ? [`l${layer}`, `l${layer}_reverse`] : [`l${layer}`];
}

function inputOf(configuration: GruConfiguration, layer: number): number {
  return layer === 0 ? configuration.input : configuration.hidden * directionsOf(configuration);
}

/** PyTorch's row blocks r, z, n as ONNX wants them: z, r, h. `block` numbers each. */
function toOnnxOrder(data: Float32Array, block: number): Float32Array {
  const reordered = new Float32Array(data.length);
  reordered.set(data.subarray(block, 2 * block), 0);
  reordered.set(data.subarray(0, block), block);
  reordered.set(data.subarray(2 * block), 2 * block);
  return reordered;
}

function joined(parts: readonly Float32Array[]): Float32Array {
  if (parts.length === 1) return parts[0]!;
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
