import type { Box } from '#core/tracks/box';
import { COCO_KEYPOINT_COUNT, type Detection } from '#core/tracks/track';

/** Keypoints below this score do not widen a box, 0 to 1. */
const MINIMUM_SCORE = 0.25;

/** Room beyond a keypoint, as a share of the box's longer side: the flesh around a joint, a hand, a foot. */
const ROOM = 0.03;

/** Farthest that keypoints may push a side outwards, as a share of the box's side: one wrong keypoint stays harmless. */
const FARTHEST = 0.25;

/**
 * The detection with a box that covers the whole person: the network's box united with its sure keypoints. The
 * network's own boxes cut off raised arms and feet apart.
 */
export function withWholeBody(detection: Detection): Detection {
  const { box, keypoints } = detection;
  if (!keypoints) return detection;
  const room = ROOM * Math.max(box.width, box.height);
  let [left, top, right, bottom] = [box.x, box.y, box.x + box.width, box.y + box.height];
  for (let keypoint = 0; keypoint < COCO_KEYPOINT_COUNT; keypoint++) {
    if (keypoints[3 * keypoint + 2]! < MINIMUM_SCORE) continue;
    const x = keypoints[3 * keypoint]!;
    const y = keypoints[3 * keypoint + 1]!;
    left = Math.min(left, x - room);
    right = Math.max(right, x + room);
    top = Math.min(top, y - room);
    bottom = Math.max(bottom, y + room);
  }
  return { ...detection, box: limited(box, left, top, right, bottom) };
}

function limited(box: Box, left: number, top: number, right: number, bottom: number): Box {
  const x = Math.max(left, box.x - FARTHEST * box.width);
  const y = Math.max(top, box.y - FARTHEST * box.height);
  const farX = Math.min(right, box.x + (1 + FARTHEST) * box.width);
  const farY = Math.min(bottom, box.y + (1 + FARTHEST) * box.height);
  return { x, y, width: farX - x, height: farY - y };
}
