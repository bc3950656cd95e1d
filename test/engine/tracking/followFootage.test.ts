import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { type Box, intersectionOverUnion } from '#core/tracks/box';
import type { Detection } from '#core/tracks/track';
import { Follower } from '#engine/tracking/follow/follower';
import type { GrayFrame } from '#engine/tracking/follow/grayFrame';

/** OpenCV's demonstration clip of people at a crossing, 10 frames per second, from above and afar. */
const FILE = '/usr/share/doc/opencv-doc/examples/data/vtest.avi';

/** Frames that were looked at, each with rows of x, y, width, height px, score %: what MoveNet found. */
const recordedSchema = z.object({
  rate: z.number(),
  width: z.number(),
  frameCount: z.number(),
  frames: z.array(z.tuple([z.number(), z.array(z.array(z.number()))])),
});
const recorded = recordedSchema.parse(
  JSON.parse(readFileSync(new URL('../../fixtures/detections/vtest.json', import.meta.url), 'utf8')),
);
const detections = recorded.frames.map(([, rows]) =>
  rows.map(([x = 0, y = 0, width = 0, height = 0, score = 0]): Detection => {
    return { box: { x, y, width, height }, score: score / 100 };
  }),
);

/** The first `count` frames of a video in grey, `width` x `height` px. */
function pictures(file: string, count: number, [width, height]: [number, number], scale: number): GrayFrame[] {
  const filter = `scale=${width}:${height}:flags=area,format=gray`;
  const pixels = execFileSync(
    'ffmpeg',
    ['-v', 'error', '-i', file, '-vf', filter, '-frames:v', `${count}`, '-f', 'rawvideo', '-'],
    { maxBuffer: 2 * count * width * height },
  );
  return Array.from({ length: count }, (_, frameIndex) => ({
    ...{ frameIndex, width, height, scale },
    pixels: pixels.subarray(frameIndex * width * height, (frameIndex + 1) * width * height),
  }));
}

/** Last frame on which a person who is followed from the box at a point of a frame is said to be there. */
function lastFrame(frames: GrayFrame[], from: number, at: [number, number], step: 1 | -1, looks: boolean): number {
  const isAt = ({ x, y, width, height }: Box) => Math.abs(x + width / 2 - at[0]) + Math.abs(y + height / 2 - at[1]) < 6;
  const start = detections[from]?.find(({ box }) => isAt(box))?.box;
  const first = frames[from];
  if (!start || !first) throw new Error(`nobody is at ${at} on frame ${from}`);
  const follower = new Follower(first, start, looks ? detections[from] : undefined, recorded.rate);
  let went = 0;
  for (let frame = from + step; frames[frame]; frame += step) {
    if (!follower.next(frames[frame] as GrayFrame, looks ? detections[frame] : undefined)) break;
    went += 1;
  }
  return from + step * (follower.lostBecause ? follower.sure : went);
}

const truthSchema = z.object({
  fps: z.number(),
  frames: z.number(),
  /** px of the upright video. */
  box: z.array(z.tuple([z.number(), z.number(), z.number(), z.number()])),
});

interface Case {
  who: string;
  /** Frame and centre of the box to follow from, px. */
  from: number;
  at: [number, number];
  step: 1 | -1;
  /** Last frame on which they were seen by eye. */
  last: number;
}

const LEAVE: Case[] = [
  { who: 'a woman on the grass, who leaves on the left', from: 100, at: [230, 78], step: 1, last: 172 },
  { who: 'a man in a blue jacket, who leaves on the left', from: 182, at: [207, 196], step: 1, last: 219 },
  { who: 'one of two, back to where they came from the right', from: 88, at: [498, 199], step: -1, last: 18 },
];
const HIDDEN: Case[] = [{ who: 'a man who goes behind the sign', from: 4, at: [504, 199], step: 1, last: 22 }];
const STAY: Case[] = [
  { who: 'another one of the two, to the end', from: 82, at: [460, 212], step: 1, last: recorded.frameCount - 1 },
];
const LATE = 2;

it.runIf(existsSync(FILE))('people who leave or are hidden are lost there, those who stay are not', () => {
  const frames = pictures(FILE, recorded.frameCount, [480, 360], 480 / recorded.width);
  for (const looks of [true, false]) {
    for (const { who, from, at, step, last } of LEAVE) {
      const off = lastFrame(frames, from, at, step, looks) - last;
      expect(Math.abs(off), `${who}, ${looks ? 'with' : 'without'} the detector`).toBeLessThanOrEqual(LATE);
    }
    for (const { who, from, at, step, last } of HIDDEN) {
      const found = lastFrame(frames, from, at, step, looks);
      expect(found, who).toBeGreaterThan(from + (last - from) / 2);
      expect(found, who).toBeLessThanOrEqual(last + LATE);
    }
  }
  for (const { who, from, at, step, last } of STAY) expect(lastFrame(frames, from, at, step, true), who).toBe(last);
});

const shared = process.env['RETAKE_SHARED'] ?? path.join(import.meta.dirname, '../../../../shared');
const truthFile = path.join(shared, 'fixtures/real/single-person-60fps.json');

it.runIf(existsSync(truthFile))(
  'a man close to the camera is not lost while the box is on him, forwards or backwards',
  () => {
    const { box: rows, frames: count, fps } = truthSchema.parse(JSON.parse(readFileSync(truthFile, 'utf8')));
    const boxes = rows.map(([x, y, width, height]) => ({ x, y, width, height }));
    const frames = pictures(path.join(shared, 'media/single-person-60fps.mp4'), count, [270, 480], 270 / 1080);
    for (const order of [frames, [...frames].reverse()]) {
      const [first, ...others] = order as [GrayFrame, ...GrayFrame[]];
      const follower = new Follower(first, boxes[first.frameIndex] as Box, undefined, fps);
      const overlaps = others.map((frame) => {
        const found = follower.next(frame)?.box;
        return found ? intersectionOverUnion(found, boxes[frame.frameIndex] as Box) : 0;
      });
      // By the picture alone the box slides off him later: he is never far from where he was.
      const off = overlaps.findIndex((overlap) => overlap < 0.5);
      expect(off).toBeGreaterThan(30);
      expect(follower.sure).toBeGreaterThanOrEqual(off);
    }
  },
);
