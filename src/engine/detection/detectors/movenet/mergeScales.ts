import { type Box, intersectionOverUnion } from '#core/tracks/box';
import type { Detection } from '#core/tracks/track';
import { byScore } from '../../byScore';
import { keypointSimilarity } from '../../keypointSimilarity';

/** Boxes that overlap at least this much are one person when no keypoints can tell (reference section 8). */
const SAME_BOX = 0.45;

/** With this keypoint similarity, overlapping boxes are one person. */
const SAME_POSE = 0.5;

/** Part of the smaller box that lies in the larger one from which on it may be a fragment of the same person. */
const INSIDE = 0.7;

/**
 * Boxes that overlap this much are one person whatever the keypoints say: two people seen at one scale are seldom that
 * near, and two scales read blurred limbs differently.
 */
const SAME_BOX_SURELY = { sameScale: 0.85, otherScale: 0.6 } as const;

/** What was found at one size of the network's input. */
export interface Scale {
  people: readonly Detection[];
  /** px of the upright video per cell of the network's heads: keypoints are about that exact. */
  cell: number;
}

interface Candidate {
  person: Detection;
  cell: number;
}

/**
 * One detection for each person out of those of several scales or neighbouring peaks: the best-scored one stays. A box
 * inside a better one is a fragment of that person only when its keypoints lie on the same body, so people who stand
 * before one another both stay. Best first.
 */
export function mergeScales(scales: readonly Scale[]): Detection[] {
  const candidates: Candidate[] = scales.flatMap(({ people, cell }) => people.map((person) => ({ person, cell })));
  const kept: Candidate[] = [];
  for (const candidate of candidates.sort((a, b) => byScore(a.person, b.person))) {
    if (!kept.some((better) => isSamePerson(better, candidate))) kept.push(candidate);
  }
  return kept.map(({ person }) => person);
}

function isSamePerson(a: Candidate, b: Candidate): boolean {
  const [first, second] = [a.person.box, b.person.box];
  const overlap = intersectionOverUnion(first, second);
  if (overlap === 0) return false;
  if (overlap >= SAME_BOX_SURELY[a.cell === b.cell ? 'sameScale' : 'otherScale']) return true;
  const larger = first.width * first.height >= second.width * second.height ? first : second;
  const similarity = keypointSimilarity(a.person.keypoints, b.person.keypoints, larger, Math.max(a.cell, b.cell));
  if (similarity === undefined) return overlap >= SAME_BOX;
  return similarity >= SAME_POSE && (overlap >= SAME_BOX || insideShare(first, second) >= INSIDE);
}

/** Part of the smaller box that lies in the other one, 0 to 1. */
function insideShare(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return (Math.max(0, width) * Math.max(0, height)) / Math.min(a.width * a.height, b.width * b.height);
}
