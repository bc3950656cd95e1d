import { Matrix4 } from 'three';
import { describe, expect, it } from 'vitest';
import { pickVertex } from './pickVertex';
import { pinholeProjection, VIEW_FROM_CAMERA } from './pinhole';

const size = { width: 400, height: 300 };

function clip(): number[] {
  const projection = new Matrix4();
  pinholeProjection({ focal: 500, width: 400, height: 300 }, { scale: 1, x: 0, y: 0 }, size, projection.elements);
  return projection.multiply(new Matrix4().fromArray([...VIEW_FROM_CAMERA])).elements;
}

describe('pickVertex', () => {
  const positions = Float32Array.from([0, 0, 4, 0, 0, 2, 1, 0, 4, 0, 0, -3]);

  it('takes the front one of those under the pointer', () => {
    expect(pickVertex(positions, clip(), { x: 202, y: 150 }, size)?.vertex).toBe(1);
  });

  it('finds a vertex where the camera shows it, and nothing elsewhere', () => {
    expect(pickVertex(positions, clip(), { x: 200 + 500 / 4, y: 150 }, size)?.vertex).toBe(2);
    expect(pickVertex(positions, clip(), { x: 20, y: 20 }, size)).toBeUndefined();
  });

  it('never takes what is behind the camera', () => {
    expect(pickVertex(Float32Array.from([0, 0, -3]), clip(), { x: 200, y: 150 }, size)).toBeUndefined();
  });
});
