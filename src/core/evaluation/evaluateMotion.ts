import { AppError } from '../errors';
import { intersectionOverUnion } from '../tracks/box';
import { type IdentityScore, scoreIdentities } from './identities';
import { mean, vertexErrors } from './jointErrors';
import { commonFrames } from './jointSeries';
import type { MotionFile, PersonSeries } from './motionFiles';
import { type MotionScore, scoreMotion } from './motionScore';

/** Figures of one true person. */
export interface PersonEvaluation {
  truth: string;
  /** Who of the estimate was compared; undefined when nobody matches. */
  estimate?: string;
  score?: MotionScore;
  /** Mean distance of limb joints in the picture, % of the box height. */
  pictureError?: number;
}

/** All figures of an evaluation. */
export interface Evaluation {
  people: PersonEvaluation[];
  identities: IdentityScore;
}

/** How well two people's boxes agree over the clip: sum of overlaps; by joints in 3D where there are no boxes. */
function affinity(a: PersonSeries, b: PersonSeries): number {
  let sum = 0;
  a.boxes.forEach((box, frame) => {
    const other = b.boxes[frame];
    if (box && other) sum += intersectionOverUnion(box, other);
  });
  return sum;
}

function bestMatch(truth: PersonSeries, estimate: MotionFile, taken: ReadonlySet<string>): PersonSeries | undefined {
  const free = estimate.people.filter((person) => !taken.has(person.id));
  const ranked = free.map((person) => ({ person, score: affinity(truth, person) })).sort((a, b) => b.score - a.score);
  const [first] = ranked;
  if (first && first.score > 0) return first.person;
  // With one person, and boxes on one side at most, only the same one can be meant.
  const boxless = [truth, ...estimate.people].some(({ boxes }) => boxes.every((box) => box === undefined));
  return estimate.people.length === 1 && boxless ? free[0] : undefined;
}

/** Mean distance between the joints of both in the picture, % of the true box height. */
function pictureErrorOf(truth: PersonSeries, estimate: PersonSeries): number {
  const errors: number[] = [];
  for (let frame = 0; frame < truth.picture.frames; frame++) {
    const box = truth.boxes[frame];
    if (!box || truth.joints.present[frame] !== 1 || estimate.joints.present[frame] !== 1) continue;
    for (let joint = 0; joint < truth.picture.joints; joint++) {
      const at = (frame * truth.picture.joints + joint) * 2;
      const dx = (truth.picture.positions[at] ?? 0) - (estimate.picture.positions[at] ?? 0);
      const dy = (truth.picture.positions[at + 1] ?? 0) - (estimate.picture.positions[at + 1] ?? 0);
      errors.push((100 * Math.hypot(dx, dy)) / box.height);
    }
  }
  return mean(errors);
}

function boxesByFrame(file: MotionFile): { id: string; box: NonNullable<PersonSeries['boxes'][number]> }[][] {
  return Array.from({ length: file.frameCount }, (_, frame) =>
    file.people.flatMap(({ id, boxes }) => {
      const box = boxes[frame];
      return box ? [{ id, box }] : [];
    }),
  );
}

/** Frames per second of both; a file that does not say has the other's. */
function commonRate(estimate: MotionFile, truth: MotionFile): number {
  const rate = truth.fps ?? estimate.fps;
  if (rate === undefined) {
    throw new AppError('INVALID_ARGUMENT', 'Neither the result nor the truth says its frame rate.', {
      hint: 'Give the rate of the video with --fps.',
    });
  }
  if (Math.abs((estimate.fps ?? rate) - rate) > 0.01) {
    throw new AppError('INVALID_ARGUMENT', `The result has ${estimate.fps} fps and the truth ${truth.fps} fps.`, {
      hint: 'Export the joints at the rate of the video.',
    });
  }
  return rate;
}

/** PVE in mm; undefined when a side has no meshes or the topologies differ. */
function pveOf(estimate: PersonSeries, truth: PersonSeries): number | undefined {
  if (!estimate.mesh || !truth.mesh) return undefined;
  const errors = vertexErrors(estimate.mesh, truth.mesh, commonFrames(estimate.joints, truth.joints));
  return errors.length === 0 ? undefined : mean(errors) * 1000;
}

/**
 * Compares an estimate with the truth, person by person; true people pair with estimated ones by their boxes.
 * @throws AppError INVALID_ARGUMENT when the two cannot be of the same clip
 */
export function evaluateMotion(estimate: MotionFile, truth: MotionFile): Evaluation {
  const rate = commonRate(estimate, truth);
  const taken = new Set<string>();
  const people = truth.people.map((person): PersonEvaluation => {
    const match = bestMatch(person, estimate, taken);
    if (!match) return { truth: person.id };
    taken.add(match.id);
    const score = scoreMotion({ estimate: match.joints, reference: person.joints, rate });
    const pve = pveOf(match, person);
    return {
      truth: person.id,
      estimate: match.id,
      score: { ...score, ...(pve === undefined ? {} : { pve }) },
      pictureError: pictureErrorOf(person, match),
    };
  });
  return { people, identities: scoreIdentities(boxesByFrame(truth), boxesByFrame(estimate)) };
}
