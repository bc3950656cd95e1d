import type { Keyframe, Person } from '../document/schema';
import { hasFrame } from '../frames/span';
import { type Box, interpolateBox } from './box';

/** What interpolation depends on. */
export type Curve = Pick<Person, 'keyframes' | 'interpolated' | 'smooth'>;

/** A box on a curve, and how fast it changes there, px a frame. */
export interface CurvePoint {
  box: Box;
  slope: Box;
}

const SIDES = ['x', 'y', 'width', 'height'] as const;

/** Smallest side of a box, px. */
const MIN_SIDE = 1;

function boxFrom(side: (name: (typeof SIDES)[number]) => number): Box {
  return { x: side('x'), y: side('y'), width: side('width'), height: side('height') };
}

function secant(a: Keyframe, b: Keyframe): Box {
  const frames = b.frame - a.frame;
  return boxFrom((side) => (b.box[side] - a.box[side]) / frames);
}

/**
 * Slope of a monotone curve between two secants: their weighted harmonic mean, 0 where they turn round.
 * Fritsch and Butland, A method for constructing local monotone piecewise cubic interpolants, SIAM J. Sci. Stat. Comput. 5
 * (1984). `before` and `after` are lengths in frames.
 */
function slopeBetween(left: number, right: number, before: number, after: number): number {
  if (left * right <= 0) return 0;
  const leftWeight = 2 * after + before;
  const rightWeight = after + 2 * before;
  return (leftWeight + rightWeight) / (leftWeight / left + rightWeight / right);
}

/** Slope of the smooth curve at keyframe `index`: gaps that are not interpolated do not pull at it. px a frame. */
export function slopeAt(curve: Curve, index: number): Box {
  const { keyframes, interpolated } = curve;
  const own = keyframes[index];
  if (!own) return { x: 0, y: 0, width: 0, height: 0 };
  if (own.slope) return own.slope;
  const before = hasFrame(interpolated, own.frame - 1) ? keyframes[index - 1] : undefined;
  const after = hasFrame(interpolated, own.frame + 1) ? keyframes[index + 1] : undefined;
  const left = before && secant(before, own);
  const right = after && secant(own, after);
  if (!before || !after || !left || !right) return left ?? right ?? { x: 0, y: 0, width: 0, height: 0 };
  return boxFrom((side) => slopeBetween(left[side], right[side], own.frame - before.frame, after.frame - own.frame));
}

/**
 * The cubic Hermite curve between keyframes `index` and `index + 1` at a frame between them. Monotone on every side
 * between two keyframes, so the box never overshoots them and never gets smaller than the smaller one.
 */
export function smoothPoint(curve: Curve, index: number, frameIndex: number): CurvePoint | undefined {
  const before = curve.keyframes[index];
  const after = curve.keyframes[index + 1];
  if (!before || !after) return undefined;
  const length = after.frame - before.frame;
  const t = (frameIndex - before.frame) / length;
  const [from, to] = [slopeAt(curve, index), slopeAt(curve, index + 1)];
  const [t2, t3] = [t * t, t * t * t];
  const box = boxFrom(
    (side) =>
      (2 * t3 - 3 * t2 + 1) * before.box[side] +
      (t3 - 2 * t2 + t) * length * from[side] +
      (3 * t2 - 2 * t3) * after.box[side] +
      (t3 - t2) * length * to[side],
  );
  const slope = boxFrom(
    (side) =>
      ((6 * t2 - 6 * t) * (before.box[side] - after.box[side])) / length +
      (3 * t2 - 4 * t + 1) * from[side] +
      (3 * t2 - 2 * t) * to[side],
  );
  // A kept slope beside a keyframe that was moved later may overshoot.
  const side = (value: number) => Math.max(MIN_SIDE, value);
  return { box: { ...box, width: side(box.width), height: side(box.height) }, slope };
}

/** Place in the list of the last keyframe before a frame; -1 when there is none. */
export function keyframeBefore(keyframes: readonly Keyframe[], frameIndex: number): number {
  let low = 0;
  let high = keyframes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((keyframes[middle]?.frame ?? 0) < frameIndex) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The box between two keyframes on a frame that is interpolated; undefined without a keyframe on both sides. */
export function boxBetween(curve: Curve, frameIndex: number): Box | undefined {
  const index = keyframeBefore(curve.keyframes, frameIndex);
  const before = curve.keyframes[index];
  const after = curve.keyframes[index + 1];
  if (!before || !after) return undefined;
  if (curve.smooth && hasFrame(curve.smooth, frameIndex)) return smoothPoint(curve, index, frameIndex)?.box;
  return interpolateBox(before.box, after.box, (frameIndex - before.frame) / (after.frame - before.frame));
}
