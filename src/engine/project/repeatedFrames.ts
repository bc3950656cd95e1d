import { mergeSpans } from '#core/frames/span';
import type { Problem } from '#core/protocol/messages';

/** Spans that are named one by one. */
const MOST_NAMED = 3;

/**
 * What to say of frames that could not be decoded, in whose place a run looked at the picture before (before the first
 * picture: at that one); undefined for none. `frames` rise.
 */
export function repeatedFrames(frames: readonly number[]): Problem | undefined {
  if (frames.length === 0) return undefined;
  const spans = mergeSpans(frames.map((frame) => ({ from: frame, to: frame + 1 }))).map(({ from, to }) =>
    to - from === 1 ? `${from}` : `${from}–${to - 1}`,
  );
  const named = spans.slice(0, MOST_NAMED).join(', ') + (spans.length > MOST_NAMED ? ' …' : '');
  const subject = frames.length === 1 ? 'Frame' : `${frames.length} frames of the video`;
  const places = frames.length === 1 ? ` ${named}` : ` (${named})`;
  return {
    code: 'VIDEO_DAMAGED',
    message: `${subject}${places} could not be decoded; the picture before stands in, so look at the bodies there.`,
  };
}
