import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  boxBetween,
  boxesAt,
  HANDLES,
  handleAt,
  handleCentres,
  MIN_DRAGGED_SIDE,
  resizedBox,
  squaredBox,
} from './boxGeometry';

const coordinate = fc.double({ min: -2000, max: 2000, noNaN: true });
const side = fc.double({ min: 5, max: 900, noNaN: true });
const anyBox = fc.record({ x: coordinate, y: coordinate, width: side, height: side });
const anyHandle = fc.constantFrom(...HANDLES);
const free = { fromCentre: false, keepShape: false };

describe('resizedBox', () => {
  it('keeps the opposite side where it was', () => {
    fc.assert(
      fc.property(anyBox, anyHandle, coordinate, coordinate, (box, handle, dx, dy) => {
        const next = resizedBox(box, handle.id, dx, dy, free);
        if (handle.x <= 0) expect(next.x + next.width).toBeCloseTo(box.x + box.width, 6);
        if (handle.x >= 0) expect(next.x).toBeCloseTo(box.x, 6);
        if (handle.y <= 0) expect(next.y + next.height).toBeCloseTo(box.y + box.height, 6);
        if (handle.y >= 0) expect(next.y).toBeCloseTo(box.y, 6);
      }),
    );
  });

  it('never turns over, keeps the centre with Alt and the shape with Shift', () => {
    fc.assert(
      fc.property(anyBox, anyHandle, coordinate, coordinate, fc.boolean(), (box, handle, dx, dy, keepShape) => {
        const next = resizedBox(box, handle.id, dx, dy, { fromCentre: true, keepShape });
        expect(next.width).toBeGreaterThanOrEqual(MIN_DRAGGED_SIDE - 1e-9);
        expect(next.height).toBeGreaterThanOrEqual(MIN_DRAGGED_SIDE - 1e-9);
        expect(next.x + next.width / 2).toBeCloseTo(box.x + box.width / 2, 6);
        expect(next.y + next.height / 2).toBeCloseTo(box.y + box.height / 2, 6);
        if (keepShape) expect(next.width / next.height).toBeCloseTo(box.width / box.height, 6);
      }),
    );
  });

  it('puts a dragged corner under the pointer', () => {
    const box = { x: 10, y: 20, width: 100, height: 50 };
    expect(resizedBox(box, 'se', 7, -5, free)).toEqual({ x: 10, y: 20, width: 107, height: 45 });
    expect(resizedBox(box, 'nw', 7, -5, free)).toEqual({ x: 17, y: 15, width: 93, height: 55 });
    expect(resizedBox(box, 'e', 7, 99, free)).toEqual({ x: 10, y: 20, width: 107, height: 50 });
  });
});

describe('boxBetween', () => {
  it('lies inside the picture', () => {
    fc.assert(
      fc.property(coordinate, coordinate, coordinate, coordinate, (ax, ay, bx, by) => {
        const box = boxBetween({ x: ax, y: ay }, { x: bx, y: by }, { width: 640, height: 360 });
        expect(box.x).toBeGreaterThanOrEqual(0);
        expect(box.y).toBeGreaterThanOrEqual(0);
        expect(box.x).toBeLessThanOrEqual(640);
        expect(box.width).toBeGreaterThanOrEqual(MIN_DRAGGED_SIDE);
      }),
    );
  });
});

describe('picking', () => {
  const boxes = [
    { person: 'large', box: { x: 0, y: 0, width: 100, height: 100 } },
    { person: 'small', box: { x: 40, y: 40, width: 20, height: 20 } },
  ];

  it('prefers the selected box, then the smaller one', () => {
    expect(boxesAt(boxes, { x: 50, y: 50 }, undefined, 0)).toEqual(['small', 'large']);
    expect(boxesAt(boxes, { x: 50, y: 50 }, 'large', 0)).toEqual(['large', 'small']);
    expect(boxesAt(boxes, { x: 300, y: 50 }, 'large', 0)).toEqual([]);
  });

  it('gives each handle 24 px to hit and small boxes corners outside', () => {
    const box = { x: 0, y: 0, width: 200, height: 100 };
    expect(handleAt(box, { x: 212, y: 100 })).toBe('se');
    expect(handleAt(box, { x: 213, y: 100 })).toBeUndefined();
    expect(handleAt(box, { x: 100, y: 50 })).toBeUndefined();
    const small = handleCentres({ x: 0, y: 0, width: 30, height: 80 });
    expect(small.map((handle) => handle.id)).toEqual(['nw', 'ne', 'se', 'sw']);
    expect(small[0]).toMatchObject({ x: -9, y: -9 });
  });
});

describe('squaredBox', () => {
  it('is a square over the longer side that keeps what lies away from the handle', () => {
    fc.assert(
      fc.property(anyBox, anyHandle, (box, handle) => {
        const square = squaredBox(box, handle.id);
        expect(square.width).toBe(square.height);
        expect(square.width).toBe(Math.max(box.width, box.height));
        if (handle.x > 0) expect(square.x).toBe(box.x);
        if (handle.x < 0) expect(square.x + square.width).toBeCloseTo(box.x + box.width, 6);
        if (handle.y > 0) expect(square.y).toBe(box.y);
        if (handle.y === 0) expect(square.y + square.height / 2).toBeCloseTo(box.y + box.height / 2, 6);
      }),
    );
  });
});
