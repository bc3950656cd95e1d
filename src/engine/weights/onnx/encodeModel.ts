import type { Attribute, Initializer, OnnxGraph, OnnxNode, ValueInfo } from './graph';
import { ProtobufMessage } from './protobuf';

/** ONNX intermediate-representation version written: 8, read by every ONNX Runtime since 1.10. */
export const ONNX_IR_VERSION = 8;
/** Operator-set version written. */
export const ONNX_OPSET = 17;

const ELEMENT_TYPE = { float32: 1, int64: 7 } as const;
const ATTRIBUTE_TYPE = { float: 1, int: 2, string: 3, floats: 6, ints: 7 } as const;

/**
 * Encodes a graph as a ModelProto (field numbers of onnx/onnx.proto3; ir_version {@link ONNX_IR_VERSION}, opset
 * {@link ONNX_OPSET}). Deterministic: the same graph gives the same bytes.
 */
export function encodeModel(graph: OnnxGraph): Uint8Array {
  return encode(graph, encodeInitializer);
}

/** A model whose large constants are in a file of their own, beside the model's. */
export interface SplitModel {
  /** The ModelProto; it names the weights file, so both must lie in one folder. */
  model: Uint8Array;
  /** The weights file as byte runs in order; views of the graph's constants, so nothing is copied. */
  weights: readonly Uint8Array[];
}

/** Constants below this many bytes stay in the model: the runtime reads shapes and axes while it plans. */
const EXTERNAL_FROM_BYTES = 4096;
/** Constants begin at whole pages, so that a runtime can map the file instead of reading it. */
const PAGE = 4096;

/**
 * As {@link encodeModel}, with every float constant of {@link EXTERNAL_FROM_BYTES} or more in the file `weightsFile`
 * (TensorProto.external_data: location, offset, length). For networks near or above protobuf's 2 GB, and to write
 * weights without a second copy in memory. Deterministic: the same graph and name give the same bytes.
 * @param weightsFile file name without folder
 */
export function encodeSplitModel(graph: OnnxGraph, weightsFile: string): SplitModel {
  const weights: Uint8Array[] = [];
  let size = 0;
  const model = encode(graph, (initializer) => {
    const bytes = rawData(initializer);
    if (initializer.type !== 'float32' || bytes.byteLength < EXTERNAL_FROM_BYTES) return encodeInitializer(initializer);
    const gap = (PAGE - (size % PAGE)) % PAGE;
    if (gap > 0) weights.push(new Uint8Array(gap));
    const message = initializerHead(initializer)
      .message(13, entry('location', weightsFile))
      .message(13, entry('offset', String(size + gap)))
      .message(13, entry('length', String(bytes.byteLength)))
      .integer(14, EXTERNAL_LOCATION);
    weights.push(bytes);
    size += gap + bytes.byteLength;
    return message;
  });
  return { model, weights };
}

/** TensorProto.DataLocation.EXTERNAL. */
const EXTERNAL_LOCATION = 1;

function entry(key: string, value: string): ProtobufMessage {
  return new ProtobufMessage().string(1, key).string(2, value);
}

type InitializerEncoder = (initializer: Initializer) => ProtobufMessage;

function encode(graph: OnnxGraph, encodeConstant: InitializerEncoder): Uint8Array {
  return new ProtobufMessage()
    .integer(1, ONNX_IR_VERSION)
    .string(2, 'retake')
    .message(7, encodeGraph(graph, encodeConstant))
    .message(8, new ProtobufMessage().string(1, '').integer(2, ONNX_OPSET))
    .toBytes();
}

function encodeGraph(graph: OnnxGraph, encodeConstant: InitializerEncoder): ProtobufMessage {
  const message = new ProtobufMessage();
  for (const node of graph.nodes) message.message(1, encodeNode(node));
  message.string(2, graph.name);
  for (const initializer of graph.initializers) message.message(5, encodeConstant(initializer));
  for (const input of graph.inputs) message.message(11, encodeValueInfo(input));
  for (const output of graph.outputs) message.message(12, encodeValueInfo(output));
  return message;
}

function encodeNode(node: OnnxNode): ProtobufMessage {
  const message = new ProtobufMessage();
  for (const input of node.inputs) message.string(1, input);
  for (const output of node.outputs) message.string(2, output);
  message.string(3, node.outputs[0] || node.operator).string(4, node.operator);
  for (const [name, attribute] of Object.entries(node.attributes)) message.message(5, encodeAttribute(name, attribute));
  return message;
}

function encodeAttribute(name: string, attribute: Attribute): ProtobufMessage {
  const message = new ProtobufMessage().string(1, name);
  if ('float' in attribute) return message.float(2, attribute.float).integer(20, ATTRIBUTE_TYPE.float);
  if ('int' in attribute) return message.integer(3, attribute.int).integer(20, ATTRIBUTE_TYPE.int);
  if ('string' in attribute) return message.string(4, attribute.string).integer(20, ATTRIBUTE_TYPE.string);
  if ('floats' in attribute) {
    for (const value of attribute.floats) message.float(7, value);
    return message.integer(20, ATTRIBUTE_TYPE.floats);
  }
  for (const value of attribute.ints) message.integer(8, value);
  return message.integer(20, ATTRIBUTE_TYPE.ints);
}

function encodeInitializer(initializer: Initializer): ProtobufMessage {
  return initializerHead(initializer).bytes(9, rawData(initializer));
}

/** A TensorProto without its values. */
function initializerHead(initializer: Initializer): ProtobufMessage {
  const message = new ProtobufMessage();
  for (const dim of initializer.dims) message.integer(1, dim);
  return message.integer(2, ELEMENT_TYPE[initializer.type]).string(8, initializer.name);
}

function rawData(initializer: Initializer): Uint8Array {
  if (initializer.type === 'int64') {
    return new Uint8Array(BigInt64Array.from(initializer.data, (value) => BigInt(value)).buffer);
  }
  const { buffer, byteOffset, byteLength } = initializer.data;
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function encodeValueInfo(value: ValueInfo): ProtobufMessage {
  const shape = new ProtobufMessage();
  for (const dim of value.dims) {
    const dimension = new ProtobufMessage();
    shape.message(1, typeof dim === 'number' ? dimension.integer(1, dim) : dimension.string(2, dim));
  }
  const tensor = new ProtobufMessage().integer(1, ELEMENT_TYPE[value.type]).message(2, shape);
  return new ProtobufMessage().string(1, value.name).message(2, new ProtobufMessage().message(1, tensor));
}
