import type { Random } from './random';
import type { SourceAssets } from './source';

/** MakeHuman's macro sliders, 0 to 1 (weight up to 1.2), and shares of origin that sum to 1. */
export interface Phenotype {
  /** 0 female, 1 male. */
  gender: number;
  /** 0.5 = 25 years, 1 = 90 years. */
  age: number;
  muscle: number;
  weight: number;
  height: number;
  proportions: number;
  cup: number;
  firmness: number;
  african: number;
  asian: number;
  caucasian: number;
}

const GENDERS = ['female', 'male'] as const;
const AGES = ['young', 'old'] as const;
const LEVELS = ['min', 'average', 'max'] as const;
const ORIGINS = ['african', 'asian', 'caucasian'] as const;

/** Weights of the three levels; beyond 1 they extrapolate linearly. */
function levels(value: number): Record<(typeof LEVELS)[number], number> {
  return { min: Math.max(0, 1 - 2 * value), average: 1 - Math.abs(2 * value - 1), max: Math.max(0, 2 * value - 1) };
}

/** Every target and its weight for a phenotype, zero ones included (body-model notes, section 2). */
export function targetWeights(person: Phenotype): Map<string, number> {
  const weights = new Map<string, number>();
  const gender = { female: 1 - person.gender, male: person.gender };
  const age = { young: 2 - 2 * person.age, old: 2 * person.age - 1 };
  const [muscle, weight, cup, firmness] = [person.muscle, person.weight, person.cup, person.firmness].map(levels);
  const ends = (value: number): { low: number; high: number } => ({
    low: Math.max(0, 1 - 2 * value),
    high: Math.max(0, 2 * value - 1),
  });
  const [height, proportions] = [ends(person.height), ends(person.proportions)];
  for (const g of GENDERS) {
    for (const a of AGES) {
      for (const origin of ORIGINS)
        weights.set(`macrodetails/${origin}-${g}-${a}`, person[origin] * gender[g] * age[a]);
      for (const m of LEVELS) {
        for (const w of LEVELS) {
          const share = gender[g] * age[a] * (muscle?.[m] ?? 0) * (weight?.[w] ?? 0);
          const name = `${g}-${a}-${m}muscle-${w}weight`;
          weights.set(`macrodetails/universal-${name}`, share);
          weights.set(`macrodetails/height/${name}-minheight`, share * height.low);
          weights.set(`macrodetails/height/${name}-maxheight`, share * height.high);
          weights.set(`macrodetails/proportions/${name}-uncommonproportions`, share * proportions.low);
          weights.set(`macrodetails/proportions/${name}-idealproportions`, share * proportions.high);
          if (g === 'male') continue;
          for (const c of LEVELS) {
            for (const f of LEVELS) {
              // The shape without this family is the average one.
              if (c === 'average' && f === 'average') continue;
              weights.set(`breast/${name}-${c}cup-${f}firmness`, share * (cup?.[c] ?? 0) * (firmness?.[f] ?? 0));
            }
          }
        }
      }
    }
  }
  return weights;
}

/** Names of all targets that {@link targetWeights} speaks of. */
export function targetNames(): string[] {
  return [...targetWeights(AVERAGE).keys()];
}

/** The middle of every slider. */
export const AVERAGE: Phenotype = {
  gender: 0.5,
  age: 0.5,
  muscle: 0.5,
  weight: 0.5,
  height: 0.5,
  proportions: 0.5,
  cup: 0.5,
  firmness: 0.5,
  african: 1 / 3,
  asian: 1 / 3,
  caucasian: 1 / 3,
};

/** Mesh of a phenotype: base plus weighted targets, all 19158 vertices, m. */
export function blendPhenotype(source: SourceAssets, person: Phenotype): Float64Array {
  const positions = Float64Array.from(source.positions);
  for (const [name, weight] of targetWeights(person)) {
    const target = source.targets.get(name);
    if (weight === 0 || !target) continue;
    const { vertices, offsets } = target;
    for (let k = 0; k < vertices.length; k++) {
      const at = vertices[k]! * 3;
      positions[at]! += weight * offsets[k * 3]!;
      positions[at + 1]! += weight * offsets[k * 3 + 1]!;
      positions[at + 2]! += weight * offsets[k * 3 + 2]!;
    }
  }
  return positions;
}

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/** The height slider that gives a stature: MakeHuman's stature is piecewise linear around the middle, m. */
function heightSlider(stature: number, gender: number): number {
  const between = (female: number, male: number): number => female * (1 - gender) + male * gender;
  const [low, middle, high] = [between(1.22, 1.36), between(1.59, 1.73), between(2.31, 2.45)];
  const slider =
    stature < middle ? (0.5 * (stature - low)) / (middle - low) : 0.5 + (0.5 * (stature - middle)) / (high - middle);
  return clamp(slider, 0, 1);
}

/** A random adult: two clear genders with some between, 18 to 75 years, ordinary statures and weights. */
export function samplePhenotype(random: Random): Phenotype {
  const kind = random.uniform();
  const nearEnd = random.gamma(1.2);
  const spread = nearEnd / (nearEnd + random.gamma(8));
  const gender = kind < 0.47 ? spread : kind < 0.94 ? 1 - spread : random.uniform();
  const years = 18 + 57 * random.uniform();
  const stature = 1.625 + 0.13 * gender + (0.065 + 0.007 * gender) * random.normal();
  const heaviness = random.normal();
  const origins = [random.gamma(0.8), random.gamma(0.8), random.gamma(0.8)] as const;
  const total = origins[0] + origins[1] + origins[2];
  return {
    gender,
    age: clamp(0.5 + (years - 25) / 130, 0.5, 1),
    muscle: clamp(0.4 - 0.12 * heaviness + 0.2 * random.normal(), 0, 1),
    weight: clamp(0.62 + 0.27 * heaviness, 0, 1.2),
    height: heightSlider(stature, gender),
    proportions: clamp(0.55 + 0.2 * random.normal(), 0, 1),
    cup: clamp(0.5 + 0.18 * random.normal(), 0, 1),
    firmness: clamp(0.55 + 0.2 * random.normal(), 0, 1),
    african: origins[0] / total,
    asian: origins[1] / total,
    caucasian: origins[2] / total,
  };
}
