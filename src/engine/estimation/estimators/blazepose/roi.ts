import type { Box } from '#core/tracks/box';
import { COCO_KEYPOINT_COUNT } from '#core/tracks/track';
import { REGION_MARGIN, type Region } from './observation';

/** COCO keypoints below this score are not used for a region. */
const KEYPOINT_SCORE = 0.2;

const COCO = { leftShoulder: 5, rightShoulder: 6, leftHip: 11, rightHip: 12 } as const;

/**
 * The region that two alignment points ask for: `centre` is between the hips, `edge` on the circle round the whole body,
 * straight above the centre for an upright person. Rotation 0 for upright, in [-π, π).
 * Source: reference section 5 (side = 2·distance·1.25, rotation = π/2 − atan2(−dy, dx)).
 * @param centre x, y px
 * @param edge x, y px
 */
export function regionFromAlignment(
  centre: readonly [x: number, y: number],
  edge: readonly [x: number, y: number],
): Region {
  const dx = edge[0] - centre[0];
  const dy = edge[1] - centre[1];
  return {
    centreX: centre[0],
    centreY: centre[1],
    side: 2 * Math.hypot(dx, dy) * REGION_MARGIN,
    rotation: normaliseAngle(Math.PI / 2 - Math.atan2(-dy, dx)),
  };
}

/**
 * The region round a person of whom only the box is known: upright, centred, margin as BlazePose's own. The network then
 * says better where the person is (rows 33 and 34).
 */
export function regionFromBox(box: Box): Region {
  return {
    centreX: box.x + box.width / 2,
    centreY: box.y + box.height / 2,
    side: Math.max(box.width, box.height) * REGION_MARGIN,
    rotation: 0,
  };
}

/**
 * The region round COCO keypoints: centre between the hips, upright towards the shoulders, radius the greater of 1.6
 * torso lengths and 1.08 times the farthest seen keypoint. Source: reference section 8, measured to work.
 * @param keypoints 17 x (x px, y px, score)
 * @returns undefined when shoulders or hips are not seen, or coincide.
 */
export function regionFromKeypoints(keypoints: Float32Array): Region | undefined {
  const hips = middle(keypoints, COCO.leftHip, COCO.rightHip);
  const shoulders = middle(keypoints, COCO.leftShoulder, COCO.rightShoulder);
  if (hips === undefined || shoulders === undefined) return undefined;
  const torso = Math.hypot(shoulders[0] - hips[0], shoulders[1] - hips[1]);
  if (!(torso > 1)) return undefined;
  let farthest = 0;
  for (let keypoint = 0; keypoint < COCO_KEYPOINT_COUNT; keypoint++) {
    const [x = 0, y = 0, score = 0] = keypoints.subarray(keypoint * 3, keypoint * 3 + 3);
    if (score > KEYPOINT_SCORE) farthest = Math.max(farthest, Math.hypot(x - hips[0], y - hips[1]));
  }
  const radius = Math.max(1.6 * torso, 1.08 * farthest);
  const scale = radius / torso;
  const edge = [hips[0] + (shoulders[0] - hips[0]) * scale, hips[1] + (shoulders[1] - hips[1]) * scale] as const;
  return regionFromAlignment(hips, edge);
}

/** Brings an angle into [-π, π). */
function normaliseAngle(angle: number): number {
  const turned = angle - 2 * Math.PI * Math.floor((angle + Math.PI) / (2 * Math.PI));
  // Rounding may leave the last bit below the interval.
  return Math.max(-Math.PI, turned);
}

function middle(keypoints: Float32Array, left: number, right: number): readonly [number, number] | undefined {
  const [ax = 0, ay = 0, aScore = 0] = keypoints.subarray(left * 3, left * 3 + 3);
  const [bx = 0, by = 0, bScore = 0] = keypoints.subarray(right * 3, right * 3 + 3);
  if (!(aScore > KEYPOINT_SCORE && bScore > KEYPOINT_SCORE)) return undefined;
  return [(ax + bx) / 2, (ay + by) / 2];
}
