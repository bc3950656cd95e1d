import { growSpans, intersectSpans, type Span, spansWhere, subtractSpans } from '#core/frames/span';
import type { TrackExtent } from '../estimation/estimator';
import { WINDOW } from '../estimation/plausibility/judgeMotion';
import { cameOrWent, type ReachContext } from './frameKeys';

/** Rows that were overwritten and are kept, as they are found: without the rows themselves. Spans are of frames. */
export interface EarlierRows {
  /** Frames that the rows are for. */
  span: Span;
  /** Frames whose keys the rows depend on; holds `span`. */
  support: Span;
  /** {@link digestOf} the keys of `support` that the rows were made under. */
  digest: number;
  /** {@link digestOf} the betas that the rows belong to. */
  shape: number;
}

/** Frames around rows that the judge of plausibility looks at: their windows, and the windows of those around them. */
const JUDGED_REACH = 2 * WINDOW;

/** A number for an array of numbers by content, below 2^53: FNV-1a over the bytes, in two halves with other seeds. */
export function digestOf(values: Float64Array | Float32Array): number {
  const words = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  let a = 0x811c9dc5;
  let b = 0x1b873593;
  for (const byte of words) {
    a = Math.imul(a ^ byte, 0x01000193);
    b = Math.imul(b ^ byte, 0x01000195);
  }
  return (b & 0x1fffff) * 0x100000000 + (a >>> 0);
}

/**
 * Frames whose boxes the rows of `span` were made from, also through time and with their plausibility. Where a change of
 * the first or last frame of the track would reach them, all that lies beyond counts too, as boxes that come there make
 * the track longer; else one frame more, as a gap that closes begins there. Takes the reach of estimators to move on with the frame
 * that changes.
 */
export function supportOf(span: Span, extent: TrackExtent, { estimator, options, frameCount }: ReachContext): Span {
  const [{ from, to } = span] = growSpans([span], JUDGED_REACH, frameCount);
  const end = extent.start + extent.length;
  const reachOf = (frame: number) =>
    estimator.affected({ from: frame, to: frame + 1, presence: true }, extent, options);
  const first = firstWhere(Math.min(extent.start, from), from, (frame) => reachOf(frame).to > from);
  const beyond = firstWhere(Math.min(to, end), end, (frame) => reachOf(frame).from >= to);
  return {
    from: first <= extent.start ? 0 : first - 1,
    to: beyond >= end ? frameCount : Math.max(to, Math.min(frameCount, beyond + 1)),
  };
}

/** The first number of `[from, to)` from which on `holds` is true, by halving; `to` where it never is. */
function firstWhere(from: number, to: number, holds: (value: number) => boolean): number {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** What a person has stored, as far as plans ask. */
export interface StandingRows {
  /** One a frame of the clip; 0 where nothing is known of what a row was made from. */
  keys: Float64Array;
  present: Uint8Array;
  betas: Float32Array;
  isFinal: boolean;
}

/**
 * Which rows to keep before `changed` is overwritten, with what they depend on; undefined where they are not worth it:
 * nothing is there, the shape was found from a part, or a row that counts was made from nobody knows what. `isNewShape`
 * keeps all the person has, as rows of two shapes never stand together.
 */
export function planKeep(
  changed: Span,
  isNewShape: boolean,
  standing: StandingRows,
  extent: TrackExtent,
  context: ReachContext,
): EarlierRows | undefined {
  if (!standing.isFinal) return undefined;
  const whole = { from: 0, to: context.frameCount };
  const span = isNewShape ? whole : changed;
  const support = isNewShape ? whole : supportOf(span, extent, context);
  let isEmpty = true;
  for (let frame = support.from; frame < support.to; frame++) {
    if (standing.present[frame] !== 1) continue;
    if (standing.keys[frame] === 0) return undefined;
    if (frame >= span.from && frame < span.to) isEmpty = false;
  }
  if (isEmpty) return undefined;
  const digest = digestOf(standing.keys.subarray(support.from, support.to));
  return { span, support, digest, shape: digestOf(standing.betas) };
}

/**
 * Which of the kept rows (newest first) fits the keys as they are and would make frames up to date; undefined when none
 * does. Rows fit when every key they depend on is as it was, when they are of the shape that stands or replace all of it, and
 * when nothing outside of them was made from what they replace.
 */
export function planPutBack<Kept extends EarlierRows>(
  kept: readonly Kept[],
  now: Float64Array,
  outOfDate: readonly Span[],
  standing: StandingRows,
  extent: TrackExtent,
  context: ReachContext,
): Kept | undefined {
  const digests = new Map<string, number>();
  const digestNow = ({ from, to }: Span) => {
    const name = `${from}-${to}`;
    const digest = digests.get(name) ?? digestOf(now.subarray(from, to));
    digests.set(name, digest);
    return digest;
  };
  const shape = digestOf(standing.betas);
  return kept.find((entry) => {
    const { span, support } = entry;
    if (intersectSpans(outOfDate, [span]).length === 0 || support.to > now.length) return false;
    const isWhole = span.from === 0 && span.to === now.length;
    if (entry.shape !== shape && !isWhole) return false;
    if (!isWhole && !standing.isFinal) return false;
    if (digestNow(support) !== entry.digest) return false;
    return isWhole || reachBeyond(span, now, standing, extent, context).length === 0;
  });
}

/**
 * Frames outside of `span` that have a row, which was made from a key in `span` that is not as in `now`: putting rows with
 * the keys `now` into `span` would make them look up to date, though they are not.
 */
export function reachBeyond(
  span: Span,
  now: Float64Array,
  { keys, present }: Pick<StandingRows, 'keys' | 'present'>,
  extent: TrackExtent,
  { estimator, options }: ReachContext,
): Span[] {
  const differing = spansWhere(span.to - span.from, (row) => now[span.from + row] !== keys[span.from + row]);
  const reached = differing.map((rows) => {
    const change = { from: span.from + rows.from, to: span.from + rows.to };
    return estimator.affected({ ...change, presence: cameOrWent(now, keys, change) }, extent, options);
  });
  const rows = spansWhere(present.length, (frame) => present[frame] === 1 && keys[frame] !== 0);
  return intersectSpans(subtractSpans(reached, [span]), rows);
}
