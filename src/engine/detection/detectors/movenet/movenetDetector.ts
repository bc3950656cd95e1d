import type { Detection } from '#core/tracks/track';
import type { Session, Tensor } from '../../../inference/session';
import type { RgbFrame } from '../../../video/rgbFrame';
import type { Detector } from '../../detector';
import { decodeHeads, roomForHeads, STRIDE } from './decodeHeads';
import { type Letterbox, letterboxOf, letterboxTensor } from './letterbox';
import { mergeScales, type Scale } from './mergeScales';
import { withWholeBody } from './wholeBody';

const MODEL = 'movenet-multipose';

/** Long side of the network's input, px: for people from a quarter of the picture up to all of it, and for others. */
const COARSE = 256;
const FINE = 704;

/**
 * Longest person that the fine scale is believed, px of its input (a third of the picture). Measured on people of known
 * size: up to 200 px it sees them whole (score 0.9 and more), from 300 px on it sees parts of them as people.
 */
const LONGEST_FINE = 240;

/** Shortest person that the coarse scale is believed, px of its input: below, it takes two for one and misses limbs. */
const SHORTEST_COARSE = 40;

/** Detections below this score are dropped, 0 to 1. The tracker takes the weak ones only to go on with a track. */
const THRESHOLD = 0.1;

/** Seconds between two frames that are looked at; every second one of these is looked at in full. */
const INTERVAL = 0.1;

/** MoveNet MultiPose Lightning at two scales, decoded here, so any number of people from 6 % of the picture on. */
export const movenetDetector: Detector = {
  id: 'movenet-multipose',
  version: 1,
  title: 'MoveNet MultiPose',
  models: [MODEL],
  effortAt,
  async load(sessions) {
    const session = await sessions.open(MODEL);
    const coarse: Eye = { size: COARSE, session };
    const fine: Eye = { size: FINE, session };
    return {
      async detect(frame, effort) {
        const scales = [await look(coarse, frame)];
        if (effort === 'full') scales.push(await look(fine, frame));
        return mergeScales(scales).map(withWholeBody);
      },
    };
  },
};

/**
 * Every tenth of a second, in turns in full and quick, the first frame in full. For 30 frames per second of 16:9 video
 * that is about 26 ms of one core per frame (quick 18 ms, full 140 ms), half of it on two.
 */
function effortAt(frameIndex: number, rate: number): 'quick' | 'full' | undefined {
  const step = Math.max(1, Math.round(rate * INTERVAL));
  if (frameIndex % step !== 0) return undefined;
  return frameIndex % (2 * step) === 0 ? 'full' : 'quick';
}

/** The network at one scale, with room for what it says of the last frame's size: 6 MB in full, used again and again. */
interface Eye {
  size: number;
  session: Session;
  heads?: { width: number; height: number; outputs: Record<string, Tensor> };
}

async function look(eye: Eye, frame: RgbFrame): Promise<Scale> {
  const { size, session } = eye;
  const letterbox = letterboxOf(frame, size);
  const { width, height } = letterbox;
  if (eye.heads?.width !== width || eye.heads.height !== height) {
    eye.heads = { width, height, outputs: roomForHeads(letterbox) };
  }
  const outputs = await session.run({ image: letterboxTensor(frame, letterbox) }, eye.heads.outputs);
  const people = decodeHeads(outputs, letterbox, THRESHOLD);
  return {
    people: people.filter((person) => isBelieved(longSide(person, letterbox), size)),
    cell: STRIDE * Math.max(letterbox.scaleX, letterbox.scaleY),
  };
}

function isBelieved(length: number, size: number): boolean {
  return size === COARSE ? length >= SHORTEST_COARSE : length <= LONGEST_FINE;
}

/** Longer side of a person's box, px of the network's input. */
function longSide(person: Detection, letterbox: Letterbox): number {
  return Math.max(person.box.width / letterbox.scaleX, person.box.height / letterbox.scaleY);
}
