import { COCO_KEYPOINT_COUNT, type Detection } from '#core/tracks/track';
import type { Session, Tensor } from '../../../inference/session';
import type { RgbFrame } from '../../../video/rgbFrame';
import type { Detector } from '../../detector';
import { decodeHeads, STRIDE } from './decodeHeads';
import { halveTensor, type Letterbox, letterboxOf, letterboxTensor } from './letterbox';
import { mergeScales, type Scale } from './mergeScales';
import { withWholeBody } from './wholeBody';

const MODEL = 'movenet-multipose';

/** Long side of the network's input, px: for people who fill the picture, for most, and for small ones. */
const LONG_SIDE = { large: 256, middle: 512, small: 768 } as const;

/**
 * Longest person that each scale is believed, px of the input: beyond it the network sees parts of a person as people
 * (reference section 8).
 */
const LONGEST = { large: Number.POSITIVE_INFINITY, middle: 420, small: 210 } as const;

/** Detections below this score are dropped, 0 to 1. The tracker takes the weak ones only to go on with a track. */
const THRESHOLD = 0.1;

/** A person shorter than this in the middle input is small: the fine scale sees more of them, px. */
const SMALL = 80;

/** A person of the middle scale with a score below this, but so many sure keypoints, is worth a closer look. */
const DOUBTFUL = { below: 0.6, keypoints: 8, sure: 0.2 } as const;

/** Seconds between two frames that are looked at; every second one of these is looked at in full. */
const INTERVAL = 0.1;

/** MoveNet MultiPose Lightning at two scales, three where people are small; decoded here, so any number of people. */
export const movenetDetector: Detector = {
  id: 'movenet-multipose',
  version: 1,
  title: 'MoveNet MultiPose',
  models: [MODEL],
  effortAt,
  async load(sessions) {
    const session = await sessions.open(MODEL);
    return {
      async detect(frame, effort) {
        const scales = effort === 'quick' ? [await lookLarge(session, frame)] : await lookInFull(session, frame);
        return mergeScales(scales).map(withWholeBody);
      },
    };
  },
};

/**
 * Every tenth of a second, in turns in full and quick, the first frame in full; measured on one core of the build
 * machine that is 85 ms every 0.2 s (quick 16 ms, full 70 ms, 140 ms more where people are small).
 */
function effortAt(frameIndex: number, rate: number): 'quick' | 'full' | undefined {
  const step = Math.max(1, Math.round(rate * INTERVAL));
  if (frameIndex % step !== 0) return undefined;
  return frameIndex % (2 * step) === 0 ? 'full' : 'quick';
}

async function lookLarge(session: Session, frame: RgbFrame): Promise<Scale> {
  const letterbox = letterboxOf(frame, LONG_SIDE.large);
  return look(session, letterboxTensor(frame, letterbox), letterbox, LONGEST.large);
}

async function lookInFull(session: Session, frame: RgbFrame): Promise<Scale[]> {
  const letterbox = letterboxOf(frame, LONG_SIDE.middle);
  const tensor = letterboxTensor(frame, letterbox);
  const middle = await look(session, tensor, letterbox, LONGEST.middle);
  const half = halveTensor(tensor, letterbox);
  const large = half ? await look(session, half.tensor, half.box, LONGEST.large) : await lookLarge(session, frame);
  if (!needsCloserLook(middle.people, letterbox)) return [large, middle];
  const fine = letterboxOf(frame, LONG_SIDE.small);
  return [large, middle, await look(session, letterboxTensor(frame, fine), fine, LONGEST.small)];
}

/** True when the fine scale may find people that the middle one does not, or sees badly. */
function needsCloserLook(people: readonly Detection[], letterbox: Letterbox): boolean {
  if (people.length === 0) return true;
  return people.some((person) => {
    if (longSide(person, letterbox) < SMALL && person.score >= 2 * THRESHOLD) return true;
    return person.score < DOUBTFUL.below && sureKeypoints(person) >= DOUBTFUL.keypoints;
  });
}

function sureKeypoints(person: Detection): number {
  let count = 0;
  for (let keypoint = 0; keypoint < COCO_KEYPOINT_COUNT; keypoint++) {
    if ((person.keypoints?.[3 * keypoint + 2] ?? 0) >= DOUBTFUL.sure) count += 1;
  }
  return count;
}

/** Longer side of a person's box, px of the network's input. */
function longSide(person: Detection, letterbox: Letterbox): number {
  return Math.max(person.box.width / letterbox.scaleX, person.box.height / letterbox.scaleY);
}

async function look(session: Session, image: Tensor, letterbox: Letterbox, longest: number): Promise<Scale> {
  const people = decodeHeads(await session.run({ image }), letterbox, THRESHOLD);
  return {
    people: people.filter((person) => longSide(person, letterbox) <= longest),
    cell: STRIDE * Math.max(letterbox.scaleX, letterbox.scaleY),
  };
}
