import type { OnnxGraph } from '../onnx/graph';
import { GraphBuilder } from '../onnx/graph';
import { hwimToChannelFirst, hwioToOihw } from '../weightLayout';
import { type GraphModel, type GraphOperator, invalid } from './graphModel';

/** One head to keep: the node in the TFJS graph, and what the ONNX output is to be called. */
export interface WantedHead {
  node: string;
  output: string;
  channels: number;
}

/** What {@link convertGraphModel} is told beside the model. */
export interface GraphConversion {
  name: string;
  /** ONNX input name; the TFJS graph must have one placeholder, read as an NHWC picture of 3 channels. */
  input: string;
  heads: readonly WantedHead[];
  /** Every side of the input is a multiple of this, so that SAME padding does not depend on the size. */
  sizeMultiple: number;
}

/**
 * Converts the convolutional part of a TFJS graph model to ONNX, from the wanted heads backwards; everything that the
 * heads do not need is left out. NHWC becomes NCHW; batch, height and width stay free (`N`, `H`, `W`).
 * Operators: (fused) convolution and depthwise convolution, add, sub, mul, cast, half-pixel bilinear resize by a
 * constant factor. Source: TensorFlow operator definitions; pitfalls in docs of the model card.
 * @throws AppError `MODEL_INVALID` on any other operator or attribute, or on a graph that is not in execution order.
 */
export function convertGraphModel(model: GraphModel, conversion: GraphConversion): OnnxGraph {
  const needed = neededOperators(model, conversion.heads);
  const context: Context = { model, conversion, graph: new GraphBuilder(conversion.name), values: new Map() };
  for (const operator of needed) context.values.set(operator.name, convertOperator(context, operator));
  for (const head of conversion.heads) {
    context.graph.output(head.output, valueOf(context, head.node), ['N', head.channels, 'h', 'w']);
  }
  return context.graph.build();
}

interface Context {
  model: GraphModel;
  conversion: GraphConversion;
  graph: GraphBuilder;
  /** ONNX value name by TFJS node name. */
  values: Map<string, string>;
}

const ELEMENTWISE: Readonly<Record<string, string>> = { AddV2: 'Add', Add: 'Add', Sub: 'Sub', Mul: 'Mul' };

function neededOperators(model: GraphModel, heads: readonly WantedHead[]): GraphOperator[] {
  const wanted = new Set(heads.map((head) => head.node));
  const needed: GraphOperator[] = [];
  for (const operator of model.operators.toReversed()) {
    if (!wanted.has(operator.name) || model.constants.has(operator.name)) continue;
    needed.push(operator);
    // The size of a resize comes from a shape computation; only its constant factor is needed.
    const inputs = operator.operator === 'ResizeBilinear' ? operator.inputs.slice(0, 1) : operator.inputs;
    for (const input of inputs) wanted.add(input);
  }
  return needed.reverse();
}

function convertOperator(context: Context, operator: GraphOperator): string {
  const { graph, conversion } = context;
  switch (operator.operator) {
    case 'Placeholder':
      return graph.input(conversion.input, ['N', 3, 'H', 'W']);
    case 'Cast':
      return valueOf(context, operator.inputs[0]);
    case 'AddV2':
    case 'Add':
    case 'Sub':
    case 'Mul':
      return convertElementwise(context, operator);
    case '_FusedConv2D':
    case 'Conv2D':
    case 'FusedDepthwiseConv2dNative':
    case 'DepthwiseConv2dNative':
      return convertConvolution(context, operator);
    case 'ResizeBilinear':
      return convertResize(context, operator);
    default:
      throw invalid(`operator ${operator.operator} (${operator.name}) is not known`);
  }
}

function convertElementwise(context: Context, operator: GraphOperator): string {
  const [left, right] = operator.inputs;
  const constant = right === undefined ? undefined : context.model.constants.get(right);
  if (constant?.data.every((value) => value === 0) && operator.operator !== 'Mul') return valueOf(context, left);
  return context.graph.node(ELEMENTWISE[operator.operator] ?? '', [
    operandOf(context, left),
    operandOf(context, right),
  ]);
}

/** A value, or a constant that is a scalar or one number per channel, as an initialiser laid out for NCHW. */
function operandOf(context: Context, name: string | undefined): string {
  const constant = name === undefined ? undefined : context.model.constants.get(name);
  if (constant === undefined) return valueOf(context, name);
  const channels = constant.data.length;
  if (channels !== 1 && constant.dims.at(-1) !== channels) throw invalid(`constant ${name} is not one row of channels`);
  return context.graph.floats('constant', channels === 1 ? [] : [1, channels, 1, 1], Float32Array.from(constant.data));
}

function convertConvolution(context: Context, operator: GraphOperator): string {
  const [source, weightsName, biasName] = operator.inputs;
  const weights = floatConstant(context, weightsName, 4);
  const depthwise = operator.operator.includes('Depthwise');
  const laidOut = depthwise ? hwimToChannelFirst(weights.dims, weights.data) : hwioToOihw(weights.dims, weights.data);
  const inputs = [valueOf(context, source), context.graph.floats('weights', laidOut.dims, laidOut.data)];
  if (operator.fusedOperators[0] === 'BiasAdd') {
    const bias = floatConstant(context, biasName, 1);
    inputs.push(context.graph.floats('bias', bias.dims, bias.data));
  }
  const convolved = context.graph.node('Conv', inputs, {
    group: { int: depthwise ? (weights.dims[2] ?? 1) : 1 },
    strides: { ints: strideOf(operator) },
    pads: { ints: paddingOf(operator, weights.dims, context.conversion.sizeMultiple) },
  });
  return activate(context.graph, operator, convolved);
}

function activate(graph: GraphBuilder, operator: GraphOperator, value: string): string {
  const activations = operator.fusedOperators.filter((name) => name !== 'BiasAdd');
  switch (activations.join()) {
    case '':
      return value;
    case 'Relu':
      return graph.node('Relu', [value]);
    case 'Relu6':
      return graph.node('Clip', [value, graph.scalar('zero', 0), graph.scalar('six', 6)]);
    default:
      throw invalid(`activation ${activations.join()} (${operator.name}) is not known`);
  }
}

function strideOf(operator: GraphOperator): number[] {
  const [batch, rows, columns, channels] = operator.strides;
  const dilated = operator.dilations.some((dilation) => dilation !== 1);
  if (operator.dataFormat !== 'NHWC' || batch !== 1 || channels !== 1 || dilated || !rows || rows !== columns) {
    throw invalid(`convolution ${operator.name} has an unexpected layout, stride or dilation`);
  }
  return [rows, rows];
}

/** TensorFlow's SAME: total = kernel - stride where the stride divides the size, the smaller half before. */
function paddingOf(operator: GraphOperator, kernel: readonly number[], sizeMultiple: number): number[] {
  if (operator.padding === 'VALID') return [0, 0, 0, 0];
  const stride = operator.strides[1] ?? 1;
  if (operator.padding !== 'SAME' || sizeMultiple % stride !== 0) {
    throw invalid(`convolution ${operator.name} has an unexpected padding`);
  }
  const [top, left] = [kernel[0] ?? 1, kernel[1] ?? 1].map((size) => Math.max(size - stride, 0));
  const [rows, columns] = [top ?? 0, left ?? 0];
  return [rows >> 1, columns >> 1, rows - (rows >> 1), columns - (columns >> 1)];
}

function convertResize(context: Context, operator: GraphOperator): string {
  const size = context.model.operators.find((candidate) => candidate.name === operator.inputs[1]);
  const factor = size?.inputs.map((name) => context.model.constants.get(name)).find((found) => found !== undefined);
  const [rows, columns] = factor?.data ?? [];
  if (size?.operator !== 'Mul' || !rows || !columns || !operator.halfPixelCenters || operator.alignCorners) {
    throw invalid(`resize ${operator.name} is not a half-pixel resize by a constant factor`);
  }
  const scales = context.graph.floats('scales', [4], Float32Array.of(1, 1, rows, columns));
  return context.graph.node('Resize', [valueOf(context, operator.inputs[0]), '', scales], {
    mode: { string: 'linear' },
    coordinate_transformation_mode: { string: 'half_pixel' },
  });
}

function floatConstant(context: Context, name: string | undefined, rank: number) {
  const constant = name === undefined ? undefined : context.model.constants.get(name);
  if (constant === undefined || !(constant.data instanceof Float32Array) || constant.dims.length !== rank) {
    throw invalid(`${name ?? 'a missing input'} is not a float constant of rank ${rank}`);
  }
  return { dims: constant.dims, data: constant.data };
}

function valueOf(context: Context, name: string | undefined): string {
  const value = name === undefined ? undefined : context.values.get(name);
  if (value === undefined) throw invalid(`${name ?? 'a missing input'} is used before it is computed`);
  return value;
}
