/** Standard deviation of the smoothing window, s. */
const SPREAD = 0.07;

/** Samples farther than this many deviations are not looked at. */
const FARTHEST = 3;

/** Values over time, with weights; times increase. */
export interface Sample {
  /** s. */
  times: Float64Array;
  values: Float64Array;
  /** Greater than 0. */
  weights: Float64Array;
}

/**
 * The value at a sample after zero-phase smoothing: a straight line fitted to the samples around it by weighted least
 * squares with a Gaussian window (local linear regression, Cleveland 1979), so steady motion is not delayed nor pulled
 * back at the ends.
 */
export function smoothAt({ times, values, weights }: Sample, index: number): number {
  const at = times[index]!;
  let [sum, sumTime, sumTimeTime, sumValue, sumTimeValue] = [0, 0, 0, 0, 0];
  const add = (place: number): void => {
    const time = times[place]! - at;
    const weight = weights[place]! * Math.exp(-(time ** 2) / (2 * SPREAD ** 2));
    sum += weight;
    sumTime += weight * time;
    sumTimeTime += weight * time * time;
    sumValue += weight * values[place]!;
    sumTimeValue += weight * time * values[place]!;
  };
  for (let place = index; place >= 0 && at - times[place]! <= FARTHEST * SPREAD; place--) add(place);
  for (let place = index + 1; place < times.length && times[place]! - at <= FARTHEST * SPREAD; place++) add(place);
  const determinant = sum * sumTimeTime - sumTime * sumTime;
  // With hardly any spread in time a slope means nothing: the mean remains.
  if (determinant <= 1e-6 * sum * sum * SPREAD ** 2) return sumValue / sum;
  return (sumTimeTime * sumValue - sumTime * sumTimeValue) / determinant;
}
