import { AppError } from '#core/errors';
import { readZip } from '../../weights/zip/readZip';
import { wrongTracks } from './trackRows';

/** Largest text that is unpacked from an archive, bytes. */
const MOST_BYTES = 512 * 1024 * 1024;

/** Texts of an archive whose names `isWanted`, by name. @throws AppError INVALID_ARGUMENT when it is no archive */
export function textsOf(bytes: Uint8Array, title: string, isWanted: (name: string) => boolean): Map<string, string> {
  try {
    const texts = new Map<string, string>();
    let size = 0;
    for (const [name, entry] of readZip(bytes, title)) {
      if (!isWanted(name)) continue;
      size += entry.size;
      if (size > MOST_BYTES) throw wrongTracks(`The ${title}`, `it holds more than ${MOST_BYTES} bytes of text`);
      texts.set(name, new TextDecoder().decode(entry.read()));
    }
    return texts;
  } catch (error) {
    if (error instanceof AppError && error.code !== 'INVALID_ARGUMENT')
      // The sentence of the archive names it already.
      throw wrongTracks(`The ${title}`, error.message.replace(`${title} cannot be read: `, '').replace(/\.$/, ''));
    throw error;
  }
}
