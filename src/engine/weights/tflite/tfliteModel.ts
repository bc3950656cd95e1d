import { FlatTable, invalidTflite } from './flatBuffer';

/** Tensor element types of the TFLite schema that occur here. */
const ELEMENT_TYPES: Readonly<Record<number, TfliteTensor['type']>> = { 0: 'float32', 1: 'float16', 2: 'int32' };

/** Builtin operator codes of the TFLite schema (`BuiltinOperator`) that occur in the pose networks. */
const OPERATOR_NAMES: Readonly<Record<number, string>> = {
  0: 'ADD',
  3: 'CONV_2D',
  4: 'DEPTHWISE_CONV_2D',
  6: 'DEQUANTIZE',
  14: 'LOGISTIC',
  17: 'MAX_POOL_2D',
  22: 'RESHAPE',
  23: 'RESIZE_BILINEAR',
  34: 'PAD',
};

/** A tensor of the graph; `data` is empty when it is computed. Layout NHWC. */
export interface TfliteTensor {
  name: string;
  dims: readonly number[];
  type: 'float32' | 'float16' | 'int32' | 'other';
  data: Uint8Array;
  sparse: boolean;
}

/** One operator; `options` is its builtin options table, addressed by schema slot. */
export interface TfliteOperator {
  operator: string;
  inputs: readonly number[];
  outputs: readonly number[];
  options: FlatTable | undefined;
}

/** The single subgraph of a TFLite file; operators are in execution order. */
export interface TfliteModel {
  tensors: readonly TfliteTensor[];
  operators: readonly TfliteOperator[];
  inputs: readonly number[];
  outputs: readonly number[];
}

/**
 * Reads a TFLite file with one subgraph (schema version 3).
 * @throws AppError `MODEL_INVALID` when the bytes are not such a file, or end early.
 */
export function readTfliteModel(bytes: Uint8Array): TfliteModel {
  const root = FlatTable.root(bytes, 'TFL3');
  if (root.uint32(0) !== 3) throw invalidTflite(`its schema version is ${root.uint32(0)}, expected 3`);
  const [subgraph, ...others] = root.tables(2);
  if (subgraph === undefined || others.length > 0) throw invalidTflite('it does not have exactly one subgraph');
  const buffers = root.tables(4);
  const operatorNames = root.tables(1).map(operatorName);
  const tensors = subgraph.tables(0).map((table) => readTensor(table, buffers));
  const operators = subgraph.tables(3).map((table) => readOperator(table, operatorNames, tensors.length));
  return { tensors, operators, inputs: subgraph.integers(1), outputs: subgraph.integers(2) };
}

function operatorName(code: FlatTable): string {
  const number = Math.max(code.int8(0), code.int32(3));
  return OPERATOR_NAMES[number] ?? `operator ${number}`;
}

function readTensor(table: FlatTable, buffers: readonly FlatTable[]): TfliteTensor {
  const dims = table.integers(0);
  if (dims.some((dim) => dim < 0)) throw invalidTflite('a tensor has a negative size');
  return {
    name: table.string(3),
    dims,
    type: ELEMENT_TYPES[table.int8(1)] ?? 'other',
    data: buffers[table.uint32(2)]?.bytes(0) ?? new Uint8Array(0),
    sparse: table.table(6) !== undefined,
  };
}

function readOperator(table: FlatTable, names: readonly string[], tensorCount: number): TfliteOperator {
  const operator = names[table.uint32(0)];
  const inputs = table.integers(1);
  const outputs = table.integers(2);
  if (operator === undefined) throw invalidTflite('an operator has no code');
  if ([...inputs, ...outputs].some((index) => index < -1 || index >= tensorCount)) {
    throw invalidTflite(`${operator} refers to a tensor that is not there`);
  }
  return { operator, inputs, outputs, options: table.table(4) };
}
