import { unzipSync } from 'fflate';
import { AppError } from '#core/errors';
import type { NpyArray } from './npy';
import { readNpy } from './npy';

/** Largest total unpacked size accepted: SMPL with 300 shape components in double precision is about 110 MB. */
const MAX_UNPACKED_BYTES = 512 * 1024 * 1024;

/**
 * Reads the arrays of a numpy `.npz` archive by name (without `.npy`). Arrays that `wanted` refuses are not unpacked, so
 * a pickled member that nobody asks for does no harm.
 * @throws AppError BODY_INVALID when the bytes are not an archive, unpack to more than 512 MB, or hold a wanted array
 * that is not plain numbers
 */
export function readNpz(bytes: Uint8Array, wanted: (name: string) => boolean = () => true): Map<string, NpyArray> {
  const arrays = new Map<string, NpyArray>();
  for (const [fileName, content] of Object.entries(unpack(bytes, wanted))) {
    const name = arrayName(fileName);
    arrays.set(name, readNpy(content, name));
  }
  return arrays;
}

function arrayName(fileName: string): string {
  return fileName.replace(/\.npy$/, '');
}

function unpack(bytes: Uint8Array, wanted: (name: string) => boolean): Record<string, Uint8Array> {
  let total = 0;
  try {
    return unzipSync(bytes, {
      filter: (file) => {
        if (!file.name.endsWith('.npy') || !wanted(arrayName(file.name))) return false;
        // The declared size is what fflate allocates; it never writes beyond it.
        total += file.originalSize;
        if (total > MAX_UNPACKED_BYTES) throw new RangeError('it unpacks to more than 512 MB');
        return true;
      },
    });
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new AppError('BODY_INVALID', `This is not a readable .npz archive: ${problem}.`, {
      hint: 'Choose a body model saved by numpy as .npz, or import the original file again.',
      cause: error,
    });
  }
}
