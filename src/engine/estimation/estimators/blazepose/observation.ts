import { AppError } from '#core/errors';

/** Landmarks of BlazePose that describe the body; left = the person's left, always the odd number from 11 on. */
export const LANDMARK_COUNT = 33;

/** Index of the landmarks the fit names (reference blazepose 5). */
export const LANDMARK = {
  nose: 0,
  leftEar: 7,
  rightEar: 8,
  leftShoulder: 11,
  rightShoulder: 12,
  leftElbow: 13,
  rightElbow: 14,
  leftWrist: 15,
  rightWrist: 16,
  leftPinky: 17,
  rightPinky: 18,
  leftIndex: 19,
  rightIndex: 20,
  leftHip: 23,
  rightHip: 24,
  leftKnee: 25,
  rightKnee: 26,
  leftAnkle: 27,
  rightAnkle: 28,
  leftHeel: 29,
  rightHeel: 30,
  leftFootIndex: 31,
  rightFootIndex: 32,
} as const;

/**
 * Where each part of an observation starts, and its length. Layout, all float32:
 * - `image`, 33 x 4: x px, y px, z px (z scaled as x, away from the camera, origin at the hips), visibility 0 to 1;
 *   px of the upright video, origin at the top-left corner of the picture
 * - `world`, 33 x 3: x right, y down, z away from the camera, m, origin between the hips, already turned by the
 *   rotation of the region of interest, so the axes are the picture's
 * - `score`: presence of a pose, 0 to 1
 * - `roi`, 4: centre x px, centre y px, side px, rotation rad of the square that the network looked at
 * - `flags`: sum of {@link OBSERVATION_FLAG}
 */
export const OBSERVATION = { image: 0, world: 132, score: 231, roi: 232, flags: 236, length: 237 } as const;

/** Bits of the flags of an observation. */
export const OBSERVATION_FLAG = {
  /** The landmarks left the person's box (somebody crossed), so the region came from the box and was looked at again. */
  boxWins: 1,
  /** Even so the landmarks do not belong to the box: they are kept, but prove little. */
  astray: 2,
} as const;

/** The square region of interest that the network looked at. */
export interface Region {
  /** px of the upright video. */
  centreX: number;
  /** px of the upright video. */
  centreY: number;
  /** px; 1.25 times the person's size, so the size h of the person is side / 1.25. */
  side: number;
  /** rad, 0 for an upright person. */
  rotation: number;
}

/** One person on one frame as BlazePose sees it; units and order as in {@link OBSERVATION}. */
export interface PoseObservation {
  /** 33 x 4. */
  image: ArrayLike<number>;
  /** 33 x 3. */
  world: ArrayLike<number>;
  /** 0 to 1. */
  score: number;
  roi: Region;
  /** Sum of {@link OBSERVATION_FLAG}. */
  flags: number;
}

/** Side of the region over the size of the person (reference blazepose 5). */
export const REGION_MARGIN = 1.25;

/** An observation as the flat row that is cached. @throws AppError INVALID_ARGUMENT when an array has a wrong length */
export function packObservation(observation: PoseObservation): Float32Array {
  const { image, world, roi } = observation;
  if (image.length !== LANDMARK_COUNT * 4 || world.length !== LANDMARK_COUNT * 3) {
    throw new AppError(
      'INVALID_ARGUMENT',
      `An observation has ${image.length} image and ${world.length} world numbers where 132 and 99 are expected.`,
    );
  }
  const row = new Float32Array(OBSERVATION.length);
  row.set(image, OBSERVATION.image);
  row.set(world, OBSERVATION.world);
  row[OBSERVATION.score] = observation.score;
  row.set([roi.centreX, roi.centreY, roi.side, roi.rotation], OBSERVATION.roi);
  row[OBSERVATION.flags] = observation.flags;
  return row;
}

/** The inverse of {@link packObservation} for row `row` of a track's observations; arrays are views, not copies. */
export function readObservation(observations: Float32Array, row = 0): PoseObservation {
  const at = row * OBSERVATION.length;
  if (at + OBSERVATION.length > observations.length) {
    throw new AppError('INVALID_ARGUMENT', `There is no observation ${row} in ${observations.length} numbers.`);
  }
  const number = (offset: number): number => observations[at + offset] ?? 0;
  return {
    image: observations.subarray(at + OBSERVATION.image, at + OBSERVATION.world),
    world: observations.subarray(at + OBSERVATION.world, at + OBSERVATION.score),
    score: number(OBSERVATION.score),
    roi: {
      centreX: number(OBSERVATION.roi),
      centreY: number(OBSERVATION.roi + 1),
      side: number(OBSERVATION.roi + 2),
      rotation: number(OBSERVATION.roi + 3),
    },
    flags: number(OBSERVATION.flags),
  };
}

/** True when a flag is set in the flags of an observation. */
export function hasFlag(flags: number, flag: number): boolean {
  return (Math.trunc(flags) & flag) !== 0;
}
