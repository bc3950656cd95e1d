import type { MediaFacts } from './mediaFacts';

/**
 * About `count` frames spread evenly over the video, for a film strip: the middle of each part, moved to the nearest
 * keyframe when one lies within that part. Ascending, without repeats.
 */
export function chooseStripFrames(media: MediaFacts, count: number): number[] {
  const { frameCount, keyframes } = media;
  const parts = Math.max(1, Math.min(Math.floor(count), frameCount));
  const chosen = new Set<number>();
  for (let part = 0; part < parts; part++) {
    const from = Math.floor((part * frameCount) / parts);
    const to = Math.floor(((part + 1) * frameCount) / parts);
    const middle = Math.floor((from + to) / 2);
    let best: number | null = null;
    for (let at = firstAtLeast(keyframes, from); at < keyframes.length; at++) {
      const keyframe = keyframes[at] ?? Infinity;
      if (keyframe >= to) break;
      if (best === null || Math.abs(keyframe - middle) < Math.abs(best - middle)) best = keyframe;
    }
    chosen.add(best ?? middle);
  }
  return [...chosen].sort((a, b) => a - b);
}

/** True when frames can be had by decoding keyframes only. */
export function canSkipToKeyframes(media: MediaFacts, frames: readonly number[]): boolean {
  if (media.kind !== 'file' || media.access !== 'seek') return false;
  const keyframes = new Set(media.keyframes);
  return frames.every((frameIndex) => keyframes.has(frameIndex));
}

/** Starting ffmpeg costs about as much as decoding so many frames. */
const START_COST_FRAMES = 30;

/** Decoding a keyframe costs about as much as decoding so many frames of a group. */
const KEYFRAME_COST_FRAMES = 1.5;

/** True when several frames are had faster by one pass over it than by seeking to each. */
export function isOnePassCheaper(media: MediaFacts, frames: readonly number[]): boolean {
  if (frames.length < 2) return false;
  if (media.kind === 'imageFolder') return true;
  const { keyframes, access } = media;
  const pass = canSkipToKeyframes(media, frames) ? KEYFRAME_COST_FRAMES * keyframes.length : media.frameCount;
  const single = frames.reduce((cost, frameIndex) => {
    const keyframe = access === 'seek' ? (keyframes[firstAtLeast(keyframes, frameIndex + 1) - 1] ?? 0) : 0;
    return cost + START_COST_FRAMES + frameIndex - keyframe;
  }, 0);
  return pass + START_COST_FRAMES < single;
}

function firstAtLeast(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? Infinity) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
