/** Standard deviation of the smoothing window, s. */
const SPREAD = 0.07;

/** Samples farther than this many deviations are not looked at. */
const FARTHEST = 3;

/** Several values over time that share their weights (the edges of a box, x and y of a keypoint). */
export interface Course {
  /** n times, s, increasing. */
  times: Float64Array;
  /** n x channels. */
  values: Float64Array;
  /** n, greater than 0. */
  weights: Float64Array;
  channels: number;
}

/**
 * The values after zero-phase smoothing, n x channels: at each sample a straight line fitted to the samples around it by
 * weighted least squares with a Gaussian window (local linear regression, Cleveland 1979), so steady motion is not
 * delayed nor pulled back at the ends.
 */
export function smooth({ times, values, weights, channels }: Course): Float64Array {
  const smoothed = new Float64Array(values.length);
  const sumValue = new Float64Array(channels);
  const sumTimeValue = new Float64Array(channels);
  let first = 0;
  for (let index = 0; index < times.length; index++) {
    const at = times[index]!;
    while (at - times[first]! > FARTHEST * SPREAD) first += 1;
    sumValue.fill(0);
    sumTimeValue.fill(0);
    let [sum, sumTime, sumTimeTime] = [0, 0, 0];
    for (let place = first; place < times.length && times[place]! - at <= FARTHEST * SPREAD; place++) {
      const time = times[place]! - at;
      const weight = weights[place]! * Math.exp(-(time * time) / (2 * SPREAD * SPREAD));
      sum += weight;
      sumTime += weight * time;
      sumTimeTime += weight * time * time;
      for (let channel = 0; channel < channels; channel++) {
        const value = weight * values[place * channels + channel]!;
        sumValue[channel]! += value;
        sumTimeValue[channel]! += time * value;
      }
    }
    const determinant = sum * sumTimeTime - sumTime * sumTime;
    // With hardly any spread in time a slope means nothing: the mean remains.
    const isFlat = determinant <= 1e-6 * sum * sum * SPREAD * SPREAD;
    for (let channel = 0; channel < channels; channel++) {
      smoothed[index * channels + channel] = isFlat
        ? sumValue[channel]! / sum
        : (sumTimeTime * sumValue[channel]! - sumTime * sumTimeValue[channel]!) / determinant;
    }
  }
  return smoothed;
}
