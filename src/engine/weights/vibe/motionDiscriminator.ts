import { GraphBuilder, type OnnxGraph } from '../onnx/graph';
import type { WeightTensors } from '../weightTensor';
import { escaped, type ExpectedTensor, expectTensors, type FoundTensors, indicesIn } from './expectTensors';
import { addGru, directionsOf, expectedGruTensors, type GruConfiguration, gruConfigurationOf } from './gru';

/** Numbers a frame that the discriminator looks at: axis-angle of the 23 joints below the root, rad. */
export const BODY_POSE_LENGTH = 69;

/** How the discriminator gathers its frames. */
export type Pooling = 'concat' | 'attention' | 'last';

/** The build of a motion discriminator, as read off its weights. */
export interface DiscriminatorConfiguration extends GruConfiguration {
  pooling: Pooling;
  /** Linear layers of the attention score; 0 without attention. */
  attentionLayers: number;
  /** Numbers it answers with, 1 in published checkpoints; each is trained to be 1 for real motion and 0 for made-up. */
  outputs: number;
}

/** A compiled motion discriminator. */
export interface CompiledDiscriminator {
  graph: OnnxGraph;
  configuration: DiscriminatorConfiguration;
}

/**
 * VIBE's motion discriminator as ONNX (reference vibe-smpl 9): `poses` (T x N x 69, time first) to `scores`
 * (N x outputs); with attention also `attention` (N x T, the weight of each frame). Pooling, layers and sizes are read
 * off the weights: `attention.*` keys mean attention, an `fc` of twice the state's width means mean and maximum over
 * time, an `fc` of its width the last frame.
 * @param prefix of every key in `weights`
 * @throws AppError `WEIGHTS_INVALID` naming every key that is missing, of another shape or not finite
 */
export function compileMotionDiscriminator(weights: WeightTensors, prefix = ''): CompiledDiscriminator {
  const gru = gruConfigurationOf(weights, prefix, BODY_POSE_LENGTH);
  const width = gru.hidden * directionsOf(gru);
  const attention = indicesIn(
    weights,
    new RegExp(`${escaped(prefix)}attention\\.attention\\.(\\d{1,2})\\.(?:weight|bias)$`),
  );
  const fc = weights.get(`${prefix}fc.weight`)?.shape ?? [];
  const pooling: Pooling = attention.length > 0 ? 'attention' : fc[1] === width ? 'last' : 'concat';
  const configuration: DiscriminatorConfiguration = {
    ...gru,
    pooling,
    attentionLayers: attention.length,
    outputs: fc[0] ?? 1,
  };
  const expected = [
    ...expectedGruTensors(gru),
    ...expectedAttention(attention, width),
    { key: 'fc.weight', shape: [configuration.outputs, pooling === 'concat' ? 2 * width : width] },
    { key: 'fc.bias', shape: [configuration.outputs] },
  ];
  const found = expectTensors(weights, expected, 'motion discriminator', prefix);

  const graph = new GraphBuilder('vibe-motion-discriminator');
  const poses = graph.input('poses', ['T', 'N', BODY_POSE_LENGTH]);
  const { output } = addGru(graph, found, gru, poses, '');
  const pooled = addPooling(graph, found, configuration, attention, output);
  const shape = [configuration.outputs, pooling === 'concat' ? 2 * width : width];
  const scores = addLinear(graph, found, 'fc', shape, pooled);
  graph.output('scores', scores, ['N', configuration.outputs]);
  return { graph: graph.build(), configuration };
}

function expectedAttention(indices: readonly number[], width: number): ExpectedTensor[] {
  return indices.flatMap((index, k) => {
    const rows = k === indices.length - 1 ? 1 : width;
    return [
      { key: `attention.attention.${index}.weight`, shape: [rows, width] },
      { key: `attention.attention.${index}.bias`, shape: [rows] },
    ];
  });
}

/** T x N x width to N x (width, or twice that). */
function addPooling(
  graph: GraphBuilder,
  found: FoundTensors,
  { pooling, hidden, bidirectional }: DiscriminatorConfiguration,
  attention: readonly number[],
  output: string,
): string {
  const width = hidden * (bidirectional ? 2 : 1);
  if (pooling === 'last') return graph.node('Gather', [output, graph.integers('last', [], [-1])], { axis: { int: 0 } });
  if (pooling === 'concat') {
    const active = graph.node('Relu', [output]);
    const over = { axes: { ints: [0] }, keepdims: { int: 0 } };
    return graph.node('Concat', [graph.node('ReduceMean', [active], over), graph.node('ReduceMax', [active], over)], {
      axis: { int: 1 },
    });
  }
  const rows = graph.node('Reshape', [output, graph.integers('rows', [2], [-1, width])]);
  let score = rows;
  attention.forEach((index, k) => {
    const shape = [k === attention.length - 1 ? 1 : width, width];
    // The last layer is squashed too: scores are within -1 and 1.
    score = graph.node('Tanh', [addLinear(graph, found, `attention.attention.${index}`, shape, score)]);
  });
  // Back to T x N x 1: the size of N comes from the GRU's output.
  const shape = graph.node('Slice', [
    graph.node('Shape', [output]),
    graph.integers('shapeFrom', [1], [0]),
    graph.integers('shapeTo', [1], [2]),
  ]);
  const perFrame = graph.node('Reshape', [score, shape]);
  const weights = graph.node('Softmax', [perFrame], { axis: { int: 0 } });
  graph.output('attention', graph.node('Transpose', [weights], { perm: { ints: [1, 0] } }), ['N', 'T']);
  const column = graph.node('Unsqueeze', [weights, graph.integers('column', [1], [2])]);
  return graph.node('ReduceSum', [graph.node('Mul', [output, column]), graph.integers('time', [1], [0])], {
    keepdims: { int: 0 },
  });
}

function addLinear(graph: GraphBuilder, found: FoundTensors, key: string, shape: number[], input: string): string {
  const weight = graph.floats(`${key}.weight`, shape, found.data(`${key}.weight`));
  const bias = graph.floats(`${key}.bias`, [shape[0] ?? 0], found.data(`${key}.bias`));
  return graph.node('Gemm', [input, weight, bias], { transB: { int: 1 } }, key);
}
