import { solveSmall } from '../algebra/solveSmall';
import type { StandingContacts } from './standingContacts';

/** A direction in camera axes, unit length. */
export type Direction = readonly [x: number, y: number, z: number];

/** A person who may stand on the common ground. */
export interface GroundedPerson {
  contacts: StandingContacts;
  /** m: how tall the person is taken to be. */
  stature: number;
  /** True when a human said how tall: such a person is not made larger or smaller, others are brought to where they stand. */
  isStatureGiven?: boolean;
}

/** One plane that people stand on, as seen from the camera. */
export interface CommonGround {
  /** Normal of the plane. */
  up: Direction;
  /** m from the plane up to the camera. */
  cameraHeight: number;
  /** By what each person is to be larger and farther from the camera; exactly 1 for those who stay as they are. */
  scales: number[];
  /** True for whoever stands on it with that scale. */
  stands: boolean[];
}

/**
 * Numbers that were chosen, in one place, on three real clips and the sample. Statures of adults of one sex have a standard
 * deviation of about 4 % (some 7 cm); the fit takes some of what is between people from the picture.
 */
const GROUND = {
  /** By how much of its distance from the camera a standing sole is off the plane. */
  contact: 0.01,
  /** Geman-McClure width in these, wide at first so that a tilt that is off does not hide who stands together. */
  widths: [32, 16, 8, 4, 3],
  /** Steps at each width. */
  steps: 4,
  /** Observations that contacts of one person are worth at most, since they share the person's errors, and s of standing for half of them. */
  observations: 24,
  halfObserved: 6,
  /** rad by which up may be off. */
  tilt: (4 / 180) * Math.PI,
  /** rad of tilt beyond which something else than one ground was found. */
  mostTilt: (15 / 180) * Math.PI,
  /** Standard deviation of a person's size (logarithm), and of one that was given. */
  size: 0.04,
  givenSize: 1e-4,
  /** Farther than this (logarithm) nobody is brought to the ground: they stand on something else. */
  farthest: 0.13,
  /** m: nobody is made shorter or taller than this. */
  statures: [1.3, 2.1],
  /** A person stands on the plane when this share of the standing time is so near to it, in shares of the distance. */
  share: 0.5,
  near: 0.025,
  /** s of standing below which a person says nothing. */
  leastStanding: 0.1,
} as const;

/** What one person adds to the search: heights along the axes of the prior up, and how much they count. */
interface Evidence {
  count: number;
  /** count x 3: along up, and along the two directions in which it may tilt, m. */
  places: Float64Array;
  /** Sum to what the person's standing is worth. */
  weights: Float64Array;
  /** m from the camera. */
  distances: Float64Array;
  sizeDeviation: number;
}

/** The unknowns: the plane and the logarithm of each person's scale. */
interface Unknowns {
  /** Of the normal along the two tilt directions over that along up, then m from plane to camera. */
  plane: [number, number, number];
  sizes: Float64Array;
}

/**
 * The ground that people share (decision 0019). Every person's place in space hangs on the stature that is assumed: scaled
 * about the camera a person looks the same and stands elsewhere. People of one clip mostly stand on one floor, so the
 * plane and the scales are sought together that put standing soles on it: maximum a posteriori over the normal (near
 * `up`), the plane's distance and the scales (near 1), robust against feet that stand on something else, by iteratively
 * reweighted Gauss-Newton in which each scale is eliminated. Who does not come to it within a plausible stature is left
 * out and keeps a scale of 1. Deterministic; people's order matters to rounding only.
 * @returns undefined where fewer than two people stand on one ground
 */
export function findCommonGround(people: readonly GroundedPerson[], up: Direction): CommonGround | undefined {
  const [right, forward] = tiltDirections(up);
  const takesPart = people.map(({ contacts }) => sum(contacts.weights) >= GROUND.leastStanding);
  const evidence = people.map((person) => evidenceOf(person, [up, right, forward]));
  for (;;) {
    const members = people.flatMap((_, k) => (takesPart[k] ? [k] : []));
    if (members.length < 2) return undefined;
    const found = search(members.map((k) => evidence[k]!));
    const leaving = leavingOf(people, evidence, members, found);
    if (leaving.length === 0) return groundOf(found, members, people.length, [up, right, forward]);
    for (const k of leaving) takesPart[k] = false;
  }
}

/**
 * Who of the members has to go before the rest is looked at again: the worse half of those who do not stand on the plane,
 * as some may stand on it once the others pull no more; the worst of all where the plane itself cannot be.
 */
function leavingOf(
  people: readonly GroundedPerson[],
  evidence: readonly Evidence[],
  members: readonly number[],
  found: Unknowns,
): number[] {
  const width = GROUND.widths[GROUND.widths.length - 1]!;
  const costs = members.map((k, at) => personCost(evidence[k]!, found.plane, found.sizes[at]!, width));
  const isSteep = Math.atan(Math.hypot(found.plane[0], found.plane[1])) > GROUND.mostTilt;
  const failing = members
    .map((k, at) => ({ k, cost: costs[at]!, stands: standsOn(people[k]!, evidence[k]!, found, found.sizes[at]!) }))
    .filter(({ stands }) => isSteep || !stands)
    .sort((a, b) => b.cost - a.cost);
  return failing.slice(0, isSteep ? 1 : Math.ceil(failing.length / 2)).map(({ k }) => k);
}

function groundOf(
  { plane, sizes }: Unknowns,
  members: readonly number[],
  count: number,
  [up, right, forward]: readonly [Direction, Direction, Direction],
): CommonGround {
  const scales = new Array<number>(count).fill(1);
  const stands = new Array<boolean>(count).fill(false);
  members.forEach((k, at) => {
    scales[k] = Math.exp(sizes[at]!);
    stands[k] = true;
  });
  const length = Math.hypot(1, plane[0], plane[1]);
  const normal = [0, 1, 2].map((c) => (up[c]! + plane[0] * right[c]! + plane[1] * forward[c]!) / length);
  return { up: normal as [number, number, number], cameraHeight: plane[2] / length, scales, stands };
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}

function evidenceOf({ contacts, isStatureGiven }: GroundedPerson, axes: readonly Direction[]): Evidence {
  const { places, weights } = contacts;
  const seconds = sum(weights);
  const worth = (GROUND.observations * seconds) / (seconds + GROUND.halfObserved);
  const along = new Float64Array(places.length);
  for (let at = 0; at < places.length; at += 3) {
    axes.forEach(([x, y, z], c) => {
      along[at + c] = x * places[at]! + y * places[at + 1]! + z * places[at + 2]!;
    });
  }
  return {
    count: weights.length,
    places: along,
    weights: weights.map((weight) => (weight / Math.max(1e-9, seconds)) * worth),
    distances: weights.map((_, i) => Math.hypot(places[i * 3]!, places[i * 3 + 1]!, places[i * 3 + 2]!)),
    sizeDeviation: isStatureGiven ? GROUND.givenSize : GROUND.size,
  };
}

/** Two directions across `up` and each other: as near to the camera's right and to its view as may be. */
function tiltDirections([x, y, z]: Direction): [Direction, Direction] {
  const across = Math.hypot(x, y);
  const right: Direction = across > 1e-6 ? [-y / across, x / across, 0] : [1, 0, 0];
  return [right, [y * right[2] - z * right[1], z * right[0] - x * right[2], x * right[1] - y * right[0]]];
}

/** m by which contact `i` lies above the plane that its person is brought to by `scale`. */
function heightOver(
  { places }: Evidence,
  i: number,
  [right, forward, distance]: Unknowns['plane'],
  scale: number,
): number {
  const at = i * 3;
  return scale * (places[at]! + right * places[at + 1]! + forward * places[at + 2]!) + distance;
}

function standsOn(person: GroundedPerson, evidence: Evidence, { plane }: Unknowns, size: number): boolean {
  const [shortest, tallest] = GROUND.statures;
  const stature = person.stature * Math.exp(size);
  const isPlausible = (stature >= shortest || size > 0) && (stature <= tallest || size < 0);
  if (Math.abs(size) > GROUND.farthest || !isPlausible) return false;
  let near = 0;
  for (let i = 0; i < evidence.count; i++) {
    if (Math.abs(heightOver(evidence, i, plane, Math.exp(size))) <= GROUND.near * evidence.distances[i]!)
      near += evidence.weights[i]!;
  }
  return near >= GROUND.share * sum(evidence.weights);
}

/** The best of searches from low, middle and high grounds: people may stand on several levels. */
function search(members: readonly Evidence[]): Unknowns {
  const heights = members.map(middleHeight).sort((a, b) => a - b);
  const starts = [0.2, 0.5, 0.8].map((share) => heights[Math.round(share * (heights.length - 1))]!);
  let best: { cost: number; unknowns: Unknowns } | undefined;
  for (const start of new Set(starts)) {
    const unknowns: Unknowns = { plane: [0, 0, start], sizes: new Float64Array(members.length) };
    for (const width of GROUND.widths)
      for (let step = 0; step < GROUND.steps; step++) improve(members, unknowns, width);
    const cost = costOf(members, unknowns, GROUND.widths[GROUND.widths.length - 1]!);
    if (!best || cost < best.cost) best = { cost, unknowns };
  }
  return best!.unknowns;
}

/** Weighted median of how far the contacts lie below the camera, m. */
function middleHeight({ places, weights, count }: Evidence): number {
  const order = Array.from({ length: count }, (_, i) => i).sort((a, b) => places[b * 3]! - places[a * 3]!);
  let left = sum(weights) / 2;
  for (const i of order) {
    left -= weights[i]!;
    if (left <= 0) return -places[i * 3]!;
  }
  return 0;
}

function costOf(members: readonly Evidence[], { plane, sizes }: Unknowns, width: number): number {
  const tilt = (plane[0] ** 2 + plane[1] ** 2) / GROUND.tilt ** 2;
  return members.reduce((sum, member, k) => sum + personCost(member, plane, sizes[k]!, width), tilt);
}

function personCost(member: Evidence, plane: Unknowns['plane'], size: number, width: number): number {
  let cost = (size / member.sizeDeviation) ** 2;
  for (let i = 0; i < member.count; i++) {
    const deviation = GROUND.contact * member.distances[i]!;
    const squared = (heightOver(member, i, plane, Math.exp(size)) / deviation) ** 2;
    cost += (member.weights[i]! * width ** 2 * squared) / (width ** 2 + squared);
  }
  return cost;
}

/** One Gauss-Newton step of plane and scales. */
function improve(members: readonly Evidence[], unknowns: Unknowns, width: number): void {
  const { plane, sizes } = unknowns;
  const system: PlaneSystem = { matrix: new Float64Array(9), vector: new Float64Array(3) };
  const prior = 1 / GROUND.tilt ** 2;
  for (const c of [0, 1]) {
    system.matrix[c * 3 + c] = prior;
    system.vector[c] = -prior * plane[c]!;
  }
  system.matrix[8] = 1e-9;
  const answers = members.map((member, k) => addPerson(member, plane, sizes[k]!, width, system));
  const move = solveSmall(system.matrix, system.vector, 3);
  answers.forEach(({ coupling, own, right }, k) => {
    const shared = coupling[0] * move[0]! + coupling[1] * move[1]! + coupling[2] * move[2]!;
    sizes[k]! += (right - shared) / own;
  });
  for (let c = 0; c < 3; c++) plane[c]! += move[c]!;
}

/** Normal equations of the plane, from which those of the scales are eliminated. */
interface PlaneSystem {
  /** 3 x 3. */
  matrix: Float64Array;
  /** 3, the right side. */
  vector: Float64Array;
}

/** How the scale of one person answers to the plane: own * step + coupling . move = right. */
interface Answer {
  coupling: [number, number, number];
  own: number;
  right: number;
}

function addPerson(
  member: Evidence,
  plane: Unknowns['plane'],
  size: number,
  width: number,
  { matrix, vector }: PlaneSystem,
): Answer {
  const scale = Math.exp(size);
  const answer: Answer = {
    coupling: [0, 0, 0],
    own: 1 / member.sizeDeviation ** 2,
    right: -size / member.sizeDeviation ** 2,
  };
  const slopes = [0, 0, 1];
  for (let i = 0; i < member.count; i++) {
    const height = heightOver(member, i, plane, scale);
    const deviation = GROUND.contact * member.distances[i]!;
    const share = width ** 2 / (width ** 2 + (height / deviation) ** 2);
    const weight = (member.weights[i]! * share * share) / deviation ** 2;
    slopes[0] = scale * member.places[i * 3 + 1]!;
    slopes[1] = scale * member.places[i * 3 + 2]!;
    const slope = height - plane[2];
    for (let r = 0; r < 3; r++) {
      for (let c = 0; c < 3; c++) matrix[r * 3 + c]! += weight * slopes[r]! * slopes[c]!;
      vector[r]! -= weight * slopes[r]! * height;
      answer.coupling[r]! += weight * slopes[r]! * slope;
    }
    answer.own += weight * slope * slope;
    answer.right -= weight * slope * height;
  }
  const { coupling, own, right } = answer;
  for (let r = 0; r < 3; r++) {
    for (let c = 0; c < 3; c++) matrix[r * 3 + c]! -= (coupling[r]! * coupling[c]!) / own;
    vector[r]! -= (coupling[r]! * right) / own;
  }
  return answer;
}
