import { join } from 'node:path';
import { expect } from 'vitest';
import { countChildren } from '#engine/video/childProcesses';
import { decodeFrames } from '#engine/video/decodeStream';
import type { FfmpegTool } from '#engine/video/findFfmpeg';
import { createFrameServer } from '#engine/video/frameServer';
import { fitSize, type MediaFacts } from '#engine/video/mediaFacts';
import { jpegNumbers, openClip, plainNumbers } from './clipFolder';
import { CLIP_RECIPES, type ClipKind, type ClipRecipe, readNumber } from './numberedClip';

/**
 * Opens a numbered clip and proves that its table, whole decoding, decoding of spans and the frame server all agree,
 * frame by frame, with a plain decoding run.
 */
export async function checkExactFrames(kind: ClipKind, folder: string, decodeBudget?: number): Promise<MediaFacts> {
  const recipe: ClipRecipe = CLIP_RECIPES[kind];
  const { media, ffmpeg, path } = await openClip(kind, folder, decodeBudget === undefined ? {} : { decodeBudget });
  const truth =
    recipe.asFolder === true
      ? Array.from({ length: recipe.frames ?? 120 }, (_, index) => index)
      : plainNumbers(ffmpeg, path);
  expect(truth.length).toBeGreaterThan(0);
  expect(truth).not.toContain(null);
  if (recipe.cutSeconds === undefined) expect(truth).toHaveLength(recipe.frames ?? 120);
  expect(media.frameCount).toBe(truth.length);
  expect(media.frameTimes.pts).toHaveLength(truth.length);
  expect(await decodedNumbers(media, ffmpeg, 0, media.frameCount)).toEqual(truth);
  for (const [from, to] of spansOf(media)) {
    expect(await decodedNumbers(media, ffmpeg, from, to), `frames ${from} to ${to}`).toEqual(truth.slice(from, to));
  }
  await checkServer(media, ffmpeg, truth, join(folder, `${kind}-cache`));
  expect(countChildren()).toBe(0);
  return media;
}

/** Numbers that `decodeFrames` gives for a span; fails when an index is out of turn or a frame is a stand-in. */
export async function decodedNumbers(
  media: MediaFacts,
  ffmpeg: FfmpegTool,
  from: number,
  to: number,
): Promise<(number | null)[]> {
  const numbers: (number | null)[] = [];
  for await (const frame of decodeFrames({ media, ffmpeg, span: { from, to } })) {
    expect(frame.frameIndex).toBe(from + numbers.length);
    expect(frame.isRepeated).toBe(false);
    numbers.push(readNumber(frame.data, frame.width, frame.height));
  }
  return numbers;
}

async function checkServer(media: MediaFacts, ffmpeg: FfmpegTool, truth: (number | null)[], cacheDirectory: string) {
  const server = createFrameServer({ media, ffmpeg, cacheDirectory, budgetBytes: 1e9 });
  try {
    const frames = [
      ...new Set([media.frameCount - 1, 0, Math.floor(media.frameCount * 0.55), Math.floor(media.frameCount * 0.3)]),
    ];
    const jpegs: Uint8Array[] = [];
    for (const frameIndex of frames) jpegs.push(await server.jpeg(frameIndex, 1280));
    const { width, height } = fitSize(media.width, media.height, 1280);
    expect(jpegNumbers(ffmpeg, jpegs, width, height)).toEqual(frames.map((frameIndex) => truth[frameIndex]));
    expect(await server.fill()).toEqual({ isComplete: true });
    const all = await Promise.all(truth.map((_, frameIndex) => server.jpeg(frameIndex, 1280)));
    expect(jpegNumbers(ffmpeg, all, width, height)).toEqual(truth);
  } finally {
    await server.close();
  }
}

/** Spans around keyframes and group ends, where seeking goes wrong if it does, and some in between. */
function spansOf(media: MediaFacts): [number, number][] {
  const { frameCount, keyframes } = media;
  const middle = keyframes[keyframes.length >> 1] ?? 0;
  const starts = [middle - 1, middle, middle + 1, Math.floor(frameCount * 0.37), frameCount - 1];
  return starts
    .filter((from) => from >= 0 && from < frameCount)
    .map((from, index) => [from, Math.min(frameCount, from + 1 + index * 5)]);
}
