import { describe, expect, it } from 'vitest';
import { keypointSimilarity } from './keypointSimilarity';

const scale = { width: 100, height: 300 };
const pose = (x: number, seen = 17) =>
  Float32Array.from({ length: 51 }, (_, index) =>
    index % 3 === 2 ? (index < 3 * seen ? 0.9 : 0) : index % 3 === 0 ? x : 50,
  );

describe('keypointSimilarity', () => {
  it('is 1 for the same pose and falls with the distance', () => {
    expect(keypointSimilarity(pose(10), pose(10), scale)).toBe(1);
    const near = keypointSimilarity(pose(10), pose(15), scale) ?? 0;
    const far = keypointSimilarity(pose(10), pose(30), scale) ?? 0;
    expect(near).toBeLessThan(1);
    expect(far).toBeLessThan(near);
    expect(keypointSimilarity(pose(10), pose(30), scale, 20)).toBeGreaterThan(far);
  });

  it('agrees with the COCO formula for one keypoint at a distance of s k', () => {
    const nose = 2 * 0.026 * Math.sqrt(0.53 * 100 * 300);
    const moved = pose(10, 3);
    moved[0] = 10 + nose;
    expect(keypointSimilarity(pose(10, 3), moved, scale)).toBeCloseTo((Math.exp(-0.5) + 2) / 3, 5);
  });

  it('says nothing with fewer than three common keypoints', () => {
    expect(keypointSimilarity(pose(10), pose(10, 2), scale)).toBeUndefined();
    expect(keypointSimilarity(pose(10), undefined, scale)).toBeUndefined();
  });
});
