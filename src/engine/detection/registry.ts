import { AppError } from '#core/errors';
import type { Detector } from './detector';
import { movenetDetector } from './detectors/movenet/movenetDetector';

/** Every person detector; the first is the default. */
export const detectors: readonly [Detector, ...Detector[]] = [movenetDetector];

/** The detector with an id. @throws AppError NOT_FOUND */
export function findDetector(id: string): Detector {
  const detector = detectors.find((candidate) => candidate.id === id);
  if (detector) return detector;
  const known = detectors.map((candidate) => candidate.id).join(', ');
  throw new AppError('NOT_FOUND', `There is no person detector "${id}"; known are: ${known}.`, {
    hint: 'Choose one of them in the settings of the project.',
  });
}
