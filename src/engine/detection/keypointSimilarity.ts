import type { Box } from '#core/tracks/box';
import { COCO_KEYPOINT_COUNT } from '#core/tracks/track';

/** Twice the COCO per-keypoint deviations (keypoint evaluation of the COCO dataset), in COCO order. */
const FALLOFF = [
  0.026, 0.025, 0.025, 0.035, 0.035, 0.079, 0.079, 0.072, 0.072, 0.062, 0.062, 0.107, 0.107, 0.087, 0.087, 0.089, 0.089,
].map((sigma) => 2 * sigma);

/** Share of a person's box that the person's outline fills, as COCO's area is the outline's. */
const OUTLINE_SHARE = 0.53;

/** Keypoints below this score are not compared, 0 to 1. */
const MINIMUM_SCORE = 0.2;

/** Fewer common keypoints than this say nothing. */
const MINIMUM_COMMON = 3;

/**
 * Object keypoint similarity (COCO): mean of exp(-d² / (2 s² k²)) over the keypoints that both see, 0 to 1; s² is the
 * area of the outline of a person with box `scale`. Undefined when fewer than 3 are seen by both.
 * @param a 17 x (x px, y px, score)
 * @param b likewise
 * @param uncertainty how far a keypoint may be off for reasons other than the pose (a coarse grid, motion), px
 */
export function keypointSimilarity(
  a: Float32Array | undefined,
  b: Float32Array | undefined,
  scale: Pick<Box, 'width' | 'height'>,
  uncertainty = 0,
): number | undefined {
  if (!a || !b) return undefined;
  const area = scale.width * scale.height * OUTLINE_SHARE;
  let sum = 0;
  let common = 0;
  for (let keypoint = 0; keypoint < COCO_KEYPOINT_COUNT; keypoint++) {
    const at = 3 * keypoint;
    if (a[at + 2]! < MINIMUM_SCORE || b[at + 2]! < MINIMUM_SCORE) continue;
    const distance = (a[at]! - b[at]!) ** 2 + (a[at + 1]! - b[at + 1]!) ** 2;
    sum += Math.exp(-distance / (2 * (area * FALLOFF[keypoint]! ** 2 + uncertainty ** 2)));
    common += 1;
  }
  return common < MINIMUM_COMMON ? undefined : sum / common;
}
