import { describe, expect, it } from 'vitest';
import { trackShots } from '#engine/tracking/trackShots';
import { keypointBoxTracker } from '#engine/tracking/trackers/keypointBox/keypointBoxTracker';
import { filmScene } from './scene';

const stander = { height: 300, at: () => ({ x: 500, y: 360 }) };
const input = filmScene([stander], { frameCount: 180, rate: 30, every: 3 });

describe('people over cuts', () => {
  it('are not carried over one, though the next stands at the same place', () => {
    const tracks = trackShots(keypointBoxTracker, input, [62, 120]);
    expect(tracks.map(({ foldedBecause }) => foldedBecause)).toEqual([undefined, undefined, undefined]);
    const spans = tracks.map(({ start, length }) => [start, start + length]).sort((a, b) => a[0]! - b[0]!);
    // Looked at every third frame: the second shot is seen from frame 63 on.
    expect(spans).toEqual([
      [0, expect.toSatisfy((to: number) => to <= 62 && to >= 60)],
      [63, expect.toSatisfy((to: number) => to <= 120 && to >= 118)],
      [120, 180],
    ]);
    expect(new Set(tracks.map(({ id }) => id)).size).toBe(3);
    for (const { length, boxes, scores, origins, keypoints } of tracks) {
      expect([boxes.length, scores.length, origins.length, keypoints?.length]).toEqual(
        [4, 1, 1, 51].map((width) => width * length),
      );
    }
  });

  it('are what the tracker finds where there is no cut', () => {
    expect(trackShots(keypointBoxTracker, input, [])).toEqual(keypointBoxTracker.track(input));
  });
});
