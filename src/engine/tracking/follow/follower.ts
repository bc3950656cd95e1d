import { type Box, intersectionOverUnion } from '#core/tracks/box';
import type { Detection } from '#core/tracks/track';
import type { GrayFrame } from './grayFrame';
import { type Absence, Presence } from './presence';
import { blended, likeness, type Template, templateOf } from './template';

/** Likeness below which the person is lost. */
const LOST = 0.45;
/** Likeness from which what is seen is taken into the template, and by which share: slow enough not to drift away. */
const SURE = 0.7;
const LEARN = 0.12;
/** How far around the expected place it is looked, as a share of the box's sides, and in how many steps at first. */
const REACH = 0.4;
const STEPS = 4;
/** How much more alike a place must be that is as far from the expected one as the box is large, squared in between. */
const SURPRISE = 0.5;
/** How often the search is repeated half as coarse around the best place. */
const REFINEMENTS = 3;
/** Other sizes that are tried at the end, and by how much a box of one must be more alike: noise must not shrink it. */
const SIZES = [0.97, 1.03];
const WORTH_RESIZING = 0.004;
/** A detection counts as the followed person when it overlaps the expected box by this much, */
const SAME_IOU = 0.4;
/** and the picture inside must be like the template at least so much: it may be somebody else's. */
const SAME_LIKENESS = 0.35;
/** Unless it overlaps by so much and nobody else is near (by this): people who turn and bend look like others soon. */
const ALONE_IOU = 0.6;
const NEAR_IOU = 0.1;
/** Share of the last movement that is expected to go on. */
const MOMENTUM = 0.8;

/** A place where the person was found. */
export interface Found {
  box: Box;
  /** -1 to 1: how much the picture there is like the person. */
  likeness: number;
  /** The box is a detection's, not one searched for. */
  isDetected: boolean;
}

/** Why a person is lost: beside the two of {@link Absence}, nothing near looks like them, or they leave the picture. */
export type Loss = Absence | 'unlike' | 'outside';

function moved(box: Box, dx: number, dy: number, size = 1): Box {
  const [width, height] = [box.width * size, box.height * size];
  return { x: box.x + dx + (box.width - width) / 2, y: box.y + dy + (box.height - height) / 2, width, height };
}

function centerOf({ x, y, width, height }: Box): { x: number; y: number } {
  return { x: x + width / 2, y: y + height / 2 };
}

/**
 * Follows one person from frame to frame by what the box shows (normalised cross-correlation, coarse to fine, then in size)
 * and by detections where there are any. Frames must come in order, forwards or backwards.
 */
export class Follower {
  private box: Box;
  private template: Template;
  private speed = { x: 0, y: 0 };
  /** From a detection's box to the one a human drew around the same person. */
  private fit: Box | undefined;
  private readonly scratch: Template;
  private readonly presence: Presence;
  private loss: Loss | undefined;

  /** `detections` are those of the first frame, undefined where the detector did not look; `rate` in frames per second. */
  constructor(frame: GrayFrame, box: Box, detections: readonly Detection[] | undefined, rate: number) {
    this.box = box;
    this.template = templateOf(frame, box);
    this.scratch = this.template.slice();
    const own = detections && bestOverlap(box, detections);
    if (own) this.fit = fitOf(own, box);
    this.presence = new Presence(frame, box, own !== undefined, rate);
  }

  /** How many of the places found so far, from the first, show the person; that those after do was doubted. */
  get sure(): number {
    return this.presence.sureBoxes;
  }

  /** Why the person is lost; undefined while they are not. */
  get lostBecause(): Loss | undefined {
    return this.loss;
  }

  /** The person on the next frame; undefined when they are lost, which may have been noticed late: see {@link sure}. */
  next(frame: GrayFrame, detections?: readonly Detection[]): Found | undefined {
    const expected = moved(this.box, this.speed.x * MOMENTUM, this.speed.y * MOMENTUM);
    const detected = detections && this.detected(frame, expected, detections);
    const found = detected ?? this.searched(frame, expected);
    if (!found) this.loss = 'unlike';
    else if (!isInPicture(found.box, frame)) this.loss = 'outside';
    else this.loss = this.presence.next(frame, found.box, detections && detected !== undefined);
    if (!found || this.loss) return undefined;
    const [from, to] = [centerOf(this.box), centerOf(found.box)];
    this.speed = { x: to.x - from.x, y: to.y - from.y };
    this.box = found.box;
    if (found.likeness >= SURE) this.template = blended(this.template, templateOf(frame, found.box), LEARN);
    return found;
  }

  private detected(frame: GrayFrame, expected: Box, detections: readonly Detection[]): Found | undefined {
    const fitted = detections.map(({ box, score }) => ({ box: this.fit ? boxFitted(box, this.fit) : box, score }));
    const own = bestOverlap(expected, fitted);
    if (!own) return undefined;
    const here = likeness(this.template, templateOf(frame, own, this.scratch));
    const isAlone =
      intersectionOverUnion(expected, own) >= ALONE_IOU &&
      fitted.every(({ box }) => box === own || intersectionOverUnion(expected, box) < NEAR_IOU);
    return here >= SAME_LIKENESS || isAlone ? { box: own, likeness: here, isDetected: true } : undefined;
  }

  private searched(frame: GrayFrame, expected: Box): Found | undefined {
    let best: Found = { box: expected, likeness: -1, isDetected: false };
    let bestValue = Number.NEGATIVE_INFINITY;
    const tryBox = (box: Box) => {
      const here = likeness(this.template, templateOf(frame, box, this.scratch));
      const off = ((box.x - expected.x) / expected.width) ** 2 + ((box.y - expected.y) / expected.height) ** 2;
      if (here - SURPRISE * off <= bestValue) return;
      bestValue = here - SURPRISE * off;
      best = { box, likeness: here, isDetected: false };
    };
    let [stepX, stepY] = [(expected.width * REACH) / STEPS, (expected.height * REACH) / STEPS];
    for (let row = -STEPS; row <= STEPS; row++) {
      for (let column = -STEPS; column <= STEPS; column++) tryBox(moved(expected, column * stepX, row * stepY));
    }
    for (let round = 0; round < REFINEMENTS; round++) {
      [stepX, stepY] = [stepX / 2, stepY / 2];
      const { box } = best;
      for (let row = -1; row <= 1; row++) {
        for (let column = -1; column <= 1; column++) tryBox(moved(box, column * stepX, row * stepY));
      }
    }
    best = this.resized(frame, best);
    return best.likeness >= LOST ? best : undefined;
  }

  private resized(frame: GrayFrame, found: Found): Found {
    let best = found;
    for (const size of SIZES) {
      const box = moved(found.box, 0, 0, size);
      const here = likeness(this.template, templateOf(frame, box, this.scratch));
      if (here > Math.max(best.likeness, found.likeness + WORTH_RESIZING)) best = { ...found, box, likeness: here };
    }
    return best;
  }
}

function bestOverlap(box: Box, detections: readonly { box: Box }[]): Box | undefined {
  let best: { box: Box; overlap: number } | undefined;
  for (const { box: other } of detections) {
    const overlap = intersectionOverUnion(box, other);
    if (overlap >= SAME_IOU && overlap > (best?.overlap ?? 0)) best = { box: other, overlap };
  }
  return best?.box;
}

/** Where a box lies in another one, in shares of that one's sides. */
function fitOf(outer: Box, box: Box): Box {
  return {
    x: (box.x - outer.x) / outer.width,
    y: (box.y - outer.y) / outer.height,
    width: box.width / outer.width,
    height: box.height / outer.height,
  };
}

function boxFitted(outer: Box, fit: Box): Box {
  return {
    x: outer.x + fit.x * outer.width,
    y: outer.y + fit.y * outer.height,
    width: fit.width * outer.width,
    height: fit.height * outer.height,
  };
}

/** At least half of the box lies in the picture. */
function isInPicture({ x, y, width, height }: Box, frame: GrayFrame): boolean {
  const [right, bottom] = [frame.width / frame.scale, frame.height / frame.scale];
  const inside =
    Math.max(0, Math.min(right, x + width) - Math.max(0, x)) *
    Math.max(0, Math.min(bottom, y + height) - Math.max(0, y));
  return inside >= 0.5 * width * height;
}
