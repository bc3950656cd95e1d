import { Zip, ZipDeflate, ZipPassThrough } from 'fflate';

/** Types of the arrays that Retake writes, as numpy names them. */
export type WrittenType = '<f4' | '<u4' | '<i8';

/** An array of an `.npz` archive, given in pieces. */
export interface NpzMember {
  name: string;
  type: WrittenType;
  shape: readonly number[];
  /** The elements in row-major order; every piece is read before the next is asked for. */
  pieces: Iterable<ArrayBufferView> | AsyncIterable<ArrayBufferView>;
  /** Pack it; for arrays with many zeros. Default: stored as it is, which is faster. */
  isPacked?: boolean;
}

/** Equal content gives equal bytes: archives carry the first day that zip knows instead of a time. */
const MOMENT = new Date(1980, 0, 1);

/** Header of an `.npy` file, version 1.0, a multiple of 64 bytes long. */
function npyHeader(type: WrittenType, shape: readonly number[]): Uint8Array {
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '${type}', 'fortran_order': False, 'shape': (${tuple}), }`;
  const padded = text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11, ' ');
  const bytes = new Uint8Array(10 + padded.length + 1);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  new DataView(bytes.buffer).setUint16(8, padded.length + 1, true);
  bytes.set(new TextEncoder().encode(`${padded}\n`), 10);
  return bytes;
}

function bytesOf(view: ArrayBufferView): Uint8Array {
  // Copied: the zip keeps pieces, and the caller may reuse its array.
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice();
}

/**
 * Writes a numpy `.npz` archive piece by piece, with one piece in memory at a time.
 * @param write takes the bytes in order
 */
export async function writeNpz(
  members: Iterable<NpzMember>,
  write: (bytes: Uint8Array) => Promise<void>,
): Promise<void> {
  let made: Uint8Array[] = [];
  let failed: Error | undefined;
  const zip = new Zip((error, bytes) => {
    if (error) failed = error;
    else made.push(bytes);
  });
  const flush = async (): Promise<void> => {
    if (failed) throw failed;
    const ready = made;
    made = [];
    for (const bytes of ready) await write(bytes);
  };
  for (const { name, type, shape, pieces, isPacked } of members) {
    const file = isPacked ? new ZipDeflate(`${name}.npy`, { level: 6 }) : new ZipPassThrough(`${name}.npy`);
    file.mtime = MOMENT;
    zip.add(file);
    file.push(npyHeader(type, shape));
    for await (const piece of pieces) {
      file.push(bytesOf(piece));
      await flush();
    }
    file.push(new Uint8Array(0), true);
    await flush();
  }
  zip.end();
  await flush();
}
