import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '#core/errors';
import { openSession } from '../../inference/sessions';
import { encodeModel } from '../onnx/encodeModel';
import { convertTflite } from './convertTflite';
import { type FixtureTable, writeFlatBuffer } from './flatBufferFixture';
import { readTfliteModel } from './tfliteModel';

const OPERATORS = {
  ADD: 0,
  CONV_2D: 3,
  DEPTHWISE_CONV_2D: 4,
  DEQUANTIZE: 6,
  LOGISTIC: 14,
  RESHAPE: 22,
  PAD: 34,
} as const;
const CODES = Object.keys(OPERATORS) as (keyof typeof OPERATORS)[];
const FLOAT = 0;
const HALF = 1;
const INT = 2;

interface TensorSpec {
  name: string;
  dims: number[];
  type?: number;
  data?: Uint8Array;
}

interface OperatorSpec {
  code: keyof typeof OPERATORS;
  inputs: number[];
  output: number;
  options?: FixtureTable;
}

function writeModel(tensors: TensorSpec[], operators: OperatorSpec[], outputs: number[]): Uint8Array {
  const subgraph: FixtureTable = [
    {
      tables: tensors.map(({ name, dims, type = FLOAT }, index) => [
        { ints: dims },
        { byte: type },
        { int: index },
        { text: name },
      ]),
    },
    { ints: [0] },
    { ints: outputs },
    {
      tables: operators.map(({ code, inputs, output, options }) => [
        { int: CODES.indexOf(code) },
        { ints: inputs },
        { ints: [output] },
        undefined,
        options === undefined ? undefined : { table: options },
      ]),
    },
  ];
  const codes = CODES.map(
    (code): FixtureTable => [{ byte: OPERATORS[code] }, undefined, undefined, { int: OPERATORS[code] }],
  );
  const buffers = tensors.map(({ data }): FixtureTable => [data === undefined ? undefined : { bytes: data }]);
  return writeFlatBuffer(
    [{ int: 3 }, { tables: codes }, { tables: [subgraph] }, undefined, { tables: buffers }],
    'TFL3',
  );
}

const bytesOf = (array: Float32Array | Int32Array | Uint16Array) => new Uint8Array(array.buffer);
const range = (count: number) => Array.from({ length: count }, (_, index) => index);

/** conv (float16 weights, PAD before it, RELU6) -> add to itself -> reshape; and a sigmoid that is to be pruned. */
function paddedConvolution(): Uint8Array {
  // Two 1x1-centred 3x3 kernels: the first copies, the second sums the px to the left and right.
  const weights = new Uint16Array(18);
  weights[4] = 0x3c00;
  weights[9 + 3] = 0x3c00;
  weights[9 + 5] = 0x3c00;
  return writeModel(
    [
      { name: 'image', dims: [1, 2, 3, 1] },
      { name: 'pads', dims: [4, 2], type: INT, data: bytesOf(Int32Array.of(0, 0, 1, 1, 1, 1, 0, 0)) },
      { name: 'padded', dims: [1, 4, 5, 1] },
      { name: 'half', dims: [2, 3, 3, 1], type: HALF, data: bytesOf(weights) },
      { name: 'weights', dims: [2, 3, 3, 1] },
      { name: 'bias', dims: [2], data: bytesOf(Float32Array.of(0, 0.5)) },
      { name: 'map', dims: [1, 2, 3, 2] },
      { name: 'sum', dims: [1, 2, 3, 2] },
      { name: 'shape', dims: [2], type: INT, data: bytesOf(Int32Array.of(1, 12)) },
      { name: 'Identity', dims: [1, 12] },
      { name: 'Identity_1', dims: [1, 2, 3, 2] },
    ],
    [
      { code: 'PAD', inputs: [0, 1], output: 2 },
      { code: 'DEQUANTIZE', inputs: [3], output: 4 },
      { code: 'CONV_2D', inputs: [2, 4, 5], output: 6, options: [{ byte: 1 }, { int: 1 }, { int: 1 }, { byte: 3 }] },
      { code: 'ADD', inputs: [6, 6], output: 7, options: [{ byte: 0 }] },
      { code: 'LOGISTIC', inputs: [7], output: 10 },
      { code: 'RESHAPE', inputs: [7, 8], output: 9 },
    ],
    [9, 10],
  );
}

async function run(tflite: Uint8Array, outputs: Record<string, string>, dims: number[], values: number[]) {
  const graph = convertTflite(readTfliteModel(tflite), { name: 'test', input: 'image', outputs });
  const session = await openSession(encodeModel(graph), { threads: 1 });
  const result = await session.run({ image: { data: Float32Array.from(values), dims } });
  await session.dispose();
  return { graph, result };
}

describe('convertTflite', () => {
  it('folds padding and float16 weights, keeps the NHWC order of a reshape, prunes what is not wanted', async () => {
    const { graph, result } = await run(paddedConvolution(), { Identity: 'values' }, [1, 1, 2, 3], [1, 2, 3, 4, 5, 9]);
    const operators = graph.nodes.map((node) => node.operator);
    expect(operators).not.toContain('Pad');
    expect(operators).not.toContain('Sigmoid');
    // px by px: 2·min(px, 6), 2·min(left + right + 0.5, 6)
    expect([...(result['values']?.data ?? [])]).toEqual([2, 5, 4, 9, 6, 5, 8, 11, 10, 12, 12, 11]);
    expect(result['values']?.dims).toEqual([1, 12]);
  });

  it('pads SAME with stride 2 after, not before, and pads channels with a Pad node', async () => {
    const tflite = writeModel(
      [
        { name: 'image', dims: [1, 4, 4, 1] },
        { name: 'weights', dims: [1, 3, 3, 1], data: bytesOf(Float32Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0.5)) },
        { name: 'bias', dims: [1], data: bytesOf(Float32Array.of(0)) },
        { name: 'map', dims: [1, 2, 2, 1] },
        { name: 'pads', dims: [4, 2], type: INT, data: bytesOf(Int32Array.of(0, 0, 0, 0, 0, 0, 0, 1)) },
        { name: 'wide', dims: [1, 2, 2, 2] },
        { name: 'Identity', dims: [1, 2, 2, 2] },
      ],
      [
        {
          code: 'DEPTHWISE_CONV_2D',
          inputs: [0, 1, 2],
          output: 3,
          options: [{ byte: 0 }, { int: 2 }, { int: 2 }, { int: 1 }, { byte: 0 }],
        },
        { code: 'PAD', inputs: [3, 4], output: 5 },
        { code: 'ADD', inputs: [5, 5], output: 6, options: [{ byte: 0 }] },
      ],
      [6],
    );
    const { result } = await run(tflite, { Identity: 'map' }, [1, 1, 4, 4], range(16));
    // Kernel corners (0, 0) and (2, 2) at even px: 0 + 10/2, 2 + 0, 8 + 0, 10 + 0; then doubled, and a channel of zeros.
    expect([...(result['map']?.data ?? [])]).toEqual([10, 4, 16, 20, 0, 0, 0, 0]);
  });

  it('runs a batch', async () => {
    const values = [...range(6), ...range(6).map((value) => value / 2)];
    const { result } = await run(paddedConvolution(), { Identity: 'values' }, [2, 1, 2, 3], values);
    expect(result['values']?.dims).toEqual([2, 12]);
    expect(result['values']?.data[12 + 2]).toBe(1);
  });

  it('says MODEL_INVALID for an output that is not there', () => {
    const convert = () =>
      convertTflite(readTfliteModel(paddedConvolution()), { name: 't', input: 'image', outputs: { Missing: 'x' } });
    expect(convert).toThrow(expect.objectContaining({ code: 'MODEL_INVALID' }));
  });
});

describe('hostile files', () => {
  const whole = paddedConvolution();
  const attempt = (bytes: Uint8Array) => {
    try {
      encodeModel(
        convertTflite(readTfliteModel(bytes), { name: 't', input: 'image', outputs: { Identity: 'values' } }),
      );
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      expect(error.code).toBe('MODEL_INVALID');
    }
  };

  it('refuses every truncation', () => {
    for (let length = 0; length < whole.length; length++) attempt(whole.subarray(0, length));
    expect(() => readTfliteModel(whole.subarray(0, 40))).toThrow(expect.objectContaining({ code: 'MODEL_INVALID' }));
  });

  it('converts or says MODEL_INVALID, whatever bytes are changed', () => {
    const change = fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const bytes = Uint8Array.from(whole);
        for (const [at, value] of changes) bytes[at] = value;
        attempt(bytes);
      }),
      { numRuns: 3000 },
    );
  });

  it('refuses noise', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        expect(() => readTfliteModel(noise)).toThrow(expect.objectContaining({ code: 'MODEL_INVALID' }));
      }),
    );
  });
});
