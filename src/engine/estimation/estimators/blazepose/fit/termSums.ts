import { POINT_COUNT } from './points';

/**
 * What the terms of the fit ask of points and pelvis, before it is turned into normal equations of the unknowns. All
 * weights and forces are those of half the squared residual: H = J' W J, gradient = J' f.
 */
export interface TermSums {
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
  const perPoint = (count: number): Float64Array => new Float64Array(rows * POINT_COUNT * count);
  return {
    absolute: perPoint(6),
    relative: perPoint(1),
    hipRelative: perPoint(1),
    absoluteForces: perPoint(3),
    relativeForces: perPoint(3),
    hipForces: perPoint(3),
    absoluteLinks: perPoint(1),
    relativeLinks: perPoint(1),
    farLinks: perPoint(1),
    pelvis: new Float64Array(rows * 3),
    pelvisForces: new Float64Array(rows * 3),
  };
}

/** Sets everything to zero. */
export function clearTermSums(sums: TermSums): void {
  for (const array of Object.values(sums) as Float64Array[]) array.fill(0);
}
