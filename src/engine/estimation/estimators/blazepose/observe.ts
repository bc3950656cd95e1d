import type { Box } from '#core/tracks/box';
import type { Session, SessionPool } from '../../../inference/session';
import type { Observer } from '../../estimator';
import { landmarksBelong } from './belonging';
import type { Picture } from './crop';
import { observePose, type PoseLandmarks } from './landmarks';
import { OBSERVATION_FLAG, packObservation, type PoseObservation, type Region } from './observation';
import { regionFromBox, regionFromKeypoints } from './roi';

/** Networks by quality: `best` finds the final landmarks with heavy, `fast` with full. */
export const BLAZEPOSE_QUALITIES = {
  best: { landmarks: 'blazepose-heavy', region: 'blazepose-full' },
  fast: { landmarks: 'blazepose-full', region: 'blazepose-full' },
} as const;

/** A quality of the BlazePose estimator. */
export type BlazePoseQuality = keyof typeof BLAZEPOSE_QUALITIES;

/** The two networks of one quality; they may be the same. */
export interface PoseNetworks {
  /** Finds where the person is: cheap, used several times. */
  region: Session;
  /** Finds the landmarks: used once, or twice when they went astray. */
  landmarks: Session;
}

/** The person and what the detector knows of them. */
export interface PersonHint {
  /** px of the upright video. */
  box: Box;
  /** 17 x (x px, y px, score) in COCO order. */
  keypoints?: Float32Array;
}

/** Region passes at most, from keypoints and from a bare box. Measured: see {@link observeBox}. */
const PASSES = { keypoints: 2, box: 3 } as const;
/** A region whose presence is not above this says nothing about where to look next (reference section 8). */
const FOLLOW_SCORE = 0.3;
/** A start from which the network sees no person is given up for the next one below this. */
const ACCEPTED_SCORE = 0.5;
/** Sizes of further starts, relative to the box's own region, when the first one shows nobody. */
const OTHER_SIZES = [1, 1.3, 0.8] as const;
/** A region has settled when the next one is within this share of its side, and this angle in rad. */
const SETTLED = { share: 0.01, angle: 0.02 } as const;

/**
 * The pose of one person on one frame: a pure function of picture, box and keypoints. The region comes from the
 * keypoints (or the box), settles in a few passes of the cheap network, then the landmark network looks once.
 *
 * Measured on 100 frames of a bending man, error of 12 joints in % of his size / image jitter px / world jitter mm:
 * heavy twice 0.96 / 7.0 / 39; heavy once 0.99 / 9.5 / 51; full then heavy 0.92 / 6.8 / 40; **full twice then heavy
 * 0.90 / 6.4 / 33**. From the bare box: heavy twice 1.71, full then heavy 1.56, **full three times then heavy 0.96**.
 *
 * When the landmarks do not belong to the box (somebody crosses), the start region is looked at instead and the
 * observation is flagged `boxWins`; `astray` when even that shows somebody else.
 * @param isMirrored whether the landmark network gets its crop left to right, see {@link isMirroredFrame}
 */
export async function observeBox(
  picture: Picture,
  hint: PersonHint,
  networks: PoseNetworks,
  signal: AbortSignal,
  isMirrored = false,
): Promise<PoseObservation> {
  const settled = await settleRegion(picture, hint, networks.region, signal);
  if (settled !== undefined) {
    const seen = await look(picture, settled, networks.landmarks, signal, isMirrored);
    if (landmarksBelong(seen.image, hint.box, hint.keypoints)) return toObservation(seen, 0);
  }
  const seen = await look(picture, startOf(hint), networks.landmarks, signal, isMirrored);
  const belongs = seen.score > FOLLOW_SCORE && landmarksBelong(seen.image, hint.box, hint.keypoints);
  return toObservation(seen, belongs ? OBSERVATION_FLAG.boxWins : OBSERVATION_FLAG.boxWins | OBSERVATION_FLAG.astray);
}

/** Least frames per second at which every other frame is mirrored: at 15 the fit already follows the frames one by one. */
const LEAST_MIRRORED_RATE = 24;

/**
 * True where the landmark network gets its crop left to right: every other frame. What it believes of one side more than of
 * the other then cancels out over time, in the fit, at no cost; not in slow clips, whose frames are too far apart (decision 0021).
 * @param rate frames per second of the clip
 */
export function isMirroredFrame(frameIndex: number, rate: number): boolean {
  return rate >= LEAST_MIRRORED_RATE && frameIndex % 2 === 1;
}

/**
 * Observes people with the networks of one quality.
 * @throws AppError `MODEL_MISSING` when a network has not been converted.
 */
export async function createBlazePoseObserver(quality: BlazePoseQuality, sessions: SessionPool): Promise<Observer> {
  const ids = BLAZEPOSE_QUALITIES[quality];
  const networks = { region: await sessions.open(ids.region), landmarks: await sessions.open(ids.landmarks) };
  return {
    async observe(frame, requests, signal) {
      const rows: Float32Array[] = [];
      // One by one: on one thread a batch of crops is no faster than its crops (measured).
      for (const request of requests) {
        const isMirrored = isMirroredFrame(frame.frameIndex, request.rate);
        rows.push(packObservation(await observeBox(frame, request, networks, signal, isMirrored)));
      }
      return rows;
    },
  };
}

/** Where to look for the landmarks, or undefined when no start leads to a person in the box. */
async function settleRegion(
  picture: Picture,
  hint: PersonHint,
  session: Session,
  signal: AbortSignal,
): Promise<Region | undefined> {
  const fromKeypoints = hint.keypoints === undefined ? undefined : regionFromKeypoints(hint.keypoints);
  const fromBox = regionFromBox(hint.box);
  const starts = OTHER_SIZES.map((size) => ({ region: { ...fromBox, side: fromBox.side * size }, passes: PASSES.box }));
  const all = fromKeypoints === undefined ? starts : [{ region: fromKeypoints, passes: PASSES.keypoints }, ...starts];
  for (const { region, passes } of all) {
    const seen = await follow(picture, region, passes, session, signal);
    if (seen.score > ACCEPTED_SCORE && landmarksBelong(seen.image, hint.box, hint.keypoints)) return seen.next;
  }
  return undefined;
}

/** Follows the regions that the network asks for, until they settle or the passes are used up. */
async function follow(
  picture: Picture,
  start: Region,
  passes: number,
  session: Session,
  signal: AbortSignal,
): Promise<PoseLandmarks> {
  let seen = await look(picture, start, session, signal);
  for (let pass = 1; pass < passes && seen.score > FOLLOW_SCORE && !hasSettled(seen); pass++) {
    seen = await look(picture, seen.next, session, signal);
  }
  return seen;
}

async function look(
  picture: Picture,
  region: Region,
  session: Session,
  signal: AbortSignal,
  isMirrored = false,
): Promise<PoseLandmarks> {
  const [seen] = await observePose(picture, [region], session, signal, { isMirrored });
  // observePose gives one result for each region.
  return seen!;
}

function startOf(hint: PersonHint): Region {
  return (hint.keypoints === undefined ? undefined : regionFromKeypoints(hint.keypoints)) ?? regionFromBox(hint.box);
}

function hasSettled({ region, next }: PoseLandmarks): boolean {
  const share = SETTLED.share * region.side;
  const turn = next.rotation - region.rotation;
  return (
    Math.hypot(next.centreX - region.centreX, next.centreY - region.centreY) < share &&
    Math.abs(next.side - region.side) < share &&
    Math.abs(Math.atan2(Math.sin(turn), Math.cos(turn))) < SETTLED.angle
  );
}

function toObservation({ image, world, score, region }: PoseLandmarks, flags: number): PoseObservation {
  return { image, world, score, roi: region, flags };
}
