import { VIBE_CROP_SIZE } from '#core/camera/weakPerspective';
import { GraphBuilder, type OnnxGraph } from '../onnx/graph';
import type { WeightTensors } from '../weightTensor';
import { type ExpectedTensor, expectTensors, type FoundTensors } from './expectTensors';

/** Numbers in one image feature. */
export const FEATURE_LENGTH = 2048;

/** What batch normalisation adds to the variance (reference vibe-smpl 3). */
const EPSILON = 1e-5;
/** Bottleneck blocks and width of the four stages; a block's output is 4 times as wide. */
const STAGES = [
  { blocks: 3, width: 64 },
  { blocks: 4, width: 128 },
  { blocks: 6, width: 256 },
  { blocks: 3, width: 512 },
] as const;

/** One convolution with the batch normalisation behind it, bias-free itself. */
interface Convolution {
  /** Key of the weights without `.weight`. */
  key: string;
  /** Key of the batch normalisation. */
  norm: string;
  /** (out, in, side, side). */
  shape: readonly [number, number, number, number];
  stride: number;
  /** px on every border. */
  pad: number;
}

interface Block {
  convolutions: readonly [Convolution, Convolution, Convolution];
  /** The first block of a stage changes the width: its shortcut is a convolution too. */
  shortcut: Convolution | undefined;
}

const FIRST: Convolution = { key: 'conv1', norm: 'bn1', shape: [64, 3, 7, 7], stride: 2, pad: 3 };

function listBlocks(): Block[] {
  let input = 64;
  return STAGES.flatMap(({ blocks, width }, stage) =>
    Array.from({ length: blocks }, (_, number): Block => {
      const key = `layer${stage + 1}.${number}`;
      const stride = stage > 0 && number === 0 ? 2 : 1;
      const output = width * 4;
      const block: Block = {
        convolutions: [
          { key: `${key}.conv1`, norm: `${key}.bn1`, shape: [width, input, 1, 1], stride: 1, pad: 0 },
          // "v1.5": the stride is on the 3x3 convolution.
          { key: `${key}.conv2`, norm: `${key}.bn2`, shape: [width, width, 3, 3], stride, pad: 1 },
          { key: `${key}.conv3`, norm: `${key}.bn3`, shape: [output, width, 1, 1], stride: 1, pad: 0 },
        ],
        shortcut:
          number === 0
            ? { key: `${key}.downsample.0`, norm: `${key}.downsample.1`, shape: [output, input, 1, 1], stride, pad: 0 }
            : undefined,
      };
      input = output;
      return block;
    }),
  );
}

/**
 * ResNet-50 without its classifier, as ONNX: `crops` (N x 3 x 224 x 224, RGB, normalised) to `features` (N x 2048)
 * (reference vibe-smpl 3). Batch normalisation is folded into the convolutions in double precision. The 318 keys are
 * those of a SPIN checkpoint's `model`; counters are not needed.
 * @param prefix of every key in `weights`
 * @throws AppError `WEIGHTS_INVALID` naming every key that is missing, of another shape or not finite
 */
export function compileBackbone(weights: WeightTensors, prefix = ''): OnnxGraph {
  const blocks = listBlocks();
  const all = [
    FIRST,
    ...blocks.flatMap(({ convolutions, shortcut }) => [...convolutions, ...(shortcut ? [shortcut] : [])]),
  ];
  const found = expectTensors(weights, all.flatMap(expectedOf), 'image backbone (ResNet-50)', prefix);
  const graph = new GraphBuilder('vibe-backbone');
  const crops = graph.input('crops', ['N', 3, VIBE_CROP_SIZE, VIBE_CROP_SIZE]);
  let value = graph.node('Relu', [addConvolution(graph, found, FIRST, crops)]);
  value = graph.node('MaxPool', [value], {
    kernel_shape: { ints: [3, 3] },
    strides: { ints: [2, 2] },
    pads: { ints: [1, 1, 1, 1] },
  });
  for (const block of blocks) value = addBlock(graph, found, block, value);
  const pooled = graph.node('GlobalAveragePool', [value]);
  graph.output('features', graph.node('Flatten', [pooled], { axis: { int: 1 } }), ['N', FEATURE_LENGTH]);
  return graph.build();
}

function expectedOf({ key, norm, shape }: Convolution): ExpectedTensor[] {
  const perChannel = ['weight', 'bias', 'running_mean', 'running_var'];
  return [
    { key: `${key}.weight`, shape },
    ...perChannel.map((name) => ({ key: `${norm}.${name}`, shape: [shape[0]] })),
  ];
}

function addBlock(graph: GraphBuilder, found: FoundTensors, block: Block, input: string): string {
  const [reduce, spatial, expand] = block.convolutions;
  const shortcut = block.shortcut === undefined ? input : addConvolution(graph, found, block.shortcut, input);
  let value = graph.node('Relu', [addConvolution(graph, found, reduce, input)]);
  value = graph.node('Relu', [addConvolution(graph, found, spatial, value)]);
  value = addConvolution(graph, found, expand, value);
  return graph.node('Relu', [graph.node('Add', [value, shortcut])]);
}

/** A convolution with y = (conv - mean) / sqrt(var + eps) * weight + bias folded into its weights and a bias. */
function addConvolution(graph: GraphBuilder, found: FoundTensors, convolution: Convolution, input: string): string {
  const { key, norm, shape, stride, pad } = convolution;
  const source = found.data(`${key}.weight`);
  const [gains, biases, means, variances] = ['weight', 'bias', 'running_mean', 'running_var'].map((name) =>
    found.data(`${norm}.${name}`),
  );
  const folded = new Float32Array(source.length);
  const bias = new Float32Array(shape[0]);
  const size = source.length / shape[0];
  for (let channel = 0; channel < shape[0]; channel++) {
    const factor = gains![channel]! / Math.sqrt(variances![channel]! + EPSILON);
    for (let k = channel * size; k < (channel + 1) * size; k++) folded[k] = source[k]! * factor;
    bias[channel] = biases![channel]! - means![channel]! * factor;
  }
  return graph.node(
    'Conv',
    [input, graph.floats(`${key}.weight`, shape, folded), graph.floats(`${key}.bias`, [shape[0]], bias)],
    {
      kernel_shape: { ints: [shape[2], shape[3]] },
      strides: { ints: [stride, stride] },
      pads: { ints: [pad, pad, pad, pad] },
    },
    key,
  );
}
