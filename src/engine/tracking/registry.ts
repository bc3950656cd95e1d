import { AppError } from '#core/errors';
import type { Tracker } from './tracker';
import { keypointBoxTracker } from './trackers/keypointBox/keypointBoxTracker';

/** Every tracker; the first is the default. */
export const trackers: readonly [Tracker, ...Tracker[]] = [keypointBoxTracker];

/** The tracker with an id. @throws AppError NOT_FOUND */
export function findTracker(id: string): Tracker {
  const tracker = trackers.find((candidate) => candidate.id === id);
  if (tracker) return tracker;
  const known = trackers.map((candidate) => candidate.id).join(', ');
  throw new AppError('NOT_FOUND', `There is no tracker "${id}"; known are: ${known}.`, {
    hint: 'Choose one of them in the settings of the project.',
  });
}
