import { type Box, intersectionOverUnion } from '#core/tracks/box';
import { LANDMARK_COUNT } from './observation';

/** Lowest overlap of the landmarks' box and the person's box at which they are the same person. */
const LOWEST_OVERLAP = 0.4;
/** Greatest mean distance of landmarks and the detector's keypoints, in longer sides of the box. */
const GREATEST_DISTANCE = 0.06;
/** Fewest keypoints that prove anything, and the score each needs. */
const FEWEST_KEYPOINTS = 5;
const KEYPOINT_SCORE = 0.3;
const VISIBLE = 0.5;

/** [COCO keypoint, BlazePose landmark] of the same point. */
const SAME_POINT: readonly (readonly [coco: number, landmark: number])[] = [
  [0, 0],
  [5, 11],
  [6, 12],
  [7, 13],
  [8, 14],
  [9, 15],
  [10, 16],
  [11, 23],
  [12, 24],
  [13, 25],
  [14, 26],
  [15, 27],
  [16, 28],
];

/**
 * True when landmarks belong to the person in `box`: their own box overlaps it (of the visible ones, or of all: a person
 * half hidden shows few, one cut by the picture has some outside), or they lie on the detector's keypoints. Measured on
 * real footage: right ones overlap by 0.5 and more, unless half hidden; then they lie within 0.03 of the keypoints.
 * @param image 33 x 4: x px, y px, z, visibility
 * @param keypoints 17 x (x px, y px, score)
 */
export function landmarksBelong(image: Float32Array, box: Box, keypoints?: Float32Array): boolean {
  const overlap = Math.max(
    intersectionOverUnion(landmarkBox(image, VISIBLE), box),
    intersectionOverUnion(landmarkBox(image, 0), box),
  );
  return overlap >= LOWEST_OVERLAP || (keypoints !== undefined && liesOnKeypoints(image, box, keypoints));
}

/** The box round the landmarks of at least this visibility; of no size when there are none. */
function landmarkBox(image: Float32Array, visibility: number): Box {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let landmark = 0; landmark < LANDMARK_COUNT; landmark++) {
    const [x = 0, y = 0, , seen = 0] = image.subarray(landmark * 4, landmark * 4 + 4);
    if (seen < visibility) continue;
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return right > left
    ? { x: left, y: top, width: right - left, height: bottom - top }
    : { x: 0, y: 0, width: 0, height: 0 };
}

function liesOnKeypoints(image: Float32Array, box: Box, keypoints: Float32Array): boolean {
  let sum = 0;
  let count = 0;
  for (const [coco, landmark] of SAME_POINT) {
    const [x = 0, y = 0, score = 0] = keypoints.subarray(coco * 3, coco * 3 + 3);
    if (score < KEYPOINT_SCORE) continue;
    sum += Math.hypot(x - (image[landmark * 4] ?? 0), y - (image[landmark * 4 + 1] ?? 0));
    count++;
  }
  return count >= FEWEST_KEYPOINTS && sum / count <= GREATEST_DISTANCE * Math.max(box.width, box.height);
}
