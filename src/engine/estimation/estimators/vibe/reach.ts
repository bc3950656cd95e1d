import type { Span } from '#core/frames/span';
import type { BoxChange, TrackExtent } from '../../estimator';
import { affectedRows } from './blocks';
import type { VibeOptions } from './options';

/** 1 for every frame of the track that has or had a box. */
function presenceOf({ start, length, pieces }: TrackExtent): Uint8Array {
  const present = new Uint8Array(length);
  for (const { from, to } of pieces) present.fill(1, from - start, to - start);
  return present;
}

/**
 * Frames whose motion can change with the boxes of `change`: to the end of the run without a gap, of VIBE's block, or of
 * the track where a filter or moved block borders carry on; the other way too where the encoder reads backwards.
 */
export function vibeAffected(change: BoxChange, track: TrackExtent, options: VibeOptions): Span {
  const { start, length, weights } = track;
  const rows = affectedRows(
    { from: change.from - start, to: change.to - start },
    presenceOf(track),
    options.windows,
    weights.bidirectional,
    change.presence,
  );
  const runsOn = options.smoothing === 'one-euro' || (options.smoothing !== 'none' && options.windows === 'match-vibe');
  return { from: rows.from + start, to: runsOn ? start + length : rows.to + start };
}

/** Frames whose features the encoder must be shown for `changed`: from where its state is known to be zero. */
export function vibeNeeded(changed: Span, track: TrackExtent, options: VibeOptions): Span {
  const { start, length, pieces, weights } = track;
  // Blocks and VIBE's filter count from the first frame of the track.
  const countsFromStart = options.windows === 'match-vibe' || options.smoothing === 'one-euro';
  const piece = pieces.find(({ from, to }) => from <= changed.from && changed.from < to);
  const lastPiece = pieces.findLast(({ from }) => from < changed.to);
  const end = start + length;
  return {
    from: countsFromStart ? start : (piece?.from ?? changed.from),
    to: Math.min(end, weights.bidirectional ? (countsFromStart ? end : (lastPiece?.to ?? end)) : changed.to),
  };
}
