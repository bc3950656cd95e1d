/**
 * The pts table of a video: the one clock of Retake. A frame *is* its index in `pts`; seconds are derived.
 * `pts` is strictly increasing, in units of `timeBase` seconds; the first one may be any integer.
 */
export interface FrameTimes {
  timeBase: { numerator: number; denominator: number };
  pts: readonly number[];
}

/** A frame rate as a fraction, frames per second. */
export interface FrameRate {
  numerator: number;
  denominator: number;
}

/** Seconds from the first frame to frame `frameIndex`; frames outside the table continue at the mean rate. */
export function secondsOfFrame(times: FrameTimes, frameIndex: number): number {
  const { pts, timeBase } = times;
  const first = pts[0] ?? 0;
  const tick = timeBase.numerator / timeBase.denominator;
  const known = pts[frameIndex];
  if (known !== undefined) return (known - first) * tick;
  return frameIndex / meanFrameRate(times);
}

/**
 * A frame counts as begun this part of its predecessor's duration early, but never more than half a tick: enough for
 * times that went through floating point or stand for a pts that was rounded to the time base.
 */
const EARLY_SHARE = 0.05;

/** Index of the frame shown at `seconds` after the first frame: the last one whose time is not later. */
export function frameAtSeconds(times: FrameTimes, seconds: number): number {
  const { pts, timeBase } = times;
  const first = pts[0] ?? 0;
  const target = first + (seconds * timeBase.denominator) / timeBase.numerator;
  let low = 0;
  let high = pts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((pts[middle] ?? Infinity) <= target) low = middle;
    else high = middle - 1;
  }
  const begun = pts[low] ?? 0;
  const next = pts[low + 1];
  return next !== undefined && next - target <= Math.min(0.5, EARLY_SHARE * (next - begun)) ? low + 1 : low;
}

/** Frames per second over the whole table; 30 for a single frame, which has no duration. */
export function meanFrameRate(times: FrameTimes): number {
  const { pts, timeBase } = times;
  const first = pts[0];
  const last = pts[pts.length - 1];
  if (first === undefined || last === undefined || pts.length < 2 || last <= first) return 30;
  return ((pts.length - 1) * timeBase.denominator) / ((last - first) * timeBase.numerator);
}

/**
 * True when frames are not evenly spaced: some step differs from the median step by more than one tick and 2 %
 * (rounding to the time base makes steps of an even clip differ by one tick).
 */
export function isVariableRate(times: FrameTimes): boolean {
  const { pts } = times;
  if (pts.length < 3) return false;
  const steps = pts.slice(1).map((value, index) => value - (pts[index] ?? 0));
  const median = [...steps].sort((a, b) => a - b)[steps.length >> 1] ?? 1;
  return steps.some((step) => Math.abs(step - median) > Math.max(1, 0.02 * median));
}
