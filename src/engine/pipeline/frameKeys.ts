import type { Person } from '#core/document/schema';
import { intersectSpans, mergeSpans, type Span, spansWhere } from '#core/frames/span';
import { effectiveBoxAt, personExtent, type TrackTable } from '#core/tracks/effectiveBoxes';
import type { Estimator } from '../estimation/estimator';
import type { StoredMotion } from '../project/motionStore';
import { type ObservationSource, observationKey } from './contentKey';

/** What of one person is computed, what is not, and what would change if it were run now. */
export interface PersonStaleness {
  /** Frames with a body made from the boxes as they are. */
  current: Span[];
  /** Frames that a run would compute: missing, made from other boxes, or within reach of such frames. */
  outOfDate: Span[];
  /** Frames with any body. */
  present: Span[];
}

/** The observation keys of people, remembered per person object (people are replaced, never changed in place). */
export class FrameKeys {
  private memory = new WeakMap<Person, Float64Array>();

  constructor(
    private readonly source: ObservationSource,
    private readonly tracks: TrackTable,
    private readonly frameCount: number,
  ) {}

  /** One key a frame of the clip; 0 where the person has no box. */
  of(person: Person): Float64Array {
    const known = this.memory.get(person);
    if (known) return known;
    const keys = new Float64Array(this.frameCount);
    const extent = personExtent(person);
    if (extent) {
      for (let frame = extent.from; frame < Math.min(extent.to, this.frameCount); frame++) {
        const effective = effectiveBoxAt(person, this.tracks, frame);
        if (effective) keys[frame] = observationKey(this.source, frame, effective);
      }
    }
    this.memory.set(person, keys);
    return keys;
  }

  /** Frames whose box differs from the one that their body was made from. */
  changed(person: Person, stored: StoredMotion | undefined): Span[] {
    const keys = this.of(person);
    return spansWhere(this.frameCount, (frame) => keys[frame] !== (stored?.keys[frame] ?? 0));
  }
}

/**
 * Compares boxes with results. A changed frame makes its surroundings out of date as far as the estimator reaches
 * through time, but never frames where the person neither is nor was.
 */
export function staleness(
  keys: FrameKeys,
  person: Person,
  stored: StoredMotion | undefined,
  estimator: Pick<Estimator, 'affected'>,
  frameCount: number,
): PersonStaleness {
  const own = keys.of(person);
  const present = spansWhere(frameCount, (frame) => stored?.present[frame] === 1);
  const concerned = spansWhere(frameCount, (frame) => own[frame] !== 0 || (stored?.keys[frame] ?? 0) !== 0);
  const changed = keys.changed(person, stored);
  const outOfDate = mergeSpans(
    changed.flatMap((span) => {
      const track = trackAround(concerned, span);
      return track ? [estimator.affected(span, { start: track.from, length: track.to - track.from })] : [span];
    }),
  );
  const reached = intersectSpans(outOfDate, concerned);
  const isStale = (frame: number) => reached.some((span) => frame >= span.from && frame < span.to);
  const current = spansWhere(frameCount, (frame) => stored?.present[frame] === 1 && !isStale(frame));
  return { current, outOfDate: reached, present };
}

/** The hull of the frames a person is concerned with that holds `span`. */
function trackAround(concerned: readonly Span[], span: Span): Span | undefined {
  const first = concerned[0];
  const last = concerned[concerned.length - 1];
  if (!first || !last) return undefined;
  return { from: Math.min(first.from, span.from), to: Math.max(last.to, span.to) };
}
