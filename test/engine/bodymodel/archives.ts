import { readFileSync } from 'node:fs';
import { parseBodyFile } from '#engine/bodymodel/defaultBody';
import { type NpzMember, writeNpz } from '#engine/weights/numpy/writeNpz';

/** The default body as it is shipped. */
export const defaultBody = parseBodyFile(
  readFileSync(new URL('../../../resources/body/default-body.bin', import.meta.url)),
);

/** The bytes of an archive. */
export async function archiveOf(members: Iterable<NpzMember>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  await writeNpz(members, (bytes) => Promise.resolve(void pieces.push(bytes)));
  return Buffer.concat(pieces);
}

/** Numbers of about `scale` without a visible pattern. */
export function numbers(shape: readonly number[], scale: number): Float32Array {
  const count = shape.reduce((product, size) => product * size, 1);
  return Float32Array.from({ length: count }, (_, k) => Math.sin(k * 7.3 + count) * scale);
}

/** An archive of such numbers by name and shape. */
export function poseArchive(shapes: Record<string, number[]>): Promise<Uint8Array> {
  return archiveOf(
    Object.entries(shapes).map(([name, shape]) => ({ name, type: '<f4', shape, pieces: [numbers(shape, 0.7)] })),
  );
}
