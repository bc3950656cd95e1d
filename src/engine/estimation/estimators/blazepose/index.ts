import { z } from 'zod';
import { AppError } from '#core/errors';
import type { Span } from '#core/frames/span';
import type { Estimator, TrackExtent } from '../../estimator';
import { fitTrack } from './fit/fitTrack';
import { BLAZEPOSE_QUALITIES, type BlazePoseQuality, createBlazePoseObserver } from './observe';
import { OBSERVATION } from './observation';

/** s on each side of a change whose motion is solved again: several times what smoothing reaches. */
const MARGIN = 0.4;
/** s on each side of a span that the fit is shown so that the new part joins the old. */
const CONTEXT = 2;
/** Neither is less than so many frames, however few there are in a second. */
const LEAST_FRAMES = { margin: 4, context: 16 } as const;
/** Crops are 256 px, so nothing is lost for people below this. */
const LONGEST_SIDE = 1920;

function grown(changed: Span, seconds: number, leastFrames: number, { start, length, rate }: TrackExtent): Span {
  const margin = Math.max(leastFrames, Math.round(seconds * rate));
  return { from: Math.max(start, changed.from - margin), to: Math.min(start + length, changed.to + margin) };
}

/** Lets messages (cancellation) in between steps of the fit. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function modelsOf(quality: BlazePoseQuality): string[] {
  return [...new Set(Object.values(BLAZEPOSE_QUALITIES[quality]))];
}

function isQuality(quality: string): quality is BlazePoseQuality {
  return Object.hasOwn(BLAZEPOSE_QUALITIES, quality);
}

/** BlazePose landmarks, and the body fitted to them (reference blazepose). */
export const blazePoseEstimator: Estimator = {
  id: 'blazepose',
  version: 2,
  title: 'BlazePose with body fit',
  qualities: [
    { id: 'best', title: 'Best', models: modelsOf('best') },
    { id: 'fast', title: 'Fast', models: modelsOf('fast') },
  ],
  bodyFamily: 'default',
  optionsSchema: z.object({}),
  presets: [],
  observationLength: OBSERVATION.length,
  longestSide: LONGEST_SIDE,
  solveLane: 'geometry',
  affected: (changed, track) => grown(changed, MARGIN, LEAST_FRAMES.margin, track),
  needed: (changed, track) => grown(changed, CONTEXT, LEAST_FRAMES.context, track),
  createObserver: async (quality, sessions) => {
    if (!isQuality(quality)) {
      throw new AppError('NOT_FOUND', `BlazePose has no quality "${quality}"; known are: best, fast.`);
    }
    return createBlazePoseObserver(quality, sessions);
  },
  solve: (track, changed, context, signal) => {
    const { body, camera, isDraft = false, previous, onProgress } = context;
    const pause = async (share: number): Promise<void> => {
      onProgress?.(share);
      await nextTurn();
      signal.throwIfAborted();
    };
    return fitTrack({ track, changed, body, camera, isDraft, pause, ...(previous ? { previous } : {}) });
  },
};
