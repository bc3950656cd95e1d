import { AppError } from '#core/errors';
import { cocoVideo } from './cocoVideo';
import { cvatMot } from './cvatMot';
import { cvatXml } from './cvatXml';
import { dive } from './dive';
import { motChallenge } from './motChallenge';
import { phalp } from './phalp';
import type { TrackFormat } from './trackFormat';
import { vibeOutput } from './vibeOutput';
import { yolo } from './yolo';

/** Every format of tracks. */
export const trackFormats: readonly TrackFormat[] = [
  motChallenge,
  cvatXml,
  cvatMot,
  cocoVideo,
  yolo,
  dive,
  vibeOutput,
  phalp,
];

/** The format with an id. @throws AppError NOT_FOUND */
export function findTrackFormat(id: string): TrackFormat {
  const format = trackFormats.find((candidate) => candidate.id === id);
  if (format) return format;
  const known = trackFormats.map((candidate) => candidate.id).join(', ');
  throw new AppError('NOT_FOUND', `There is no format of tracks "${id}"; known are: ${known}.`);
}
