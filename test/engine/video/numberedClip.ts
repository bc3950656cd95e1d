import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * A way to make a clip with a number in every frame. `arguments` are ffmpeg's encoder options; `filter` may retime the
 * frames but must keep them all.
 */
export interface ClipRecipe {
  extension: string;
  arguments: readonly string[];
  frames?: number;
  /** Frames per second. */
  rate?: number;
  /** Size of the upright picture before sample aspect is applied, px. */
  width?: number;
  height?: number;
  /** ffmpeg filters applied before encoding, e.g. `setpts=…`. */
  filter?: string;
  /** The stored picture is turned so that this clockwise turn (display matrix) makes it upright. */
  rotation?: 90 | 180 | 270;
  /** Seconds cut off the front without re-encoding, which leaves an edit list in an MP4. */
  cutSeconds?: number;
  /** Write numbered pictures into a folder instead of a file. */
  asFolder?: boolean;
}

const X264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p'];
const HEVC = ['-c:v', 'libx265', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];
const VP9 = [
  '-c:v',
  'libvpx-vp9',
  '-deadline',
  'realtime',
  '-cpu-used',
  '8',
  '-g',
  '24',
  '-auto-alt-ref',
  '1',
  '-pix_fmt',
  'yuv420p',
];
/** Steps of 2 to 14 ticks of 1/120 s. */
const UNEVEN = 'setpts=(4*N+8*floor(N/7)+2*mod(floor(N/3)\\,2))/(120*TB)';

/** 30 frames per second, then 250: closer together than the nominal rate of the file says. */
const BURST = 'setpts=(if(lt(N\\,100)\\,33*N\\,3300+4*(N-100)))/(1000*TB)';

/** Recipes for every kind of clip whose frames must come out exactly. */
export const CLIP_RECIPES = {
  h264: { extension: 'mp4', arguments: [...X264, '-bf', '3', '-g', '24'] },
  openGop: { extension: 'mp4', arguments: [...X264, '-bf', '3', '-x264-params', 'open-gop=1:keyint=24:min-keyint=24'] },
  intraRefresh: { extension: 'mp4', arguments: [...X264, '-x264-params', 'intra-refresh=1:keyint=24:bframes=0'] },
  longGop: { extension: 'mp4', arguments: [...X264, '-bf', '3', '-g', '1000'] },
  variableRate: {
    extension: 'mp4',
    rate: 120,
    filter: UNEVEN,
    arguments: [...X264, '-bf', '3', '-g', '24', '-video_track_timescale', '90000'],
  },
  burst: {
    extension: 'mkv',
    rate: 1000,
    frames: 160,
    filter: BURST,
    arguments: [...X264, '-bf', '3', '-g', '24'],
  },
  sharedTimes: { extension: 'mkv', rate: 3000, frames: 60, arguments: [...X264, '-bf', '3', '-g', '24'] },
  variableRateMkv: { extension: 'mkv', rate: 120, filter: UNEVEN, arguments: [...X264, '-bf', '3', '-g', '24'] },
  rotated90: { extension: 'mp4', rotation: 90, width: 240, height: 320, arguments: [...X264, '-g', '24'] },
  rotated180: { extension: 'mp4', rotation: 180, arguments: [...X264, '-g', '24'] },
  rotated270: { extension: 'mp4', rotation: 270, width: 240, height: 320, arguments: [...X264, '-g', '24'] },
  editList: { extension: 'mp4', cutSeconds: 1.37, arguments: [...X264, '-bf', '3', '-g', '24'] },
  editListLongGop: { extension: 'mp4', cutSeconds: 1.37, arguments: [...X264, '-bf', '3', '-g', '70'] },
  vp9Webm: { extension: 'webm', arguments: VP9 },
  vp9Mp4: { extension: 'mp4', arguments: VP9 },
  vp8Webm: {
    extension: 'webm',
    arguments: [
      '-c:v',
      'libvpx',
      '-deadline',
      'realtime',
      '-cpu-used',
      '8',
      '-g',
      '24',
      '-b:v',
      '1M',
      '-auto-alt-ref',
      '1',
      '-lag-in-frames',
      '10',
    ],
  },
  hevc: {
    extension: 'mp4',
    arguments: [
      ...HEVC,
      '-x265-params',
      'log-level=error:keyint=24:min-keyint=24:open-gop=0:bframes=3',
      '-tag:v',
      'hvc1',
    ],
  },
  hevcOpenGop: {
    extension: 'mkv',
    arguments: [...HEVC, '-x265-params', 'log-level=error:keyint=24:min-keyint=24:open-gop=1:bframes=3'],
  },
  hevc10: {
    extension: 'mp4',
    arguments: [
      '-c:v',
      'libx265',
      '-preset',
      'ultrafast',
      '-pix_fmt',
      'yuv420p10le',
      '-x265-params',
      'log-level=error:keyint=24',
    ],
  },
  mpeg4Avi: { extension: 'avi', arguments: ['-c:v', 'mpeg4', '-q:v', '4', '-bf', '2', '-g', '24'] },
  mpeg4AviPlain: { extension: 'avi', arguments: ['-c:v', 'mpeg4', '-q:v', '4', '-g', '24'] },
  h264Avi: { extension: 'avi', arguments: [...X264, '-bf', '2', '-g', '24'] },
  mjpegAvi: { extension: 'avi', arguments: ['-c:v', 'mjpeg', '-q:v', '3', '-pix_fmt', 'yuvj420p'] },
  mjpegMov: { extension: 'mov', arguments: ['-c:v', 'mjpeg', '-q:v', '3', '-pix_fmt', 'yuvj420p'] },
  prores: { extension: 'mov', arguments: ['-c:v', 'prores_ks', '-profile:v', '0', '-pix_fmt', 'yuv422p10le'] },
  transportStream: { extension: 'ts', arguments: [...X264, '-bf', '3', '-g', '24'] },
  rawH264: { extension: 'h264', arguments: [...X264, '-bf', '3', '-g', '24'] },
  interlaced: { extension: 'mp4', filter: 'setfield=tff', arguments: [...X264, '-flags', '+ilme+ildct', '-g', '24'] },
  wideSamples: { extension: 'mp4', filter: 'setsar=4/3', arguments: [...X264, '-g', '24'] },
  tallSamples: { extension: 'mp4', filter: 'setsar=8/9', arguments: [...X264, '-g', '24'] },
  rotatedSamples: {
    extension: 'mp4',
    filter: 'setsar=4/3',
    rotation: 90,
    width: 240,
    height: 320,
    arguments: [...X264, '-g', '24'],
  },
  oddSize: {
    extension: 'mp4',
    width: 321,
    height: 243,
    arguments: ['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv444p', '-g', '24'],
  },
  fps5: { extension: 'mp4', rate: 5, frames: 40, arguments: [...X264, '-g', '10'] },
  fps240: { extension: 'mp4', rate: 240, frames: 300, arguments: [...X264, '-bf', '3', '-g', '60'] },
  ntsc: { extension: 'mkv', rate: 30000 / 1001, arguments: [...X264, '-g', '24'] },
  oneFrame: { extension: 'mp4', frames: 1, arguments: X264 },
  pngFolder: { extension: 'png', asFolder: true, frames: 40, arguments: [] },
  jpegFolder: { extension: 'jpg', asFolder: true, frames: 40, arguments: ['-q:v', '2'] },
} as const satisfies Record<string, ClipRecipe>;

/** Name of a recipe. */
export type ClipKind = keyof typeof CLIP_RECIPES;

const COLUMNS = 8;
const ROWS = 4;
/** Tells which way up a picture is, and that it is one of ours. */
const MARK = 0b10110010;

/** How and where {@link makeNumberedClip} makes a clip. */
export interface MakeClipOptions {
  folder: string;
  /** The ffmpeg to use (what `findFfmpeg` returns); by default the one on PATH, 5.1 or newer. */
  ffmpeg?: { path: string; passthrough: readonly string[] };
  /** Without extension; the recipe's name by default. */
  name?: string;
}

/** Makes a clip by a recipe's name or by a recipe of one's own, and returns its path. */
export async function makeNumberedClip(what: ClipKind | ClipRecipe, options: MakeClipOptions): Promise<string> {
  const recipe: ClipRecipe = typeof what === 'string' ? CLIP_RECIPES[what] : what;
  const name = options.name ?? (typeof what === 'string' ? what : 'clip');
  const ffmpeg = options.ffmpeg ?? { path: 'ffmpeg', passthrough: ['-fps_mode', 'passthrough'] };
  const { frames = 120, rate = 30, width = 320, height = 240, rotation } = recipe;
  const path = join(options.folder, recipe.asFolder === true ? name : `${name}.${recipe.extension}`);
  if (recipe.asFolder === true) await mkdir(path, { recursive: true });
  const encoded = recipe.cutSeconds === undefined ? path : join(options.folder, `${name}-whole.${recipe.extension}`);
  const isTurned = rotation === 90 || rotation === 270;
  const size = isTurned ? `${height}x${width}` : `${width}x${height}`;
  const input = ['-f', 'rawvideo', '-pix_fmt', 'gray', '-s', size, '-r', String(rate), '-i', 'pipe:0'];
  // Odd sizes need a format without chroma subsampling, which the recipe chooses.
  const filter = recipe.filter === undefined ? [] : ['-vf', recipe.filter];
  const target = recipe.asFolder === true ? join(path, `shot_%05d.${recipe.extension}`) : encoded;
  await runFfmpeg(
    ffmpeg.path,
    [...input, ...filter, ...ffmpeg.passthrough, ...recipe.arguments, `file:${target}`],
    numberedFrames(frames, width, height, rotation ?? 0),
  );
  if (recipe.cutSeconds !== undefined) {
    await runFfmpeg(ffmpeg.path, [
      '-ss',
      String(recipe.cutSeconds),
      '-i',
      `file:${encoded}`,
      '-c',
      'copy',
      `file:${path}`,
    ]);
  }
  if (rotation !== undefined) await writeRotation(path, rotation);
  return path;
}

/** Draws a number (16 bits) as 8 x 4 light and dark cells over a grey picture: mark, number, check sum. */
export function drawNumber(number: number, width: number, height: number): Uint8Array {
  const picture = new Uint8Array(width * height);
  const bits = [MARK, number >> 8, number & 255, checkSum(number)];
  for (let y = 0; y < height; y++) {
    const row = bits[Math.min(ROWS - 1, Math.floor((y * ROWS) / height))] ?? 0;
    for (let x = 0; x < width; x++) {
      const column = Math.min(COLUMNS - 1, Math.floor((x * COLUMNS) / width));
      picture[y * width + x] = (row >> (7 - column)) & 1 ? 208 : 40;
    }
  }
  return picture;
}

/**
 * Reads the number of an upright picture (RGB, `width * height * 3` bytes, or RGBA with `channels` 4), at any scale.
 * Null when it is not a clean numbered picture: blended, damaged or turned.
 */
export function readNumber(pixels: ArrayLike<number>, width: number, height: number, channels = 3): number | null {
  const bytes: number[] = [];
  for (let row = 0; row < ROWS; row++) {
    let byte = 0;
    for (let column = 0; column < COLUMNS; column++) {
      const value = cellMean(pixels, width, height, channels, column, row);
      if (value > 95 && value < 155) return null;
      byte = byte * 2 + (value >= 125 ? 1 : 0);
    }
    bytes.push(byte);
  }
  const [mark = 0, high = 0, low = 0, check = 0] = bytes;
  const number = high * 256 + low;
  return mark === MARK && check === checkSum(number) ? number : null;
}

function cellMean(
  pixels: ArrayLike<number>,
  width: number,
  height: number,
  channels: number,
  column: number,
  row: number,
): number {
  let sum = 0;
  let count = 0;
  const x0 = Math.floor(((column + 0.3) * width) / COLUMNS);
  const x1 = Math.max(x0 + 1, Math.floor(((column + 0.7) * width) / COLUMNS));
  const y0 = Math.floor(((row + 0.3) * height) / ROWS);
  const y1 = Math.max(y0 + 1, Math.floor(((row + 0.7) * height) / ROWS));
  for (let y = y0; y < y1; y++) {
    for (let x = x0; x < x1; x++) {
      const at = (y * width + x) * channels;
      sum += ((pixels[at] ?? 0) + (pixels[at + 1] ?? 0) + (pixels[at + 2] ?? 0)) / 3;
      count++;
    }
  }
  return sum / count;
}

function checkSum(number: number): number {
  return ((number & 255) * 7 + (number >> 8) * 31 + 0x5a) & 255;
}

function* numberedFrames(frames: number, width: number, height: number, rotation: number): Generator<Uint8Array> {
  for (let number = 0; number < frames; number++)
    yield turnBack(drawNumber(number, width, height), width, height, rotation);
}

/** The stored picture of which a clockwise turn by `rotation` gives `picture`. */
function turnBack(picture: Uint8Array, width: number, height: number, rotation: number): Uint8Array {
  if (rotation === 0) return picture;
  const stored = new Uint8Array(picture.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const value = picture[y * width + x] ?? 0;
      if (rotation === 180) stored[(height - 1 - y) * width + (width - 1 - x)] = value;
      else if (rotation === 90) stored[(width - 1 - x) * height + y] = value;
      else stored[x * height + (height - 1 - y)] = value;
    }
  }
  return stored;
}

async function runFfmpeg(ffmpeg: string, args: string[], frames: Iterable<Uint8Array> = []): Promise<void> {
  const child = spawn(ffmpeg, ['-v', 'error', '-y', ...args], { stdio: ['pipe', 'ignore', 'pipe'] });
  let message = '';
  child.stderr.on('data', (text: Buffer) => {
    message += text.toString();
  });
  child.stdin.on('error', () => undefined);
  const ended = once(child, 'close');
  for (const frame of frames) {
    if (!child.stdin.write(frame)) await Promise.race([once(child.stdin, 'drain'), ended]);
  }
  child.stdin.end();
  const [code] = await ended;
  if (code !== 0) throw new Error(`ffmpeg ${args.join(' ')}: ${message}`);
}

/** Writes a turn into the track header of an MP4; ffmpeg's option for that differs between its versions. */
async function writeRotation(path: string, rotation: 90 | 180 | 270): Promise<void> {
  const file = await readFile(path);
  const header = file.indexOf('tkhd', 0, 'latin1');
  if (header < 0 || file[header + 4] !== 0) throw new Error(`${path} has no track header of version 0`);
  const matrix = {
    90: [0, 1, 0, -1, 0, 0],
    180: [-1, 0, 0, 0, -1, 0],
    270: [0, -1, 0, 1, 0, 0],
  }[rotation];
  matrix.forEach((value, index) => {
    file.writeInt32BE(value * 0x10000, header + 4 + 40 + index * 4);
  });
  await writeFile(path, file);
}
