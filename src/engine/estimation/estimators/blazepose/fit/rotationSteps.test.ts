import fc from 'fast-check';
import { expect, it } from 'vitest';
import { inverseRightJacobian, rotationLogarithm, turnRotation } from './rotationSteps';

const component = fc.double({ min: -1.7, max: 1.7, noNaN: true });
const vector = fc.tuple(component, component, component);

function rotationOf(v: readonly number[]): Float64Array {
  const rotation = Float64Array.from([1, 0, 0, 0, 1, 0, 0, 0, 1]);
  turnRotation(rotation, 0, Float64Array.from(v), 0);
  return rotation;
}

function logarithmOf(rotation: Float64Array): number[] {
  const out = new Float64Array(3);
  rotationLogarithm(rotation, 0, out, 0);
  return [...out];
}

it('turns by the increment: log(exp(v)) = v within a half turn', () => {
  fc.assert(
    fc.property(vector, (v) => {
      const length = Math.hypot(...v);
      fc.pre(length < Math.PI - 1e-3);
      logarithmOf(rotationOf(v)).forEach((value, c) => expect(value).toBeCloseTo(v[c]!, 9));
    }),
  );
});

it('gives a rotation vector of a half turn, whichever way', () => {
  for (const axis of [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0.6, 0.8],
  ]) {
    const found = logarithmOf(rotationOf(axis.map((value) => value * Math.PI)));
    const along = found.reduce((sum, value, c) => sum + value * axis[c]!, 0);
    expect(Math.abs(along)).toBeCloseTo(Math.PI, 6);
  }
});

it('stays a rotation over a thousand steps', () => {
  const rotation = rotationOf([0.3, -0.2, 0.9]);
  for (let k = 0; k < 1000; k++) turnRotation(rotation, 0, Float64Array.from([0.05, 0.1 * Math.sin(k), -0.02]), 0);
  for (let r = 0; r < 3; r++) {
    for (let s = 0; s < 3; s++) {
      let product = 0;
      for (let k = 0; k < 3; k++) product += rotation[r * 3 + k]! * rotation[s * 3 + k]!;
      expect(product).toBeCloseTo(r === s ? 1 : 0, 12);
    }
  }
});

it('has the inverse right Jacobian of finite differences', () => {
  fc.assert(
    fc.property(vector, (v) => {
      fc.pre(Math.hypot(...v) < 2.9);
      const jacobian = new Float64Array(9);
      inverseRightJacobian(Float64Array.from(v), 0, jacobian);
      const h = 1e-6;
      for (let a = 0; a < 3; a++) {
        const moved = [1, -1].map((sign) => {
          const rotation = rotationOf(v);
          turnRotation(rotation, 0, Float64Array.from([0, 1, 2].map((c) => (c === a ? sign * h : 0))), 0);
          return logarithmOf(rotation);
        });
        for (let c = 0; c < 3; c++) {
          expect((moved[0]![c]! - moved[1]![c]!) / (2 * h)).toBeCloseTo(jacobian[c * 3 + a]!, 5);
        }
      }
    }),
  );
});
