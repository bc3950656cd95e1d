import { shotsOf } from '#core/frames/cuts';
import type { TrackerTrack } from '#core/tracks/track';
import type { Tracker, TrackerInput } from './tracker';

/** The rows of a track inside [from, to). */
function within(track: TrackerTrack, from: number, to: number): TrackerTrack {
  const first = Math.max(track.start, from) - track.start;
  const last = Math.min(track.start + track.length, to) - track.start;
  if (first === 0 && last === track.length) return track;
  const rows = <Rows extends { slice(from: number, to: number): Rows; length: number }>(all: Rows): Rows => {
    const width = all.length / track.length;
    return all.slice(first * width, last * width);
  };
  return {
    ...track,
    start: track.start + first,
    length: last - first,
    boxes: rows(track.boxes),
    scores: rows(track.scores),
    origins: rows(track.origins),
    ...(track.keypoints ? { keypoints: rows(track.keypoints) } : {}),
  };
}

/**
 * Follows people shot by shot: nobody is carried over a cut, where a place in the picture means nothing any more. In the
 * tracker's order: main tracks first, those of more frames before others.
 * @param cuts first frames of shots, in order; none is one shot
 */
export function trackShots(tracker: Tracker, input: TrackerInput, cuts: readonly number[]): TrackerTrack[] {
  const shots = shotsOf(cuts, input.frameCount);
  if (shots.length === 1) return tracker.track(input);
  const tracks = shots.flatMap(({ from, to }) => {
    const detections = input.detections.map((list, frame) => (frame >= from && frame < to ? list : undefined));
    return tracker.track({ ...input, detections }).map((track) => within(track, from, to));
  });
  const folded = ({ foldedBecause }: TrackerTrack) => (foldedBecause === undefined ? 0 : 1);
  return tracks.sort((a, b) => folded(a) - folded(b) || b.length - a.length || a.start - b.start);
}
