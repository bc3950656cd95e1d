import { readFileSync } from 'node:fs';
import { AppError } from '#core/errors';
import { cannotRead } from '../video/fingerprint';
import { factsAt } from './factsAt';

/** Largest file that is read in one piece, bytes. */
const MOST_BYTES = 1024 * 1024 * 1024;

/** A file that a person chose, read in one piece. @throws AppError NOT_FOUND, FORBIDDEN, or INVALID_ARGUMENT for one over 1 GB */
export function readWholeFile(path: string): Uint8Array {
  const facts = factsAt(path);
  if (!facts?.isFile()) throw new AppError('NOT_FOUND', `There is no file ${path}.`, { hint: 'Check the name.' });
  if (facts.size > MOST_BYTES) {
    throw new AppError('INVALID_ARGUMENT', `The file has ${facts.size} bytes; at most ${MOST_BYTES} are read.`);
  }
  try {
    return readFileSync(path);
  } catch (error) {
    throw cannotRead(path, error);
  }
}
