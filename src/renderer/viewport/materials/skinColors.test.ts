import { describe, expect, it } from 'vitest';
import { JOINT_COUNT, JOINT_PARENTS } from '#core/body/skeleton';
import { CLAY } from './heatRamp';
import { jointColor } from './jointColors';
import { type Skin, strongestJoint, weightOf, writeSkinColors } from './skinColors';
import { nextVertex, verticesOfJoints, weightsOfVertex } from './skinFacts';

/** Vertex 0 follows three joints, vertex 1 one in two slots, vertex 2 two alike. */
const skin: Skin = {
  influences: 4,
  skinJoints: Uint8Array.from([4, 1, 7, 0, 4, 4, 0, 0, 7, 1, 0, 0]),
  skinWeights: Float32Array.from([0.3, 0.6, 0.1, 0, 0.75, 0.25, 0, 0, 0.5, 0.5, 0, 0]),
};

function colorsOf(shown: Parameters<typeof writeSkinColors>[1], floor = 0): number[][] {
  const out = new Uint8Array(12);
  writeSkinColors(skin, shown, floor, out);
  return [0, 1, 2].map((vertex) => [...out.subarray(vertex * 4, vertex * 4 + 3)]);
}

/** One vertex that follows five joints, as an imported body may have it. */
const five: Skin = {
  influences: 5,
  skinJoints: Uint8Array.from([1, 4, 7, 10, 13]),
  skinWeights: Float32Array.from([0.2, 0.2, 0.2, 0.2, 0.2]),
};

describe('skin weights as facts', () => {
  it('leave no joint out, however many a vertex follows', () => {
    expect(weightsOfVertex(five, 0)).toHaveLength(5);
    expect(weightsOfVertex(five, 0).reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 6);
    expect(weightOf(five, 0, 13)).toBeCloseTo(0.2, 6);
    expect(verticesOfJoints(five, 14)[13]).toBe(1);
  });

  it('are sorted, without zeros', () => {
    expect(weightsOfVertex(skin, 0).map((entry) => entry.joint)).toEqual([1, 4, 7]);
    expect(strongestJoint(skin, 0)).toBe(1);
    expect(weightOf(skin, 1, 4)).toBe(1);
  });

  it('count a joint once for a vertex', () => {
    expect([...verticesOfJoints(skin, 8)]).toEqual([0, 2, 0, 0, 2, 0, 0, 2]);
  });

  it('lead from vertex to vertex of a joint, going round', () => {
    expect(nextVertex(skin, 0, 1, 7)).toBe(2);
    expect(nextVertex(skin, 2, 1, 7)).toBe(0);
    expect(nextVertex(skin, 0, -1, undefined)).toBe(2);
    expect(nextVertex(skin, 0, 1, 9)).toBe(0);
  });
});

describe('skin weights as colours', () => {
  it('show one joint on a ramp and clay where it has no weight, or less than the floor', () => {
    const [some, all, half] = colorsOf(7);
    expect(all).toEqual([...CLAY]);
    expect(some).not.toEqual([...CLAY]);
    expect(half).not.toEqual(some);
    expect(colorsOf(7, 0.2)[0]).toEqual([...CLAY]);
  });

  it('show all joints: the pure colour of one, the mean of two, or the strongest alone', () => {
    const [, pure, mean] = colorsOf('blended');
    expect(pure).toEqual([...jointColor(4)]);
    expect(mean).toEqual([0, 1, 2].map((c) => Math.round(((jointColor(7)[c] ?? 0) + (jointColor(1)[c] ?? 0)) / 2)));
    expect(colorsOf('strongest')[0]).toEqual([...jointColor(1)]);
  });

  it('blend five joints as the mean of all five', () => {
    const out = new Uint8Array(4);
    writeSkinColors(five, 'blended', 0, out);
    const mean = (c: number) => [1, 4, 7, 10, 13].reduce((sum, joint) => sum + (jointColor(joint)[c] ?? 0), 0) / 5;
    expect([...out.subarray(0, 3)]).toEqual([0, 1, 2].map((c) => Math.round(mean(c))));
  });

  it('show seams only where joints share', () => {
    const [three, one, two] = colorsOf('seams');
    expect(one).toEqual([...CLAY]);
    expect(three).not.toEqual([...CLAY]);
    expect(two).not.toEqual(three);
  });

  it('keep every joint well apart from its parent, also without hue', () => {
    for (let joint = 1; joint < JOINT_COUNT; joint++) {
      const [own, parent] = [jointColor(joint), jointColor(JOINT_PARENTS[joint] ?? 0)];
      const luma = ([r, g, b]: readonly [number, number, number]) => 0.2126 * r + 0.7152 * g + 0.0722 * b;
      expect(Math.hypot(own[0] - parent[0], own[1] - parent[1], own[2] - parent[2])).toBeGreaterThan(60);
      expect(Math.abs(luma(own) - luma(parent))).toBeGreaterThan(15);
    }
  });
});
