import { LANDMARK, LANDMARK_COUNT } from '../observation';
import { dot, subtract, unit, type Vector3, vectorAt } from './vectors';
import { FIT_WEIGHTS } from './weights';

/** What the search needs of landmark rows. */
export interface SwapEvidence {
  length: number;
  seconds: Float64Array;
  /** length x 33 x 3. */
  world: Float64Array;
}

function axis(world: Float64Array, row: number, left: number, right: number): Vector3 {
  const base = row * LANDMARK_COUNT * 3;
  return unit(subtract(vectorAt(world, base + left * 3), vectorAt(world, base + right * 3)), [0, 0, 0]);
}

/** True when shoulder and hip axis both turn about between two rows: faster than a person can. */
function turnsAbout({ world }: SwapEvidence, a: number, b: number): boolean {
  const least = Math.cos(FIT_WEIGHTS.swap.angle);
  const shoulders = dot(
    axis(world, a, LANDMARK.leftShoulder, LANDMARK.rightShoulder),
    axis(world, b, LANDMARK.leftShoulder, LANDMARK.rightShoulder),
  );
  const hips = dot(
    axis(world, a, LANDMARK.leftHip, LANDMARK.rightHip),
    axis(world, b, LANDMARK.leftHip, LANDMARK.rightHip),
  );
  return shoulders < least && hips < least;
}

/**
 * Rows on which left and right are exchanged (reference blazepose 9, Time), 1 for such a row. The track is cut wherever
 * both axes turn about between neighbours; a piece between two such cuts that is short and shorter than what surrounds
 * it is the mistaken one. Pieces at the ends of the track are judged by their only neighbour.
 */
export function findSwaps(rows: SwapEvidence): Uint8Array {
  const { longest, furthest } = FIT_WEIGHTS.swap;
  const swapped = new Uint8Array(rows.length);
  const cuts = [0];
  for (let row = 1; row < rows.length; row++) {
    const apart = rows.seconds[row]! - rows.seconds[row - 1]!;
    if (apart <= furthest && turnsAbout(rows, row - 1, row)) cuts.push(row);
  }
  cuts.push(rows.length);
  for (let piece = 0; piece + 1 < cuts.length; piece++) {
    const from = cuts[piece]!;
    const to = cuts[piece + 1]!;
    if (rows.seconds[to - 1]! - rows.seconds[from]! > longest) continue;
    const before = from > 0 && !swapped[from - 1] ? from - cuts[piece - 1]! : 0;
    const after = to < rows.length ? cuts[piece + 2]! - to : 0;
    if (Math.max(before, after) > to - from) swapped.fill(1, from, to);
  }
  return swapped;
}
