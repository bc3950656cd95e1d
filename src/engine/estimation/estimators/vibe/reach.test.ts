import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeSpans, type Span, spansWhere } from '#core/frames/span';
import type { Session } from '../../../inference/session';
import type { ObservationTrack, PersonMotion, TrackExtent } from '../../estimator';
import { motionOf } from './motion';
import { type VibeOptions, vibeOptionsSchema } from './options';
import { vibeAffected, vibeNeeded } from './reach';
import { estimateTheta, type TemporalNetworks } from './temporal';

const FEATURE = 2048;
const START = 7;
const ROWS = 40;
const CAMERA = { focal: 544, width: 640, height: 360 };

/** An encoder that remembers: h = 0.8 h + x, forwards, or both ways and summed. */
function encoder(bidirectional: boolean): Session {
  return {
    run: ({ features, state }) => {
      const rows = features?.dims[0] ?? 0;
      const encoded = new Float32Array(rows * FEATURE);
      const nextState = Float32Array.from(state?.data ?? []);
      let h = nextState[0] ?? 0;
      for (let row = 0; row < rows; row++) {
        h = 0.8 * h + (features?.data[row * FEATURE] ?? 0);
        encoded[row * FEATURE] = h;
      }
      nextState[0] = h;
      let back = 0;
      for (let row = rows - 1; bidirectional && row >= 0; row--) {
        back = 0.8 * back + (features?.data[row * FEATURE] ?? 0);
        encoded[row * FEATURE]! += back;
      }
      return Promise.resolve({
        encoded: { data: encoded, dims: [rows, 1, FEATURE] },
        nextState: { data: nextState, dims: state?.dims ?? [] },
      });
    },
    dispose: () => Promise.resolve(),
  };
}

const regressor: Session = {
  run: ({ features }) => {
    const rows = features?.dims[0] ?? 0;
    const pose6d = new Float32Array(rows * 144);
    for (let at = 0; at < pose6d.length; at++) {
      const value = features?.data[Math.floor(at / 144) * FEATURE] ?? 0;
      pose6d[at] = [1, 0.3 * value, 0.1 * value, 1, 0, 0.2 * value][at % 6] ?? 0;
    }
    const constant = (width: number) => ({ data: new Float32Array(rows * width).fill(0.5), dims: [rows, width] });
    return Promise.resolve({ pose6d: { data: pose6d, dims: [rows, 144] }, betas: constant(10), camera: constant(3) });
  },
  dispose: () => Promise.resolve(),
};

function networks(bidirectional: boolean): TemporalNetworks {
  const mean = { pose6d: new Float32Array(144), betas: new Float32Array(10), camera: new Float32Array(3) };
  return { encoder: encoder(bidirectional), regressor, mean, build: { layers: 1, hidden: 1, bidirectional } };
}

/** What the observations of a person are: a number a frame, undefined where the person is not there. */
type Seen = readonly (number | undefined)[];

function trackOf(seen: Seen, shown: Span): ObservationTrack {
  const length = shown.to - shown.from;
  const track: ObservationTrack = {
    start: shown.from,
    length,
    observations: new Float32Array(length * FEATURE),
    present: new Uint8Array(length),
    boxes: new Float64Array(length * 4).fill(100),
    seconds: Float64Array.from({ length }, (_, row) => (shown.from + row) / 30),
  };
  for (let row = 0; row < length; row++) {
    const value = seen[shown.from + row - START];
    if (value === undefined) continue;
    track.present[row] = 1;
    track.observations[row * FEATURE] = value;
  }
  return track;
}

async function solve(
  seen: Seen,
  shown: Span,
  changed: Span,
  options: VibeOptions,
  bidirectional: boolean,
): Promise<PersonMotion> {
  const track = trackOf(seen, shown);
  const features = { features: track.observations, present: track.present };
  const theta = await estimateTheta(features, networks(bidirectional), { mode: options.windows });
  return motionOf({ track, theta, camera: CAMERA, options, betas: new Float32Array(10) }, changed);
}

const whole = { from: START, to: START + ROWS };
const options = fc.record({
  windows: fc.constantFrom('carried' as const, 'match-vibe' as const),
  shape: fc.constantFrom('clip' as const, 'frame' as const),
  smoothing: fc.constantFrom('rotations' as const, 'one-euro' as const, 'none' as const),
});
const seen = fc.array(fc.option(fc.double({ min: -1, max: 1, noNaN: true }), { nil: undefined, freq: 5 }), {
  minLength: ROWS,
  maxLength: ROWS,
});

describe('how far VIBE reaches', () => {
  it('holds every frame that a change of boxes changes, and what is solved again joins what stands', async () => {
    const change = fc.record({
      from: fc.integer({ min: 0, max: ROWS - 1 }),
      length: fc.integer({ min: 1, max: 6 }),
      to: fc.option(fc.double({ min: -1, max: 1, noNaN: true }), { nil: undefined, freq: 2 }),
    });
    await fc.assert(
      fc.asyncProperty(seen, change, options, fc.boolean(), async (before, { from, length, to }, chosen, both) => {
        const after = before.map((value, row) => (row >= from && row < from + length ? to : value));
        const moved = spansWhere(ROWS, (row) => before[row] !== after[row]);
        const [first, last] = [moved[0], moved[moved.length - 1]];
        if (!first || !last) return;
        const pieces = spansWhere(ROWS, (row) => before[row] !== undefined || after[row] !== undefined).map(
          (piece) => ({
            from: piece.from + START,
            to: piece.to + START,
          }),
        );
        const [start, end] = [pieces[0]?.from ?? START, pieces[pieces.length - 1]?.to ?? START];
        const weights = { fingerprint: '', bidirectional: both };
        const extent: TrackExtent = { start, length: end - start, pieces, rate: 30, weights };
        const affected = mergeSpans(
          moved.map((span) => {
            const presence = before.some(
              (value, row) => row >= span.from && row < span.to && (value === undefined) !== (after[row] === undefined),
            );
            return vibeAffected({ from: span.from + START, to: span.to + START, presence }, extent, chosen);
          }),
        );
        const [old, fresh] = [
          await solve(before, whole, whole, chosen, both),
          await solve(after, whole, whole, chosen, both),
        ];
        for (let row = 0; row < ROWS; row++) {
          const frame = row + START;
          if (affected.some((span) => frame >= span.from && frame < span.to)) continue;
          expect(old.present[row]).toBe(fresh.present[row]);
          expect(old.poses.slice(row * 72, row * 72 + 72)).toEqual(fresh.poses.slice(row * 72, row * 72 + 72));
        }
        for (const span of affected) {
          const shown = vibeNeeded(span, extent, chosen);
          expect(shown.from <= span.from && shown.to >= span.to).toBe(true);
          const again = await solve(after, shown, span, chosen, both);
          const rows = [span.from - START, span.to - START] as const;
          expect(again.present).toEqual(fresh.present.slice(...rows));
          again.poses.forEach((value, at) => expect(value).toBeCloseTo(fresh.poses[rows[0] * 72 + at] ?? 0, 6));
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('the options of VIBE', () => {
  it('are all there without being given', () => {
    expect(vibeOptionsSchema.parse({})).toEqual({ windows: 'carried', shape: 'clip', smoothing: 'rotations' });
  });
});
