import fc from 'fast-check';
import { expect, it } from 'vitest';
import { chooseStripFrames } from './filmStrip';
import type { MediaFacts } from './mediaFacts';

const media = (frameCount: number, keyframes: number[]): MediaFacts => ({
  ...{
    kind: 'file',
    path: '/clip.mp4',
    images: [],
    container: 'mp4',
    codec: 'h264',
    pixelFormat: 'yuv420p',
    bitDepth: 8,
  },
  ...{ codedWidth: 64, codedHeight: 64, width: 64, height: 64, rotation: 0, sampleAspect: 1, frameCount, keyframes },
  frameTimes: {
    timeBase: { numerator: 1, denominator: 30 },
    pts: Array.from({ length: frameCount }, (_, index) => index),
  },
  ...{
    keyframeTicks: keyframes,
    access: 'seek',
    seekMargin: 0,
    variableRate: false,
    averageRate: { numerator: 30, denominator: 1 },
  },
  ...{
    rateAssumed: false,
    durationSeconds: 1,
    sizeBytes: 1,
    modifiedAt: 0,
    hasAudio: false,
    ptsHash: '',
    warnings: [],
  },
  fingerprint: { size: 1, sampledHash: '' },
});

it('takes keyframes where they lie in the part, else its middle', () => {
  expect(chooseStripFrames(media(100, [0, 30, 60, 90]), 2)).toEqual([30, 60]);
  expect(chooseStripFrames(media(100, [0]), 4)).toEqual([0, 37, 62, 87]);
});

it('gives ascending frames of the video, one for each part', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 500 }),
      fc.integer({ min: 1, max: 60 }),
      fc.array(fc.nat(499)),
      (count, parts, keys) => {
        const keyframes = [...new Set([0, ...keys.filter((key) => key < count)])].sort((a, b) => a - b);
        const frames = chooseStripFrames(media(count, keyframes), parts);
        expect(frames).toHaveLength(Math.min(parts, count));
        expect(frames.every((frame, index) => frame < count && frame > (frames[index - 1] ?? -1))).toBe(true);
      },
    ),
  );
});
