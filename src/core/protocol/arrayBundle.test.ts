import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../errors';
import { decodeBundle, encodeBundle } from './arrayBundle';

const bundles = fc.record({
  meta: fc.jsonValue(),
  arrays: fc.dictionary(
    fc.string(),
    fc.oneof(
      fc.float32Array(),
      fc.float64Array(),
      fc.uint8Array(),
      fc.int8Array(),
      fc.uint16Array(),
      fc.uint32Array(),
      fc.int32Array(),
    ),
    { maxKeys: 6 },
  ),
});

function decodeOrAppError(bytes: Uint8Array<ArrayBuffer>): void {
  try {
    decodeBundle(bytes.buffer);
  } catch (error) {
    expect(error).toBeInstanceOf(AppError);
  }
}

describe('array bundles', () => {
  it('come back as they were, bit by bit', () => {
    fc.assert(
      fc.property(bundles, ({ meta, arrays }) => {
        const back = decodeBundle(encodeBundle({ meta, arrays }).buffer);
        expect(back.meta).toEqual(JSON.parse(JSON.stringify(meta)));
        expect(Object.keys(back.arrays)).toEqual(Object.keys(arrays));
        for (const [name, array] of Object.entries(arrays)) expect(back.arrays[name]).toEqual(array);
      }),
    );
  });

  it('carries views into larger buffers', () => {
    const array = Float32Array.from([9, 1, 2, 9]).subarray(1, 3);
    expect(decodeBundle(encodeBundle({ meta: null, arrays: { array } }).buffer).arrays['array']).toEqual(
      Float32Array.from([1, 2]),
    );
  });

  it('answers any bytes with a bundle or an AppError', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => decodeOrAppError(Uint8Array.from(bytes))));
  });

  it('answers a damaged bundle with a bundle or an AppError', () => {
    fc.assert(
      fc.property(bundles, fc.nat(), fc.integer({ min: 1, max: 255 }), fc.nat(), (bundle, at, flip, cut) => {
        const bytes = encodeBundle(bundle);
        const flipped = Uint8Array.from(bytes);
        flipped[at % bytes.length]! ^= flip;
        decodeOrAppError(flipped);
        decodeOrAppError(bytes.slice(0, cut % bytes.length));
      }),
    );
  });

  it.each([
    ['an unknown kind', { meta: 1, arrays: [{ name: 'a', kind: 'f16', offset: 0, length: 1 }] }],
    ['a negative offset', { meta: 1, arrays: [{ name: 'a', kind: 'u8', offset: -8, length: 1 }] }],
    ['an offset between words', { meta: 1, arrays: [{ name: 'a', kind: 'f64', offset: 4, length: 0 }] }],
    ['more than there is', { meta: 1, arrays: [{ name: 'a', kind: 'u8', offset: 0, length: 1e9 }] }],
    ['no list of arrays', { meta: 1 }],
    ['no object', 'x'],
  ])('refuses a header with %s', (_, header) => {
    const text = new TextEncoder().encode(JSON.stringify(header));
    const bytes = new Uint8Array(4 + text.length + 16);
    new DataView(bytes.buffer).setUint32(0, text.length, true);
    bytes.set(text, 4);
    expect(() => decodeBundle(bytes.buffer)).toThrow(AppError);
  });
});
