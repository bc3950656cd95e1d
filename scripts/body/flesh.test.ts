import { describe, expect, it } from 'vitest';
import { JOINT, JOINT_COUNT } from '../../src/core/body/skeleton';
import { pushApart } from './contact';
import { createKeptVolume } from './keptVolume';
import { enclosedBy } from './overlap';
import { bindingsFromDense } from './skinning';
import type { Topology } from './topology';
import { volumeOf } from './topology';

const RINGS = 24;
const AROUND = 24;

/** Closed surfaces of revolution along y, one per profile of RINGS radii, with poles at both ends. */
function turned(
  profiles: readonly { radii: readonly number[]; height: number; at: readonly [number, number, number] }[],
) {
  const positions: number[] = [];
  const triangles: number[] = [];
  for (const { radii, height, at } of profiles) {
    const first = positions.length / 3;
    const vertex = (ring: number, k: number): number => first + ring * AROUND + (k % AROUND);
    radii.forEach((radius, ring) => {
      for (let k = 0; k < AROUND; k++) {
        const angle = (2 * Math.PI * k) / AROUND;
        const y = height * ((ring + 1) / (RINGS + 1) - 0.5);
        positions.push(at[0] + radius * Math.sin(angle), at[1] + y, at[2] + radius * Math.cos(angle));
        const [a, b, c, d] = [vertex(ring, k), vertex(ring, k + 1), vertex(ring + 1, k + 1), vertex(ring + 1, k)];
        if (ring + 1 < RINGS) triangles.push(a, b, c, a, c, d);
      }
    });
    const [bottom, top] = [positions.length / 3, positions.length / 3 + 1];
    positions.push(at[0], at[1] - height / 2, at[2], at[0], at[1] + height / 2, at[2]);
    for (let k = 0; k < AROUND; k++) {
      triangles.push(bottom, vertex(0, k + 1), vertex(0, k), top, vertex(RINGS - 1, k), vertex(RINGS - 1, k + 1));
    }
  }
  const vertexCount = positions.length / 3;
  const sets = Array.from({ length: vertexCount }, () => new Set<number>());
  triangles.forEach((vertex, at) => {
    for (const k of [0, 1, 2]) sets[vertex]!.add(triangles[at - (at % 3) + k]!);
    sets[vertex]!.delete(vertex);
  });
  const starts = new Uint32Array(vertexCount + 1);
  sets.forEach((set, vertex) => {
    starts[vertex + 1] = starts[vertex]! + set.size;
  });
  const neighbours = Uint32Array.from(sets.flatMap((set) => [...set]));
  const topology = { vertexCount, triangles: Uint32Array.from(triangles), starts, neighbours } as Topology;
  return { topology, positions: Float64Array.from(positions) };
}

const sphere = (radius: number, at: readonly [number, number, number]) => ({
  radii: Array.from({ length: RINGS }, (_, ring) => radius * Math.sqrt(1 - (2 * ((ring + 1) / (RINGS + 1)) - 1) ** 2)),
  height: 2 * radius,
  at,
});

/** Two balls of 5 cm whose middles are 8 cm apart, or farther. */
const balls = (apart = 0) => turned([sphere(0.05, [-0.04, 0.01, 0.003]), sphere(0.05, [0.04 + apart, 0, 0])]);

describe('what a surface encloses', () => {
  it('is its volume where it does not cut itself', () => {
    const { topology, positions } = turned([sphere(0.2, [0, 0, 0])]);
    const { union, overlap, inverted } = enclosedBy(topology.triangles, positions);
    expect(union / volumeOf(topology.triangles, positions)).toBeCloseTo(1, 2);
    expect([overlap, inverted]).toEqual([0, 0]);
  });

  it('splits into room and overlap where two balls share a lens', () => {
    const { topology, positions } = balls();
    const { union, overlap } = enclosedBy(topology.triangles, positions);
    const d = Math.hypot(0.08, 0.01, 0.003);
    const lens = (Math.PI * (4 * 0.05 + d) * (2 * 0.05 - d) ** 2) / 12;
    expect(overlap / lens).toBeGreaterThan(0.85);
    expect(overlap / lens).toBeLessThan(1.05);
    expect((union + overlap) / volumeOf(topology.triangles, positions)).toBeCloseTo(1, 2);
  });

  it('knows what is inside out', () => {
    const { topology, positions } = turned([sphere(0.1, [0, 0, 0])]);
    const { union, inverted } = enclosedBy(topology.triangles.toReversed(), positions);
    expect(union).toBe(0);
    expect(inverted / volumeOf(topology.triangles, positions)).toBeCloseTo(1, 2);
  });
});

describe('pushing skin apart', () => {
  it('leaves nearly no overlap where a joint matters to both sides', () => {
    const { topology, positions } = balls();
    const before = enclosedBy(topology.triangles, positions);
    pushApart(topology, positions, {
      joints: new Uint32Array(topology.vertexCount).fill(2),
      rest: balls(0.3).positions,
    });
    const after = enclosedBy(topology.triangles, positions);
    expect(after.overlap).toBeLessThan(0.1 * before.overlap);
    expect(after.union / before.union).toBeGreaterThan(0.97);
  });

  it('leaves skin alone that meets without a common joint', () => {
    const { topology, positions } = balls();
    const before = positions.slice();
    const half = topology.vertexCount / 2;
    const joints = Uint32Array.from({ length: topology.vertexCount }, (_, vertex) => (vertex < half ? 2 : 4));
    pushApart(topology, positions, { joints, rest: balls(0.3).positions });
    expect(positions).toEqual(before);
  });

  it('leaves a limb as thick as it was inside other flesh', () => {
    const { topology, positions } = turned([sphere(0.03, [0.01, 0.003, 0]), sphere(0.1, [0, 0, 0])]);
    const rest = turned([sphere(0.03, [0.5, 0, 0]), sphere(0.1, [0, 0, 0])]).positions;
    const before = positions.slice();
    const half = topology.vertexCount / 2;
    const joints = Uint32Array.from({ length: topology.vertexCount }, (_, vertex) => (vertex < half ? 2 : 4));
    pushApart(topology, positions, { joints, rest });
    expect(positions).toEqual(before);
  });
});

describe('flesh that keeps its volume', () => {
  const { topology, positions: rest } = turned([
    { radii: Array.from({ length: RINGS }, () => 0.05), height: 0.6, at: [0, 0, 0] },
  ]);
  const dense = new Float64Array(topology.vertexCount * JOINT_COUNT);
  for (let vertex = 0; vertex < topology.vertexCount; vertex++) {
    const below = 1 / (1 + Math.exp(rest[vertex * 3 + 1]! / 0.02));
    dense[vertex * JOINT_COUNT + JOINT.leftHip] = 1 - below;
    dense[vertex * JOINT_COUNT + JOINT.leftKnee] = below;
  }
  const weights = { dense, bindings: bindingsFromDense(dense, topology.vertexCount, JOINT_COUNT), largestDropped: 0 };
  const body = { topology, rest, apose: rest, joints: new Float64Array(72), weights, smoothable: rest.map(() => 1) };
  /** The tube with its middle made thinner or thicker. */
  const squeezed = (by: number) =>
    rest.map((value, at) => {
      const y = rest[at - (at % 3) + 1]!;
      return at % 3 === 1 ? value : value * (1 - by * Math.exp(-((y / 0.04) ** 2)));
    });

  it('does nothing to the rest shape', () => {
    const posed = rest.slice();
    createKeptVolume(body)(posed);
    posed.forEach((value, at) => expect(value).toBeCloseTo(rest[at]!, 9));
  });

  it.each([0.3, -0.2])('takes back a change of the knee, and a little more (%f of its radius)', (by) => {
    const posed = squeezed(by);
    const change = (): number => volumeOf(topology.triangles, posed) - volumeOf(topology.triangles, rest);
    const before = change();
    createKeptVolume(body)(posed);
    // The share of knees is 1.15.
    expect(change() / before).toBeGreaterThan(-0.3);
    expect(change() / before).toBeLessThan(0.05);
  });
});
