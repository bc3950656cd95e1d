import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { AppError } from '#core/errors';
import type { FfmpegTool } from '../video/findFfmpeg';
import { assertUnchanged } from '../video/fingerprint';
import type { MediaFacts } from '../video/mediaFacts';
import { probeVideo } from '../video/probe';
import { writeFileAtomically } from './atomicFile';
import type { ProjectFolder } from './projectFolder';
import { readSnapshot } from './snapshot';

const count = z.int().min(0);
const fraction = z.object({ numerator: z.number(), denominator: z.number() });

const mediaSchema = z.object({
  kind: z.enum(['file', 'imageFolder']),
  path: z.string(),
  images: z.array(z.string()),
  container: z.string(),
  codec: z.string(),
  pixelFormat: z.string(),
  bitDepth: z.number(),
  codedWidth: count,
  codedHeight: count,
  width: count,
  height: count,
  rotation: z.literal([0, 90, 180, 270]),
  sampleAspect: z.number(),
  frameCount: z.int().min(1),
  frameTimes: z.object({ timeBase: fraction, pts: z.array(z.number()) }),
  keyframes: z.array(count),
  keyframeTicks: z.array(z.number()),
  access: z.enum(['seek', 'start', 'count', 'list']),
  seekMargin: z.number(),
  variableRate: z.boolean(),
  averageRate: fraction,
  rateAssumed: z.boolean(),
  durationSeconds: z.number(),
  sizeBytes: z.number(),
  modifiedAt: z.number(),
  hasAudio: z.boolean(),
  fingerprint: z.object({ size: z.number(), sampledHash: z.string() }),
  ptsHash: z.string(),
  warnings: z.array(z.string()),
}) satisfies z.ZodType<MediaFacts>;

/** How a video is reached was found by trying with one ffmpeg: another one is tried anew. */
const savedSchema = z.object({ ffmpeg: z.string(), media: mediaSchema.readonly() });

/** Keeps the facts of a project's video, so that opening it needs no second look at every packet. */
export function saveMediaFacts(folder: ProjectFolder, ffmpeg: FfmpegTool, media: MediaFacts): void {
  const content = JSON.stringify({ ffmpeg: ffmpeg.version, media });
  if (existsSync(folder.media) && readFileSync(folder.media, 'utf8') === content) return;
  writeFileAtomically(folder.media, content, 'the facts of the video');
}

/** The kept facts, where they are still those of the file at `path`. */
async function savedMediaFacts(
  folder: ProjectFolder,
  ffmpeg: FfmpegTool,
  path: string,
): Promise<MediaFacts | undefined> {
  try {
    const saved = savedSchema.parse(JSON.parse(readFileSync(folder.media, 'utf8')));
    if (saved.ffmpeg !== ffmpeg.version || resolve(saved.media.path) !== path) return undefined;
    await assertUnchanged(saved.media);
    return saved.media;
  } catch {
    return undefined;
  }
}

/** Where the video of a project is said to be. */
export function mediaPath(folder: ProjectFolder, reference: { path: string }): string {
  return resolve(dirname(folder.root), reference.path);
}

/**
 * The video of a project. Looked at anew, because it may have moved or changed since.
 * @throws AppError NOT_FOUND when it is gone, VIDEO_CHANGED when another content stands at its place, and as reading the
 * project's snapshot and probing the video.
 */
export async function loadMediaFacts(
  folder: ProjectFolder,
  ffmpeg: FfmpegTool,
  signal?: AbortSignal,
): Promise<MediaFacts> {
  const { media: reference } = readSnapshot(folder).document;
  const path = mediaPath(folder, reference);
  if (!existsSync(path)) {
    throw new AppError('NOT_FOUND', `The video of this project is not at ${path} any more.`, {
      hint: 'Put it back there, or open the video from its new place: Retake finds its project by content.',
    });
  }
  const media = (await savedMediaFacts(folder, ffmpeg, path)) ?? (await probeVideo(path, { ffmpeg }, signal));
  if (media.ptsHash !== reference.ptsHash || media.fingerprint.sampledHash !== reference.fingerprint) {
    throw new AppError('VIDEO_CHANGED', `The file at ${path} is not the video this project was made from.`, {
      hint: 'Put the original back, or open the file as a new video.',
    });
  }
  return media;
}
