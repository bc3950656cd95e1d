import type { Person } from '../document/schema';
import { intersectSpans, type Span, subtractSpans } from '../frames/span';
import type { Box } from './box';
import type { TrackTable } from './effectiveBoxes';
import { boxBetween } from './interpolation';
import { BOX_ORIGIN, type TrackerTrack } from './track';

/** What `effectiveBoxAt` says of every frame of a clip, in one pass. */
export interface BoxRows {
  /** n x 4: x, y, width, height in px of the upright picture; 0 where there is no box. */
  boxes: Float64Array;
  /** n detection scores 0 to 1; 1 for a box that a human drew, 0 where it is interpolated or absent. */
  scores: Float32Array;
  /** n of {@link BOX_ORIGIN}. */
  origins: Uint8Array;
}

function eachSegment(
  person: Person,
  tracks: TrackTable,
  frameCount: number,
  visit: (track: TrackerTrack, from: number, to: number) => void,
): void {
  for (const segment of person.segments) {
    const track = tracks.get(segment.track);
    if (!track) continue;
    const from = Math.max(segment.from, track.start);
    const to = Math.min(segment.to, track.start + track.length, frameCount);
    if (to > from) visit(track, from, to);
  }
}

/** Frames whose box runs between two keyframes. */
function bridgedSpans(person: Person): Span[] {
  const first = person.keyframes[0]?.frame ?? 0;
  const last = person.keyframes.at(-1)?.frame ?? 0;
  const between = intersectSpans(person.interpolated, [{ from: first + 1, to: last }]);
  return person.off ? subtractSpans(between, person.off) : between;
}

/** Origin of the box of every frame, one of {@link BOX_ORIGIN}; in one pass over the clip, however many keyframes. */
export function originsOf(person: Person, tracks: TrackTable, frameCount: number): Uint8Array {
  const origins = new Uint8Array(frameCount);
  eachSegment(person, tracks, frameCount, (track, from, to) => {
    origins.set(track.origins.subarray(from - track.start, to - track.start), from);
  });
  for (const { from, to } of person.off ?? []) {
    for (let frame = from; frame < Math.min(to, frameCount); frame++) {
      if (origins[frame] === BOX_ORIGIN.interpolated) origins[frame] = BOX_ORIGIN.absent;
    }
  }
  for (const span of bridgedSpans(person)) origins.fill(BOX_ORIGIN.interpolated, span.from, span.to);
  for (const { frame } of person.keyframes) if (frame < frameCount) origins[frame] = BOX_ORIGIN.manual;
  for (const span of person.outside) origins.fill(BOX_ORIGIN.absent, span.from, span.to);
  return origins;
}

/** The boxes of a person on every frame of a clip. */
export function boxRows(person: Person, tracks: TrackTable, frameCount: number): BoxRows {
  const origins = originsOf(person, tracks, frameCount);
  const boxes = new Float64Array(frameCount * 4);
  const scores = new Float32Array(frameCount);
  eachSegment(person, tracks, frameCount, (track, from, to) => {
    boxes.set(track.boxes.subarray((from - track.start) * 4, (to - track.start) * 4), from * 4);
    scores.set(track.scores.subarray(from - track.start, to - track.start), from);
  });
  for (const span of bridgedSpans(person)) {
    for (let frame = span.from; frame < Math.min(span.to, frameCount); frame++) {
      const box = boxBetween(person, frame);
      if (box) boxes.set([box.x, box.y, box.width, box.height], frame * 4);
      scores[frame] = 0;
    }
  }
  for (const { frame, box } of person.keyframes) {
    if (frame >= frameCount) continue;
    boxes.set([box.x, box.y, box.width, box.height], frame * 4);
    scores[frame] = 1;
  }
  origins.forEach((origin, frame) => {
    if (origin !== BOX_ORIGIN.absent) return;
    boxes.fill(0, frame * 4, frame * 4 + 4);
    scores[frame] = 0;
  });
  return { boxes, scores, origins };
}

/** A box of {@link BoxRows}; undefined where there is none. */
export function rowBox({ boxes, origins }: BoxRows, frameIndex: number): Box | undefined {
  if ((origins[frameIndex] ?? BOX_ORIGIN.absent) === BOX_ORIGIN.absent) return undefined;
  const at = frameIndex * 4;
  return { x: boxes[at] ?? 0, y: boxes[at + 1] ?? 0, width: boxes[at + 2] ?? 0, height: boxes[at + 3] ?? 0 };
}
