import type { RunSettings } from '#core/document/schema';
import { AppError } from '#core/errors';
import { findDetector } from '../detection/registry';
import { estimatorOptions, findEstimator } from '../estimation/registry';
import { findTracker } from '../tracking/registry';

/** Lets settings pass that this build can run. @throws AppError NOT_FOUND, INVALID_ARGUMENT for the others. */
export function checkSettings(settings: RunSettings): void {
  const { detector, tracker, estimator, quality } = settings;
  findDetector(detector);
  findTracker(tracker);
  const { title, qualities } = findEstimator(estimator);
  estimatorOptions(settings);
  if (qualities.some(({ id }) => id === quality)) return;
  const known = qualities.map(({ id }) => id).join(', ');
  throw new AppError('NOT_FOUND', `${title} has no quality "${quality}"; known are: ${known}.`);
}
