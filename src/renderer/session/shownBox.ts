import type { Person } from '#core/document/schema';
import { type EffectiveBox, effectiveBoxAt, type TrackTable } from '#core/tracks/effectiveBoxes';
import { BOX_ORIGIN, type TrackerTrack } from '#core/tracks/track';

/** Detectors look at the picture every few frames; boxes between two looks at most this far apart belong to both, s. */
const BETWEEN_LOOKS_SECONDS = 1 / 6;

/** The longest stretch between two looks, in frames. */
export function framesBetweenLooks(framesPerSecond: number): number {
  return Math.round(framesPerSecond * BETWEEN_LOOKS_SECONDS);
}

/** Frames from a row to the next one the detector saw, forward or backward; undefined beyond `most`. */
function framesToDetected(track: TrackerTrack, row: number, step: 1 | -1, most: number): number | undefined {
  for (let distance = 1; distance <= most; distance++) {
    const origin = track.origins[row + step * distance];
    if (origin === BOX_ORIGIN.detected) return distance;
    if (origin !== BOX_ORIGIN.interpolated) return undefined;
  }
  return undefined;
}

/**
 * The box of a person as it is shown. A box of the tracker between two looks of the detector that both saw the person
 * counts as detected, with a score between theirs: the word does not change with every frame while the person is seen all
 * the time. `betweenLooks` is {@link framesBetweenLooks} of the clip.
 */
export function shownBoxAt(
  person: Person,
  tracks: TrackTable,
  frame: number,
  betweenLooks: number,
): EffectiveBox | undefined {
  const effective = effectiveBoxAt(person, tracks, frame);
  // Only boxes of the tracker carry a score; what a human interpolated stays so.
  if (effective?.origin !== 'interpolated' || effective.score === undefined) return effective;
  const segment = person.segments.find((piece) => frame >= piece.from && frame < piece.to);
  const track = segment && tracks.get(segment.track);
  if (!track) return effective;
  const row = frame - track.start;
  const before = framesToDetected(track, row, -1, betweenLooks);
  const after = framesToDetected(track, row, 1, betweenLooks);
  if (before === undefined || after === undefined || before + after - 1 > betweenLooks) return effective;
  const [earlier, later] = [track.scores[row - before] ?? 0, track.scores[row + after] ?? 0];
  return { ...effective, origin: 'detected', score: earlier + ((later - earlier) * before) / (before + after) };
}
