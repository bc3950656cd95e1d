import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { NdArray } from '../../../src/engine/weights/numpy/ndArray';
import { readNpy } from '../../../src/engine/weights/numpy/npy';
import { readNpz } from '../../../src/engine/weights/numpy/npz';
import { NUMPY_GLOBALS } from '../../../src/engine/weights/pickle/numpyGlobals';
import { PickleGlobal, PyInstance, PyTuple } from '../../../src/engine/weights/pickle/pickleObjects';
import { PYTHON_GLOBALS, SMPL_GLOBALS } from '../../../src/engine/weights/pickle/pythonGlobals';
import { readPickle } from '../../../src/engine/weights/pickle/readPickle';
import { readCheckpoint } from '../../../src/engine/weights/torch/readCheckpoint';
import { stateDictTensors } from '../../../src/engine/weights/torch/stateDict';
import { TorchTensor } from '../../../src/engine/weights/torch/torchTensor';

const folder = new URL('../../fixtures/vibe/containers/', import.meta.url);
const read = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(name, folder)));

/** A value as expected_containers.json describes it. */
interface Expected {
  kind: string;
  type?: string;
  dtype?: string;
  shape?: number[];
  fortran_order?: boolean;
  data?: unknown[];
  value?: unknown;
  repr?: string;
  items?: Expected[] | Record<string, Expected>;
  same_as?: string;
  class?: string;
  indptr?: number[];
  indices?: number[];
}

const expected = JSON.parse(new TextDecoder().decode(read('expected_containers.json'))) as Record<string, Expected> &
  Record<string, Record<string, Expected>>;

function follow(value: Expected): Expected {
  if (value.same_as === undefined) return value;
  const [root = '', key = ''] = value.same_as.split('.');
  return follow((expected[root] as { items: Record<string, Expected> }).items[key]!);
}

/** Numbers of the description: special ones and large integers are strings. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'string' && /^-?(\d{10,}|Infinity|NaN)$/.test(value)) {
    return /^-?\d/.test(value) ? BigInt(value) : Number(value);
  }
  return value;
}

function sameNumbers(actual: readonly unknown[], wanted: readonly unknown[], path: string): void {
  expect(actual.length, path).toBe(wanted.length);
  for (let k = 0; k < wanted.length; k++) {
    const [a, b] = [actual[k], plain(wanted[k])];
    const equal = typeof a === 'bigint' || typeof b === 'bigint' ? String(a) === String(b) : Object.is(a, b);
    if (!equal) expect(a, `${path}[${k}]`).toEqual(b);
  }
}

function sameArray(actual: unknown, wanted: Expected, path: string): void {
  expect(actual, path).toBeInstanceOf(NdArray);
  const array = actual as NdArray;
  expect([array.dtype, array.shape, array.type.littleEndian || array.type.size < 2], path).toEqual([
    wanted.dtype?.slice(1),
    wanted.shape,
    !wanted.dtype?.startsWith('>'),
  ]);
  sameNumbers(array.items(), wanted.data ?? [], path);
  if (['f', 'u', 'i'].includes(array.type.kind) && !array.dtype.endsWith('8')) {
    sameNumbers([...array.data], wanted.data ?? [], path);
  }
}

function sameTensor(actual: unknown, wanted: Expected, path: string): void {
  expect(actual, path).toBeInstanceOf(TorchTensor);
  const tensor = actual as TorchTensor;
  expect([tensor.type.name, tensor.shape], path).toEqual([wanted.dtype, wanted.shape]);
  const numbers: unknown[] = [...tensor.numbers()];
  const data = (wanted.data ?? []).flat();
  sameNumbers(wanted.dtype === 'bool' ? numbers.map((n) => n === 1) : numbers, data, path);
}

function sameSparse(actual: unknown, wanted: Expected, path: string): void {
  expect(actual, path).toBeInstanceOf(PyInstance);
  const { state } = actual as PyInstance;
  expect(state.get('_shape'), path).toEqual(PyTuple.withItems(wanted.shape ?? []));
  for (const key of ['indptr', 'indices', 'data'] as const) {
    sameNumbers((state.get(key) as NdArray).items(), wanted[key] ?? [], `${path}.${key}`);
  }
}

const OTHERS: Readonly<Record<string, (value: unknown) => boolean>> = {
  "b'\\x00\\xff'": (value) => value instanceof Uint8Array && String(value) === '0,255',
  '{1, 2}': (value) => value instanceof Set && String([...value]) === '1,2',
  'torch.float32': (value) => value instanceof PickleGlobal && value.name === 'torch.float32',
  "device(type='cpu')": (value) => value === 'cpu',
};

function sameItems(actual: unknown, items: readonly Expected[], path: string): void {
  expect((actual as unknown[]).length, path).toBe(items.length);
  items.forEach((item, k) => same((actual as unknown[])[k], item, `${path}[${k}]`));
}

/** Compares what was read with its description. */
function same(actual: unknown, description: Expected, path: string): void {
  const wanted = follow(description);
  const items = wanted.items ?? [];
  switch (wanted.kind) {
    case 'dict':
      expect(actual, path).toBeInstanceOf(Map);
      expect([...(actual as Map<unknown, unknown>).keys()].map(String), path).toEqual(Object.keys(items));
      for (const [key, value] of actual as Map<unknown, unknown>) {
        same(value, (items as Record<string, Expected>)[String(key)]!, `${path}.${String(key)}`);
      }
      return;
    case 'list':
    case 'tuple':
    case 'Size':
      expect([Array.isArray(actual), actual instanceof PyTuple], path).toEqual([true, wanted.kind !== 'list']);
      return sameItems(actual, items as Expected[], path);
    case 'tensor':
      return sameTensor(actual, wanted, path);
    case 'ndarray':
      return sameArray(actual, wanted, path);
    case 'objarray':
      return sameItems((actual as NdArray).items(), wanted.data as Expected[], path);
    case 'csc':
      return sameSparse(actual, wanted, path);
    case 'chumpy': {
      expect((actual as PyInstance).className, path).toBe(wanted.class);
      const leaf = (actual as PyInstance).state.get('x');
      return leaf === undefined ? undefined : same(leaf, wanted.value as Expected, path);
    }
    case 'other':
      return expect(OTHERS[wanted.repr ?? '']?.(actual), `${path}: ${wanted.repr}`).toBe(true);
    default:
      return sameNumbers([actual], [wanted.value], path);
  }
}

const allowed = new Map([...NUMPY_GLOBALS, ...PYTHON_GLOBALS, ...SMPL_GLOBALS]);
const files = readdirSync(folder);

describe('checkpoints of PyTorch', () => {
  it.each(files.filter((name) => name.endsWith('.pth.tar')))('%s', (name) => {
    // values.* is described under the name it had when it was made.
    const key = (name.split('.')[0] ?? '').replace('values', 'misc');
    same(readCheckpoint(read(name), name), expected[key] as Expected, key);
  });

  it('give float32 weights by key, with the prefix of data-parallel training stripped', () => {
    const checkpoint = readCheckpoint(read('spin_tiny.zip.pth.tar'), 'spin') as Map<string, Map<string, unknown>>;
    const weights = stateDictTensors(checkpoint.get('model'), 'spin');
    expect(weights.get('conv1.weight')?.shape).toEqual([4, 3, 7, 7]);
    expect(weights.get('conv1.weight')?.data).toHaveLength(588);
    expect(weights.has('bn1.num_batches_tracked')).toBe(false);
    const wrapped = new Map([...checkpoint.get('model')!].map(([name, value]) => [`module.${name}`, value]));
    expect([...stateDictTensors(wrapped, 'spin').keys()]).toEqual([...weights.keys()]);
    const extra = readCheckpoint(read('tensors_extra.legacy.pth.tar'), 'extra') as Map<string, unknown>;
    expect(stateDictTensors(extra, 'extra').get('double')?.data).toBeInstanceOf(Float32Array);
  });
});

describe('pickles', () => {
  it.each([
    ['smpl_tiny_py2_proto2.pkl', 'smpl_tiny_py2'],
    ['smpl_tiny_py2_proto0.pkl', 'smpl_tiny_py2'],
    ['smpl_tiny_py2_select_proto2.pkl', 'smpl_tiny_py2_select'],
    ['smpl_tiny_chumpy_py3_proto4.pkl', 'smpl_tiny_py2'],
    ['smpl_tiny_plain_py3_proto2.pkl', 'smpl_tiny_plain'],
    ['smpl_tiny_plain_py3_proto3.pkl', 'smpl_tiny_plain'],
    ['smpl_tiny_plain_py3_proto4.pkl', 'smpl_tiny_plain'],
    ['smpl_tiny_plain_py3_proto5.pkl', 'smpl_tiny_plain'],
    ['gmm_tiny_py2_proto0.pkl', 'gmm_tiny'],
  ])('%s', (name, key) => {
    same(readPickle(read(name), name, { allowed }), expected[key] as Expected, key);
  });
});

describe('arrays of numpy', () => {
  it.each([
    ['arrays.npz', 'npz'],
    ['arrays_compressed.npz', 'npz'],
    ['smpl_mean_params.npz', 'smpl_mean_params'],
    ['object_array.npz', 'object_array'],
  ])('%s', (name, key) => {
    const arrays = readNpz(read(name), () => true, name);
    const wanted = expected[key] as Record<string, Expected>;
    expect([...arrays.keys()].sort()).toEqual(Object.keys(wanted).sort());
    for (const [field, array] of arrays) same(array, wanted[field]!, `${name}.${field}`);
  });

  it('mixed.npz: stored and deflated members of all sizes', () => {
    expect(readNpz(read('mixed.npz')).size).toBeGreaterThan(0);
  });

  it.each(['c_order.npy', 'fortran.npy', 'version2.npy', 'version3.npy'])('%s', (name) => {
    const array = readNpy(read(name), name);
    expect([...array.data]).toHaveLength(array.count);
  });

  it('c_order.npy and fortran.npy hold the same numbers', () => {
    expect(readNpy(read('fortran.npy')).data).toEqual(readNpy(read('c_order.npy')).data);
  });
});
