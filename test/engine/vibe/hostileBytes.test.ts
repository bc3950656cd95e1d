import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateRawSync, deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '#core/errors';
import { readSmpl } from '#engine/bodymodel/smpl/readSmpl';
import { decodeVibeOutput } from '#engine/weights/joblib/decodeVibeOutput';
import { readJoblib } from '#engine/weights/joblib/readJoblib';
import { NdArray } from '#engine/weights/numpy/ndArray';
import { readNpy } from '#engine/weights/numpy/npy';
import { readNpz } from '#engine/weights/numpy/npz';
import { NUMPY_GLOBALS } from '#engine/weights/pickle/numpyGlobals';
import { PYTHON_GLOBALS } from '#engine/weights/pickle/pythonGlobals';
import { readPickle } from '#engine/weights/pickle/readPickle';
import { readCheckpoint } from '#engine/weights/torch/readCheckpoint';
import { stateDictTensors } from '#engine/weights/torch/stateDict';
import { readZip } from '#engine/weights/zip/readZip';

const fixtures = join(import.meta.dirname, '..', '..', 'fixtures', 'vibe');

/** Longest that a reader may take over any of these small files, ms; on an idle machine it takes a few. */
const LIMIT_MS = 4000;
/** Most that a reader may allocate for any of them, bytes. */
const LIMIT_BYTES = 700 * 1024 * 1024;

/** Reads everything that a file promises, as its users do. */
function readAll(name: string, bytes: Uint8Array): unknown {
  if (name.endsWith('.npy')) return readNpy(bytes, name).items().length;
  if (name.endsWith('.npz')) return [...readNpz(bytes, () => true, name).values()].map((array) => array.items().length);
  if (name.endsWith('.pth.tar')) {
    const value = readCheckpoint(bytes, name);
    const inner = value instanceof Map ? [value, ...(value.values() as Iterable<unknown>)] : [];
    const dicts = inner.filter((part) => part instanceof Map);
    return dicts.map((dict) => [...stateDictTensors(dict, name).values()].map(({ data }) => data.length));
  }
  if (name.startsWith('smpl')) return readSmpl(bytes, 'neutral', name).id;
  if (name.startsWith('gmm') || name.startsWith('mixed')) {
    const value = readJoblib(bytes, name);
    return value instanceof Map
      ? [...value.values()].map((part) => (part instanceof NdArray ? part.items().length : 0))
      : value;
  }
  return [...decodeVibeOutput(bytes, name).values()].map(
    ({ verts }) => [...(verts.chunks() as Iterable<unknown>)].length,
  );
}

/** What a reader says, within the limits; anything but a value or an AppError is a fault. */
function outcome(read: () => unknown): string {
  const [start, before] = [performance.now(), process.memoryUsage()];
  let said = 'value';
  try {
    read();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    said = `${error.code}: ${error.message}`;
  }
  const after = process.memoryUsage();
  expect(performance.now() - start).toBeLessThan(LIMIT_MS);
  expect(after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers).toBeLessThan(LIMIT_BYTES);
  return said;
}

const FILES = ['containers', 'joblib'].flatMap((folder) =>
  readdirSync(join(fixtures, folder))
    .filter((name) => !/\.(json|py)$/.test(name))
    .map((name) => [name, new Uint8Array(readFileSync(join(fixtures, folder, name)))] as const),
);

/** Places of interest: beginnings and ends, where lengths and names are, and anywhere. */
const place = (length: number): fc.Arbitrary<number> =>
  fc.oneof(
    fc.nat({ max: length - 1 }),
    fc.nat({ max: Math.min(length - 1, 400) }),
    fc.nat({ max: Math.min(length - 1, 400) }).map((back) => length - 1 - back),
  );

/** Large files are read a few times only, small ones often. */
const runs = (bytes: Uint8Array): number => (bytes.length > 100_000 ? 12 : 120);

describe.each(FILES)('%s', (name, bytes) => {
  it('is read whole, and nothing of it when it is cut off', () => {
    expect(outcome(() => readAll(name, bytes))).toBe('value');
    fc.assert(
      fc.property(place(bytes.length), (end) => {
        expect(outcome(() => readAll(name, bytes.subarray(0, end)))).not.toBe('value');
      }),
      { numRuns: runs(bytes) },
    );
  });

  it('with bytes changed gives a value or an AppError', () => {
    const change = fc.tuple(place(bytes.length), fc.nat({ max: 255 }));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const copy = bytes.slice();
        for (const [at, value] of changes) copy[at] = value;
        outcome(() => readAll(name, copy));
      }),
      { numRuns: runs(bytes) },
    );
  });

  it('with parts moved, repeated or taken from another file gives a value or an AppError', () => {
    const other = fc.constantFrom(...FILES.map(([, content]) => content).filter((content) => content.length < 20_000));
    const part = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat({ max: 300 }));
    fc.assert(
      fc.property(place(bytes.length), other, part, fc.boolean(), (at, source, [share, length], replace) => {
        const from = Math.floor(share * source.length);
        const piece = source.subarray(from, from + length);
        const rest = bytes.subarray(replace ? Math.min(bytes.length, at + piece.length) : at);
        outcome(() => readAll(name, new Uint8Array(Buffer.concat([bytes.subarray(0, at), piece, rest]))));
      }),
      { numRuns: runs(bytes) },
    );
  });
});

const allowed = new Map([...NUMPY_GLOBALS, ...PYTHON_GLOBALS]);
const ascii = (text: string): number[] => [...new TextEncoder().encode(text)];
const pickled = (...parts: (string | number[])[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? ascii(part) : part)));
const said = (bytes: Uint8Array): string => outcome(() => readPickle(bytes, 'x.pkl', { allowed }));

describe('a pickle made to do harm', () => {
  it.each([
    ['os.system by GLOBAL', pickled('cos\nsystem\n(S', "'echo hello'", '\ntR.'), 'os.system'],
    [
      'posix.system by STACK_GLOBAL',
      pickled([0x80, 4, 0x8c, 5], 'posix', [0x8c, 6], 'system', [0x93], '.'),
      'posix.system',
    ],
    ['builtins.eval by INST', pickled("(S'1'\nibuiltins\neval\n."), 'builtins.eval'],
    ['getattr by OBJ', pickled('(c__builtin__\ngetattr\no.'), '__builtin__.getattr'],
    ['torch.load', pickled('ctorch\nload\n.'), 'torch.load'],
    ['a name of the prototype chain', pickled('c__proto__\nconstructor\n.'), '__proto__.constructor'],
  ])('by %s is refused by name and nothing is run', (_, bytes, name) => {
    expect(said(bytes)).toMatch(/^WEIGHTS_INVALID/);
    expect(said(bytes)).toContain(JSON.stringify(name));
  });

  it('by doubling through the memo stays small', () => {
    // l = []; then thirty times l = [l, l] by reference: 2^30 leaves if anyone copied.
    const doubling = Array.from({ length: 30 }, (_, k) => [0x5d, 0x71, k + 1, 0x28, 0x68, k, 0x68, k, 0x65]).flat();
    expect(said(pickled(']q', [0], doubling, '.'))).toBe('value');
  });

  it('by asking for the same copy again and again is refused', () => {
    const text = 'a'.repeat(200_000);
    const encode = [
      ...ascii('c_codecs\nencode\nq'),
      1,
      ...ascii('0X'),
      0x40,
      0x0d,
      3,
      0,
      ...ascii(text),
      ...ascii('q'),
      2,
      0x30,
    ];
    const call = [0x68, 1, 0x68, 2, 0x85, 0x52];
    const calls = Array.from({ length: 20_000 }, () => call).flat();
    expect(said(Uint8Array.from([...ascii('('), ...encode, ...calls, ...ascii('t.')]))).toMatch(
      /far more than it holds/,
    );
  });

  it('by empty dicts alone, by marks alone or by values alone is refused before memory ends', () => {
    const filled = (byte: number): Uint8Array => new Uint8Array(12_000_000).fill(byte);
    expect(said(filled(0x7d))).toMatch(/^WEIGHTS_INVALID/);
    expect(said(filled(0x28))).toMatch(/nested too deeply/);
    expect(said(filled(0x4e))).toMatch(/too many values waiting/);
  });

  it('nested a million deep is read, for reading needs no recursion', () => {
    const depth = 1_000_000;
    const bytes = new Uint8Array(2 * depth + 1).fill(0x5d, 0, depth).fill(0x61, depth, 2 * depth - 1);
    bytes[2 * depth - 1] = 0x2e;
    expect(said(bytes)).toBe('value');
  });

  it.each([
    ['BINBYTES8', [0x8e, 255, 255, 255, 255, 255, 255, 255, 127]],
    ['BINUNICODE', [0x58, 255, 255, 255, 255]],
    ['BINSTRING', [0x54, 255, 255, 255, 127]],
    ['a negative BINSTRING', [0x54, 255, 255, 255, 255]],
    ['LONG4', [0x8b, 255, 255, 255, 127]],
    ['BYTEARRAY8', [0x96, 0, 0, 0, 0, 0, 16, 0, 0]],
  ])('with a huge length in %s is refused', (_, bytes) => {
    expect(said(Uint8Array.from([...bytes, 0x2e]))).toMatch(/^WEIGHTS_INVALID/);
  });

  it('of random bytes gives a value or an AppError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        said(bytes);
      }),
      { numRuns: 2000 },
    );
  });
});

/** A zip with one deflated file whose directory claims `size` bytes. */
function zipOf(packed: Uint8Array, size: number, crc: number): Uint8Array {
  const name = ascii('a.npy');
  const bytes = new Uint8Array(30 + name.length + packed.length + 46 + name.length + 22);
  const view = new DataView(bytes.buffer);
  const fields = (at: number): void => {
    view.setUint16(at, 8, true);
    view.setUint32(at + 6, crc, true);
    view.setUint32(at + 10, packed.length, true);
    view.setUint32(at + 14, size, true);
    view.setUint16(at + 18, name.length, true);
  };
  view.setUint32(0, 0x04034b50, true);
  fields(8);
  bytes.set([...name, ...packed], 30);
  const directory = 30 + name.length + packed.length;
  view.setUint32(directory, 0x02014b50, true);
  fields(directory + 10);
  bytes.set(name, directory + 46);
  const end = directory + 46 + name.length;
  view.setUint32(end, 0x06054b50, true);
  view.setUint16(end + 10, 1, true);
  view.setUint32(end + 16, directory, true);
  return bytes;
}

describe('an archive made to do harm', () => {
  const zeros = new Uint8Array(64 * 1024 * 1024);
  const packed = deflateRawSync(zeros);

  it('is read when it is honest', () => {
    expect(
      readZip(zipOf(packed, zeros.length, crc32(zeros)), 'x.zip')
        .get('a.npy')
        ?.read(),
    ).toHaveLength(zeros.length);
  });

  it('that unpacks to more than it declares is refused', () => {
    expect(outcome(() => readNpz(zipOf(packed, 1000, 0)))).toMatch(/larger than declared/);
  });

  it('that declares more than the limit is refused before unpacking', () => {
    expect(outcome(() => readNpz(zipOf(packed, 0xfffffff0, 0)))).toMatch(/more than 512 MB/);
    expect(
      outcome(() =>
        readZip(zipOf(packed, 0xfffffff0, 0), 'x')
          .get('a.npy')
          ?.read(),
      ),
    ).toMatch(/claims more/);
  });

  it('with a wrong checksum is refused', () => {
    expect(outcome(() => readNpz(zipOf(packed, zeros.length, 1)))).toMatch(/damaged/);
  });

  it('of joblib whose compressed content is cut off is refused', () => {
    expect(outcome(() => readJoblib(new Uint8Array(deflateSync(zeros).subarray(0, 2000)), 'x.pkl'))).toMatch(/damaged/);
  });
});

describe('a checkpoint made to do harm', () => {
  it('that is none is said to be what it looks like', () => {
    const look = (bytes: Uint8Array): string => outcome(() => readCheckpoint(bytes, 'x.pth.tar'));
    expect(look(new Uint8Array(0))).toMatch(/it is empty/);
    expect(look(pickled('<!DOCTYPE html><html>'))).toMatch(/web page/);
    expect(look(Uint8Array.of(0x1f, 0x8b, 8))).toMatch(/gzip/);
    expect(look(pickled('hello'))).toMatch(/no checkpoint of PyTorch/);
  });
});
