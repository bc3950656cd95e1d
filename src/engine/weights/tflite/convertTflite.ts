import type { OnnxGraph } from '../onnx/graph';
import { GraphBuilder } from '../onnx/graph';
import { depthwiseToChannelFirst, ohwiToOihw } from '../weightLayout';
import { floatConstant, integerConstant } from './constants';
import { type FlatTable, invalidTflite } from './flatBuffer';
import type { TfliteModel, TfliteOperator, TfliteTensor } from './tfliteModel';

/** What {@link convertTflite} is told beside the model. */
export interface TfliteConversion {
  name: string;
  /** ONNX input name; the TFLite graph must have one NHWC float input, which becomes N x C x H x W. */
  input: string;
  /** TFLite output tensor name -> ONNX output name; outputs that are not named here are pruned. */
  outputs: Readonly<Record<string, string>>;
}

interface Context {
  model: TfliteModel;
  graph: GraphBuilder;
  /** ONNX value by tensor index; constants are not in it. */
  values: Map<number, string>;
  /** Paddings (rows before, columns before, rows after, columns after) to fold into the convolutions that read a PAD. */
  folded: Map<number, { source: number; pads: number[] }>;
}

/**
 * Converts a TFLite float graph (weights may be stored as float16) to ONNX, from the wanted outputs backwards. 4-D maps
 * become N x C x H x W with a free batch size `N`; rank-2 outputs stay as they are.
 * Source: TFLite schema and the operator map of the pose-network notes, proved by parity with the official solution.
 * @throws AppError `MODEL_INVALID` on an unknown operator, type or layout.
 */
export function convertTflite(model: TfliteModel, conversion: TfliteConversion): OnnxGraph {
  const graph = new GraphBuilder(conversion.name);
  const context: Context = { model, graph, values: new Map(), folded: new Map() };
  const [input] = model.inputs;
  if (input === undefined || model.inputs.length > 1) throw invalidTflite('it does not have exactly one input');
  context.values.set(input, graph.input(conversion.input, channelFirst(tensorAt(model, input).dims)));
  const wanted = wantedOutputs(model, conversion.outputs);
  const needed = neededOperators(model, [...wanted.keys()]);
  for (const operator of needed) convertOperator(context, operator, needed);
  for (const [index, name] of wanted) {
    const { dims } = tensorAt(model, index);
    graph.output(name, valueOf(context, index), channelFirst(dims));
  }
  return graph.build();
}

function wantedOutputs(model: TfliteModel, names: TfliteConversion['outputs']): Map<number, string> {
  const wanted = new Map<number, string>();
  for (const [tensorName, output] of Object.entries(names)) {
    const index = model.outputs.find((candidate) => model.tensors[candidate]?.name === tensorName);
    if (index === undefined) throw invalidTflite(`it has no output ${tensorName}`);
    wanted.set(index, output);
  }
  return wanted;
}

function neededOperators(model: TfliteModel, outputs: readonly number[]): TfliteOperator[] {
  const wanted = new Set(outputs);
  const needed: TfliteOperator[] = [];
  for (const operator of model.operators.toReversed()) {
    if (!operator.outputs.some((index) => wanted.has(index))) continue;
    if (operator.operator !== 'DEQUANTIZE') needed.push(operator);
    for (const index of operator.inputs) wanted.add(index);
  }
  return needed.reverse();
}

function convertOperator(context: Context, operator: TfliteOperator, needed: readonly TfliteOperator[]): void {
  const [output] = operator.outputs;
  if (output === undefined) throw invalidTflite(`${operator.operator} has no output`);
  if (operator.operator === 'PAD') {
    convertPad(context, operator, output, needed);
    return;
  }
  context.values.set(output, convertComputed(context, operator, output));
}

function convertComputed(context: Context, operator: TfliteOperator, output: number): string {
  const { graph } = context;
  const source = () => valueOf(context, operator.inputs[0]);
  switch (operator.operator) {
    case 'CONV_2D':
    case 'DEPTHWISE_CONV_2D':
      return convertConvolution(context, operator);
    case 'ADD':
      return activate(graph, operator.options?.int8(0) ?? 0, graph.node('Add', sumOperands(context, operator)));
    case 'MAX_POOL_2D':
      return convertMaxPool(context, operator);
    case 'RESIZE_BILINEAR':
      return convertResize(context, operator, output);
    case 'LOGISTIC':
      return graph.node('Sigmoid', [source()]);
    case 'RESHAPE':
      return convertReshape(context, operator, output);
    default:
      throw invalidTflite(`operator ${operator.operator} is not known`);
  }
}

/** Stride and activation live in different slots of the two convolution options. */
const CONVOLUTION_SLOTS = {
  CONV_2D: { activation: 3, dilationX: 4, dilationY: 5 },
  DEPTHWISE_CONV_2D: { activation: 4, dilationX: 5, dilationY: 6 },
} as const;

function convertConvolution(context: Context, operator: TfliteOperator): string {
  const depthwise = operator.operator === 'DEPTHWISE_CONV_2D';
  const slots = CONVOLUTION_SLOTS[depthwise ? 'DEPTHWISE_CONV_2D' : 'CONV_2D'];
  const options = optionsOf(operator);
  const [source = -1, weightIndex, biasIndex] = operator.inputs;
  if (options.int32(slots.dilationX, 1) !== 1 || options.int32(slots.dilationY, 1) !== 1) {
    throw invalidTflite('a convolution is dilated');
  }
  const weights = floatConstant(context.model, weightIndex, 4);
  const bias = floatConstant(context.model, biasIndex, 1);
  const laidOut = depthwise
    ? depthwiseToChannelFirst(weights.dims, weights.data)
    : ohwiToOihw(weights.dims, weights.data);
  const window: Window = {
    stride: [options.int32(2), options.int32(1)],
    kernel: [weights.dims[1] ?? 1, weights.dims[2] ?? 1],
    same: options.int8(0) === 0,
  };
  const folded = context.folded.get(source);
  const channels = tensorAt(context.model, folded?.source ?? source).dims[3] ?? 0;
  const group = depthwise ? channels : channels / (laidOut.dims[1] ?? 1);
  if (!Number.isInteger(group) || group < 1) throw invalidTflite('a convolution has weights of the wrong size');
  const { graph } = context;
  const inputs = [
    valueOf(context, folded?.source ?? source),
    graph.floats('weights', laidOut.dims, laidOut.data),
    graph.floats('bias', bias.dims, bias.data),
  ];
  const convolved = graph.node('Conv', inputs, {
    group: { int: group },
    strides: { ints: window.stride },
    pads: { ints: folded?.pads ?? samePads(tensorAt(context.model, source).dims, window) },
  });
  return activate(graph, options.int8(slots.activation), convolved);
}

interface Window {
  /** Rows, columns. */
  stride: [number, number];
  kernel: [number, number];
  /** TensorFlow's SAME padding; VALID otherwise. */
  same: boolean;
}

/** TensorFlow SAME: total = max((ceil(n/s) - 1)·s + k - n, 0), the smaller half before. */
function samePads(dims: readonly number[], { stride, kernel, same }: Window): number[] {
  if (stride.some((step) => step < 1)) throw invalidTflite('a window has no stride');
  if (!same) return [0, 0, 0, 0];
  const totals = [0, 1].map((axis) => {
    const [size, step] = [dims[axis + 1] ?? 1, stride[axis] ?? 1];
    return Math.max((Math.ceil(size / step) - 1) * step + (kernel[axis] ?? 1) - size, 0);
  });
  const [rows = 0, columns = 0] = totals;
  return [rows >> 1, columns >> 1, rows - (rows >> 1), columns - (columns >> 1)];
}

function convertMaxPool(context: Context, operator: TfliteOperator): string {
  const options = optionsOf(operator);
  const window: Window = {
    stride: [options.int32(2), options.int32(1)],
    kernel: [options.int32(4), options.int32(3)],
    same: options.int8(0) === 0,
  };
  const [source = -1] = operator.inputs;
  const pooled = context.graph.node('MaxPool', [valueOf(context, source)], {
    kernel_shape: { ints: window.kernel },
    strides: { ints: window.stride },
    pads: { ints: samePads(tensorAt(context.model, source).dims, window) },
  });
  return activate(context.graph, options.int8(5), pooled);
}

function convertResize(context: Context, operator: TfliteOperator, output: number): string {
  const options = optionsOf(operator);
  if (options.boolean(2) || !options.boolean(3)) throw invalidTflite('a resize is not half-pixel');
  const [source = -1] = operator.inputs;
  const from = tensorAt(context.model, source).dims;
  const to = tensorAt(context.model, output).dims;
  const factors = [1, 2].map((axis) => (to[axis] ?? 0) / (from[axis] ?? 0));
  if (!factors.every((factor) => Number.isInteger(factor) && factor > 0)) {
    throw invalidTflite('a resize is not by a whole factor');
  }
  const scales = context.graph.floats('scales', [4], Float32Array.of(1, 1, ...factors));
  return context.graph.node('Resize', [valueOf(context, source), '', scales], {
    mode: { string: 'linear' },
    coordinate_transformation_mode: { string: 'half_pixel' },
  });
}

/** The reshaped order is TFLite's NHWC one, so maps are transposed back first. */
function convertReshape(context: Context, operator: TfliteOperator, output: number): string {
  const { graph, model } = context;
  const [source = -1] = operator.inputs;
  const from = tensorAt(model, source).dims;
  const to = tensorAt(model, output).dims;
  if (from[0] !== 1 || to[0] !== 1 || to.length === 4) throw invalidTflite('a reshape mixes the batch dimension');
  const value = valueOf(context, source);
  const rowMajor = from.length === 4 ? graph.node('Transpose', [value], { perm: { ints: [0, 2, 3, 1] } }) : value;
  return graph.node('Reshape', [rowMajor, graph.integers('shape', [to.length], [-1, ...to.slice(1)])]);
}

/** A PAD that only VALID convolutions read becomes their padding; any other (heavy pads channels) becomes a Pad node. */
function convertPad(
  context: Context,
  operator: TfliteOperator,
  output: number,
  needed: readonly TfliteOperator[],
): void {
  const [source = -1, amounts] = operator.inputs;
  const pairs = integerConstant(context.model, amounts);
  if (pairs.length !== 8 || pairs.some((amount) => amount < 0)) throw invalidTflite('a PAD is not of a 4-D map');
  const [n0 = 0, n1 = 0, top = 0, bottom = 0, left = 0, right = 0, c0 = 0, c1 = 0] = pairs;
  const readers = needed.filter((candidate) => candidate.inputs.includes(output));
  const onlyConvolutions = readers.every(
    (reader) => reader.operator in CONVOLUTION_SLOTS && reader.options?.int8(0) === 1,
  );
  if (onlyConvolutions && n0 + n1 + c0 + c1 === 0) {
    context.folded.set(output, { source, pads: [top, left, bottom, right] });
    return;
  }
  const pads = context.graph.integers('pads', [8], [n0, c0, top, left, n1, c1, bottom, right]);
  context.values.set(output, context.graph.node('Pad', [valueOf(context, source), pads]));
}

function activate(graph: GraphBuilder, activation: number, value: string): string {
  if (activation === 0) return value;
  if (activation === 1) return graph.node('Relu', [value]);
  if (activation !== 3) throw invalidTflite(`activation ${activation} is not known`);
  return graph.node('Clip', [value, graph.scalar('zero', 0), graph.scalar('six', 6)]);
}

function sumOperands(context: Context, operator: TfliteOperator): [string, string] {
  const [left = -1, right = -1] = operator.inputs;
  const sizes = [left, right].map((index) => tensorAt(context.model, index).dims.join());
  if (sizes[0] !== sizes[1]) throw invalidTflite('an ADD has operands of different sizes');
  return [valueOf(context, left), valueOf(context, right)];
}

function channelFirst(dims: readonly number[]): (number | string)[] {
  const [, height = 1, width = 1, channels = 1] = dims;
  return dims.length === 4 ? ['N', channels, height, width] : ['N', ...dims.slice(1)];
}

function optionsOf(operator: TfliteOperator): FlatTable {
  if (operator.options === undefined) throw invalidTflite(`${operator.operator} has no options`);
  return operator.options;
}

function tensorAt(model: TfliteModel, index: number): TfliteTensor {
  const tensor = model.tensors[index];
  if (tensor === undefined) throw invalidTflite('an operator lacks an input');
  return tensor;
}

function valueOf(context: Context, index: number | undefined): string {
  const value = context.values.get(index ?? -1);
  if (value === undefined) throw invalidTflite('an operator reads a tensor before it is computed');
  return value;
}
