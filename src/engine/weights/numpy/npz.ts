import { unreadable } from '../containerErrors';
import { readZip } from '../zip/readZip';
import type { NdArray } from './ndArray';
import { readNpy } from './npy';

/** Largest total unpacked size accepted: SMPL with 300 shape components in double precision is about 110 MB. */
const MAX_UNPACKED_BYTES = 512 * 1024 * 1024;

/**
 * Reads the arrays of a numpy `.npz` archive by name (without `.npy`). Arrays that `wanted` refuses are not unpacked.
 * @param file what the archive is called in errors
 * @throws AppError WEIGHTS_INVALID when the bytes are not an archive, unpack to more than 512 MB, or hold a wanted array
 * that cannot be read
 */
export function readNpz(
  bytes: Uint8Array,
  wanted: (name: string) => boolean = () => true,
  file = 'The archive',
): Map<string, NdArray> {
  const arrays = new Map<string, NdArray>();
  let total = 0;
  for (const entry of readZip(bytes, file).values()) {
    const name = entry.name.replace(/\.npy$/, '');
    if (name === entry.name || !wanted(name)) continue;
    total += entry.size;
    if (total > MAX_UNPACKED_BYTES) throw unreadable(file, 'it unpacks to more than 512 MB');
    arrays.set(name, readNpy(entry.read(), `${file}: ${name}`));
  }
  return arrays;
}
