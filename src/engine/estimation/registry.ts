import { AppError } from '#core/errors';
import type { Estimator } from './estimator';
import { blazePoseEstimator } from './estimators/blazepose/index';

/** Every estimator of body motion; the first is the default. */
export const estimators: readonly [Estimator, ...Estimator[]] = [blazePoseEstimator];

/** The estimator with an id. @throws AppError NOT_FOUND */
export function findEstimator(id: string): Estimator {
  const estimator = estimators.find((candidate) => candidate.id === id);
  if (estimator) return estimator;
  const known = estimators.map((candidate) => candidate.id).join(', ');
  throw new AppError('NOT_FOUND', `There is no body estimator "${id}"; known are: ${known}.`, {
    hint: 'Choose one of them in the settings of the project.',
  });
}
