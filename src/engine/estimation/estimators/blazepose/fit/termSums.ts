import { POINT_COUNT } from './points';

/**
 * What the terms of the fit ask of points and pelvis, before it is turned into normal equations of the unknowns. All
 * weights and forces are those of half the squared residual: H = J' W J, gradient = J' f.
 */
export interface TermSums {
  /** All of them in one array, in the order below. */
  all: Float64Array;
  /** rows x POINT_COUNT x 6: symmetric weight (xx, xy, xz, yy, yz, zz) of the point in camera axes, pelvis included. */
  absolute: Float64Array;
  /** rows x POINT_COUNT: isotropic weight of the point about the pelvis. */
  relative: Float64Array;
  /** rows x POINT_COUNT: isotropic weight of the point about the middle of the hips. */
  hipRelative: Float64Array;
  /** rows x POINT_COUNT x 3 each: forces that go with the three. */
  absoluteForces: Float64Array;
  relativeForces: Float64Array;
  hipForces: Float64Array;
  /** rows x POINT_COUNT: coupling of the point with itself one row before, absolute and about the pelvis. */
  absoluteLinks: Float64Array;
  relativeLinks: Float64Array;
  /** rows x POINT_COUNT: coupling with two rows before, about the pelvis. */
  farLinks: Float64Array;
  /** rows x 3: pelvis alone: own weight, coupling with one and two rows before. */
  pelvis: Float64Array;
  /** rows x 3. */
  pelvisForces: Float64Array;
}

/** Room for the sums of `rows` rows. */
export function createTermSums(rows: number): TermSums {
  const perPoint = rows * POINT_COUNT;
  const all = new Float64Array(perPoint * 20 + rows * 6);
  let taken = 0;
  const next = (count: number): Float64Array => all.subarray(taken, (taken += count));
  return {
    all,
    absolute: next(6 * perPoint),
    relative: next(perPoint),
    hipRelative: next(perPoint),
    absoluteForces: next(3 * perPoint),
    relativeForces: next(3 * perPoint),
    hipForces: next(3 * perPoint),
    absoluteLinks: next(perPoint),
    relativeLinks: next(perPoint),
    farLinks: next(perPoint),
    pelvis: next(rows * 3),
    pelvisForces: next(rows * 3),
  };
}
