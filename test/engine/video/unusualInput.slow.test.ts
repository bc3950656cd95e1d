import { spawnSync } from 'node:child_process';
import { copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeFrames } from '#engine/video/decodeStream';
import { createFrameServer } from '#engine/video/frameServer';
import { probeVideo } from '#engine/video/probe';
import { jpegNumbers, openClip, temporaryFolder, testFfmpeg } from './clipFolder';
import { decodedNumbers } from './exactFrames';
import { CLIP_RECIPES, makeNumberedClip, readNumber } from './numberedClip';

const folder = temporaryFolder();

async function run(args: string[]): Promise<void> {
  const { status, stderr } = spawnSync((await testFfmpeg()).path, ['-v', 'error', '-y', ...args]);
  expect(status, stderr.toString()).toBe(0);
}

describe('what is damaged is read as far as possible', () => {
  it.each([
    [
      'mp4 with its index first',
      { ...CLIP_RECIPES.h264, arguments: [...CLIP_RECIPES.h264.arguments, '-movflags', '+faststart'] },
    ],
    ['mkv', { ...CLIP_RECIPES.h264, extension: 'mkv' }],
    ['avi', CLIP_RECIPES.mpeg4Avi],
  ])('a cut-off %s', async (_, recipe) => {
    const ffmpeg = await testFfmpeg();
    const path = await makeNumberedClip(recipe, { folder, ffmpeg, name: 'cut' });
    const bytes = await readFile(path);
    await writeFile(path, bytes.subarray(0, Math.floor(bytes.length * 0.6)));
    for (const decodeBudget of [0, Number.POSITIVE_INFINITY]) {
      const media = await probeVideo(path, { ffmpeg, decodeBudget });
      expect(media.frameCount).toBeGreaterThan(30);
      expect(media.frameCount).toBeLessThan(110);
      expect(media.warnings.join()).toMatch(/cut off|damaged/);
      const numbers = await decodedNumbers(media, ffmpeg, 0, media.frameCount);
      // The very last picture may be half there.
      expect(numbers.slice(0, -1)).toEqual(Array.from({ length: media.frameCount - 1 }, (_value, index) => index));
    }
  });

  it('a hole in the middle leaves every other frame at its place', async () => {
    const { path, ffmpeg } = await openClip('h264', folder, { name: 'hole' });
    const bytes = await readFile(path);
    const middle = bytes.length >> 1;
    bytes.fill(0, middle, middle + 3000);
    await writeFile(path, bytes);
    const media = await probeVideo(path, { ffmpeg, decodeBudget: 0 });
    const frames: { frameIndex: number; number: number | null; isRepeated: boolean }[] = [];
    for await (const frame of decodeFrames({ media, ffmpeg, span: { from: 0, to: media.frameCount } })) {
      const { frameIndex, isRepeated } = frame;
      frames.push({ frameIndex, isRepeated, number: readNumber(frame.data, frame.width, frame.height) });
    }
    expect(frames.map((frame) => frame.frameIndex)).toEqual(
      Array.from({ length: media.frameCount }, (_, index) => index),
    );
    const intact = frames.filter((frame) => !frame.isRepeated && frame.number !== null);
    expect(intact.length).toBeGreaterThan(60);
    if (media.frameCount === 120)
      for (const { frameIndex, number } of intact.slice(-20)) expect(number).toBe(frameIndex);
  });
});

describe('unusual but fine', () => {
  it('recordings joined one behind the other, whose size and times change there', async () => {
    const ffmpeg = await testFfmpeg();
    const recipe = { ...CLIP_RECIPES.transportStream, frames: 60 };
    const parts = [
      await makeNumberedClip(recipe, { folder, ffmpeg, name: 'joined-first' }),
      await makeNumberedClip({ ...recipe, width: 160, height: 120 }, { folder, ffmpeg, name: 'joined-second' }),
    ];
    const path = join(folder, 'joined.ts');
    await writeFile(path, Buffer.concat(await Promise.all(parts.map((part) => readFile(part)))));
    const media = await probeVideo(path, { ffmpeg });
    expect(media).toMatchObject({ frameCount: 120, width: 320, height: 240, access: 'count' });
    expect(media.durationSeconds).toBeCloseTo(4, 2);
    const numbers = Array.from({ length: 120 }, (_, index) => index % 60);
    for (const from of [0, 59, 60, 80, 119]) {
      const to = Math.min(120, from + 6);
      expect(await decodedNumbers(media, ffmpeg, from, to), `frames ${from} to ${to}`).toEqual(numbers.slice(from, to));
    }
    const cacheDirectory = join(folder, 'joined-cache');
    const server = createFrameServer({ media, ffmpeg, cacheDirectory, budgetBytes: 1e9 });
    try {
      expect(await server.fill()).toEqual({ isComplete: true });
      const jpegs = await Promise.all(numbers.map((_, frameIndex) => server.jpeg(frameIndex, 1280)));
      expect(jpegNumbers(ffmpeg, jpegs, 320, 240)).toEqual(numbers);
    } finally {
      await server.close();
    }
  });

  it('names with spaces, quotes, unicode, dashes, colons and per cent signs', async () => {
    const ffmpeg = await testFfmpeg();
    const source = await makeNumberedClip('oneFrame', { folder, ffmpeg });
    for (const name of [
      '-y.mp4',
      'it\'s a "clip" $(x) `y`.mp4',
      'Ünïcödé 動画 🎥.mp4',
      'a:b.mp4',
      '100%d.mp4',
      'pipe:0.mp4',
    ]) {
      await copyFile(source, join(folder, name));
      const media = await probeVideo(join(folder, name), { ffmpeg });
      expect(await decodedNumbers(media, ffmpeg, 0, 1), name).toEqual([0]);
    }
  });

  it('a folder of pictures with such a name, with gaps in its numbers', async () => {
    const { path, ffmpeg } = await openClip('jpegFolder', folder);
    const odd = join(folder, 'it\'s -100% "frames" é');
    await rename(path, odd);
    await rm(join(odd, 'shot_00003.jpg'));
    const media = await probeVideo(odd, { ffmpeg, imageRate: 25 });
    expect(media).toMatchObject({ frameCount: 39, rateAssumed: false, averageRate: { numerator: 25, denominator: 1 } });
    expect(await decodedNumbers(media, ffmpeg, 0, 5)).toEqual([0, 1, 3, 4, 5]);
  });

  it('a folder of pictures whose path reads like a pattern of numbers, or whose pictures change their size', async () => {
    const { path: plain, ffmpeg } = await openClip('pngFolder', folder);
    const path = join(folder, 'take %03d');
    await rename(plain, path);
    const small = await openClip({ ...CLIP_RECIPES.pngFolder, width: 160, height: 120 }, folder, { name: 'small' });
    await copyFile(join(small.path, 'shot_00003.png'), join(path, 'shot_00003.png'));
    await mkdir(join(path, 'shot_00009.png.old.png'));
    await writeFile(join(path, 'shot_00020.png'), '');
    const media = await probeVideo(path, { ffmpeg });
    expect(media).toMatchObject({ frameCount: 40, width: 320, height: 240 });
    expect(media.warnings).toContain('The picture shot_00020.png is empty; the one before is shown instead.');
    expect(await decodedNumbers(media, ffmpeg, 0, 8)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('a folder of JPEG pictures that are all called PNG, one of them damaged', async () => {
    const { path, ffmpeg } = await openClip('jpegFolder', folder, { name: 'called png' });
    for (const name of await readdir(path)) await rename(join(path, name), join(path, name.replace('.jpg', '.png')));
    expect(await probeVideo(path, { ffmpeg })).toMatchObject({ codec: 'mjpeg', frameCount: 40 });
    const whole = await probeVideo(path, { ffmpeg });
    expect(await decodedNumbers(whole, ffmpeg, 17, 22)).toEqual([17, 18, 19, 20, 21]);
    for (const name of await readdir(path)) await rename(join(path, name), join(path, name.replace('.png', '.jpg')));
    await writeFile(join(path, 'shot_00020.jpg'), 'Nothing that a picture begins with.');
    const media = await probeVideo(path, { ffmpeg });
    expect(media.warnings).toContain('The picture shot_00020.jpg is damaged; the one before is shown instead.');
    const shown: [number | null, boolean][] = [];
    for await (const frame of decodeFrames({ media, ffmpeg, span: { from: 18, to: 23 } })) {
      shown.push([readNumber(frame.data, frame.width, frame.height), frame.isRepeated]);
    }
    expect(shown.map(([number]) => number)).toEqual([18, 18, 20, 21, 22]);
    expect(shown.map(([, isRepeated]) => isRepeated)).toEqual([false, true, false, false, false]);
  });

  it('a single picture file, one frame', async () => {
    const ffmpeg = await testFfmpeg();
    await run(['-f', 'lavfi', '-i', 'testsrc=s=98x55:d=1', '-frames:v', '1', join(folder, 'still.png')]);
    const media = await probeVideo(join(folder, 'still.png'), { ffmpeg });
    expect(media).toMatchObject({ frameCount: 1, width: 98, height: 55 });
    expect(media.durationSeconds).toBeGreaterThan(0);
  });

  it('8K, delivered at analysis size', async () => {
    const path = join(folder, '8k.mp4');
    const recipe = ['-c:v', 'libx264', '-preset', 'ultrafast', '-frames:v', '2', path];
    await run(['-f', 'lavfi', '-i', 'color=s=7680x4320:r=5', ...recipe]);
    const ffmpeg = await testFfmpeg();
    const media = await probeVideo(path, { ffmpeg });
    expect(media).toMatchObject({ width: 7680, height: 4320, frameCount: 2 });
    const sizes: string[] = [];
    for await (const frame of decodeFrames({ media, ffmpeg, span: { from: 0, to: 2 } })) {
      sizes.push(`${frame.width}x${frame.height}`);
    }
    expect(sizes).toEqual(['1920x1080', '1920x1080']);
  });
});
