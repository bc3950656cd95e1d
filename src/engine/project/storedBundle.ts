import { readFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { AppError } from '#core/errors';
import { type ArrayBundle, decodeBundle, encodeBundle } from '#core/protocol/arrayBundle';
import { writeFileAtomically } from './atomicFile';

const CHECK_BYTES = 4;

/** Replaces a file by a bundle of arrays with its checksum behind it. @throws AppError DISK_FULL, READ_ONLY. */
export function writeStoredBundle(path: string, bundle: ArrayBundle, what: string): void {
  const bytes = encodeBundle(bundle);
  const check = Buffer.alloc(CHECK_BYTES);
  check.writeUInt32LE(crc32(bytes));
  writeFileAtomically(path, Buffer.concat([bytes, check]), what);
}

/** Reads {@link writeStoredBundle}'s file. @throws AppError INTERNAL when it is damaged, the system's error when it is gone. */
export function readStoredBundle(path: string): ArrayBundle {
  const bytes = readFileSync(path);
  const end = bytes.length - CHECK_BYTES;
  if (end < 0 || crc32(bytes.subarray(0, end)) !== bytes.readUInt32LE(end)) {
    throw new AppError('INTERNAL', `The file ${path} is damaged.`);
  }
  return decodeBundle(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + end));
}
