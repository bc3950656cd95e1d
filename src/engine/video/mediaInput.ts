import { join } from 'node:path';
import type { Span } from '#core/frames/span';
import type { MediaFacts } from './mediaFacts';

/** The part of ffmpeg's command line that opens a video at a frame. */
export interface MediaInput {
  /** Arguments up to and including `-i`'s. */
  args: string[];
  /** Script for standard input (image folders). */
  input?: string;
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

/** Opens `media` so that frames of `span` come out first; `fromStart` forbids seeking. */
export function openAt(media: MediaFacts, span: Span, fromStart = false): MediaInput {
  if (media.kind === 'imageFolder') return openImages(media, span);
  if (media.access === 'count') {
    const trim = `trim=start_frame=${span.from}:end_frame=${span.to}`;
    return { args: [...OPENING_ARGS, ...fileInput(media.path)], trim, pts: null, seeks: false };
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

function openImages(media: MediaFacts, span: Span): MediaInput {
  const names = media.images.slice(span.from, span.to);
  const entries = names.map(
    (name) => `file ${quote(`file:${join(media.path, name)}`)}\nduration ${IMAGE_STEP_SECONDS}\n`,
  );
  return {
    args: [...OPENING_ARGS, '-protocol_whitelist', 'file,pipe', '-f', 'concat', '-safe', '0', '-i', 'pipe:0'],
    input: `ffconcat version 1.0\n${entries.join('')}`,
    trim: 'null',
    // Whole seconds from the first picture of the span; see PictureRun for the conversion from ticks.
    pts: Array.from({ length: span.to }, (_, index) => (index - span.from) * IMAGE_STEP_SECONDS),
    seeks: false,
  };
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
