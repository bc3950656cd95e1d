import { type FrameRate, type FrameTimes, meanFrameRate } from '#core/frames/frameTimes';

/** Rates that cameras and programs use; a measured mean within 0.02 % of one is that one. */
const USUAL_RATES: readonly FrameRate[] = [
  ...[24, 30, 48, 60, 120, 240].flatMap((rate) => [
    { numerator: rate, denominator: 1 },
    { numerator: rate * 1000, denominator: 1001 },
  ]),
  ...[5, 8, 10, 12, 12.5, 15, 20, 25, 50, 90, 100, 200].map((rate) => ({ numerator: rate * 2, denominator: 2 })),
].map(reduce);

/**
 * The mean rate of a table as a fraction. Millisecond time bases cannot express 30 fps exactly, so a mean next to a
 * usual rate becomes that rate.
 */
export function averageRateOf(times: FrameTimes): FrameRate {
  const mean = meanFrameRate(times);
  const usual = USUAL_RATES.find((rate) => Math.abs(rate.numerator / rate.denominator / mean - 1) < 2e-4);
  if (usual) return usual;
  const { pts, timeBase } = times;
  const ticks = (pts[pts.length - 1] ?? 0) - (pts[0] ?? 0);
  return reduce({ numerator: (pts.length - 1) * timeBase.denominator, denominator: ticks * timeBase.numerator });
}

/** Seconds from the first frame to the end of the last one, which lasts as long as the median frame. */
export function durationOf(times: FrameTimes, rate: FrameRate): number {
  const { pts, timeBase } = times;
  const ticks = (pts[pts.length - 1] ?? 0) - (pts[0] ?? 0);
  const steps = pts.slice(1).map((value, index) => value - (pts[index] ?? 0));
  const median = steps.sort((a, b) => a - b)[steps.length >> 1];
  const tick = timeBase.numerator / timeBase.denominator;
  return ticks * tick + (median === undefined ? rate.denominator / rate.numerator : median * tick);
}

/** A rate given as a number of frames per second, as a fraction with at most three decimals. */
export function rateOf(framesPerSecond: number): FrameRate {
  const usual = USUAL_RATES.find((rate) => Math.abs(rate.numerator / rate.denominator / framesPerSecond - 1) < 2e-4);
  return usual ?? reduce({ numerator: Math.round(framesPerSecond * 1000), denominator: 1000 });
}

function reduce(rate: FrameRate): FrameRate {
  let a = rate.numerator;
  let b = rate.denominator;
  while (b !== 0) [a, b] = [b, a % b];
  return a === 0 ? rate : { numerator: rate.numerator / a, denominator: rate.denominator / a };
}
