import type { FrameRate, FrameTimes } from '#core/frames/frameTimes';
import { frameAtSeconds, isVariableRate, meanFrameRate, secondsOfFrame } from '#core/frames/frameTimes';
import type { ExportClip } from './exportClip';

/** Times at which an export has a key or a file. Sample 0 is the first frame of the span, at 0 s. */
export interface SampleGrid {
  count: number;
  /** Exact rate of the samples; the mean rate when `even` is false. */
  rate: FrameRate;
  /** True when sample k stands at k / rate. */
  even: boolean;
  /** True when samples are the frames of the video themselves. */
  isSource: boolean;
  /** count: seconds of each sample. */
  seconds: Float64Array;
  /** count: each sample in frames from the start of the span; whole numbers when `isSource`. */
  positions: Float64Array;
  /** Time of a sample as a whole number of ticks, `perSecond` to the second, rounded exactly. */
  ticks(sample: number, perSecond: bigint): bigint;
}

function divideRounded(numerator: bigint, denominator: bigint): bigint {
  return (2n * numerator + denominator) / (2n * denominator);
}

function evenTicks(rate: FrameRate): SampleGrid['ticks'] {
  const numerator = BigInt(rate.numerator);
  const denominator = BigInt(rate.denominator);
  return (sample, perSecond) => divideRounded(BigInt(sample) * denominator * perSecond, numerator);
}

function sourceGrid(clip: ExportClip): SampleGrid {
  const count = clip.span.to - clip.span.from;
  const { rate, times, span } = clip;
  const even = !clip.variableRate;
  const start = secondsOfFrame(times, span.from);
  const seconds = Float64Array.from({ length: count }, (_, k) =>
    even ? (k * rate.denominator) / rate.numerator : secondsOfFrame(times, span.from + k) - start,
  );
  const tableTicks: SampleGrid['ticks'] = (sample, perSecond) => {
    const { pts, timeBase } = times;
    const elapsed = BigInt(Math.round((pts[span.from + sample] ?? 0) - (pts[span.from] ?? 0)));
    return divideRounded(elapsed * BigInt(timeBase.numerator) * perSecond, BigInt(timeBase.denominator));
  };
  return {
    count,
    rate,
    even,
    isSource: true,
    seconds,
    positions: Float64Array.from({ length: count }, (_, k) => k),
    ticks: even ? evenTicks(rate) : tableTicks,
  };
}

/** Frames from the start of the span at `seconds` after it, between frames by linear interpolation of their times. */
function positionAt(clip: ExportClip, seconds: number): number {
  const last = clip.span.to - clip.span.from - 1;
  if (!clip.variableRate) return Math.min(last, (seconds * clip.rate.numerator) / clip.rate.denominator);
  const absolute = secondsOfFrame(clip.times, clip.span.from) + seconds;
  const before = Math.min(frameAtSeconds(clip.times, absolute), clip.span.to - 1);
  if (before >= clip.span.to - 1) return last;
  const from = secondsOfFrame(clip.times, before);
  const to = secondsOfFrame(clip.times, before + 1);
  const share = Math.min(1, Math.max(0, (absolute - from) / (to - from)));
  return before - clip.span.from + share;
}

function resampledGrid(clip: ExportClip, rate: number): SampleGrid {
  const source = sourceGrid(clip);
  const duration = source.seconds[source.count - 1] ?? 0;
  // A sample that floating point put just behind the last frame still belongs to the clip.
  const count = Math.floor(duration * rate + 1e-6) + 1;
  const seconds = Float64Array.from({ length: count }, (_, k) => k / rate);
  return {
    count,
    rate: { numerator: rate, denominator: 1 },
    even: true,
    isSource: false,
    seconds,
    positions: seconds.map((time) => positionAt(clip, time)),
    ticks: evenTicks({ numerator: rate, denominator: 1 }),
  };
}

/**
 * Samples of a clip: its own frames, or `rate` whole frames per second from the first frame to the last one that fits.
 * Asking an even clip for the rate it has gives its own frames.
 */
export function createSampleGrid(clip: ExportClip, rate: 'source' | number): SampleGrid {
  if (rate === 'source') return sourceGrid(clip);
  const own = !clip.variableRate && clip.rate.numerator === rate * clip.rate.denominator;
  return own ? sourceGrid(clip) : resampledGrid(clip, rate);
}

/** True for a rate of whole frames per second. */
export function isWholeRate(rate: FrameRate): boolean {
  return rate.numerator % rate.denominator === 0;
}

/** Frames per second as people write it: `30`, `29.97`, `23.976`. */
export function formatRate(rate: FrameRate): string {
  const value = rate.numerator / rate.denominator;
  return value.toFixed(Math.abs(value * 100 - Math.round(value * 100)) < 0.02 ? 2 : 3).replace(/\.?0+$/, '');
}

function reduced(numerator: number, denominator: number): FrameRate {
  let a = numerator;
  let b = denominator;
  while (b !== 0) [a, b] = [b, a % b];
  return { numerator: numerator / a, denominator: denominator / a };
}

/**
 * Rate of a clip as a fraction: the whole or NTSC (n * 1000 / 1001) rate under which no frame of an even table is more
 * than one tick of the time base from its place, else the mean rate of the table as it stands.
 */
export function exportRate(times: FrameTimes): FrameRate {
  const mean = meanFrameRate(times);
  const { pts, timeBase } = times;
  const first = pts[0] ?? 0;
  const steps = pts.length - 1;
  if (steps < 1) return { numerator: Math.max(1, Math.round(mean)), denominator: 1 };
  const ticks = (pts[steps] ?? 0) - first;
  const exact = reduced(steps * timeBase.denominator, ticks * timeBase.numerator);
  if (isVariableRate(times)) return exact;
  const tick = timeBase.numerator / timeBase.denominator;
  const fits = (rate: FrameRate): boolean =>
    pts.every((value, k) => Math.abs((value - first) * tick - (k * rate.denominator) / rate.numerator) <= 1.01 * tick);
  const whole = { numerator: Math.max(1, Math.round(mean)), denominator: 1 };
  const broadcast = reduced(Math.max(1, Math.round(mean * 1.001)) * 1000, 1001);
  const distance = (rate: FrameRate): number => Math.abs(rate.numerator / rate.denominator - mean);
  const candidates = distance(whole) <= distance(broadcast) ? [whole, broadcast] : [broadcast, whole];
  return candidates.find(fits) ?? exact;
}
