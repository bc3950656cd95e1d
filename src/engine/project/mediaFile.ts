import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import type { ProjectDocument } from '#core/document/schema';
import { AppError } from '#core/errors';
import type { FfmpegTool } from '../video/findFfmpeg';
import { assertUnchanged, fingerprintFile } from '../video/fingerprint';
import type { MediaFacts } from '../video/mediaFacts';
import { probeVideo } from '../video/probe';
import { writeFileAtomically } from './atomicFile';
import { factsAt } from './factsAt';
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

/** What was kept of the video when it was last looked at; undefined where nothing readable is. */
function readSaved(folder: ProjectFolder): z.output<typeof savedSchema> | undefined {
  try {
    return savedSchema.parse(JSON.parse(readFileSync(folder.media, 'utf8')));
  } catch {
    return undefined;
  }
}

/** The kept facts, where they are still those of the file at `path`. */
async function savedMediaFacts(
  folder: ProjectFolder,
  ffmpeg: FfmpegTool,
  path: string,
): Promise<MediaFacts | undefined> {
  const saved = readSaved(folder);
  if (saved?.ffmpeg !== ffmpeg.version || resolve(saved.media.path) !== path) return undefined;
  try {
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

type MediaReference = ProjectDocument['media'];

/** Most names of a folder that are looked at for a moved video. */
const MOST_LOOKED_AT = 2_000;

/**
 * A video of the same content in the folder where the project's was, beside the project, or where it was last looked at: where a
 * renamed one is, one that moved together with its project, and one that stayed when its project moved. Undefined when there is none.
 */
async function findMoved(folder: ProjectFolder, reference: MediaReference): Promise<string | undefined> {
  const lastSeen = readSaved(folder)?.media.path;
  const places = [mediaPath(folder, reference), folder.root, ...(lastSeen === undefined ? [] : [resolve(lastSeen)])];
  for (const place of new Set(places.map((path) => dirname(path)))) {
    for (const path of namesIn(place).map((name) => join(place, name))) {
      const facts = factsAt(path);
      if (!facts?.isFile() || facts.size !== reference.size) continue;
      // What may not be read is passed over, as what is not there.
      const found = await fingerprintFile(path).catch(() => undefined);
      if (found?.fingerprint.sampledHash === reference.fingerprint) return path;
    }
  }
  return undefined;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).slice(0, MOST_LOOKED_AT);
  } catch {
    return [];
  }
}

/** What tells a video from the one a project was made from, in words; undefined when it is the same. */
function differenceOf(media: MediaFacts, reference: MediaReference): string | undefined {
  const { frameCount, width, height } = reference;
  if (media.frameCount !== frameCount)
    return `it has ${countOfFrames(media.frameCount)}, not ${countOfFrames(frameCount)}`;
  if (media.width !== width || media.height !== height)
    return `it is ${media.width} × ${media.height} px, not ${width} × ${height} px`;
  if (media.ptsHash !== reference.ptsHash) return 'its frames have other times';
  return media.fingerprint.sampledHash === reference.fingerprint ? undefined : 'its content is another one';
}

function countOfFrames(count: number): string {
  return count === 1 ? '1 frame' : `${count} frames`;
}

/**
 * The video of a project at the place that somebody names.
 * @throws AppError VIDEO_CHANGED with what differs when it is another one, and as probing it
 */
export async function locatedMediaFacts(
  folder: ProjectFolder,
  ffmpeg: FfmpegTool,
  path: string,
  signal?: AbortSignal,
): Promise<MediaFacts> {
  const media = await probeVideo(path, { ffmpeg }, signal);
  const difference = differenceOf(media, readSnapshot(folder).document.media);
  if (difference === undefined) return media;
  throw new AppError('VIDEO_CHANGED', `${basename(path)} is not the video of this project: ${difference}.`, {
    hint: 'Choose the file that the project was made from, also if it is called otherwise now.',
  });
}

/**
 * The video of a project. Looked at anew, because it may have moved or changed since: one that was renamed, or moved together
 * with the project, is found by its content.
 * @throws AppError VIDEO_MISSING when it is gone, VIDEO_CHANGED when another content stands at its place, and as reading the
 * project's snapshot and probing the video.
 */
export async function loadMediaFacts(
  folder: ProjectFolder,
  ffmpeg: FfmpegTool,
  signal?: AbortSignal,
): Promise<MediaFacts> {
  const { media: reference } = readSnapshot(folder).document;
  const known = mediaPath(folder, reference);
  const path = existsSync(known) ? known : await findMoved(folder, reference);
  if (path === undefined) {
    throw new AppError('VIDEO_MISSING', `The video of this project is not at ${known} any more.`, {
      hint: 'Say where it is now, or put it back there; nothing of the project is lost.',
    });
  }
  const media = (await savedMediaFacts(folder, ffmpeg, path)) ?? (await probeVideo(path, { ffmpeg }, signal));
  const difference = differenceOf(media, reference);
  if (difference !== undefined) {
    throw new AppError('VIDEO_CHANGED', `The file at ${path} is not the video of this project: ${difference}.`, {
      hint: 'Say where the original is now, or put it back; the file itself can be opened as a new video.',
    });
  }
  return media;
}
