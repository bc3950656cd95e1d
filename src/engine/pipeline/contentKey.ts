import { createHash } from 'node:crypto';
import type { EffectiveBox } from '#core/tracks/effectiveBoxes';

/** A 52-bit content key: fits a double exactly, so keys live in Float64Arrays. 0 means "nothing there". */
export type ContentKey = number;

/** First 52 bits of the sha256 of the parts, never 0. */
export function contentKey(...parts: (string | Uint8Array)[]): ContentKey {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  const digest = hash.digest();
  return (digest.readUInt32LE(0) & 0xfffff) * 2 ** 32 + digest.readUInt32LE(4) || 1;
}

const PARTS_OF_A_PIXEL = 8;

/**
 * Key of what an estimator sees of one person on one frame. The box is rounded to 1/8 px, so that arithmetic noise
 * does not make results out of date.
 */
export function observationKey(
  media: string,
  estimator: { id: string; version: number; quality: string },
  frameIndex: number,
  effective: EffectiveBox,
): ContentKey {
  const { box, keypoints } = effective;
  const numbers = [box.x, box.y, box.width, box.height, ...(keypoints ?? [])];
  const rounded = Int32Array.from(numbers, (value) => Math.round(value * PARTS_OF_A_PIXEL));
  return contentKey(
    media,
    `${estimator.id} ${estimator.version} ${estimator.quality} ${frameIndex}`,
    new Uint8Array(rounded.buffer),
  );
}
