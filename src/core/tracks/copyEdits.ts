import type { ProjectDocument } from '../document/schema';
import { subtractSpans } from '../frames/span';
import type { Box } from './box';
import { type BoxEdit, editablePerson, framesText, isFrame, neighbours, personRecipe, storableBox } from './boxEdit';
import { setKeyframe } from './boxEdits';
import { effectiveBoxAt, type TrackTable } from './effectiveBoxes';
import { interpolateGap } from './interpolationEdits';

/**
 * Copies the box of a frame to the `count` frames after it (`Infinity`: to the end), but never onto or past the next
 * keyframe: keyframes on the first and the last of them, interpolation between. Undefined where there is no box or no
 * room.
 */
export function planCopyForward(
  document: ProjectDocument,
  tracks: TrackTable,
  personId: string,
  frameIndex: number,
  count: number,
): BoxEdit | undefined {
  const person = editablePerson(document, personId);
  const box = person && effectiveBoxAt(person, tracks, frameIndex)?.box;
  if (!box || !isFrame(document, frameIndex) || !(count >= 1)) return undefined;
  const next = neighbours(person, frameIndex).after ?? document.media.frameCount;
  const last = Math.min(frameIndex + Math.floor(count), next - 1);
  if (last <= frameIndex) return undefined;
  const stored = storableBox(box, document.media);
  return {
    label: `Copy box to ${framesText({ from: frameIndex + 1, to: last + 1 })}`,
    frame: frameIndex,
    person: personId,
    recipe: personRecipe(personId, (draft) => {
      const known = draft.keyframes.some((entry) => entry.frame === frameIndex);
      if (!known) setKeyframe(draft, frameIndex, stored);
      setKeyframe(draft, last, stored);
      draft.outside = subtractSpans(draft.outside, [{ from: frameIndex, to: last + 1 }]);
      if (last - frameIndex > 1) interpolateGap(draft, { from: frameIndex + 1, to: last }, 'linear');
    }),
  };
}

/** A box that something else than a hand found on a frame (a tracker that followed from a human's box). */
export interface FollowedBox {
  frame: number;
  box: Box;
}

/**
 * Makes what a follower found into keyframes, as one edit: few of them where the box runs straight, so that they can be
 * corrected by hand. `boxes` are in order of frames, one a frame and without holes; those on frames where a human's
 * keyframe stands are left out, and keyframes outside their frames are never changed. Between two kept boxes the others lie
 * within `tolerance` px of the straight line. Undefined when nothing is left.
 */
export function planFollowed(
  document: ProjectDocument,
  personId: string,
  boxes: readonly FollowedBox[],
  tolerance: number,
): BoxEdit | undefined {
  const person = editablePerson(document, personId);
  if (!person) return undefined;
  const taken = new Set(person.keyframes.map(({ frame }) => frame));
  const free = boxes.filter(({ frame }) => isFrame(document, frame) && !taken.has(frame));
  const [first, last] = [free[0], free.at(-1)];
  if (!first || !last) return undefined;
  const kept = fewKeyframes(free, tolerance);
  const followed = new Set(free.map(({ frame }) => frame));
  return {
    label: `Follow to ${framesText({ from: first.frame, to: last.frame + 1 })}`,
    frame: first.frame,
    person: personId,
    recipe: personRecipe(personId, (draft) => {
      for (const { frame, box } of kept) setKeyframe(draft, frame, storableBox(box, document.media));
      draft.outside = subtractSpans(draft.outside, [{ from: first.frame, to: last.frame + 1 }]);
      const near = [neighbours(draft, first.frame).before, neighbours(draft, last.frame).after];
      const joins = near.flatMap((frame) => (frame === undefined ? [] : [frame]));
      const frames = [...kept.map(({ frame }) => frame), ...joins].sort((a, b) => a - b);
      frames.forEach((frame, index) => {
        const next = frames[index + 1];
        const isBetween = next !== undefined && next - frame > 1 && followed.has(frame + 1);
        if (isBetween) interpolateGap(draft, { from: frame + 1, to: next }, 'linear');
      });
    }),
  };
}

function furthest(boxes: readonly FollowedBox[], from: number, to: number): { index: number; distance: number } {
  const [a, b] = [boxes[from], boxes[to]];
  let [index, distance] = [-1, 0];
  if (!a || !b) return { index, distance };
  for (let at = from + 1; at < to; at++) {
    const here = boxes[at];
    if (!here) continue;
    const t = (here.frame - a.frame) / (b.frame - a.frame);
    const off = Math.max(
      ...(['x', 'y', 'width', 'height'] as const).map((side) =>
        Math.abs(a.box[side] + (b.box[side] - a.box[side]) * t - here.box[side]),
      ),
    );
    if (off > distance) [index, distance] = [at, off];
  }
  return { index, distance };
}

/** Ramer-Douglas-Peucker over time: the boxes between which all others run straight to within `tolerance` px. */
function fewKeyframes(boxes: readonly FollowedBox[], tolerance: number): FollowedBox[] {
  const kept = new Set([0, boxes.length - 1]);
  const open: [number, number][] = [[0, boxes.length - 1]];
  for (let piece = open.pop(); piece; piece = open.pop()) {
    const [from, to] = piece;
    const { index, distance } = furthest(boxes, from, to);
    if (index < 0 || distance <= tolerance) continue;
    kept.add(index);
    open.push([from, index], [index, to]);
  }
  return boxes.filter((_, index) => kept.has(index));
}
