import { symmetricEigen } from './linearAlgebra';
import type { Random } from './random';
import type { Topology } from './topology';
import { vertexAreas, volumeOf } from './topology';

/** The linear shape space of a population. */
export interface ShapeSpace {
  /** V * 3, m: the mean. */
  template: Float64Array;
  /** count x (V * 3), m per standard deviation. */
  directions: Float64Array;
  /** Share of the population's variance that each direction carries. */
  variance: number[];
  /** samples x count, unit variance: the betas of the population. */
  scores: Float64Array;
  /** Area-weighted distance between samples and their reconstruction, mm: mean and 95th percentile over vertices. */
  error: { mean: number; p95: number };
}

/** Gram matrix of the centred samples, vertices weighted by surface area: else face and hands, half of all, dominate. */
function gramMatrix(samples: readonly Float32Array[], mean: Float64Array, areas: Float64Array): Float64Array {
  const count = samples.length;
  const centred = samples.map((sample) => {
    const row = new Float32Array(sample.length);
    for (let at = 0; at < sample.length; at++)
      row[at] = (sample[at]! - mean[at]!) * Math.sqrt(areas[Math.floor(at / 3)]!);
    return row;
  });
  const gram = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    const a = centred[i]!;
    for (let j = 0; j <= i; j++) {
      const b = centred[j]!;
      let sum = 0;
      for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!;
      gram[i * count + j] = sum;
      gram[j * count + i] = sum;
    }
  }
  return gram;
}

function orthonormalise(block: Float64Array, width: number, n: number): void {
  for (let i = 0; i < width; i++) {
    const row = block.subarray(i * n, (i + 1) * n);
    for (let j = 0; j < i; j++) {
      const other = block.subarray(j * n, (j + 1) * n);
      let along = 0;
      for (let k = 0; k < n; k++) along += row[k]! * other[k]!;
      for (let k = 0; k < n; k++) row[k]! -= along * other[k]!;
    }
    const length = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0)) || 1;
    for (let k = 0; k < n; k++) row[k]! /= length;
  }
}

/** Leading eigenvectors (rows) of a symmetric matrix by block iteration. */
function leadingEigen(
  gram: Float64Array,
  n: number,
  count: number,
  random: Random,
): { values: Float64Array; vectors: Float64Array } {
  const width = Math.min(n, count + 20);
  let block: Float64Array = Float64Array.from({ length: width * n }, () => random.normal());
  const multiply = (): Float64Array => {
    const next = new Float64Array(width * n);
    for (let i = 0; i < width; i++) {
      for (let row = 0; row < n; row++) {
        let sum = 0;
        for (let k = 0; k < n; k++) sum += gram[row * n + k]! * block[i * n + k]!;
        next[i * n + row] = sum;
      }
    }
    return next;
  };
  for (let step = 0; step < 60; step++) {
    orthonormalise(block, width, n);
    block = multiply();
  }
  orthonormalise(block, width, n);
  const image = multiply();
  const small = new Float64Array(width * width);
  for (let i = 0; i < width; i++) {
    for (let j = 0; j < width; j++)
      for (let k = 0; k < n; k++) small[i * width + j]! += block[i * n + k]! * image[j * n + k]!;
  }
  const { values, vectors } = symmetricEigen(small, width);
  const result = new Float64Array(count * n);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < width; j++) {
      for (let k = 0; k < n; k++) result[i * n + k]! += vectors[i * width + j]! * block[j * n + k]!;
    }
  }
  return { values: values.slice(0, count), vectors: result };
}

/** How strongly a component must go with gender to be told by it. */
const GENDERED = 0.6;

/**
 * +1 or -1 so that the first direction makes the body taller, a direction that goes with gender is female when positive,
 * and every other one makes the body larger.
 */
function signOf(topology: Topology, template: Float64Array, direction: Float64Array, male: number | undefined): number {
  if (male !== undefined && Math.abs(male) > GENDERED) return male > 0 ? -1 : 1;
  const plus = template.map((value, at) => value + direction[at]!);
  const minus = template.map((value, at) => value - direction[at]!);
  const size = (field: Float64Array): number =>
    male === undefined ? statureOf(field) : volumeOf(topology.triangles, field);
  return size(plus) >= size(minus) ? 1 : -1;
}

/** Correlation of a component's scores (mean 0) with gender. */
function genderCorrelation(scores: Float64Array, genders: readonly number[]): number {
  const mean = genders.reduce((sum, gender) => sum + gender, 0) / genders.length;
  let [product, a, b] = [0, 0, 0];
  genders.forEach((gender, k) => {
    product += scores[k]! * (gender - mean);
    a += scores[k]! ** 2;
    b += (gender - mean) ** 2;
  });
  return product / Math.sqrt(a * b);
}

/** Height of the highest point over the lowest, m. */
export function statureOf(vertices: ArrayLike<number>): number {
  let [low, high] = [Infinity, -Infinity];
  for (let at = 1; at < vertices.length; at += 3) {
    low = Math.min(low, vertices[at]!);
    high = Math.max(high, vertices[at]!);
  }
  return high - low;
}

/**
 * Principal components of T-posed samples; scores have unit variance, so betas are standard deviations.
 * @param genders 0 female to 1 male, one per sample: fixes a sign
 */
export function buildShapeSpace(
  topology: Topology,
  samples: readonly Float32Array[],
  genders: readonly number[],
  count: number,
  random: Random,
): ShapeSpace {
  const n = samples.length;
  const size = topology.vertexCount * 3;
  const template = new Float64Array(size);
  for (const sample of samples) for (let at = 0; at < size; at++) template[at]! += sample[at]! / n;
  const areas = vertexAreas(topology, template);
  const gram = gramMatrix(samples, template, areas);
  const { values, vectors } = leadingEigen(gram, n, count, random);
  let trace = 0;
  for (let k = 0; k < n; k++) trace += gram[k * n + k]!;
  const scores = new Float64Array(n * count);
  const directions = new Float64Array(count * size);
  for (let k = 0; k < count; k++) {
    const direction = directions.subarray(k * size, (k + 1) * size);
    samples.forEach((sample, i) => {
      const score = Math.sqrt(n - 1) * vectors[k * n + i]!;
      for (let at = 0; at < size; at++) direction[at]! += (score / (n - 1)) * (sample[at]! - template[at]!);
    });
    const male = k === 0 ? undefined : genderCorrelation(vectors.subarray(k * n, (k + 1) * n), genders);
    const sign = signOf(topology, template, direction, male);
    for (let at = 0; at < size; at++) direction[at]! *= sign;
    for (let i = 0; i < n; i++) scores[i * count + k] = sign * Math.sqrt(n - 1) * vectors[k * n + i]!;
  }
  const variance = Array.from(values, (value) => value / trace);
  return {
    template,
    directions,
    variance,
    scores,
    error: reconstructionError(samples, { template, directions, scores }, areas),
  };
}

function reconstructionError(
  samples: readonly Float32Array[],
  space: Pick<ShapeSpace, 'template' | 'directions' | 'scores'>,
  areas: Float64Array,
): ShapeSpace['error'] {
  const size = space.template.length;
  const count = space.directions.length / size;
  const perVertex = new Float64Array(areas.length);
  samples.forEach((sample, i) => {
    const rest = Float64Array.from(sample, (value, at) => value - space.template[at]!);
    for (let k = 0; k < count; k++) {
      const score = space.scores[i * count + k]!;
      for (let at = 0; at < size; at++) rest[at]! -= score * space.directions[k * size + at]!;
    }
    for (let v = 0; v < areas.length; v++) {
      perVertex[v]! += Math.hypot(rest[v * 3]!, rest[v * 3 + 1]!, rest[v * 3 + 2]!) / samples.length;
    }
  });
  const total = areas.reduce((sum, area) => sum + area, 0);
  const mean = perVertex.reduce((sum, error, v) => sum + (error * areas[v]!) / total, 0);
  const sorted = Float64Array.from(perVertex).sort();
  return { mean: mean * 1000, p95: sorted[Math.floor(0.95 * sorted.length)]! * 1000 };
}
