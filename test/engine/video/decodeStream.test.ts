import { copyFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { countChildren, killAllChildren } from '#engine/video/childProcesses';
import { decodeFrames } from '#engine/video/decodeStream';
import type { FfmpegTool } from '#engine/video/findFfmpeg';
import { FrameRing } from '#engine/video/frameRing';
import { createFrameServer } from '#engine/video/frameServer';
import type { MediaFacts } from '#engine/video/mediaFacts';
import { probeVideo } from '#engine/video/probe';
import { jpegNumbers, openClip, temporaryFolder } from './clipFolder';
import { decodedNumbers } from './exactFrames';
import { readNumber } from './numberedClip';

const folder = temporaryFolder();
let media: MediaFacts;
let ffmpeg: FfmpegTool;
let whole: { from: number; to: number };

beforeAll(async () => {
  ({ media, ffmpeg } = await openClip('h264', folder));
  whole = { from: 0, to: media.frameCount };
});

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('decodeFrames', () => {
  it('gives every slot back, however it ends', async () => {
    const ring = new FrameRing(4, media.width * media.height * 3);
    for await (const frame of decodeFrames({ media, ffmpeg, span: whole, ring })) expect(frame.data).toBeDefined();
    expect([ring.inUse, countChildren()]).toEqual([0, 0]);
    for await (const frame of decodeFrames({ media, ffmpeg, span: whole, ring })) if (frame.frameIndex === 3) break;
    expect([ring.inUse, countChildren()]).toEqual([0, 0]);
    const failing = async (): Promise<void> => {
      for await (const frame of decodeFrames({ media, ffmpeg, span: whole, ring })) {
        if (frame.frameIndex === 2) throw new Error('the consumer failed');
      }
    };
    await expect(failing()).rejects.toThrow('the consumer failed');
    expect([ring.inUse, countChildren()]).toEqual([0, 0]);
  });

  it('stops at once when cancelled: before, while decoding, and while its consumer is slow', async () => {
    for (const after of [-1, 0, 5]) {
      const ring = new FrameRing(4, media.width * media.height * 3);
      const stop = new AbortController();
      if (after < 0) stop.abort();
      const run = async (): Promise<void> => {
        for await (const frame of decodeFrames({ media, ffmpeg, span: whole, ring }, stop.signal)) {
          if (frame.frameIndex === after) setTimeout(() => stop.abort(), 5);
          if (frame.frameIndex >= after) await pause(20);
        }
      };
      await expect(run()).rejects.toMatchObject({ name: 'AbortError' });
      expect([ring.inUse, countChildren()]).toEqual([0, 0]);
    }
  });

  it('notices a file that was taken away, which ffmpeg itself reads on', async () => {
    const path = join(folder, 'taken-away.mp4');
    copyFileSync(media.path, path);
    const taken = await probeVideo(path, { ffmpeg });
    const frames: number[] = [];
    const run = async (): Promise<void> => {
      for await (const { frameIndex } of decodeFrames({ media: taken, ffmpeg, span: whole })) {
        frames.push(frameIndex);
        if (frameIndex !== 3) continue;
        rmSync(path);
        const later = performance.now() + 10_000;
        vi.spyOn(performance, 'now').mockReturnValue(later);
      }
    };
    await expect(run().finally(() => vi.restoreAllMocks())).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(frames).toEqual([0, 1, 2, 3]);
    expect(countChildren()).toBe(0);
  });

  it('waits for a slow consumer instead of buffering, and keeps held frames as they are', async () => {
    const ring = new FrameRing(6, media.width * media.height * 3);
    const held: { frameIndex: number; data: Uint8Array; release: () => void }[] = [];
    for await (const frame of decodeFrames({ media, ffmpeg, span: { from: 10, to: 50 }, ring })) {
      held.push({ frameIndex: frame.frameIndex, data: frame.data, release: frame.hold() });
      if (held.length === 3) {
        await pause(10);
        for (const { frameIndex, data, release } of held.splice(0)) {
          expect(readNumber(data, media.width, media.height)).toBe(frameIndex);
          release();
          release();
        }
      }
      expect(ring.inUse).toBeLessThanOrEqual(6);
    }
    for (const { release } of held) release();
    expect(ring.inUse).toBe(0);
  });

  it('shares one ring among several streams', async () => {
    const ring = new FrameRing(12, media.width * media.height * 3);
    const read = async (from: number): Promise<(number | null)[]> => {
      const numbers: (number | null)[] = [];
      for await (const { data, width, height } of decodeFrames({
        media,
        ffmpeg,
        span: { from, to: from + 30 },
        ring,
      })) {
        numbers.push(readNumber(data, width, height));
      }
      return numbers;
    };
    const all = await Promise.all([0, 40, 80].map(read));
    all.forEach((numbers, index) => expect(numbers).toEqual(Array.from({ length: 30 }, (_, k) => index * 40 + k)));
    expect(ring.inUse).toBe(0);
  });

  it('scales down, never up', async () => {
    const sizeAt = async (maxLongSide: number): Promise<number[]> => {
      for await (const { width, height, data } of decodeFrames({
        media,
        ffmpeg,
        span: { from: 7, to: 8 },
        maxLongSide,
      })) {
        expect(readNumber(data, width, height)).toBe(7);
        return [width, height];
      }
      return [];
    };
    expect(await sizeAt(100)).toEqual([100, 75]);
    expect(await sizeAt(5000)).toEqual([320, 240]);
  });

  it('says how it reached the frames', async () => {
    const reached: string[] = [];
    for (const from of [0, 60]) {
      const onOpen = (how: string): number => reached.push(how);
      for await (const frame of decodeFrames({ media, ffmpeg, span: { from, to: from + 1 }, onOpen })) {
        expect(frame.frameIndex).toBe(from);
      }
    }
    expect(reached).toEqual(['start', 'seek']);
  });

  it('goes back to the start when a seek lands too late', async () => {
    // Keyframes that lie: a seek for 71 is aimed so late that it lands at the keyframe at 72.
    const ticks = media.frameTimes.pts[72] ?? 0;
    const lying = { ...media, keyframes: [0, 50, 60], keyframeTicks: [0, ticks + 10, ticks + 10] };
    const reached: string[] = [];
    const numbers: (number | null)[] = [];
    const onOpen = (how: string): number => reached.push(how);
    for await (const frame of decodeFrames({ media: lying, ffmpeg, span: { from: 71, to: 75 }, onOpen })) {
      numbers.push(readNumber(frame.data, frame.width, frame.height));
    }
    expect(numbers).toEqual([71, 72, 73, 74]);
    // Before 5.0 ffmpeg itself moves such a seek back far enough.
    if (!ffmpeg.needsRgbForJpeg) expect(reached).toEqual(['start']);
  });

  it('finds the frames without seeking, too, and by counting', async () => {
    for (const access of ['start', 'count'] as const) {
      const slow = { ...media, access };
      expect(await decodedNumbers(slow, ffmpeg, 57, 61), access).toEqual([57, 58, 59, 60]);
      const server = createFrameServer({ media: slow, ffmpeg, cacheDirectory: join(folder, access), budgetBytes: 1e8 });
      for await (const { frameIndex, jpeg } of server.filmStrip(7, 240)) {
        expect(jpegNumbers(ffmpeg, [jpeg], 320, 240), access).toEqual([frameIndex]);
      }
      await server.close();
      rmSync(join(folder, access), { recursive: true });
    }
  });

  it('refuses frames outside the video', async () => {
    for (const [from, to] of [
      [-1, 2],
      [5, 5],
      [100, 121],
      [0.5, 2],
    ] as const) {
      await expect(decodedNumbers(media, ffmpeg, from, to)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    }
  });

  it('a decoder that is killed is an error, not a clip full of stand-ins', async () => {
    const run = async (): Promise<number> => {
      let count = 0;
      for await (const frame of decodeFrames({ media, ffmpeg, span: whole, maxLongSide: 320 })) {
        if (frame.frameIndex === 0) killAllChildren();
        count++;
        await pause(1);
      }
      return count;
    };
    await expect(run()).rejects.toMatchObject({ code: 'VIDEO_DAMAGED' });
    expect(countChildren()).toBe(0);
  });

  it('leaves no file behind', () => {
    expect(readdirSync(folder)).toEqual(['h264.mp4']);
  });
});
