import type { FollowedBox } from '#core/tracks/copyEdits';
import { interpolateBox } from '#core/tracks/box';

/** A box of a follower, in the order it was found. */
export interface FollowedStep extends FollowedBox {
  /** The detector saw the person there. */
  isDetected: boolean;
}

/**
 * Boxes of a follower that run straight from one look of the detector to the next where it saw the person on both and they
 * lie at most `longest` frames apart: the picture keeps the shape of the last box, so that each look would make a jump.
 * `start` is the box that was followed from, on its frame; it counts as seen.
 */
export function straightBetweenLooks(
  start: FollowedBox,
  steps: readonly FollowedStep[],
  longest: number,
): FollowedBox[] {
  const boxes = steps.map(({ frame, box }) => ({ frame, box }));
  let [last, lastAt] = [start, -1];
  steps.forEach((step, at) => {
    if (!step.isDetected) return;
    const length = Math.abs(step.frame - last.frame);
    if (length <= longest) {
      for (let between = lastAt + 1; between < at; between++) {
        const entry = boxes[between];
        if (entry) entry.box = interpolateBox(last.box, step.box, Math.abs(entry.frame - last.frame) / length);
      }
    }
    [last, lastAt] = [step, at];
  });
  return boxes;
}
