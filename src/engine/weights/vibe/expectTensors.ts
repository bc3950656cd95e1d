import { AppError } from '#core/errors';
import type { WeightTensor, WeightTensors } from '../weightTensor';

/** A tensor that a compiler needs: its key without prefix, and its shape. */
export interface ExpectedTensor {
  key: string;
  shape: readonly number[];
}

/** Tensors that are known to be there, by their key without prefix. */
export interface FoundTensors {
  /** Values of an expected tensor, row-major. */
  data(key: string): Float32Array;
}

/** Problems that fit in one message; the rest is counted, and `details.problems` has all of them. */
const PROBLEMS_SHOWN = 24;

/**
 * Checks that every expected tensor is there with its shape and finite values. Keys that nobody expects are allowed: a
 * state dict also carries the body model, counters and optimiser state; they are named only beside missing ones, since
 * a renamed key shows up as one missing and one unknown.
 * @param part what is being read, for the message: "temporal encoder"
 * @param prefix of every key in `weights`, for example `encoder.`
 * @throws AppError `WEIGHTS_INVALID` naming every key that is missing, of another shape or not finite
 */
export function expectTensors(
  weights: WeightTensors,
  expected: readonly ExpectedTensor[],
  part: string,
  prefix: string,
): FoundTensors {
  const problems: string[] = [];
  const found = new Map<string, WeightTensor>();
  const missing = expected.filter(({ key }) => !weights.has(prefix + key));
  if (missing.length > 0) problems.push(...missing.map(({ key }) => `${prefix}${key} is missing`));
  for (const { key, shape } of expected) {
    const tensor = weights.get(prefix + key);
    if (tensor === undefined) continue;
    if (!sameShape(tensor.shape, shape)) {
      problems.push(`${prefix}${key} has shape ${written(tensor.shape)} instead of ${written(shape)}`);
    } else {
      const bad = firstNotFinite(tensor.data);
      if (bad !== undefined)
        problems.push(`${prefix}${key} holds ${tensor.data[bad]} at ${bad} (a finite number expected)`);
    }
    found.set(key, tensor);
  }
  if (problems.length > 0) throw invalid(weights, expected, part, prefix, problems);
  return { data: (key) => found.get(key)!.data };
}

/** The indices that follow `stem` in keys, for example 0 and 1 of `encoder.gru.weight_ih_l0` and `..._l1`. */
export function indicesIn(weights: WeightTensors, pattern: RegExp): number[] {
  const indices = new Set<number>();
  for (const key of weights.keys()) {
    const index = pattern.exec(key)?.[1];
    if (index !== undefined) indices.add(Number(index));
  }
  return [...indices].sort((a, b) => a - b);
}

/** A prefix as the beginning of a regular expression. */
export function escaped(prefix: string): string {
  return `^${prefix.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`;
}

function invalid(
  weights: WeightTensors,
  expected: readonly ExpectedTensor[],
  part: string,
  prefix: string,
  problems: readonly string[],
): AppError {
  const known = new Set(expected.map(({ key }) => prefix + key));
  const unknown = [...weights.keys()].filter((key) => key.startsWith(prefix) && !known.has(key));
  const missing = expected.filter(({ key }) => !weights.has(prefix + key)).length;
  const shown =
    missing === expected.length
      ? [`none of its ${missing} tensors is there (${prefix}${expected[0]?.key ?? ''}, ...)`]
      : problems.slice(0, PROBLEMS_SHOWN);
  const rest = missing === expected.length ? 0 : problems.length - shown.length;
  const also = missing > 0 && unknown.length > 0 ? `; not expected there: ${listed(unknown)}` : '';
  return new AppError(
    'WEIGHTS_INVALID',
    `The weights of the ${part} do not fit: ${shown.join('; ')}${rest > 0 ? ` and ${rest} more` : ''}${also}.`,
    {
      hint: 'Choose the checkpoint as its authors published it; one that is still downloading or was edited will not do.',
      details: { problems, unknown },
    },
  );
}

function listed(keys: readonly string[]): string {
  const shown = keys.slice(0, 8);
  return keys.length > shown.length ? `${shown.join(', ')} and ${keys.length - shown.length} more` : shown.join(', ');
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

function written(shape: readonly number[]): string {
  return shape.length === 0 ? 'of a single number' : shape.join(' x ');
}

function firstNotFinite(data: Float32Array): number | undefined {
  for (let at = 0; at < data.length; at++) if (!Number.isFinite(data[at])) return at;
  return undefined;
}
