import type { Person } from '#core/document/schema';
import { mergeSpans, type Span, spansWhere, subtractSpans } from '#core/frames/span';
import { originsOf } from '#core/tracks/boxRows';
import type { TrackTable } from '#core/tracks/effectiveBoxes';
import { BOX_ORIGIN } from '#core/tracks/track';
import type { OpenProject } from './projectStore';

const known = new WeakMap<Person, { tracks: TrackTable; frameCount: number; spans: readonly Span[] }>();

/**
 * Frames on which a person has a box, in order; found once for each state of them, as documents are never changed in place.
 * A track that was not fetched yet counts as seen on all frames that are taken from it.
 */
export function boxSpans(person: Person, { tracks, media }: Pick<OpenProject, 'tracks' | 'media'>): readonly Span[] {
  const { frameCount } = media;
  const last = known.get(person);
  if (last?.tracks === tracks && last.frameCount === frameCount) return last.spans;
  const origins = originsOf(person, tracks, frameCount);
  const seen = spansWhere(frameCount, (frame) => origins[frame] !== BOX_ORIGIN.absent);
  const awaited = person.segments.filter(({ track }) => !tracks.has(track));
  const spans = awaited.length === 0 ? seen : mergeSpans([...seen, ...subtractSpans(awaited, person.outside)]);
  known.set(person, { tracks, frameCount, spans });
  return spans;
}
