import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { documentSchema } from '#core/document/schema';
import { AppError } from '#core/errors';
import type { FfmpegTool } from '../video/findFfmpeg';
import type { MediaFacts } from '../video/mediaFacts';
import { probeVideo } from '../video/probe';
import { writeFileAtomically } from './atomicFile';
import type { ProjectFolder } from './projectFolder';

/** Keeps the facts of a project's video, so that opening it needs no second look at every packet. */
export function saveMediaFacts(folder: ProjectFolder, media: MediaFacts): void {
  writeFileAtomically(folder.media, JSON.stringify(media), 'the facts of the video');
}

/**
 * The video of a project. Looked at anew, because it may have moved or changed since.
 * @throws AppError NOT_FOUND when it is gone, VIDEO_CHANGED when another content stands at its place.
 */
export async function loadMediaFacts(
  folder: ProjectFolder,
  ffmpeg: FfmpegTool,
  signal?: AbortSignal,
): Promise<MediaFacts> {
  const raw: { document?: unknown } = JSON.parse(readFileSync(folder.document, 'utf8'));
  const { media: reference } = documentSchema.parse(raw.document);
  const path = resolve(dirname(folder.root), reference.path);
  if (!existsSync(path)) {
    throw new AppError('NOT_FOUND', `The video of this project is not at ${path} any more.`, {
      hint: 'Put it back there, or open the video from its new place: Retake finds its project by content.',
    });
  }
  const media = await probeVideo(path, { ffmpeg }, signal);
  if (media.ptsHash !== reference.ptsHash || media.fingerprint.sampledHash !== reference.fingerprint) {
    throw new AppError('VIDEO_CHANGED', `The file at ${path} is not the video this project was made from.`, {
      hint: 'Put the original back, or open the file as a new video.',
    });
  }
  return media;
}
