import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCut, shotsOf, SIGNATURE_LENGTH, signatureDistance, signatureOf } from './cuts';

const WIDTH = 64;
const HEIGHT = 36;

/** A picture of one colour with a square of another. */
function picture(ground: [number, number, number], square: [number, number, number], at: number) {
  const data = new Uint8Array(WIDTH * HEIGHT * 3);
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const isSquare = x >= at && x < at + 12 && y >= 12 && y < 28;
      data.set(isSquare ? square : ground, (y * WIDTH + x) * 3);
    }
  }
  return { width: WIDTH, height: HEIGHT, data };
}

const street = (at: number) => signatureOf(picture([120, 130, 90], [200, 30, 30], at));
const room = signatureOf(picture([40, 40, 60], [230, 220, 210], 44));
const white = signatureOf(picture([255, 255, 255], [255, 255, 255], 0));

describe('cuts', () => {
  const cutsIn = (film: readonly Float32Array[]) => {
    const changes = film.map((signature, frame) =>
      frame === 0 ? undefined : signatureDistance(film[frame - 1]!, signature),
    );
    return film.flatMap((_, frame) => (isCut(frame, (at) => changes[at]) ? [frame] : []));
  };
  const walk = Array.from({ length: 10 }, (_, frame) => street(10 + frame));
  const stay = Array.from({ length: 10 }, () => room);

  it('begin where another place is seen, not where somebody walks through the picture', () => {
    expect(cutsIn(walk)).toEqual([]);
    expect(cutsIn([...walk, ...stay])).toEqual([10]);
    expect(cutsIn([...stay, ...walk, ...stay])).toEqual([10, 20]);
    expect(cutsIn([...walk, room])).toEqual([10]);
  });

  it('are not changes of the light', () => {
    const darker = street(20).map((value) => value * 0.6);
    expect(cutsIn([...walk, ...walk.map(() => darker)])).toEqual([]);
  });

  it('are not flashes, nor a picture that changes all the time', () => {
    expect(cutsIn([...walk, white, ...walk])).toEqual([]);
    expect(cutsIn(Array.from({ length: 20 }, (_, frame) => (frame % 2 === 0 ? room : white)))).toEqual([]);
  });

  it('come from signatures that stay in bounds, whatever the picture', () => {
    const anyPicture = fc
      .tuple(fc.integer({ min: 2, max: 40 }), fc.integer({ min: 2, max: 40 }))
      .chain(([width, height]) =>
        fc
          .uint8Array({ minLength: width * height * 3, maxLength: width * height * 3 })
          .map((data) => ({ width, height, data })),
      );
    fc.assert(
      fc.property(anyPicture, anyPicture, (a, b) => {
        const signature = signatureOf(a);
        expect(signature.length).toBe(SIGNATURE_LENGTH);
        for (const value of signature) expect(value >= 0 && value <= 255).toBe(true);
        expect(signatureDistance(signature, signature)).toBeCloseTo(0, 6);
        const distance = signatureDistance(signature, signatureOf(b));
        expect(distance).toBeGreaterThan(-1e-6);
        expect(distance).toBeLessThan(2);
      }),
    );
  });

  it('divide a clip into shots without a gap', () => {
    expect(shotsOf([], 10)).toEqual([{ from: 0, to: 10 }]);
    expect(shotsOf([4, 7], 10)).toEqual([
      { from: 0, to: 4 },
      { from: 4, to: 7 },
      { from: 7, to: 10 },
    ]);
    expect(shotsOf([0, 10, 12], 10)).toEqual([{ from: 0, to: 10 }]);
  });
});
