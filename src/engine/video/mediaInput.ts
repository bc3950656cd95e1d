import type { Span } from '#core/frames/span';
import { canSkipToKeyframes } from './filmStrip';
import type { MediaFacts } from './mediaFacts';

/** The part of ffmpeg's command line that opens a video at a frame. */
export interface MediaInput {
  /** Arguments up to and including `-i`'s. */
  args: string[];
  /** Script for standard input, with names that are relative to `folder` (image folders). */
  script?: { input: string; folder: string };
  /** Filter that lets only the span through; it ends the run after it. */
  trim: string;
  /** Table that decoded pts are compared with; null when pictures are counted. */
  pts: readonly number[] | null;
  /** True when decoding starts at a keyframe in the middle. */
  seeks: boolean;
}

/** Options before every input: quiet, never interactive, nothing but local files, times as they are in the file. */
export const OPENING_ARGS: readonly string[] = ['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'info', '-copyts'];

/** ffmpeg moves a seek target back by up to 3/23 s for codecs with reordering; asking for later makes up for it. */
const REORDER_SLACK_SECONDS = 3.05 / 23;

/** Pictures of an image folder lie whole seconds apart inside ffmpeg, which every time base can express. */
export const IMAGE_STEP_SECONDS = 1;

/** `-i` arguments of a file. `file:` keeps names with a leading dash or a colon from being read as something else. */
export function fileInput(path: string): string[] {
  return ['-protocol_whitelist', 'file', '-i', `file:${path}`];
}

/** Where the size changes midway ffmpeg would begin its filters anew, and with them the count of frames. */
const COUNTING: readonly string[] = ['-reinit_filter', '0'];

/** Opens `media` so that frames of `span` come out first; `fromStart` forbids seeking. */
export function openAt(media: MediaFacts, span: Span, fromStart = false): MediaInput {
  if (media.kind === 'imageFolder') {
    return openImages(
      media,
      Array.from({ length: span.to - span.from }, (_, index) => span.from + index),
    );
  }
  if (media.access === 'count') {
    const trim = `trim=start_frame=${span.from}:end_frame=${span.to}`;
    return { args: [...OPENING_ARGS, ...COUNTING, ...fileInput(media.path)], trim, pts: null, seeks: false };
  }
  const { pts } = media.frameTimes;
  const end = pts[span.to];
  const trim = `trim=start_pts=${pts[span.from] ?? 0}${end === undefined ? '' : `:end_pts=${end}`}`;
  const seconds = media.access === 'seek' && !fromStart ? seekTarget(media, span.from) : null;
  const seek = seconds === null ? [] : ['-noaccurate_seek', '-seek_timestamp', '1', '-ss', seconds.toFixed(6)];
  return { args: [...OPENING_ARGS, ...seek, ...fileInput(media.path)], trim, pts, seeks: seconds !== null };
}

/**
 * The time to seek to, s, so that decoding starts at the last keyframe at or before `frameIndex`; null when that is
 * the start. It lies as late as the next keyframe allows.
 */
function seekTarget(media: MediaFacts, frameIndex: number): number | null {
  const { keyframes, frameTimes } = media;
  let low = -1;
  for (let high = keyframes.length - 1; low < high; ) {
    const middle = (low + high + 1) >> 1;
    if ((keyframes[middle] ?? Infinity) <= frameIndex) low = middle;
    else high = middle - 1;
  }
  const group = low - media.seekMargin;
  // Before and in the first group everything starts at the beginning of the file.
  if (group < 1) return null;
  const aimedFrame = media.seekMargin === 0 ? frameIndex : (keyframes[group] ?? 0);
  const tick = frameTimes.timeBase.numerator / frameTimes.timeBase.denominator;
  const aim = (frameTimes.pts[aimedFrame] ?? 0) * tick + REORDER_SLACK_SECONDS;
  // Landing a group early only costs time, since the trim filter drops what comes before; landing late loses frames.
  const limit = media.keyframeTicks[group + 1];
  return limit === undefined ? aim : Math.min(aim, (limit - 1) * tick);
}

/** Opens the file so that just some frames come out, ascending; where all are keyframes nothing else is decoded. */
export function openOnly(media: MediaFacts, frames: readonly number[]): MediaInput {
  if (media.kind === 'imageFolder') return openImages(media, frames);
  const pts = media.access === 'count' ? null : media.frameTimes.pts;
  const terms = frames.map((frameIndex) =>
    pts === null ? `eq(n\\,${frameIndex})` : `eq(pts\\,${pts[frameIndex] ?? 0})`,
  );
  const skip = canSkipToKeyframes(media, frames) ? ['-skip_frame', 'nokey'] : [];
  const counting = pts === null ? COUNTING : [];
  const args = [...OPENING_ARGS, ...skip, ...counting, ...fileInput(media.path)];
  return { args, trim: `select=${terms.join('+')}`, pts, seeks: false };
}

function openImages(media: MediaFacts, frames: readonly number[]): MediaInput {
  const names = frames.map((frameIndex) => media.images[frameIndex] ?? '');
  // Only names: a folder called "take %d" would be read as a pattern of numbers.
  const entries = names.map((name) => `file ${quote(`file:${name}`)}\nduration ${IMAGE_STEP_SECONDS}\n`);
  // Whole seconds from the first picture that is listed; frames between two of them lie in between.
  const pts = Array.from({ length: (frames[0] ?? 0) + 1 }, (_, index) => index - (frames[0] ?? 0));
  frames.forEach((frameIndex, position) => {
    while (pts.length < frameIndex) pts.push((position - 0.5) * IMAGE_STEP_SECONDS);
    pts[frameIndex] = position * IMAGE_STEP_SECONDS;
  });
  return {
    args: [...OPENING_ARGS, '-protocol_whitelist', 'file,pipe', '-f', 'concat', '-safe', '0', '-i', 'pipe:0'],
    script: { input: `ffconcat version 1.0\n${entries.join('')}`, folder: media.path },
    trim: 'null',
    pts,
    seeks: false,
  };
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
