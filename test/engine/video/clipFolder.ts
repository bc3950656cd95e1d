import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { type FfmpegTool, findFfmpeg } from '#engine/video/findFfmpeg';
import type { MediaFacts } from '#engine/video/mediaFacts';
import { probeVideo } from '#engine/video/probe';
import { type ClipKind, type ClipRecipe, makeNumberedClip, readNumber } from './numberedClip';

/** A temporary folder that is removed after the tests of the calling file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'retake-video-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

let tool: Promise<FfmpegTool> | null = null;

/** The ffmpeg that the tests use: the one Retake would find. */
export function testFfmpeg(): Promise<FfmpegTool> {
  tool ??= findFfmpeg();
  return tool;
}

/** Makes a numbered clip in `folder` and opens it. */
export async function openClip(
  what: ClipKind | ClipRecipe,
  folder: string,
  options: { decodeBudget?: number; name?: string } = {},
): Promise<{ media: MediaFacts; ffmpeg: FfmpegTool; path: string }> {
  const ffmpeg = await testFfmpeg();
  const { name, ...probing } = options;
  const path = await makeNumberedClip(what, { folder, ffmpeg, ...(name === undefined ? {} : { name }) });
  return { media: await probeVideo(path, { ffmpeg, ...probing }), ffmpeg, path };
}

/**
 * The numbers that a plain decoding run of ffmpeg shows, frame by frame: the truth that is independent of how Retake
 * reads the file. Pictures are scaled to `width` x `height`.
 */
export function plainNumbers(ffmpeg: FfmpegTool, path: string, width = 320, height = 240): (number | null)[] {
  const output = ['-f', 'rawvideo', '-pix_fmt', 'rgb24', 'pipe:1'];
  const filter = ['-vf', `scale=${width}:${height}`];
  const args = ['-v', 'error', '-i', path, '-map', '0:V:0', ...ffmpeg.passthrough, ...filter, ...output];
  const { stdout } = spawnSync(ffmpeg.path, args, { maxBuffer: 2 ** 30 });
  return splitPictures(stdout, width, height);
}

/** The numbers in JPEG pictures of one size. */
export function jpegNumbers(
  ffmpeg: FfmpegTool,
  jpegs: readonly Uint8Array[],
  width: number,
  height: number,
): (number | null)[] {
  return splitPictures(decodeJpeg(ffmpeg, Buffer.concat(jpegs)), width, height);
}

/** The pixels (RGB) of one or several JPEG pictures. */
export function decodeJpeg(ffmpeg: FfmpegTool, jpeg: Uint8Array): Buffer {
  const output = ['-f', 'rawvideo', '-pix_fmt', 'rgb24', 'pipe:1'];
  const input = ['-v', 'error', '-f', 'image2pipe', '-c:v', 'mjpeg', '-i', 'pipe:0'];
  const args = [...input, ...ffmpeg.passthrough, ...output];
  return spawnSync(ffmpeg.path, args, { input: jpeg, maxBuffer: 2 ** 30 }).stdout;
}

/** Width and height in the frame header of a JPEG. */
export function jpegSize(jpeg: Uint8Array): { width: number; height: number } {
  const bytes = Buffer.from(jpeg);
  for (let at = 2; at + 9 < bytes.length; at += 2 + bytes.readUInt16BE(at + 2)) {
    if (bytes[at + 1] === 0xc0) return { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
  }
  throw new Error('no frame header');
}

function splitPictures(pixels: Buffer, width: number, height: number): (number | null)[] {
  const bytes = width * height * 3;
  const count = Math.floor(pixels.length / bytes);
  return Array.from({ length: count }, (_, index) =>
    readNumber(pixels.subarray(index * bytes, (index + 1) * bytes), width, height),
  );
}
