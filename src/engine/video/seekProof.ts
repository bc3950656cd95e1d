import type { FfmpegTool } from './findFfmpeg';
import type { FrameTable } from './frameTable';
import type { MediaFacts } from './mediaFacts';
import { openAt } from './mediaInput';
import { type DecodedFrames, readFrames } from './readFrames';

/** What trying to seek has shown. */
export interface SeekProof {
  /** The media with `access` and `seekMargin` set to what was found exact. */
  media: MediaFacts;
  /** Frames that the end of the file delivers from the last keyframe on; null when that was not looked at. */
  tail: DecodedFrames | null;
}

/** A longer last group is not decoded to its end when a video is opened. */
const LONGEST_TAIL = 900;

/** Frames compared after a seek. */
const COMPARED_FRAMES = 6;

/** Tried one after the other: straight to the keyframe, then one and two keyframes earlier. */
const SEEK_MARGINS = [0, 1, 2];

/**
 * Tries seeking: to the last keyframe, and, where the whole file was decoded, also to others and into a group. Content
 * is compared by checksum, against the decoding pass or else against decoding from one keyframe earlier; so streams
 * whose "keyframes" are no clean starts are found out. `media.access` must be `seek`.
 */
export async function proveSeek(
  media: MediaFacts,
  table: FrameTable,
  ffmpeg: FfmpegTool,
  signal?: AbortSignal,
): Promise<SeekProof> {
  let tail: DecodedFrames | null = null;
  for (const seekMargin of SEEK_MARGINS) {
    const candidate = { ...media, seekMargin };
    if (table.checksums !== null) {
      if (await isExact(candidate, table.checksums, ffmpeg, signal)) return { media: candidate, tail: null };
      continue;
    }
    const seen = await readTail(candidate, ffmpeg, signal);
    tail ??= seen.tail;
    if (seen.isExact) return { media: candidate, tail: seen.tail };
  }
  return { media: { ...media, access: 'start' }, tail };
}

/** Against the checksums of all frames: at several places. */
async function isExact(
  media: MediaFacts,
  checksums: readonly (string | undefined)[],
  ffmpeg: FfmpegTool,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  for (const index of pickPoints(media.keyframes)) {
    const span = { from: index, to: Math.min(media.frameCount, index + COMPARED_FRAMES) };
    const decoded = await decodeAt(media, span, ffmpeg, signal);
    if (!matches(decoded, media, span, checksums.slice(span.from, span.to))) return false;
  }
  return true;
}

/** At the last keyframe only, against decoding from the one before; decodes to the end of the file. */
async function readTail(
  media: MediaFacts,
  ffmpeg: FfmpegTool,
  signal: AbortSignal | undefined,
): Promise<{ isExact: boolean; tail: DecodedFrames | null }> {
  const { keyframes, frameCount } = media;
  const last = keyframes[keyframes.length - 1] ?? 0;
  const isShort = frameCount - last <= LONGEST_TAIL;
  const span = { from: last, to: Math.min(frameCount, last + COMPARED_FRAMES) };
  const wanted = isShort ? { from: last, to: frameCount } : span;
  const before = keyframes[keyframes.length - 2];
  const [decoded, earlier] = await Promise.all([
    decodeAt(media, wanted, ffmpeg, signal),
    before === undefined ? undefined : decodeAt(media, span, ffmpeg, signal, before),
  ]);
  const tail = isShort ? decoded : null;
  if (!earlier) return { isExact: true, tail };
  const truth = earlier.frames.map((frame) => frame.checksum);
  const count = Math.min(span.to - span.from, decoded.frames.length);
  const agrees = matches(earlier, media, span, truth) && matches(decoded, media, span, truth);
  return { isExact: count > 0 && earlier.frames.length >= count && agrees, tail };
}

/** Decodes a span; `startFrame` opens the file at another, earlier frame. */
async function decodeAt(
  media: MediaFacts,
  span: { from: number; to: number },
  ffmpeg: FfmpegTool,
  signal: AbortSignal | undefined,
  startFrame = span.from,
): Promise<DecodedFrames> {
  const { args } = openAt(media, { from: startFrame, to: span.to });
  const { trim } = openAt(media, span);
  return readFrames({ ffmpeg, input: args, trim, checksum: true }, signal);
}

/** The first frames of a run are those of the span: same pts as in the table, same content as `truth`. */
function matches(
  decoded: DecodedFrames,
  media: MediaFacts,
  span: { from: number; to: number },
  truth: readonly (string | undefined)[],
): boolean {
  const count = Math.min(span.to - span.from, truth.length);
  if (decoded.frames.length < count) return false;
  for (let index = 0; index < count; index++) {
    const frame = decoded.frames[index];
    if (frame?.pts !== media.frameTimes.pts[span.from + index] || frame?.checksum !== truth[index]) return false;
  }
  return true;
}

/** The second, the middle and the last keyframe, and a frame inside the last group but one. */
function pickPoints(keyframes: readonly number[]): number[] {
  if (keyframes.length < 2) return [];
  const indices = [1, keyframes.length >> 1, keyframes.length - 1].map((position) => keyframes[position] ?? 0);
  const inside = Math.floor(((keyframes[keyframes.length - 2] ?? 0) + (keyframes[keyframes.length - 1] ?? 0)) / 2);
  return [...new Set([...indices, inside])].filter((index) => index >= (keyframes[1] ?? 0));
}
