import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '#core/errors';
import { openSession } from '../../inference/sessions';
import { encodeModel } from '../onnx/encodeModel';
import { convertGraphModel } from './convertGraphModel';
import { readGraphModel } from './graphModel';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const HALF = { quantization: { dtype: 'float16' } };

interface Weight {
  name: string;
  shape: number[];
  values: number[];
  dtype?: 'int32';
  half?: boolean;
}

const WEIGHTS: Weight[] = [
  { name: 'zero', shape: [1, 1, 1, 3], values: [0, 0, 0] },
  { name: 'scale', shape: [1, 1, 1, 3], values: [1, 10, 100] },
  // 2x2 kernel, 3 channels in, 1 out: takes the upper left px of each channel.
  { name: 'kernel', shape: [2, 2, 3, 1], values: [1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0] },
  { name: 'bias', shape: [1], values: [-1] },
  { name: 'factor', shape: [2], values: [2, 2], dtype: 'int32' },
  // 1x1 depthwise with 2 outputs for the single channel; 2.5 as binary16 is 0x4100, 1 is 0x3c00.
  { name: 'depth', shape: [1, 1, 1, 2], values: [0x4100, 0x3c00], half: true },
];

function convolution(name: string, op: string, input: string[], extra: object) {
  return {
    name,
    op,
    input,
    attr: {
      strides: { list: { i: ['1', '1', '1', '1'] } },
      dilations: { list: { i: ['1', '1', '1', '1'] } },
      padding: { s: base64('SAME') },
      data_format: { s: base64('NHWC') },
      ...extra,
    },
  };
}

function model() {
  const bytes = WEIGHTS.map(({ values, dtype, half }) => {
    const array = half ? Uint16Array.from(values) : dtype ? Int32Array.from(values) : Float32Array.from(values);
    return Buffer.from(array.buffer);
  });
  const fused = { fused_ops: { list: { s: [base64('BiasAdd'), base64('Relu6')] } } };
  const json = {
    format: 'graph-model',
    modelTopology: {
      node: [
        ...WEIGHTS.map(({ name }) => ({ name, op: 'Const', attr: {} })),
        { name: 'input', op: 'Placeholder', attr: {} },
        { name: 'float', op: 'Cast', input: ['input'], attr: {} },
        { name: 'centred', op: 'Sub', input: ['float', 'zero'], attr: {} },
        { name: 'scaled', op: 'Mul', input: ['centred', 'scale'], attr: {} },
        convolution('conv', '_FusedConv2D', ['scaled', 'kernel', 'bias'], fused),
        { name: 'shape', op: 'Shape', input: ['conv'], attr: {} },
        { name: 'size', op: 'Mul', input: ['shape', 'factor'], attr: {} },
        {
          name: 'resized',
          op: 'ResizeBilinear',
          input: ['conv', 'size'],
          attr: { half_pixel_centers: { b: true }, align_corners: { b: false } },
        },
        convolution('head', 'DepthwiseConv2dNative', ['resized', 'depth'], {}),
        { name: 'unknown', op: 'TopKV2', input: ['head'], attr: {} },
      ],
    },
    weightsManifest: [
      {
        weights: WEIGHTS.map(({ name, shape, dtype, half }) => ({
          name,
          shape,
          dtype: dtype ?? 'float32',
          ...(half ? HALF : {}),
        })),
      },
    ],
  };
  return { json, weights: Uint8Array.from(Buffer.concat(bytes)) };
}

const CONVERSION = {
  name: 'test',
  input: 'image',
  heads: [{ node: 'head', output: 'head', channels: 2 }],
  sizeMultiple: 2,
};

describe('convertGraphModel', () => {
  it('converts what the head needs, in NCHW, with free sizes', async () => {
    const { json, weights } = model();
    const graph = convertGraphModel(readGraphModel(json, weights), CONVERSION);
    const session = await openSession(encodeModel(graph), { threads: 1 });
    // 2 x 2 px; channels in planes. conv = min(max(r + 10 g + 100 b - 1, 0), 6); SAME keeps the size.
    const data = Float32Array.of(1, 3, 5, 9, 0, 0, 0, 0, 0, 0, 0, 0);
    const { head } = await session.run({ image: { data, dims: [1, 3, 2, 2] } });
    await session.dispose();
    expect(head?.dims).toEqual([1, 2, 4, 4]);
    // Half-pixel resize of [[0, 2], [4, 6]] by 2: corners stay.
    const plane = [...(head?.data ?? [])].slice(16);
    expect(plane.slice(0, 4)).toEqual([0, 0.5, 1.5, 2]);
    expect(plane.slice(12)).toEqual([4, 4.5, 5.5, 6]);
    expect([...(head?.data ?? [])].slice(0, 4)).toEqual([0, 1.25, 3.75, 5]);
  });

  it('runs for another size and batch without conversion', async () => {
    const { json, weights } = model();
    const session = await openSession(encodeModel(convertGraphModel(readGraphModel(json, weights), CONVERSION)), {
      threads: 1,
    });
    const { head } = await session.run({ image: { data: new Float32Array(2 * 3 * 4 * 6), dims: [2, 3, 4, 6] } });
    await session.dispose();
    expect(head?.dims).toEqual([2, 2, 8, 12]);
  });

  it('names an operator that it does not know', () => {
    const { json, weights } = model();
    const heads = [{ node: 'unknown', output: 'x', channels: 1 }];
    expect(() => convertGraphModel(readGraphModel(json, weights), { ...CONVERSION, heads })).toThrow(/TopKV2/);
  });
});

describe('hostile models', () => {
  it('refuses weights that end early or go on too long', () => {
    const { json, weights } = model();
    for (const bytes of [weights.subarray(0, weights.length - 1), Uint8Array.of(...weights, 0)]) {
      expect(() => readGraphModel(json, bytes)).toThrow(expect.objectContaining({ code: 'MODEL_INVALID' }));
    }
  });

  it('converts or says MODEL_INVALID when any part of the description is replaced', () => {
    const { json, weights } = model();
    const text = JSON.stringify(json);
    const tokens = [...text.matchAll(/"[^"]*"|\btrue\b|\d+/g)];
    const token = fc.nat(tokens.length - 1);
    const replacement = fc.oneof(
      fc.jsonValue({ maxDepth: 1 }).map((value) => JSON.stringify(value)),
      fc.constantFrom('"conv"', '"0"', '-1', '"3"'),
    );
    fc.assert(
      fc.property(token, replacement, (index, value) => {
        const match = tokens[index];
        const start = match?.index ?? 0;
        const changed = text.slice(0, start) + value + text.slice(start + (match?.[0].length ?? 0));
        let parsed: unknown;
        try {
          parsed = JSON.parse(changed);
        } catch {
          return;
        }
        try {
          encodeModel(convertGraphModel(readGraphModel(parsed, weights), CONVERSION));
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          expect(error.code).toBe('MODEL_INVALID');
        }
      }),
      { numRuns: 2000 },
    );
  });
});
