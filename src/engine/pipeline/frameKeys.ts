import type { Person } from '#core/document/schema';
import { intersectSpans, mergeSpans, type Span, spansWhere, subtractSpans } from '#core/frames/span';
import { type EffectiveBox, effectiveBoxAt, personExtent, type TrackTable } from '#core/tracks/effectiveBoxes';
import type { TrackExtent } from '../estimation/estimator';
import type { StoredMotion } from '../project/storedMotion';
import { type BodySource, bodyKey, observationKey } from './contentKey';
import type { RunContext } from './runContext';

/** What of one person is computed, what is not, and what would change if it were run now. */
export interface PersonStaleness {
  /** Frames with a body made from the boxes as they are. */
  current: Span[];
  /** Frames that a run would compute: missing, made from other boxes, or within reach of such frames. */
  outOfDate: Span[];
  /** Frames with any body. */
  present: Span[];
}

/** What says how far a change reaches. */
export type ReachContext = Pick<RunContext, 'options' | 'rate' | 'frameCount' | 'weights'> & {
  estimator: Pick<RunContext['estimator'], 'affected'>;
};

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
    const keys = this.ofObservations(person).map((key) => bodyKey(key, this.source));
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
  context: ReachContext,
): PersonStaleness {
  const { estimator, options, frameCount } = context;
  const own = keys.ofBodies(person);
  const present = spansWhere(frameCount, (frame) => stored?.present[frame] === 1);
  const concerned = concernedSpans(keys, person, stored, frameCount);
  const extent = trackExtent(concerned, context);
  const outOfDate = mergeSpans(
    keys.changed(person, stored).map((span) => {
      const change = { ...span, presence: cameOrWent(own, stored?.keys, span) };
      return extent ? estimator.affected(change, extent, options) : span;
    }),
  );
  const reached = intersectSpans(outOfDate, concerned);
  const current = subtractSpans(present, reached);
  return { current, outOfDate: reached, present };
}

/** True when on some frame of a span there is a box now and was none, or the other way round. */
export function cameOrWent(now: Float64Array, before: Float64Array | undefined, { from, to }: Span): boolean {
  for (let frame = from; frame < to; frame++) if ((now[frame] === 0) !== ((before?.[frame] ?? 0) === 0)) return true;
  return false;
}

/** Frames where a person has a box now or had one when the body was made. */
export function concernedSpans(
  keys: FrameKeys,
  person: Person,
  stored: StoredMotion | undefined,
  frameCount: number,
): Span[] {
  const own = keys.ofBodies(person);
  return spansWhere(frameCount, (frame) => own[frame] !== 0 || (stored?.keys[frame] ?? 0) !== 0);
}

/** The frames of a person as estimators are told of them; undefined for somebody without any. */
export function trackExtent(
  pieces: readonly Span[],
  { rate, weights }: Pick<ReachContext, 'rate' | 'weights'>,
): TrackExtent | undefined {
  const first = pieces[0];
  const last = pieces[pieces.length - 1];
  if (!first || !last) return undefined;
  return { start: first.from, length: last.to - first.from, pieces, rate, weights };
}
