import { type Box, intersectionOverUnion } from '../tracks/box';

/** A box of somebody on a frame. */
export interface IdentifiedBox {
  id: string;
  box: Box;
}

/** How well people were found and told apart. */
export interface IdentityScore {
  /** Share of the true boxes that have an estimated one on them. */
  coverage: number;
  /** How often a true person's match changes from one estimated person to another. */
  switches: number;
  /** Estimated boxes that lie on nobody. */
  falseBoxes: number;
}

/** Least overlap (intersection over union) of boxes that are the same person. */
export const MATCH_OVERLAP = 0.5;

/**
 * Compares people frame by frame as CLEAR MOT does (Bernardin and Stiefelhagen 2008): yesterday's pairs stay while they
 * still overlap, the rest pair greedily by overlap.
 */
export function scoreIdentities(
  truth: readonly (readonly IdentifiedBox[])[],
  estimate: readonly (readonly IdentifiedBox[])[],
): IdentityScore {
  const last = new Map<string, string>();
  let [truths, matched, switches, falseBoxes] = [0, 0, 0, 0];
  truth.forEach((people, frame) => {
    const found = estimate[frame] ?? [];
    const pairs = pairUp(people, found, last);
    truths += people.length;
    matched += pairs.size;
    falseBoxes += found.length - pairs.size;
    for (const [person, other] of pairs) {
      const before = last.get(person);
      if (before !== undefined && before !== other) switches++;
      last.set(person, other);
    }
  });
  return { coverage: matched / truths, switches, falseBoxes };
}

function pairUp(
  people: readonly IdentifiedBox[],
  found: readonly IdentifiedBox[],
  last: ReadonlyMap<string, string>,
): Map<string, string> {
  const candidates = people.flatMap((person) =>
    found.map((other) => {
      const overlap = intersectionOverUnion(person.box, other.box);
      const kept = last.get(person.id) === other.id ? 1 : 0;
      return { person: person.id, other: other.id, overlap, rank: overlap + kept };
    }),
  );
  const pairs = new Map<string, string>();
  const taken = new Set<string>();
  for (const { person, other, overlap } of candidates.sort((a, b) => b.rank - a.rank)) {
    if (overlap < MATCH_OVERLAP || pairs.has(person) || taken.has(other)) continue;
    pairs.set(person, other);
    taken.add(other);
  }
  return pairs;
}
