import type { Box } from '#core/tracks/box';
import { BOX_ORIGIN, COCO_KEYPOINT_COUNT, type TrackerTrack } from '#core/tracks/track';
import { fillGaps } from '../../fillGaps';
import type { TrackerInput } from '../../tracker';
import type { Sightings } from './association';
import { smooth } from './smoothing';

const KEYPOINT_NUMBERS = COCO_KEYPOINT_COUNT * 3;

/** Gaps up to this length, s, are bridged; the person counts as absent in longer ones. */
const LONGEST_BRIDGE = 1.25;

/** A track that begins or ends this near the first or last frame, s, reaches it: nobody looked in between. */
const REACH = 0.25;

/** Room around the smoothed box on every side, as a share of its longer side, so that smoothing cuts nothing off. */
const ROOM = 0.015;

/** Keypoints with less than this score say nothing of the keypoint's place when smoothing, but keep a little weight. */
const LEAST_WEIGHT = 1e-3;

/** A track's rows: smoothed boxes and keypoints on the frames of the sightings, straight lines between them. */
export function toTrack(id: string, sightings: Sightings, input: TrackerInput): TrackerTrack {
  const first = sightings[0]!.frame;
  const last = sightings[sightings.length - 1]!.frame;
  const margin = Math.floor(REACH * input.rate);
  const start = first <= margin ? 0 : first;
  const end = endFrame(last, margin, input);
  const length = end - start;
  const hasKeypoints = sightings.some(({ detection }) => detection.keypoints !== undefined);
  const track: TrackerTrack = {
    id,
    start,
    length,
    boxes: new Float64Array(length * 4),
    scores: new Float32Array(length),
    origins: new Uint8Array(length),
    ...(hasKeypoints ? { keypoints: new Float32Array(length * KEYPOINT_NUMBERS) } : {}),
  };
  for (const piece of splitAtAbsence(sightings)) writePiece(track, piece, input);
  fillGaps(track, LONGEST_BRIDGE, (row) => input.seconds[start + row] ?? (start + row) / input.rate);
  holdOutwards(track, first - start, 'backward');
  holdOutwards(track, last - start, 'forward');
  return track;
}

/** Frame after the last row: the end of the clip, or of what was looked at so far, is reached when it is near. */
function endFrame(last: number, margin: number, input: TrackerInput): number {
  const lastLook = input.detections.findLastIndex((found) => found !== undefined);
  if (last < lastLook - margin) return last + 1;
  return Math.min(input.frameCount, last + margin + 1);
}

function splitAtAbsence(sightings: Sightings): Sightings[] {
  const pieces: Sightings[] = [];
  for (const sighting of sightings) {
    const piece = pieces.at(-1);
    const before = piece?.at(-1);
    if (piece && before && sighting.seconds - before.seconds <= LONGEST_BRIDGE) piece.push(sighting);
    else pieces.push([sighting]);
  }
  return pieces;
}

function writePiece(track: TrackerTrack, piece: Sightings, input: TrackerInput): void {
  const times = Float64Array.from(piece, ({ seconds }) => seconds);
  const edges = smoothEdges(piece, times);
  piece.forEach(({ frame, detection }, index) => {
    const row = frame - track.start;
    track.boxes.set(boxNumbers(edges.subarray(index * 4, index * 4 + 4), detection.box, input), row * 4);
    track.scores[row] = detection.score;
    track.origins[row] = BOX_ORIGIN.detected;
  });
  if (!track.keypoints) return;
  for (let keypoint = 0; keypoint < COCO_KEYPOINT_COUNT; keypoint++) writeKeypoint(track, piece, times, keypoint);
}

/** Left, top, right and bottom of each sighting after smoothing, px. */
function smoothEdges(piece: Sightings, times: Float64Array): Float64Array {
  const values = new Float64Array(piece.length * 4);
  piece.forEach(({ detection: { box } }, index) => {
    values.set([box.x, box.y, box.x + box.width, box.y + box.height], index * 4);
  });
  const weights = Float64Array.from(piece, ({ detection }) => detection.score ** 2 + LEAST_WEIGHT);
  return smooth({ times, values, weights, channels: 4 });
}

/** Smooths a keypoint's place with its score as weight; the score stays. */
function writeKeypoint(track: TrackerTrack, piece: Sightings, times: Float64Array, keypoint: number): void {
  const at = 3 * keypoint;
  const values = new Float64Array(piece.length * 2);
  const weights = new Float64Array(piece.length);
  piece.forEach(({ detection: { keypoints } }, index) => {
    values[2 * index] = keypoints?.[at] ?? 0;
    values[2 * index + 1] = keypoints?.[at + 1] ?? 0;
    weights[index] = (keypoints?.[at + 2] ?? 0) ** 2 + LEAST_WEIGHT;
  });
  const places = smooth({ times, values, weights, channels: 2 });
  piece.forEach(({ frame, detection }, index) => {
    const row = (frame - track.start) * KEYPOINT_NUMBERS + at;
    track.keypoints!.set([places[2 * index]!, places[2 * index + 1]!, detection.keypoints?.[at + 2] ?? 0], row);
  });
}

/** Box of a row, in the picture, with room; falls back on the detection's box where smoothing left nothing of it. */
function boxNumbers(edges: Float64Array, raw: Box, { width, height }: TrackerInput): [number, number, number, number] {
  const [left = 0, top = 0, right = 0, bottom = 0] = edges;
  const isBox = right - left >= raw.width / 2 && bottom - top >= raw.height / 2;
  const [x1, y1, x2, y2] = isBox ? [left, top, right, bottom] : [raw.x, raw.y, raw.x + raw.width, raw.y + raw.height];
  const room = ROOM * Math.max(x2 - x1, y2 - y1);
  const x = clamp(x1 - room, 0, width - 1);
  const y = clamp(y1 - room, 0, height - 1);
  return [x, y, clamp(x2 + room, x + 1, width) - x, clamp(y2 + room, y + 1, height) - y];
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value));
}

/** Rows before the first or behind the last sighting repeat it, as interpolated. */
function holdOutwards(track: TrackerTrack, from: number, direction: 'forward' | 'backward'): void {
  const step = direction === 'forward' ? 1 : -1;
  for (let row = from + step; row >= 0 && row < track.length; row += step) {
    track.boxes.copyWithin(row * 4, from * 4, from * 4 + 4);
    track.keypoints?.copyWithin(row * KEYPOINT_NUMBERS, from * KEYPOINT_NUMBERS, (from + 1) * KEYPOINT_NUMBERS);
    track.origins[row] = BOX_ORIGIN.interpolated;
  }
}
