import { z } from 'zod';
import { AppError } from '#core/errors';
import { widenHalfFloats } from '../halfFloat';

/** A constant of a TFJS graph model, row-major, with the layout TensorFlow gives it (NHWC, HWIO, HWIM). */
export interface GraphConstant {
  dims: readonly number[];
  data: Float32Array | Int32Array;
}

/** One operator of a TFJS graph model. */
export interface GraphOperator {
  name: string;
  operator: string;
  /** Names of the nodes it reads; output numbers (`:1`) are kept. */
  inputs: readonly string[];
  /** Decoded attributes that converters look at; strings are plain text here, base64 in the file. */
  strides: readonly number[];
  dilations: readonly number[];
  padding: string | undefined;
  dataFormat: string | undefined;
  fusedOperators: readonly string[];
  halfPixelCenters: boolean;
  alignCorners: boolean;
}

/** A TFJS graph model: operators in execution order and its constants by node name. */
export interface GraphModel {
  operators: readonly GraphOperator[];
  constants: ReadonlyMap<string, GraphConstant>;
}

const attributeSchema = z.object({
  s: z.string().optional(),
  b: z.boolean().optional(),
  list: z.object({ i: z.array(z.coerce.number().int()).optional(), s: z.array(z.string()).optional() }).optional(),
});

const nodeSchema = z.object({
  name: z.string().min(1),
  op: z.string().min(1),
  input: z.array(z.string()).default([]),
  attr: z.record(z.string(), attributeSchema).default({}),
});

const weightSchema = z.object({
  name: z.string().min(1),
  shape: z.array(z.number().int().min(0).max(1_000_000)).max(8),
  dtype: z.enum(['float32', 'int32']),
  quantization: z.object({ dtype: z.literal('float16') }).optional(),
});

const graphModelSchema = z.object({
  format: z.literal('graph-model'),
  modelTopology: z.object({ node: z.array(nodeSchema).max(100_000) }),
  weightsManifest: z.array(z.object({ weights: z.array(weightSchema) })).length(1),
});

/**
 * Reads a TFJS graph model: the parsed `model.json` and the bytes of its single weights file (float16-stored weights
 * are widened to float32).
 * @throws AppError `MODEL_INVALID` when either is malformed, truncated or uses other data types.
 */
export function readGraphModel(json: unknown, weights: Uint8Array): GraphModel {
  const parsed = graphModelSchema.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw invalid(`it is not a TFJS graph model (${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'unreadable'})`);
  }
  return {
    operators: parsed.data.modelTopology.node.map(readOperator),
    constants: readConstants(parsed.data.weightsManifest[0]?.weights ?? [], weights),
  };
}

/** The error for a TFJS model that cannot be used. */
export function invalid(reason: string): AppError {
  return new AppError('MODEL_INVALID', `The TFJS model cannot be converted: ${reason}`);
}

function readOperator(node: z.infer<typeof nodeSchema>): GraphOperator {
  const { attr } = node;
  return {
    name: node.name,
    operator: node.op,
    inputs: node.input.filter((name) => !name.startsWith('^')),
    strides: attr['strides']?.list?.i ?? [],
    dilations: attr['dilations']?.list?.i ?? [],
    padding: decodeText(attr['padding']?.s),
    dataFormat: decodeText(attr['data_format']?.s),
    fusedOperators: (attr['fused_ops']?.list?.s ?? []).map((text) => decodeText(text) ?? ''),
    halfPixelCenters: attr['half_pixel_centers']?.b ?? false,
    alignCorners: attr['align_corners']?.b ?? false,
  };
}

function decodeText(base64: string | undefined): string | undefined {
  return base64 === undefined ? undefined : Buffer.from(base64, 'base64').toString('utf8');
}

function readConstants(
  weights: readonly z.infer<typeof weightSchema>[],
  bytes: Uint8Array,
): Map<string, GraphConstant> {
  const constants = new Map<string, GraphConstant>();
  let at = 0;
  for (const { name, shape, dtype, quantization } of weights) {
    const byteLength = shape.reduce((product, dim) => product * dim, 1) * (quantization === undefined ? 4 : 2);
    if (at + byteLength > bytes.byteLength) throw invalid(`its weights file ends inside ${name}`);
    // A copy with a buffer of its own: slice() of a Node Buffer would be a view, and unaligned.
    const run = Uint8Array.from(bytes.subarray(at, at + byteLength));
    constants.set(name, { dims: shape, data: decodeValues(run, dtype, quantization !== undefined) });
    at += byteLength;
  }
  if (at !== bytes.byteLength) throw invalid(`its weights file has ${bytes.byteLength} bytes, expected ${at}`);
  return constants;
}

function decodeValues(bytes: Uint8Array, dtype: 'float32' | 'int32', half: boolean): Float32Array | Int32Array {
  if (half) return widenHalfFloats(bytes);
  return dtype === 'float32' ? new Float32Array(bytes.buffer) : new Int32Array(bytes.buffer);
}
