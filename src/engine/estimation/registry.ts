import { AppError } from '#core/errors';
import type { RunSettings } from '#core/document/schema';
import { checkedOptions } from '../checkedOptions';
import type { Estimator, EstimatorOptions } from './estimator';
import { blazePoseEstimator } from './estimators/blazepose/index';
import { vibeEstimator } from './estimators/vibe/index';
import { vibeOutputEstimator } from './estimators/vibe-output/index';

/** Every estimator of body motion; the first is the default. */
export const estimators: readonly [Estimator, ...Estimator[]] = [
  blazePoseEstimator,
  vibeEstimator,
  vibeOutputEstimator,
];

/** The estimator with an id. @throws AppError NOT_FOUND */
export function findEstimator(id: string): Estimator {
  const estimator = estimators.find((candidate) => candidate.id === id);
  if (estimator) return estimator;
  const known = estimators.map((candidate) => candidate.id).join(', ');
  throw new AppError('NOT_FOUND', `There is no body estimator "${id}"; known are: ${known}.`, {
    hint: 'Choose one of them in the settings of the project.',
  });
}

/**
 * The options of the estimator that settings name, with every default filled in.
 * @throws AppError NOT_FOUND for an unknown estimator, INVALID_ARGUMENT for options it does not take
 */
export function estimatorOptions({ estimator, estimatorOptions: chosen }: RunSettings): EstimatorOptions {
  const { title, optionsSchema } = findEstimator(estimator);
  return checkedOptions(optionsSchema, chosen, title);
}
