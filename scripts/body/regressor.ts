import { JOINT, JOINT_COUNT, JOINT_MIRROR, JOINT_PARENTS } from '../../src/core/body/skeleton';
import { nonNegativeLeastSquares } from './linearAlgebra';
import type { Topology } from './topology';

/** T-posed samples with the joints that the skeleton says. */
export interface JointSample {
  /** V * 3. */
  vertices: Float32Array;
  /** 24 * 3. */
  joints: Float64Array;
}

const CANDIDATES = 400;
const SUM_WEIGHT = 200;
const RIDGE = 0.02;
const SMALLEST = 0.001;

/** Half height of the band of candidates of a centre joint, m. */
const CENTRE_BANDS: ReadonlyMap<number, number> = new Map([
  [JOINT.pelvis, 0.05],
  [JOINT.spine1, 0.05],
  [JOINT.spine2, 0.05],
  [JOINT.spine3, 0.05],
  [JOINT.neck, 0.03],
  [JOINT.head, 0.03],
]);

const CENTRE_OWNERS = [JOINT.pelvis, JOINT.spine1, JOINT.spine2, JOINT.spine3, JOINT.neck, JOINT.head];

/** Vertices that may stand for a joint: near it, and moved by it or its parent. */
function candidatesOf(
  joint: number,
  template: Float64Array,
  weights: Float64Array,
  at: Float64Array,
  topology: Topology,
): number[] {
  const band = CENTRE_BANDS.get(joint);
  const owners = band === undefined ? [joint, JOINT_PARENTS[joint] ?? 0] : CENTRE_OWNERS;
  const distance = (vertex: number): number =>
    Math.hypot(
      template[vertex * 3]! - at[joint * 3]!,
      template[vertex * 3 + 1]! - at[joint * 3 + 1]!,
      template[vertex * 3 + 2]! - at[joint * 3 + 2]!,
    );
  const fits: number[] = [];
  for (let vertex = 0; vertex < topology.eyeStart; vertex++) {
    const share = owners.reduce((sum, owner) => sum + weights[vertex * JOINT_COUNT + owner]!, 0);
    const inBand = band === undefined || Math.abs(template[vertex * 3 + 1]! - at[joint * 3 + 1]!) < band;
    if (share > 0.4 && inBand) fits.push(vertex);
  }
  return fits.sort((a, b) => distance(a) - distance(b) || a - b).slice(0, CANDIDATES);
}

/** Weights over candidates that best predict one joint over all samples: non-negative, summing to one. */
function fitJoint(joint: number, candidates: readonly number[], samples: readonly JointSample[]): Float64Array {
  const n = candidates.length;
  const gram = new Float64Array(n * n).fill(SUM_WEIGHT * SUM_WEIGHT);
  const right = new Float64Array(n).fill(SUM_WEIGHT * SUM_WEIGHT);
  for (let k = 0; k < n; k++) gram[k * n + k]! += RIDGE * RIDGE;
  const row = new Float64Array(n);
  for (const sample of samples) {
    for (let c = 0; c < 3; c++) {
      candidates.forEach((vertex, k) => {
        row[k] = sample.vertices[vertex * 3 + c]!;
      });
      const goal = sample.joints[joint * 3 + c]!;
      for (let i = 0; i < n; i++) {
        right[i]! += row[i]! * goal;
        for (let j = 0; j < n; j++) gram[i * n + j]! += row[i]! * row[j]!;
      }
    }
  }
  return nonNegativeLeastSquares(gram, right);
}

/**
 * The joint regressor, dense 24 x V: solved for centre and left joints, mirrored to the right, symmetric at the centre.
 */
export function fitRegressor(
  topology: Topology,
  template: Float64Array,
  joints: Float64Array,
  weights: Float64Array,
  samples: readonly JointSample[],
): Float64Array {
  const { vertexCount, mirror } = topology;
  const dense = new Float64Array(JOINT_COUNT * vertexCount);
  for (let joint = 0; joint < JOINT_COUNT; joint++) {
    const other = JOINT_MIRROR[joint]!;
    if (other < joint) continue;
    const candidates = candidatesOf(joint, template, weights, joints, topology);
    const found = fitJoint(joint, candidates, samples);
    candidates.forEach((vertex, k) => {
      const value = found[k]! < SMALLEST ? 0 : found[k]!;
      dense[joint * vertexCount + vertex]! += other === joint ? value / 2 : value;
      dense[other * vertexCount + mirror[vertex]!]! += other === joint ? value / 2 : value;
    });
  }
  for (let joint = 0; joint < JOINT_COUNT; joint++) {
    const row = dense.subarray(joint * vertexCount, (joint + 1) * vertexCount);
    const sum = row.reduce((total, value) => total + value, 0);
    for (let vertex = 0; vertex < vertexCount; vertex++) row[vertex]! /= sum;
  }
  return dense;
}

/** Mean distance between regressed and skeleton joints over samples, mm per joint. */
export function regressorErrors(dense: Float64Array, samples: readonly JointSample[]): number[] {
  const vertexCount = dense.length / JOINT_COUNT;
  return Array.from({ length: JOINT_COUNT }, (_, joint) => {
    let total = 0;
    for (const sample of samples) {
      const point = [0, 0, 0];
      for (let vertex = 0; vertex < vertexCount; vertex++) {
        const weight = dense[joint * vertexCount + vertex]!;
        if (weight === 0) continue;
        for (let c = 0; c < 3; c++) point[c]! += weight * sample.vertices[vertex * 3 + c]!;
      }
      total += Math.hypot(...point.map((value, c) => value - sample.joints[joint * 3 + c]!));
    }
    return (total / samples.length) * 1000;
  });
}
