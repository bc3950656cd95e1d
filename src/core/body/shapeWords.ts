import { BODY_DENSITY, type BodyMeasures, measureBody } from './bodyMeasures';
import { BETA_COUNT, betasFrom, type BodyModel } from './bodyModel';
import type { Numbers } from './rotations';

/** How far a beta may be from 0, standard deviations: beyond it bodies are no people any more. */
export const BETA_LIMIT = 4;

/** A property of a body's shape that has a beta of its own. */
export interface ShapeTrait {
  id: 'build' | 'age' | 'proportions';
  title: string;
  /** What the low and the high end look like. */
  ends: readonly [string, string];
  /** Index of the beta. */
  beta: number;
  /** 1 when a higher beta means a higher value, else -1. */
  sign: 1 | -1;
}

/** Traits of the default body's betas (its card: resources/body/README.md). */
const DEFAULT_TRAITS: readonly ShapeTrait[] = [
  { id: 'build', title: 'Build', ends: ['female', 'male'], beta: 2, sign: -1 },
  { id: 'age', title: 'Age-like', ends: ['younger', 'older'], beta: 3, sign: 1 },
  { id: 'proportions', title: 'Proportions', ends: ['ordinary', 'idealised'], beta: 4, sign: 1 },
];

/** A shape in human words. */
export interface ShapeWords {
  /** m. */
  stature: number;
  /** kg, an estimate from the volume. */
  mass: number;
  /** -4 to 4 standard deviations of the population; 0 where the body has no such beta. */
  build: number;
  age: number;
  proportions: number;
}

/** Betas for a shape in words, and what they really give. */
export interface ShapedBetas {
  /** 10, each within {@link BETA_LIMIT}. */
  betas: Float64Array;
  measures: BodyMeasures;
  /** True when no body within the limits has the stature and the mass that were asked for; `measures` says the nearest. */
  isClamped: boolean;
}

/** Traits that a body's betas have; none for bodies whose betas nobody has named. */
export function shapeTraits(body: BodyModel): readonly ShapeTrait[] {
  return body.phenotypeToBetas ? DEFAULT_TRAITS : [];
}

const clamp = (value: number): number => Math.min(BETA_LIMIT, Math.max(-BETA_LIMIT, value));

function tenBetas(betas: Numbers): Float64Array {
  return Float64Array.from({ length: BETA_COUNT }, (_, k) => clamp(betas[k] ?? 0));
}

/** The shape of some betas in words. */
export function wordsOfBetas(body: BodyModel, betas: Numbers): ShapeWords {
  const { stature, mass } = measureBody(body, betas);
  const words: ShapeWords = { stature, mass, build: 0, age: 0, proportions: 0 };
  for (const { id, beta, sign } of shapeTraits(body)) words[id] = sign * (betas[beta] ?? 0) || 0;
  return words;
}

/** Body mass index, kg/m2: how heavy somebody is for their stature. */
export function bodyMassIndex({ stature, mass }: Pick<ShapeWords, 'stature' | 'mass'>): number {
  return mass / (stature * stature);
}

/**
 * The same person at another stature (m): the mass goes with its square, so that the body mass index stays. Among adults
 * it hardly depends on stature (Quetelet 1835; Heymsfield et al. 2007: mass goes with about the 1.9th power), whereas one
 * mass at every stature makes tall bodies thin and short ones stout.
 */
export function withStature(words: ShapeWords, stature: number): ShapeWords {
  return { ...words, stature, mass: bodyMassIndex(words) * stature * stature };
}

/** Stature and mass are met to these. */
const STATURE_TOLERANCE = 1e-5;
const MASS_TOLERANCE = 1e-3;
const MOST_STEPS = 40;

/** Distance from what is wanted, in tolerances. */
function missOf(measures: BodyMeasures, wanted: Pick<ShapeWords, 'stature' | 'mass'>): number {
  return Math.hypot(
    (measures.stature - wanted.stature) / STATURE_TOLERANCE,
    (measures.mass - wanted.mass) / MASS_TOLERANCE,
  );
}

/** Newton's step in (beta 0, beta 1) from slopes measured by small changes. */
function newtonStep(
  body: BodyModel,
  betas: Float64Array,
  now: BodyMeasures,
  wanted: Pick<ShapeWords, 'stature' | 'mass'>,
): [number, number] {
  const h = 1e-3;
  const slopes = [0, 1].map((k) => {
    const moved = measureBody(body, betas.with(k, betas[k]! + h));
    return [(moved.stature - now.stature) / h, (moved.mass - now.mass) / h] as const;
  });
  const [[a, c], [b, d]] = slopes as [readonly [number, number], readonly [number, number]];
  const [ds, dm] = [wanted.stature - now.stature, wanted.mass - now.mass];
  const determinant = a * d - b * c;
  if (Math.abs(determinant) < 1e-12) return [0, 0];
  return [(ds * d - dm * b) / determinant, (dm * a - ds * c) / determinant];
}

/**
 * Changes beta 0 and beta 1 (stature and weight in SMPL's format of bodies) until the mesh has the wanted stature (m) and
 * mass (kg); the other betas stay. Outside of what bodies within {@link BETA_LIMIT} have, the nearest that was found.
 */
export function solveMeasures(
  body: BodyModel,
  start: Numbers,
  wanted: Pick<ShapeWords, 'stature' | 'mass'>,
): ShapedBetas {
  let betas = tenBetas(start);
  let measures = measureBody(body, betas);
  for (let step = 0; step < MOST_STEPS && missOf(measures, wanted) > 1; step++) {
    const [d0, d1] = newtonStep(body, betas, measures, wanted);
    let share = 1;
    let next = betas;
    let found = measures;
    // Half the way while the whole way leads further off: the limits and the crown's change of vertex bend the function.
    for (; share > 1 / 64; share /= 2) {
      next = betas.with(0, clamp(betas[0]! + share * d0)).with(1, clamp(betas[1]! + share * d1));
      found = measureBody(body, next);
      if (missOf(found, wanted) < missOf(measures, wanted)) break;
    }
    if (share <= 1 / 64) break;
    [betas, measures] = [next, found];
  }
  return { betas, measures, isClamped: missOf(measures, wanted) > 1 };
}

/**
 * Betas of a shape in words; the inverse of {@link wordsOfBetas}. Betas without a word are taken from `others`.
 * @param others betas to start from, for example those of the estimate
 */
export function betasOfWords(body: BodyModel, words: ShapeWords, others: Numbers = []): ShapedBetas {
  const start = tenBetas(others);
  for (const { id, beta, sign } of shapeTraits(body)) start[beta] = clamp(sign * words[id]);
  return solveMeasures(body, start, words);
}

/**
 * Betas of an ordinary person of a stature (m), a mass (kg) and a gender from 0 (female) to 1 (male): the body file's
 * linear map, then exact. Bodies without such a map start from their mean.
 */
export function betasOfPerson(body: BodyModel, person: { stature: number; mass: number; gender: number }): ShapedBetas {
  const { stature, mass, gender } = person;
  const volume = mass / BODY_DENSITY;
  const start = body.measureToBetas ? betasFrom(body.measureToBetas, [stature, Math.cbrt(volume), gender]) : [];
  return solveMeasures(body, start, person);
}
