import { beforeAll, describe, expect, it } from 'vitest';
import type { BorrowedFrame } from '#engine/pipeline/runContext';
import { ClipDecoder } from '#engine/project/clipDecoder';
import type { FfmpegTool } from '#engine/video/findFfmpeg';
import type { MediaFacts } from '#engine/video/mediaFacts';
import { openClip, temporaryFolder } from '../video/clipFolder';

const folder = temporaryFolder();
let media: MediaFacts;
let ffmpeg: FfmpegTool;

beforeAll(async () => {
  ({ media, ffmpeg } = await openClip('h264', folder));
});

describe('a clip that is smaller than what anybody wants to see', () => {
  it('is decoded to the end while a decoder that was started with it stands still', async () => {
    const decoder = new ClipDecoder(media, ffmpeg);
    const { signal } = new AbortController();
    const whole = { from: 0, to: media.frameCount };
    const waiting = decoder.frames(whole, 1920, signal);
    const first = waiting.next();
    const seen: number[] = [];
    for await (const { frame, release } of decoder.frames(whole, 768, signal)) {
      seen.push(frame.frameIndex);
      release();
    }
    expect(seen).toHaveLength(media.frameCount);
    const frames: number[] = [];
    const take = ({ frame, release }: BorrowedFrame) => {
      frames.push(frame.frameIndex);
      release();
    };
    const { value } = await first;
    if (value) take(value);
    for await (const borrowed of waiting) take(borrowed);
    expect(frames).toEqual(seen);
  });
});
