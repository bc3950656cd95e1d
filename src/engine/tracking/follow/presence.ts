import { type Box, intersectionOverUnion } from '#core/tracks/box';
import type { GrayFrame } from './grayFrame';
import { likeness, templateOf } from './template';

/** Looks of the detector in a row without the person, after which they are gone: a second, as it looks ten times in one. */
const MISSED_LOOKS = 10;
/** Looks on which the detector saw the person before, so that its silence says something. */
const SEEN_LOOKS = 2;
/** For so long, s, and on so many frames, a box may show what was there before the person came: a post is passed sooner. */
const EMPTY_SECONDS = 0.3;
const EMPTY_FRAMES = 3;
/** Two pictures of a place are the same when they are so much alike. */
const SAME_PLACE = 0.75;
/** The person was elsewhere when their box overlapped this one by no more than this. */
const ELSEWHERE_IOU = 0.1;
/** How far back it is looked for such a frame, s, and how many of a second are kept: 40 pictures, at most 9 MB. */
const BACK_SECONDS = 20;
const KEPT_A_SECOND = 2;

interface Seen {
  frame: GrayFrame;
  box: Box;
}

/** What speaks against the person being there: the detector does not see them, or the box shows what is behind. */
export type Absence = 'unseen' | 'empty';

/**
 * Whether a followed person is still there, by two signs. The detector, where it looked, does not see them any more though it
 * did before. Or the box shows the same as that place showed when the person was elsewhere: the wall behind them, or the
 * post they went behind. The second is blind where the camera turns and where the person never left their place.
 */
export class Presence {
  private count = 0;
  private sure = 0;
  private looks: number;
  private missed = 0;
  private empty = 0;
  private readonly past: Seen[];
  private readonly stride: number;
  private readonly longestEmpty: number;

  /** `isDetected` says whether the detector sees the person in the first box; `rate` is in frames per second. */
  constructor(start: GrayFrame, box: Box, isDetected: boolean, rate: number) {
    this.past = [{ frame: start, box }];
    this.looks = isDetected ? SEEN_LOOKS : 0;
    this.stride = Math.max(1, Math.round(rate / KEPT_A_SECOND));
    this.longestEmpty = Math.max(EMPTY_FRAMES, EMPTY_SECONDS * rate);
  }

  /** How many of the boxes told so far, from the first, reach up to the last one that nothing spoke against. */
  get sureBoxes(): number {
    return this.sure;
  }

  /**
   * Takes the next box; `isDetected` is undefined where the detector did not look. Says why the person is gone, undefined
   * while they are there or not long enough away to tell.
   */
  next(frame: GrayFrame, box: Box, isDetected: boolean | undefined): Absence | undefined {
    this.count += 1;
    if (isDetected) {
      this.looks += 1;
      this.missed = 0;
    } else if (isDetected === false && this.looks >= SEEN_LOOKS) this.missed += 1;
    this.empty = !isDetected && this.isEmpty(frame, box) ? this.empty + 1 : 0;
    if (this.missed === 0 && this.empty === 0) this.sure = this.count;
    if (this.count % this.stride === 0) this.past.push({ frame, box });
    if (this.past.length > BACK_SECONDS * KEPT_A_SECOND) this.past.shift();
    if (this.empty >= this.longestEmpty) return 'empty';
    return this.missed >= MISSED_LOOKS ? 'unseen' : undefined;
  }

  private isEmpty(frame: GrayFrame, box: Box): boolean {
    const then = this.past.findLast((seen) => intersectionOverUnion(seen.box, box) <= ELSEWHERE_IOU);
    return then !== undefined && likeness(templateOf(frame, box), templateOf(then.frame, box)) >= SAME_PLACE;
  }
}
