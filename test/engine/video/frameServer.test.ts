import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { countChildren } from '#engine/video/childProcesses';
import { decodeFrames } from '#engine/video/decodeStream';
import type { FfmpegTool } from '#engine/video/findFfmpeg';
import { createFrameServer, type FrameServer } from '#engine/video/frameServer';
import type { MediaFacts } from '#engine/video/mediaFacts';
import { probeVideo } from '#engine/video/probe';
import { decodeJpeg, jpegNumbers, jpegSize, openClip, temporaryFolder } from './clipFolder';

const folder = temporaryFolder();
let media: MediaFacts;
let ffmpeg: FfmpegTool;
let caches = 0;

beforeAll(async () => {
  ({ media, ffmpeg } = await openClip('h264', folder));
});

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function withServer(
  use: (server: FrameServer, cacheDirectory: string) => Promise<void>,
  options: { budgetBytes?: number; memoryBytes?: number; cacheDirectory?: string } = {},
): Promise<void> {
  const cacheDirectory = options.cacheDirectory ?? join(folder, `cache-${++caches}`);
  const server = createFrameServer({ media, ffmpeg, budgetBytes: 1e8, ...options, cacheDirectory });
  try {
    await use(server, cacheDirectory);
  } finally {
    await server.close();
  }
  expect(countChildren()).toBe(0);
  await expect(server.jpeg(0, 640)).rejects.toMatchObject({ code: 'ENGINE_STOPPED' });
}

function chunksOf(cacheDirectory: string): string[] {
  return readdirSync(cacheDirectory, { recursive: true })
    .map(String)
    .filter((name) => /\.(jpgs|tmp)$/.test(name))
    .map((name) => name.split(/[\\/]/).slice(1).join('/'))
    .sort();
}

const numbersOf = (jpegs: Uint8Array[], width = 320, height = 240): (number | null)[] =>
  jpegNumbers(ffmpeg, jpegs, width, height);

describe('createFrameServer', () => {
  it('answers many at once from few runs, and later without any', async () => {
    await withServer(async (server, cacheDirectory) => {
      const frames = [70, 64, 95, 3, 31, 70];
      const first = await Promise.all(frames.map((frameIndex) => server.jpeg(frameIndex, 640)));
      expect(numbersOf(first)).toEqual(frames);
      await pause(300);
      expect(chunksOf(cacheDirectory)).toEqual(['s320/0.jpgs', 's320/2.jpgs']);
      await server.close();
      // Without an ffmpeg that works only the cache can answer.
      const broken = createFrameServer({
        media,
        ffmpeg: { ...ffmpeg, path: '/nowhere' },
        cacheDirectory,
        budgetBytes: 1e8,
      });
      expect(numbersOf(await Promise.all(frames.map((frameIndex) => broken.jpeg(frameIndex, 640))))).toEqual(frames);
      await expect(broken.jpeg(40, 640)).rejects.toMatchObject({ code: 'FFMPEG_MISSING' });
      await broken.close();
    });
  });

  it('a cancelled request ends its run; the next one is answered', async () => {
    await withServer(async (server) => {
      const requests = Array.from({ length: 12 }, (_, index) => {
        const stop = new AbortController();
        return { stop, answer: server.jpeg((index * 37) % 120, 640, stop.signal) };
      });
      const last = server.jpeg(111, 640);
      for (const { stop } of requests) stop.abort();
      for (const { answer } of requests) await expect(answer).rejects.toMatchObject({ name: 'AbortError' });
      expect(numbersOf([await last])).toEqual([111]);
    });
  });

  it('fills the whole video, reports it, resumes after a cancel, and lets requests through meanwhile', async () => {
    await withServer(async (server, cacheDirectory) => {
      const stop = new AbortController();
      const cut = server.fill(({ done }) => {
        if (done >= 32) stop.abort();
      }, stop.signal);
      await expect(cut).rejects.toMatchObject({ name: 'AbortError' });
      const stored = chunksOf(cacheDirectory).length;
      expect(stored).toBeGreaterThanOrEqual(1);
      const seen: number[] = [];
      const filling = server.fill(({ done, total }) => {
        expect(total).toBe(120);
        seen.push(done);
      });
      expect(numbersOf([await server.jpeg(119, 1280)])).toEqual([119]);
      expect(await filling).toEqual({ isComplete: true });
      expect(seen[seen.length - 1]).toBe(120);
      expect(seen).toEqual([...seen].sort((a, b) => a - b));
      expect(chunksOf(cacheDirectory)).toEqual(['s320/0.jpgs', 's320/1.jpgs', 's320/2.jpgs', 's320/3.jpgs']);
      expect(await server.fill()).toEqual({ isComplete: true });
    });
  });

  it('stays inside its bytes on disk and says that a fill is not complete', async () => {
    await withServer(
      async (server, cacheDirectory) => {
        expect(await server.fill()).toEqual({ isComplete: false });
        for (const frameIndex of [5, 40, 70, 100])
          expect(numbersOf([await server.jpeg(frameIndex, 640)])).toEqual([frameIndex]);
        await pause(300);
        expect(chunksOf(cacheDirectory).length).toBeLessThanOrEqual(2);
      },
      { budgetBytes: 70_000, memoryBytes: 20_000 },
    );
  });

  it('works ahead of the playhead in one run', async () => {
    await withServer(async (server, cacheDirectory) => {
      server.prefetch({ from: 10, to: 40 }, 640);
      await pause(600);
      const ahead = numbersOf(await Promise.all([10, 39].map((frameIndex) => server.jpeg(frameIndex, 640))));
      expect(ahead).toEqual([10, 39]);
      // It waits at the end of the span, in the middle of a chunk.
      expect(chunksOf(cacheDirectory)).toEqual(['s320/0.jpgs']);
      server.prefetch({ from: 40, to: 100 }, 640);
      await pause(600);
      expect(chunksOf(cacheDirectory)).toEqual(['s320/0.jpgs', 's320/1.jpgs', 's320/2.jpgs']);
      server.prefetch({ from: 0, to: 30 }, 640);
      expect(numbersOf([await server.jpeg(20, 640)])).toEqual([20]);
    });
  });

  it('gives a film strip and single thumbnails', async () => {
    await withServer(async (server) => {
      const strip: { frameIndex: number; jpeg: Uint8Array }[] = [];
      for await (const picture of server.filmStrip(9, 60)) strip.push(picture);
      expect(strip).toHaveLength(9);
      expect(strip.map(({ jpeg }) => jpegSize(jpeg))).toEqual(strip.map(() => ({ width: 80, height: 60 })));
      const shown = numbersOf(
        strip.map(({ jpeg }) => jpeg),
        80,
        60,
      );
      expect(shown).toEqual(strip.map(({ frameIndex }) => frameIndex));
      expect(numbersOf([await server.thumbnail(77, 60)], 80, 60)).toEqual([77]);
    });
  });

  it('still answers when nothing can be written, and says so when asked to fill', async () => {
    const cacheDirectory = join(folder, 'not-a-folder');
    writeFileSync(cacheDirectory, 'a file where the cache should be');
    chmodSync(cacheDirectory, 0o444);
    const server = createFrameServer({ media, ffmpeg, cacheDirectory, budgetBytes: 1e8 });
    expect(numbersOf([await server.jpeg(50, 640)])).toEqual([50]);
    await expect(server.fill()).rejects.toMatchObject({ code: expect.stringMatching(/ENOTDIR|EEXIST/) });
    await server.close();
    expect(countChildren()).toBe(0);
  });

  it('makes the same bytes whether sought or played through', async () => {
    const digest = (jpeg: Uint8Array): string => createHash('sha256').update(jpeg).digest('hex');
    const sought: string[] = [];
    const played: string[] = [];
    await withServer(async (server) => {
      for (const frameIndex of [100, 65, 33]) sought.push(digest(await server.jpeg(frameIndex, 200)));
    });
    await withServer(async (server) => {
      server.prefetch({ from: 0, to: 120 }, 200);
      await pause(800);
      for (const frameIndex of [100, 65, 33]) played.push(digest(await server.jpeg(frameIndex, 200)));
    });
    expect(sought).toEqual(played);
  });

  it('shows the colours that are analysed, whatever matrix the video is in', async () => {
    for (const [name, matrix] of [
      ['hd', 'bt709'],
      ['sd', 'smpte170m'],
    ] as const) {
      const path = join(folder, `${name}.mp4`);
      const convert = `scale=out_color_matrix=${matrix === 'bt709' ? 'bt709' : 'bt601'},format=yuv420p`;
      const tags = ['-colorspace', matrix, '-color_primaries', matrix, '-color_trc', matrix];
      const source = ['-f', 'lavfi', '-i', 'testsrc2=s=320x240:r=10:d=0.3', '-vf', convert];
      spawnSync(ffmpeg.path, ['-v', 'error', '-y', ...source, ...tags, '-c:v', 'libx264', '-crf', '8', path]);
      const clip = await probeVideo(path, { ffmpeg });
      const server = createFrameServer({ media: clip, ffmpeg, cacheDirectory: join(folder, name), budgetBytes: 1e8 });
      const shown = decodeJpeg(ffmpeg, await server.jpeg(1, 640));
      await server.close();
      for await (const { data } of decodeFrames({ media: clip, ffmpeg, span: { from: 1, to: 2 } })) {
        expect(shown).toHaveLength(data.length);
        const difference =
          data.reduce((sum, value, index) => sum + Math.abs(value - (shown[index] ?? 0)), 0) / data.length;
        expect(difference, matrix).toBeLessThan(6);
      }
    }
  });
});
