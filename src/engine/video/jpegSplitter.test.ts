import fc from 'fast-check';
import { expect, it } from 'vitest';
import { JpegSplitter } from './jpegSplitter';

/** A made-up JPEG: a header segment with any bytes (also 0xFF 0xD9), a scan header, stuffed coded data. */
const jpeg = fc.tuple(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ maxLength: 80 })).map(([header, data]) => {
  const stuffed = [...data].flatMap((byte) => (byte === 0xff ? [0xff, 0x00] : [byte]));
  const length = header.length + 2;
  const segment = [0xff, 0xfe, length >> 8, length & 255, ...header];
  return Buffer.from([0xff, 0xd8, ...segment, 0xff, 0xda, 0x00, 0x04, 1, 2, ...stuffed, 0xff, 0xd9]);
});

it('finds the same pictures however the stream is cut', () => {
  fc.assert(
    fc.property(
      fc.array(jpeg, { maxLength: 6 }),
      fc.infiniteStream(fc.integer({ min: 1, max: 70 })),
      (pictures, cuts) => {
        const stream = Buffer.concat(pictures);
        const splitter = new JpegSplitter();
        const found: Buffer[] = [];
        for (let at = 0; at < stream.length; ) {
          const length: number = cuts.next().value;
          found.push(...splitter.push(stream.subarray(at, at + length)));
          at += length;
        }
        expect(found).toEqual(pictures);
      },
    ),
  );
});

it('a marker with an end inside its segment does not end the picture', () => {
  const tricky = Buffer.from([0xff, 0xd8, 0xff, 0xfe, 0, 6, 0xff, 0xd9, 0xff, 0xd9, 0xff, 0xda, 0, 2, 7, 0xff, 0xd9]);
  expect(new JpegSplitter().push(tricky)).toEqual([tricky]);
});
