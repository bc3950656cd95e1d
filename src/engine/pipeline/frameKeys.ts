import type { Person } from '#core/document/schema';
import { intersectSpans, mergeSpans, type Span, spansWhere, subtractSpans } from '#core/frames/span';
import { type EffectiveBox, effectiveBoxAt, personExtent, type TrackTable } from '#core/tracks/effectiveBoxes';
import type { Estimator } from '../estimation/estimator';
import type { StoredMotion } from '../project/motionStore';
import { bodyKey, type ObservationSource, observationKey } from './contentKey';

/** What of one person is computed, what is not, and what would change if it were run now. */
export interface PersonStaleness {
  /** Frames with a body made from the boxes as they are. */
  current: Span[];
  /** Frames that a run would compute: missing, made from other boxes, or within reach of such frames. */
  outOfDate: Span[];
  /** Frames with any body. */
  present: Span[];
}

/** What bodies are made from beside boxes: the observations, and the camera they are fitted under. */
export interface BodySource extends ObservationSource {
  focalFactor: number;
}

/**
 * The keys of people under one set of tracks and settings, remembered per person object (people are replaced, never
 * changed in place).
 */
export class FrameKeys {
  private readonly observations = new WeakMap<Person, Float64Array>();
  private readonly bodies = new WeakMap<Person, Float64Array>();

  constructor(
    private readonly source: BodySource,
    private readonly tracks: TrackTable,
    private readonly frameCount: number,
  ) {}

  /** The box that the keys of a frame stand for. */
  boxAt(person: Person, frame: number): EffectiveBox | undefined {
    return effectiveBoxAt(person, this.tracks, frame);
  }

  /** Key of what the estimator sees, one a frame of the clip; 0 where the person has no box. */
  ofObservations(person: Person): Float64Array {
    const known = this.observations.get(person);
    if (known) return known;
    const keys = new Float64Array(this.frameCount);
    const extent = personExtent(person);
    if (extent) {
      for (let frame = extent.from; frame < Math.min(extent.to, this.frameCount); frame++) {
        const effective = this.boxAt(person, frame);
        if (effective) keys[frame] = observationKey(this.source, frame, effective);
      }
    }
    this.observations.set(person, keys);
    return keys;
  }

  /** Key of the body, one a frame of the clip; 0 where the person has no box. */
  ofBodies(person: Person): Float64Array {
    const known = this.bodies.get(person);
    if (known) return known;
    const keys = this.ofObservations(person).map((key) => bodyKey(key, this.source.focalFactor));
    this.bodies.set(person, keys);
    return keys;
  }

  /** Frames whose body was not made from the box and the settings as they are. */
  changed(person: Person, stored: StoredMotion | undefined): Span[] {
    const keys = this.ofBodies(person);
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
  const own = keys.ofBodies(person);
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
  const current = subtractSpans(present, reached);
  return { current, outOfDate: reached, present };
}

/** The hull of the frames a person is concerned with that holds `span`. */
function trackAround(concerned: readonly Span[], span: Span): Span | undefined {
  const first = concerned[0];
  const last = concerned[concerned.length - 1];
  if (!first || !last) return undefined;
  return { from: Math.min(first.from, span.from), to: Math.max(last.to, span.to) };
}
