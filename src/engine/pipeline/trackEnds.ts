import { isDeepStrictEqual } from 'node:util';
import type { Edit, Patch } from '#core/document/patch';
import type { Person, ProjectDocument, Segment } from '#core/document/schema';
import type { TrackTable } from '#core/tracks/effectiveBoxes';
import type { TrackerTrack } from '#core/tracks/track';

/**
 * Where tracks began and ended before they grew. Undoing an edit from before can bring pieces back that end where their
 * track ended then; they must go on to where it ends now, while an end that a human cut stays.
 */
export class TrackEnds {
  private readonly starts = new Map<string, Set<number>>();
  private readonly ends = new Map<string, Set<number>>();

  /** Remembers tracks before they are replaced. */
  note(tracks: Iterable<TrackerTrack>): void {
    for (const { id, start, length } of tracks) {
      remember(this.starts, id, start);
      remember(this.ends, id, start + length);
    }
  }

  /** The engine's change that lets pieces with an earlier end follow their tracks; undefined when there is none. */
  planRenewal(document: ProjectDocument, tracks: TrackTable): Edit | undefined {
    const people = document.people.map((person): Person => {
      const segments = person.segments.map((segment) => this.renew(segment, tracks));
      return isDeepStrictEqual(segments, person.segments) ? person : { ...person, segments };
    });
    if (people.every((person, place) => person === document.people[place])) return undefined;
    const change = (value: Person[]): Patch[] => [{ op: 'replace', path: ['people'], value }];
    return { label: 'Tracks renewed', patches: change(people), inverse: change(document.people) };
  }

  private renew(segment: Segment, tracks: TrackTable): Segment {
    const track = tracks.get(segment.track);
    if (!track) return segment;
    const from = this.starts.get(track.id)?.has(segment.from) ? track.start : segment.from;
    const to = this.ends.get(track.id)?.has(segment.to) ? track.start + track.length : segment.to;
    return to > from ? { track: track.id, from, to } : segment;
  }
}

function remember(map: Map<string, Set<number>>, id: string, frame: number): void {
  const known = map.get(id);
  if (known) known.add(frame);
  else map.set(id, new Set([frame]));
}
