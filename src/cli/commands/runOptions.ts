import { accessSync, constants, readFileSync, rmdirSync, statSync } from 'node:fs';
import { AppError } from '#core/errors';
import type { Span } from '#core/frames/span';
import type { ExportRequest } from '#core/protocol/messages';
import type { TrackerTrack } from '#core/tracks/track';
import { findExporter } from '#engine/export/registry';
import { readMotFile } from '#engine/tracking/motFile';
import type { MediaFacts } from '#engine/video/mediaFacts';
import { meanFrameRate } from '#core/frames/frameTimes';
import { fileError } from '#engine/project/atomicFile';
import { makeFolders } from '#engine/project/makeFolders';
import { type CommandOptions, type OptionValues, textOption } from '../command';

/** Bytes of the largest MOT file that is read: more than its reader accepts boxes. */
const MOST_MOT_BYTES = 512 * 1024 * 1024;

/** Options of `retake run`. */
export const RUN_OPTIONS: CommandOptions = {
  out: { type: 'string', placeholder: 'FOLDER', help: 'Where the project and the exports go; needed' },
  export: { type: 'string', placeholder: 'LIST', help: 'Formats to write, for example fbx,obj,glb,joints' },
  frames: {
    type: 'string',
    placeholder: 'FIRST-LAST',
    help: 'Frames to export, counted from 0, both included; all by default',
  },
  set: {
    type: 'string',
    multiple: true,
    placeholder: 'ID.OPTION=VALUE',
    help: 'Option of a format or of the estimator, for example fbx.target=unreal (repeatable)',
  },
  estimator: {
    type: 'string',
    placeholder: 'ID',
    help: 'Who estimates bodies: blazepose, or vibe with imported models',
  },
  'match-vibe': { type: 'boolean', help: "Reproduce the original VIBE demo's numbers (with --estimator vibe)" },
  result: {
    type: 'string',
    placeholder: 'FILE.pkl',
    help: 'Take the bodies of a vibe_output.pkl instead of computing any',
  },
  body: {
    type: 'string',
    placeholder: 'ID',
    help: 'Body model for an estimator that takes several; see "retake models"',
  },
  boxes: { type: 'string', placeholder: 'FILE.mot', help: 'Boxes to use instead of detection (MOTChallenge csv)' },
  quality: { type: 'string', placeholder: 'best|fast', help: 'Quality of the pose network' },
  'if-exists': {
    type: 'string',
    placeholder: 'fail|rename|overwrite',
    help: 'What to do with an export that is there already',
  },
};

/** The formats of `--export`, in the given order. @throws AppError INVALID_ARGUMENT for one that does not exist */
export function formatsOf(values: OptionValues): string[] {
  const text = textOption(values, 'export') ?? '';
  const ids = text
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '');
  for (const id of ids) findExporter(id);
  return [...new Set(ids)];
}

/** What `--if-exists` says. @throws AppError INVALID_ARGUMENT */
export function ifExistsOf(values: OptionValues): ExportRequest['ifExists'] {
  const text = textOption(values, 'if-exists') ?? 'fail';
  if (text === 'fail' || text === 'rename' || text === 'overwrite') return text;
  throw new AppError('INVALID_ARGUMENT', `--if-exists takes fail, rename or overwrite, not "${text}".`);
}

/** `--frames 10-20` as a span of frames, the last one included. @throws AppError INVALID_ARGUMENT */
export function framesOf(values: OptionValues): Span | undefined {
  const text = textOption(values, 'frames');
  if (text === undefined) return undefined;
  const match = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(text.trim());
  const from = Number(match?.[1]);
  const last = Number(match?.[2] ?? match?.[1]);
  if (match && last >= from) return { from, to: last + 1 };
  throw new AppError('INVALID_ARGUMENT', `--frames takes a first and a last frame, not "${text}".`, {
    hint: 'Frames count from 0: --frames 0-47 are the first 48.',
  });
}

/** The span, when it lies inside the video. @throws AppError INVALID_ARGUMENT */
export function checkFrames(span: Span | undefined, frameCount: number): Span | undefined {
  if (!span || span.to <= frameCount) return span;
  throw new AppError(
    'INVALID_ARGUMENT',
    `--frames ${span.from}-${span.to - 1} is outside the video, whose frames are 0 to ${frameCount - 1}.`,
  );
}

/** Removes those of {@link makeOutFolder}'s folders in which nothing was written. */
export function removeEmptyFolders(made: readonly string[]): void {
  try {
    for (const folder of made) rmdirSync(folder);
  } catch {
    // The first one that holds something: it stays, and all above it.
  }
}

/**
 * Makes the folder of `--out`; the folders that were not there before, innermost first.
 * @throws AppError INVALID_ARGUMENT when it is a file, READ_ONLY, DISK_FULL; nothing new is left then
 */
export function makeOutFolder(out: string): string[] {
  const made: string[] = [];
  try {
    makeFolders(out, made);
    accessSync(out, constants.W_OK);
    return made;
  } catch (error) {
    removeEmptyFolders(made);
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EEXIST' || code === 'ENOTDIR') {
      throw new AppError('INVALID_ARGUMENT', `${out} is a file or lies in one, but --out needs a folder.`, {
        hint: 'Choose another folder.',
        cause: error,
      });
    }
    if (code === 'ENOENT' || code === 'EINVAL' || code === 'ENAMETOOLONG' || code === 'ELOOP') {
      throw new AppError('INVALID_ARGUMENT', `The folder ${out} cannot be made here.`, {
        hint: 'Choose another folder.',
        cause: error,
      });
    }
    throw fileError(error, 'the project');
  }
}

/** The text of the file of `--boxes`, or undefined without one. @throws AppError NOT_FOUND, FORBIDDEN, INVALID_ARGUMENT */
export function boxesText(values: OptionValues): string | undefined {
  const path = textOption(values, 'boxes');
  if (path === undefined) return undefined;
  try {
    const facts = statSync(path);
    if (!facts.isFile() || facts.size > MOST_MOT_BYTES) {
      throw new AppError('INVALID_ARGUMENT', `${path} is not a file of boxes: a MOT file of at most 512 MB is needed.`);
    }
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof AppError) throw error;
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const isForbidden = code === 'EACCES' || code === 'EPERM';
    throw new AppError(
      isForbidden ? 'FORBIDDEN' : 'NOT_FOUND',
      isForbidden ? `The file of boxes ${path} may not be read.` : `There is no file of boxes at ${path}.`,
      { hint: 'Check the path given with --boxes.', cause: error },
    );
  }
}

/** Boxes for a video; `bridge` as in MotTiming. @throws AppError INVALID_ARGUMENT with the line that is wrong */
export function tracksFor(text: string, media: MediaFacts, bridge: boolean): TrackerTrack[] {
  return readMotFile(text, { rate: meanFrameRate(media.frameTimes), frameCount: media.frameCount, bridge });
}
