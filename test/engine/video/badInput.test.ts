import { spawnSync } from 'node:child_process';
import { appendFile, mkdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AppError } from '#core/errors';
import { countChildren } from '#engine/video/childProcesses';
import { createFrameServer } from '#engine/video/frameServer';
import { probeVideo } from '#engine/video/probe';
import { openClip, temporaryFolder, testFfmpeg } from './clipFolder';
import { decodedNumbers } from './exactFrames';
import { makeNumberedClip } from './numberedClip';

const folder = temporaryFolder();

async function failureOf(path: string): Promise<AppError> {
  const ffmpeg = await testFfmpeg();
  const error: unknown = await probeVideo(path, { ffmpeg }).then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof AppError)) throw new Error(`${path} was not refused properly`, { cause: error });
  expect(error.hint).toBeTruthy();
  return error;
}

async function run(args: string[]): Promise<void> {
  const { status, stderr } = spawnSync((await testFfmpeg()).path, ['-v', 'error', '-y', ...args]);
  expect(status, stderr.toString()).toBe(0);
}

describe('what is not a video is refused in a sentence', () => {
  it('a missing file', async () => {
    expect(await failureOf(join(folder, 'nowhere.mp4'))).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('an empty file', async () => {
    await writeFile(join(folder, 'empty.mp4'), '');
    const error = await failureOf(join(folder, 'empty.mp4'));
    expect(error).toMatchObject({ code: 'NOT_A_VIDEO', message: expect.stringContaining('0 bytes') });
  });

  it('a text file named .mp4 or .txt', async () => {
    for (const name of ['text.mp4', 'text.txt']) {
      await writeFile(join(folder, name), 'This is not a video.\n'.repeat(200));
      expect((await failureOf(join(folder, name))).code).toBe('NOT_A_VIDEO');
    }
  });

  it('a playlist that points elsewhere', async () => {
    const path = join(folder, 'list.mp4');
    await writeFile(path, '#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n');
    expect((await failureOf(path)).code).toBe('NOT_A_VIDEO');
  });

  it('sound only, with and without a cover picture', async () => {
    const sound = ['-f', 'lavfi', '-i', 'sine=d=1'];
    await run([...sound, join(folder, 'sound.m4a')]);
    await run(['-f', 'lavfi', '-i', 'color=s=64x64:d=1', '-frames:v', '1', join(folder, 'cover.png')]);
    const cover = [
      '-i',
      join(folder, 'cover.png'),
      '-map',
      '0',
      '-map',
      '1',
      '-c:v',
      'copy',
      '-disposition:v',
      'attached_pic',
    ];
    await run([...sound, ...cover, join(folder, 'cover.m4a')]);
    for (const name of ['sound.m4a', 'cover.m4a']) {
      const error = await failureOf(join(folder, name));
      expect(error).toMatchObject({ code: 'NOT_A_VIDEO', message: expect.stringContaining('no video stream') });
    }
  });

  it('a folder without pictures', async () => {
    await mkdir(join(folder, 'no pictures'));
    expect((await failureOf(join(folder, 'no pictures'))).code).toBe('NOT_A_VIDEO');
  });

  it('a folder of two kinds of pictures, or of one that reads like a pattern of numbers', async () => {
    const two = join(folder, 'two kinds');
    await mkdir(two);
    for (const name of ['1.png', '2.png', '3.jpg']) await writeFile(join(two, name), 'x');
    expect(await failureOf(two)).toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringMatching(/all be JPEG or all PNG: 1.png is PNG, 3.jpg is JPEG/),
    });
    const pattern = join(folder, 'pattern');
    await mkdir(pattern);
    await writeFile(join(pattern, 'shot_%04d.png'), 'x');
    expect(await failureOf(pattern)).toMatchObject({ code: 'UNSUPPORTED', message: expect.stringContaining('%04d') });
  });

  it('pictures of another kind than their names say', async () => {
    const mixed = join(folder, 'misnamed');
    await mkdir(mixed);
    const beginnings = { '1.png': '\x89PNG\r\n\x1a\n', '2.png': '\xff\xd8\xff\xe0', '3.png': 'RIFF1234WEBP' };
    for (const [name, head] of Object.entries(beginnings)) await writeFile(join(mixed, name), head, 'latin1');
    expect(await failureOf(mixed)).toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringContaining('2.png is JPEG'),
    });
    await rm(join(mixed, '2.png'));
    expect(await failureOf(mixed)).toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringContaining('3.png is WebP'),
    });
    await rm(join(mixed, '1.png'));
    expect(await failureOf(mixed)).toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringContaining('3.png is WebP'),
    });
  });

  it('an address, nothing at all, and a link that leads to itself', async () => {
    for (const address of ['http://example.com/clip.mp4', 'file:///clip.mp4']) {
      expect(await failureOf(address)).toMatchObject({
        code: 'NOT_FOUND',
        message: expect.stringContaining('address'),
      });
    }
    expect(await failureOf('')).toMatchObject({ code: 'NOT_FOUND', message: expect.stringContaining('empty') });
    await symlink('loop.mp4', join(folder, 'loop.mp4'));
    expect((await failureOf(join(folder, 'loop.mp4'))).message).toMatch(/leads back to itself/);
  });

  it('an MP4 that was cut off before its index', async () => {
    const path = await makeNumberedClip('h264', { folder, ffmpeg: await testFfmpeg(), name: 'late-index' });
    const bytes = await readFile(path);
    await writeFile(path, bytes.subarray(0, bytes.length >> 1));
    expect(await failureOf(path)).toMatchObject({ code: 'VIDEO_DAMAGED', message: expect.stringContaining('cut off') });
  });
});

describe('a file that changes while it is open', () => {
  it('is refused when it has grown, and when it has gone; not when it was only touched', async () => {
    const { media, path, ffmpeg } = await openClip('fps5', folder, { name: 'changing' });
    await utimes(path, new Date(), new Date());
    expect(await decodedNumbers(media, ffmpeg, 3, 5)).toEqual([3, 4]);
    await appendFile(path, 'more');
    await expect(decodedNumbers(media, ffmpeg, 3, 5)).rejects.toMatchObject({ code: 'VIDEO_CHANGED' });
    const server = createFrameServer({ media, ffmpeg, cacheDirectory: join(folder, 'changing'), budgetBytes: 1e8 });
    await expect(server.jpeg(3, 640)).rejects.toMatchObject({ code: 'VIDEO_CHANGED' });
    await rm(path);
    await expect(decodedNumbers(media, ffmpeg, 3, 5)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(server.jpeg(3, 640)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await server.close();
    expect(countChildren()).toBe(0);
  });
});
