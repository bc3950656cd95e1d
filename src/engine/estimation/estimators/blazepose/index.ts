import { AppError } from '#core/errors';
import type { Estimator } from '../../estimator';
import { fitTrack } from './fit/fitTrack';
import { BLAZEPOSE_QUALITIES, type BlazePoseQuality, createBlazePoseObserver } from './observe';
import { OBSERVATION } from './observation';

/** Frames on each side of a change whose motion is solved again: 0.4 s at 30 fps, several times what smoothing reaches. */
const MARGIN = 12;

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
  version: 1,
  title: 'BlazePose with body fit',
  qualities: [
    { id: 'best', title: 'Best', models: modelsOf('best') },
    { id: 'fast', title: 'Fast', models: modelsOf('fast') },
  ],
  bodyModelId: 'retake-default-1',
  observationLength: OBSERVATION.length,
  solveLane: 'geometry',
  affected: (changed, track) => ({
    from: Math.max(track.start, changed.from - MARGIN),
    to: Math.min(track.start + track.length, changed.to + MARGIN),
  }),
  createObserver: async (quality, sessions) => {
    if (!isQuality(quality)) {
      throw new AppError('NOT_FOUND', `BlazePose has no quality "${quality}"; known are: best, fast.`);
    }
    return createBlazePoseObserver(quality, sessions);
  },
  solve: (track, changed, context, signal) => {
    const { body, camera, previous, onProgress } = context;
    const pause = async (share: number): Promise<void> => {
      onProgress?.(share);
      await nextTurn();
      signal.throwIfAborted();
    };
    return fitTrack({ track, changed, body, camera, pause, ...(previous ? { previous } : {}) });
  },
};
