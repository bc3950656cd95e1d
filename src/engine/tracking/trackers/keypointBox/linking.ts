import type { Box } from '#core/tracks/box';
import type { TrackerInput } from '../../tracker';
import { byBirth, type Sightings } from './association';
import { matchBest, type Pair } from './matching';
import { bodyLength } from './motionModel';

/** Sightings of one person are joined across a gap of at most this length, s, when motion and size agree. */
const LONGEST_GAP = 2;

/** Velocity at the end of a track comes from its last sightings within this time, s. */
const VELOCITY_WINDOW = 0.5;

/** Farthest two ends may miss each other, body lengths, and so much more per s of the gap. */
const FARTHEST = 0.35;
const FARTHEST_PER_SECOND = 0.6;

/** Largest ratio of the sizes at both ends, as a natural logarithm. */
const LARGEST_SIZE_RATIO = Math.log(1.5);

/** A person who left over a side of the picture may come back over the same side within this time, s. */
const LONGEST_ABSENCE = 4;

/** Farthest from the place where they left, body lengths, and largest ratio of sizes, as a natural logarithm. */
const FARTHEST_RETURN = 0.5;
const LARGEST_RETURN_RATIO = Math.log(1.2);

/** A box this near a side of the picture leaves or enters there, body lengths. */
const NEAR_SIDE = 0.15;

/** A person moves outwards from this speed on, body lengths per s. */
const LEAST_SPEED = 0.15;

type Side = 'left' | 'right' | 'top' | 'bottom';

/** State of a track at one of its ends. */
interface End {
  frame: number;
  seconds: number;
  x: number;
  y: number;
  /** px per s, forward in time. */
  velocityX: number;
  velocityY: number;
  /** px. */
  length: number;
  /** Sides of the picture that the box touches. */
  sides: readonly Side[];
}

/**
 * Joins tracks that are one person seen again: first across short gaps where place, motion and size fit from both ends,
 * then people who left the picture and came back over the same side, when nobody else is in question. The result is in
 * order of birth.
 */
export function linkSightings(tracks: readonly Sightings[], input: TrackerInput): Sightings[] {
  const joined = joinAll(tracks, input, motionPairs);
  return joinAll(joined, input, returnPairs);
}

interface Ends {
  first: End;
  last: End;
}

function joinAll(tracks: readonly Sightings[], input: TrackerInput, pairsOf: (ends: Ends[]) => Pair[]): Sightings[] {
  const ends = tracks.map((track) => ({ first: endOf(track, input, 'first'), last: endOf(track, input, 'last') }));
  const next = new Map(matchBest(pairsOf(ends)).map((pair) => [pair.row, pair.column]));
  const followers = new Set(next.values());
  const chains: Sightings[] = [];
  for (let start = 0; start < tracks.length; start++) {
    if (followers.has(start)) continue;
    const chain: Sightings = [];
    for (let at: number | undefined = start; at !== undefined; at = next.get(at)) chain.push(...tracks[at]!);
    chains.push(chain);
  }
  return chains.sort(byBirth);
}

function endOf(track: Sightings, input: TrackerInput, which: 'first' | 'last'): End {
  const sighting = which === 'first' ? track[0]! : track[track.length - 1]!;
  const near = track.filter((other) => Math.abs(other.seconds - sighting.seconds) <= VELOCITY_WINDOW);
  const { box } = sighting.detection;
  const length = bodyLength(box);
  return {
    frame: sighting.frame,
    seconds: sighting.seconds,
    x: box.x + box.width / 2,
    y: box.y + box.height / 2,
    velocityX: slope(near.map(({ seconds, detection }) => [seconds, detection.box.x + detection.box.width / 2])),
    velocityY: slope(near.map(({ seconds, detection }) => [seconds, detection.box.y + detection.box.height / 2])),
    length,
    sides: touchedSides(box, input, NEAR_SIDE * length),
  };
}

/** Slope of the straight line through points [s, px], px per s; 0 for fewer than 3 points. */
function slope(points: readonly (readonly [number, number])[]): number {
  if (points.length < 3) return 0;
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / points.length;
  let [across, along] = [0, 0];
  for (const [x, y] of points) {
    across += (x - meanX) * (y - meanY);
    along += (x - meanX) ** 2;
  }
  return along > 0 ? across / along : 0;
}

function touchedSides(box: Box, { width, height }: TrackerInput, near: number): Side[] {
  const sides: Side[] = [];
  if (box.x <= near) sides.push('left');
  if (box.x + box.width >= width - near) sides.push('right');
  if (box.y <= near) sides.push('top');
  if (box.y + box.height >= height - near) sides.push('bottom');
  return sides;
}

function motionPairs(ends: readonly Ends[]): Pair[] {
  return pairsWithin(ends, LONGEST_GAP, (before, after, gap) => {
    if (before.sides.some((side) => leaves(before, side))) return 0;
    const farthest = FARTHEST + FARTHEST_PER_SECOND * gap;
    const miss = missDistance(before, after, gap) / Math.max(before.length, after.length);
    if (miss > farthest) return 0;
    return (1 - (0.7 * miss) / farthest) / (1 + gap);
  });
}

/** How far the two ends miss each other, px: the nearer of meeting half-way with their velocities and standing still. */
function missDistance(before: End, after: End, gap: number): number {
  const distanceAt = (share: number) => {
    const time = (gap / 2) * share;
    const x = before.x + before.velocityX * time - (after.x - after.velocityX * time);
    const y = before.y + before.velocityY * time - (after.y - after.velocityY * time);
    return Math.hypot(x, y);
  };
  return Math.min(distanceAt(1), distanceAt(0.5), distanceAt(0));
}

function returnPairs(ends: readonly Ends[]): Pair[] {
  const pairs = pairsWithin(ends, LONGEST_ABSENCE, (before, after, gap) => {
    const side = before.sides.find((candidate) => after.sides.includes(candidate));
    if (!side || !leaves(before, side) || leaves(after, side)) return 0;
    const distance = Math.hypot(before.x - after.x, before.y - after.y) / before.length;
    const ratio = Math.abs(Math.log(after.length / before.length));
    return distance <= FARTHEST_RETURN && ratio <= LARGEST_RETURN_RATIO ? 1 / (1 + gap) : 0;
  });
  // Somebody else in question: better two people too many than one with two bodies.
  const isAlone = (pair: Pair) =>
    pairs.filter((other) => other.row === pair.row || other.column === pair.column).length === 1;
  return pairs.filter(isAlone);
}

/** True for an end that moves outwards over a side, faster than the detector's noise. */
function leaves(end: End, side: Side): boolean {
  const outwards = { left: -end.velocityX, right: end.velocityX, top: -end.velocityY, bottom: end.velocityY }[side];
  return outwards > LEAST_SPEED * end.length;
}

function pairsWithin(
  ends: readonly Ends[],
  longest: number,
  weightOf: (before: End, after: End, gap: number) => number,
): Pair[] {
  const pairs: Pair[] = [];
  const order = ends.map((_, index) => index).sort((a, b) => ends[a]!.first.seconds - ends[b]!.first.seconds);
  ends.forEach(({ last: before }, row) => {
    for (let at = firstAfter(ends, order, before.seconds); at < order.length; at++) {
      const column = order[at]!;
      const after = ends[column]!.first;
      const gap = after.seconds - before.seconds;
      if (gap > longest) break;
      if (gap <= 0 || Math.abs(Math.log(after.length / before.length)) > LARGEST_SIZE_RATIO) continue;
      const weight = weightOf(before, after, gap);
      if (weight > 0) pairs.push({ row, column, weight });
    }
  });
  return pairs;
}

/** First place in `order` whose track begins after a time (binary search). */
function firstAfter(ends: readonly Ends[], order: readonly number[], seconds: number): number {
  let [low, high] = [0, order.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ends[order[middle]!]!.first.seconds <= seconds) low = middle + 1;
    else high = middle;
  }
  return low;
}
