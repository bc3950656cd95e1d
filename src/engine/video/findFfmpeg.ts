import { access, constants, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { delimiter, dirname, join, resolve } from 'node:path';
import { AppError, isCancelled } from '#core/errors';
import { runLines } from './childProcesses';

/** Where an ffmpeg was found, in the order in which they are tried. */
export type FfmpegSource = 'setting' | 'environment' | 'ffmpeg-static' | 'path' | 'package';

/** An ffmpeg that was started once and is recent enough. */
export interface FfmpegTool {
  /** Absolute path. */
  path: string;
  /** As it calls itself, e.g. `5.1.9-0+deb12u1`. */
  version: string;
  source: FfmpegSource;
  /** The option that makes every decoded frame come out exactly once; its name changed in 5.1. */
  passthrough: readonly string[];
  /** True before 5.0, whose direct conversion from BT.709 to JPEG's colours gets the range wrong. */
  needsRgbForJpeg: boolean;
}

/** What {@link findFfmpeg} is told; everything is optional. */
export interface FindFfmpegOptions {
  /** The path from the user's settings; an empty one counts as not set. */
  setting?: string;
  /** Environment, `process.env` by default. */
  environment?: Readonly<Record<string, string | undefined>>;
  /** False leaves out the binaries that npm packages carry. Default true. */
  packages?: boolean;
}

/**
 * The oldest libavcodec that is accepted: 58.42, a build shortly before ffmpeg 4.2 and the oldest that has passed the
 * frame-exactness tests of this folder (it is the one in the npm packages of @ffmpeg-installer). Library versions are
 * compared because builds from git have no release number.
 */
const OLDEST_LIBAVCODEC: readonly [number, number] = [58, 42];
/** libavcodec of ffmpeg 5.0. */
const JPEG_COLOUR_LIBAVCODEC: readonly [number, number] = [59, 0];
/** libavcodec of ffmpeg 5.1, from which `-fps_mode` replaces `-vsync`. */
const FPS_MODE_LIBAVCODEC: readonly [number, number] = [59, 37];

const HOW_TO_GET_IT =
  'Install ffmpeg 4.2 or newer (Debian and Ubuntu: apt install ffmpeg; macOS: brew install ffmpeg; Windows: winget install ffmpeg), or set its path in the settings or in FFMPEG_PATH.';

/**
 * Finds an ffmpeg: the setting, FFMPEG_PATH, ffmpeg-static's binary if it exists, PATH, then an installed npm package
 * that carries one. A path that was named explicitly (setting, FFMPEG_PATH) must work: it is never passed over.
 *
 * @throws AppError `FFMPEG_MISSING` when there is none, `FFMPEG_TOO_OLD` when only older ones than 4.2 were found.
 */
export async function findFfmpeg(options: FindFfmpegOptions = {}, signal?: AbortSignal): Promise<FfmpegTool> {
  const environment = options.environment ?? process.env;
  let tooOld: AppError | undefined;
  for (const { source, path } of candidates(options.setting, environment, options.packages ?? true)) {
    const explicit = source === 'setting' || source === 'environment';
    if (!explicit && !(await isFile(path))) continue;
    try {
      return await checkFfmpeg(path, source, signal);
    } catch (error) {
      if (isCancelled(error) || explicit) throw error;
      if (error instanceof AppError && error.code === 'FFMPEG_TOO_OLD') tooOld ??= error;
    }
  }
  throw (
    tooOld ??
    new AppError('FFMPEG_MISSING', 'Retake needs ffmpeg to read videos and found none.', { hint: HOW_TO_GET_IT })
  );
}

/**
 * Starts one ffmpeg and reads its version.
 *
 * @throws AppError `FFMPEG_MISSING` when it does not start or is something else, `FFMPEG_TOO_OLD` below 4.2.
 */
export async function checkFfmpeg(file: string, source: FfmpegSource, signal?: AbortSignal): Promise<FfmpegTool> {
  const path = resolve(file);
  const name = describeSource(source, file);
  if (!(await isFile(path))) {
    throw new AppError('FFMPEG_MISSING', `${name} is not a file that can be run.`, { hint: HOW_TO_GET_IT });
  }
  const lines: string[] = [];
  const ending = AbortSignal.timeout(20_000);
  const { code } = await runLines(
    { path, args: ['-version'], onLine: (line) => lines.push(line) },
    signal ? AbortSignal.any([signal, ending]) : ending,
  );
  const version = /^ffmpeg version (\S+)/.exec(lines[0] ?? '')?.[1];
  const library = lines.map((line) => /^\s*libavcodec\s+(\d+)\.\s*(\d+)\./.exec(line)).find((match) => match !== null);
  if (code !== 0 || version === undefined || !library) {
    throw new AppError('FFMPEG_MISSING', `${name} does not answer as ffmpeg does.`, { hint: HOW_TO_GET_IT });
  }
  const found: [number, number] = [Number(library[1]), Number(library[2])];
  if (isOlder(found, OLDEST_LIBAVCODEC)) {
    throw new AppError('FFMPEG_TOO_OLD', `${name} is version ${version}; Retake needs 4.2 or newer.`, {
      hint: HOW_TO_GET_IT,
    });
  }
  const passthrough = [isOlder(found, FPS_MODE_LIBAVCODEC) ? '-vsync' : '-fps_mode', 'passthrough'];
  return { path, version, source, passthrough, needsRgbForJpeg: isOlder(found, JPEG_COLOUR_LIBAVCODEC) };
}

function isOlder(version: readonly [number, number], than: readonly [number, number]): boolean {
  return version[0] < than[0] || (version[0] === than[0] && version[1] < than[1]);
}

function describeSource(source: FfmpegSource, path: string): string {
  if (source === 'setting') return `The ffmpeg of the settings (${path})`;
  if (source === 'environment') return `The ffmpeg of FFMPEG_PATH (${path})`;
  return `ffmpeg at ${path}`;
}

function candidates(
  setting: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
  packages: boolean,
): { source: FfmpegSource; path: string }[] {
  const found: { source: FfmpegSource; path: string }[] = [];
  if (setting) found.push({ source: 'setting', path: setting });
  const named = environment['FFMPEG_PATH'];
  if (named) found.push({ source: 'environment', path: named });
  const bundled = packages ? bundledPath() : undefined;
  if (bundled) found.push({ source: 'ffmpeg-static', path: bundled });
  const program = process.platform === 'win32' ? 'ffmpeg.exe' : 'ffmpeg';
  for (const folder of (environment['PATH'] ?? environment['Path'] ?? '').split(delimiter)) {
    if (folder) found.push({ source: 'path', path: join(folder, program) });
  }
  if (!packages) return found;
  const packaged = packagePath(`@ffmpeg-installer/${process.platform}-${process.arch}`, program);
  if (packaged) found.push({ source: 'package', path: packaged });
  return found;
}

const requireFromHere = createRequire(import.meta.url);

function bundledPath(): string | undefined {
  try {
    const path: unknown = requireFromHere('ffmpeg-static');
    return typeof path === 'string' ? outsideArchive(path) : undefined;
  } catch {
    return undefined;
  }
}

function packagePath(name: string, program: string): string | undefined {
  try {
    return outsideArchive(join(dirname(requireFromHere.resolve(`${name}/package.json`)), program));
  } catch {
    return undefined;
  }
}

/** A packaged app keeps programs beside its archive: nothing inside an asar can be started. */
function outsideArchive(path: string): string {
  return path.replace(/([\\/])app\.asar([\\/])/, '$1app.asar.unpacked$2');
}

async function isFile(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
