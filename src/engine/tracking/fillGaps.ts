import { BOX_ORIGIN, COCO_KEYPOINT_COUNT, type TrackerTrack } from '#core/tracks/track';

/**
 * Bridges a track's absent rows between two rows with a box, in place, by straight lines in time, and marks them
 * interpolated; gaps longer than `longest` seconds stay absent. Boxes are interpolated by their numbers, keypoints
 * likewise with their scores; interpolated rows have detection score 0.
 * @param secondsAt time of a row, s
 */
export function fillGaps(track: TrackerTrack, longest: number, secondsAt: (row: number) => number): void {
  let before = -1;
  for (let row = 0; row < track.length; row++) {
    if (track.origins[row] === BOX_ORIGIN.absent) continue;
    const gap = before >= 0 && row - before > 1 ? secondsAt(row) - secondsAt(before) : 0;
    if (gap > 0 && gap <= longest) {
      for (let between = before + 1; between < row; between++) {
        const share = (secondsAt(between) - secondsAt(before)) / gap;
        fillRow(track.boxes, 4, before, row, between, share);
        if (track.keypoints) fillRow(track.keypoints, 3 * COCO_KEYPOINT_COUNT, before, row, between, share);
        track.origins[between] = BOX_ORIGIN.interpolated;
      }
    }
    before = row;
  }
}

function fillRow(
  numbers: Float32Array | Float64Array,
  width: number,
  from: number,
  to: number,
  row: number,
  share: number,
): void {
  for (let column = 0; column < width; column++) {
    const first = numbers[from * width + column]!;
    numbers[row * width + column] = first + (numbers[to * width + column]! - first) * share;
  }
}
