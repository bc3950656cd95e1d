import fc from 'fast-check';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { AppError } from '#core/errors';
import { readNpy } from './npy';
import { readNpz } from './npz';

/** Bytes of a version-1 npy file. */
function npy(descr: string, shape: string, data: Uint8Array, fortranOrder = 'False'): Uint8Array {
  const header = `{'descr': '${descr}', 'fortran_order': ${fortranOrder}, 'shape': ${shape}, }\n`;
  const bytes = new Uint8Array(10 + header.length + data.length);
  bytes.set([0x93, ...new TextEncoder().encode('NUMPY'), 1, 0, header.length & 255, header.length >> 8]);
  bytes.set(new TextEncoder().encode(header), 10);
  bytes.set(data, 10 + header.length);
  return bytes;
}

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
  return 'none';
}

const floats = new Uint8Array(Float32Array.of(1, 2, 3, 4, 5, 6).buffer);

describe('readNpy', () => {
  it('reads C order, Fortran order, big-endian, half and 64-bit integers', () => {
    expect([...readNpy(npy('<f4', '(2, 3)', floats)).data]).toEqual([1, 2, 3, 4, 5, 6]);
    expect([...readNpy(npy('<f4', '(2, 3)', floats, 'True')).data]).toEqual([1, 3, 5, 2, 4, 6]);
    expect([...readNpy(npy('>u2', '(2,)', Uint8Array.of(1, 0, 0, 2))).data]).toEqual([256, 2]);
    expect([...readNpy(npy('<f2', '(2,)', Uint8Array.of(0, 0x3c, 0, 0xc0))).data]).toEqual([1, -2]);
    expect([...readNpy(npy('<i8', '(1,)', new Uint8Array(8).fill(255))).data]).toEqual([-1]);
    expect(readNpy(npy('<f4', '()', floats.slice(0, 4))).shape).toEqual([]);
  });

  it.each([
    ['an object array', npy('|O', '(1,)', new Uint8Array(8))],
    ['structures', npy('<V8', '(1,)', new Uint8Array(8))],
    ['dates', npy('<M8', '(1,)', new Uint8Array(8))],
    ['a type from the prototype chain', npy('<constructor', '(1,)', new Uint8Array(8))],
    ['data that is cut off', npy('<f4', '(3, 3)', floats)],
    ['data that is left over', npy('<f4', '(1,)', floats)],
    ['more elements than fit anywhere', npy('<f4', '(99999999, 99999999)', floats)],
    ['a negative size', npy('<f4', '(-1,)', floats)],
    ['nothing', new Uint8Array(0)],
  ])('refuses %s', (_, bytes) => {
    expect(codeOf(() => readNpy(bytes))).toBe('WEIGHTS_INVALID');
  });

  it('reads text and complex numbers as items, and does not take them for numbers', () => {
    const text = readNpy(npy('<U2', '(2,)', new Uint8Array(Uint32Array.of(97, 98, 99, 0).buffer)));
    expect(text.items()).toEqual(['ab', 'c']);
    expect(codeOf(() => text.data)).toBe('WEIGHTS_INVALID');
    const complex = readNpy(npy('<c8', '(1,)', floats.slice(0, 8)));
    expect(complex.items()).toEqual([[1, 2]]);
    expect(codeOf(() => complex.data)).toBe('WEIGHTS_INVALID');
  });

  it('answers any damage with WEIGHTS_INVALID or an array', () => {
    const good = npy('<f4', '(2, 3)', floats);
    fc.assert(
      fc.property(
        fc.nat({ max: good.length - 1 }),
        fc.nat({ max: 255 }),
        fc.nat({ max: good.length }),
        (at, byte, cut) => {
          const bytes = good.slice(0, Math.max(cut, at + 1));
          bytes[at] = byte;
          expect(['none', 'WEIGHTS_INVALID']).toContain(codeOf(() => readNpy(bytes)));
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('readNpz', () => {
  it('reads the wanted members only', () => {
    const bytes = zipSync({
      'good.npy': npy('<f4', '(6,)', floats),
      'pickle.npy': npy('|O', '(1,)', new Uint8Array(8)),
    });
    expect([...readNpz(bytes, (name) => name === 'good').keys()]).toEqual(['good']);
    expect(codeOf(() => readNpz(bytes))).toBe('WEIGHTS_INVALID');
  });

  it('answers hostile bytes with WEIGHTS_INVALID', () => {
    const good = zipSync({ 'a.npy': npy('<f4', '(6,)', floats) });
    expect(codeOf(() => readNpz(good.slice(0, good.length - 30)))).toBe('WEIGHTS_INVALID');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(codeOf(() => readNpz(bytes))).toBe('WEIGHTS_INVALID');
      }),
    );
    fc.assert(
      fc.property(fc.nat({ max: good.length - 1 }), fc.nat({ max: 255 }), (at, byte) => {
        const bytes = good.slice();
        bytes[at] = byte;
        expect(['none', 'WEIGHTS_INVALID']).toContain(codeOf(() => readNpz(bytes)));
      }),
      { numRuns: 500 },
    );
  });

  it('does not unpack a bomb', () => {
    const bytes = zipSync({ 'a.npy': npy('<f4', '(6,)', floats) });
    // The declared size in the central directory, 24 bytes into its only entry.
    const entry = bytes.length - 22 - 51;
    expect([...bytes.slice(entry, entry + 4)]).toEqual([0x50, 0x4b, 1, 2]);
    new DataView(bytes.buffer).setUint32(entry + 24, 0xfffffff0, true);
    expect(codeOf(() => readNpz(bytes))).toBe('WEIGHTS_INVALID');
  });
});
