import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { BOX_ORIGIN, type Detection, type TrackerTrack, trackerBoxAt } from '#core/tracks/track';
import type { TrackerInput } from '#engine/tracking/tracker';
import { keypointBoxTracker } from '#engine/tracking/trackers/keypointBox/keypointBoxTracker';

/** Frames that were looked at, each with rows of x, y, width, height px, score %, 17 x (x px, y px, score %). */
const recordedSchema = z.object({
  rate: z.number(),
  width: z.number(),
  height: z.number(),
  frameCount: z.number(),
  frames: z.array(z.tuple([z.number(), z.array(z.array(z.number()))])),
});

/** What MoveNet found in real footage (Pose2Sim and Sports2D demonstration videos, BSD-3-Clause), rounded to px. */
function recorded(name: string): TrackerInput {
  const file = new URL(`../../fixtures/detections/${name}.json`, import.meta.url);
  const { frames, ...clip } = recordedSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  const detections = new Array<Detection[] | undefined>(clip.frameCount).fill(undefined);
  for (const [frame, rows] of frames) {
    detections[frame] = rows.map(([x = 0, y = 0, width = 0, height = 0, score = 0, ...keypoints]) => ({
      box: { x, y, width, height },
      score: score / 100,
      keypoints: Float32Array.from(keypoints, (value, index) => (index % 3 === 2 ? value / 100 : value)),
    }));
  }
  const seconds = Float64Array.from({ length: clip.frameCount }, (_, frame) => frame / clip.rate);
  return { ...clip, seconds, detections };
}

const mainTracks = (input: TrackerInput) =>
  keypointBoxTracker.track(input).filter((track) => track.foldedBecause === undefined);

function boxesOf(track: TrackerTrack) {
  return Array.from({ length: track.length }, (_, row) => trackerBoxAt(track, track.start + row)).flatMap((box) =>
    box
      ? [{ ...box, bottom: box.y + box.height, centreX: box.x + box.width / 2, centreY: box.y + box.height / 2 }]
      : [],
  );
}

it('two people close together, a third in the back: three people on every frame, nobody swapped', () => {
  const tracks = mainTracks(recorded('two-people'));
  expect(tracks.map(({ start, length }) => [start, length])).toEqual([
    [0, 100],
    [0, 100],
    [0, 100],
  ]);
  const [man, woman, third] = tracks.map(boxesOf);
  // The woman stands in front: her feet are always lower in the picture than the man's; the third never moves.
  expect(Math.max(...man!.map(({ bottom }) => bottom))).toBeLessThan(1500);
  expect(Math.min(...woman!.map(({ bottom }) => bottom))).toBeGreaterThan(1650);
  expect(Math.max(...third!.map(({ x, width }) => x + width))).toBeLessThan(160);
  expect([man!.length, woman!.length, third!.length]).toEqual([100, 100, 100]);
});

it('a man far off turns over in a jump while somebody walks through below: two people, both kept', () => {
  const input = recorded('jump');
  const tracks = mainTracks(input);
  expect(tracks).toHaveLength(2);
  const jumper = tracks.find((track) => track.start === 0)!;
  const walker = tracks.find((track) => track !== jumper)!;
  expect([jumper.length, [...jumper.origins].includes(BOX_ORIGIN.absent)]).toEqual([230, false]);
  const jump = boxesOf(jumper);
  // On the roof until frame 150, in the air at 174, on the ground from 196 on, where he runs off to the right.
  expect(jump[100]!.bottom).toBeLessThan(500);
  expect(jump[174]!.centreX).toBeGreaterThan(750);
  expect(jump[174]!.centreY).toBeLessThan(450);
  expect(jump[200]!.bottom).toBeGreaterThan(850);
  expect(jump[222]!.centreX).toBeGreaterThan(1400);
  const walk = boxesOf(walker).filter((_, index) => index % 20 === 0);
  for (let step = 1; step < walk.length; step++) expect(walk[step]!.centreX).toBeLessThan(walk[step - 1]!.centreX);
});
