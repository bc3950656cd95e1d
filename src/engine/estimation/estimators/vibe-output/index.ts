import { z } from 'zod';
import { AppError } from '#core/errors';
import type { Estimator } from '../../estimator';

/** Why nothing can be computed with it. */
const ONLY_HOLDS =
  'These bodies came from a file of VIBE; they can be looked at, corrected and exported, not computed.';

function cannotRun(): never {
  throw new AppError('UNSUPPORTED', ONLY_HOLDS, { hint: 'Choose another estimator in the run options to compute.' });
}

/**
 * Stands for bodies that came with a `vibe_output.pkl` (`pipeline/importVibeOutput`): results are kept under its name, and
 * a frame whose box changes is out of date until another estimator is chosen.
 */
export const vibeOutputEstimator: Estimator = {
  id: 'vibe-output',
  version: 1,
  title: 'Imported VIBE result',
  qualities: [{ id: 'imported', title: 'As imported', models: [] }],
  bodyFamily: 'smpl',
  onlyHolds: ONLY_HOLDS,
  optionsSchema: z.object({}),
  presets: [],
  observationLength: 1,
  longestSide: 64,
  solveLane: 'geometry',
  affected: ({ from, to }) => ({ from, to }),
  needed: (changed) => changed,
  createObserver: async () => cannotRun(),
  solve: async () => cannotRun(),
};
