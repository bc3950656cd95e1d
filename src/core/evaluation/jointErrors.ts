import { aboutHips, commonFrames, type JointSeries } from './jointSeries';
import type { MeshSeries } from './motionFiles';
import { applySimilarity, fitSimilarity } from './procrustes';

/** Mean distance of corresponding points (count x 3 each), in their unit. */
export function meanDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k + 2 < a.length; k += 3) {
    sum += Math.hypot(a[k]! - b[k]!, a[k + 1]! - b[k + 1]!, a[k + 2]! - b[k + 2]!);
  }
  return sum / (a.length / 3);
}

function frameOf(series: JointSeries, frame: number): Float64Array {
  const size = series.joints * 3;
  return Float64Array.from({ length: size }, (_, k) => series.positions[frame * size + k]!);
}

/** MPJPE of each common frame, m: mean joint distance with the middles of the hips on each other, no rotation, no scale. */
export function hipAlignedErrors(estimate: JointSeries, reference: JointSeries): Float64Array {
  return Float64Array.from(commonFrames(estimate, reference), (frame) =>
    meanDistance(aboutHips(estimate, frame), aboutHips(reference, frame)),
  );
}

/** PA-MPJPE of each common frame, m: mean joint distance after the best similarity of that frame's joints. */
export function procrustesErrors(estimate: JointSeries, reference: JointSeries): Float64Array {
  return Float64Array.from(commonFrames(estimate, reference), (frame) => {
    const source = frameOf(estimate, frame);
    const target = frameOf(reference, frame);
    return meanDistance(applySimilarity(fitSimilarity(source, target), source), target);
  });
}

/**
 * PVE of each frame that both have, m: mean distance of corresponding vertices, each side without its translation and
 * otherwise as it is (reference vibe-smpl 8). Empty when the meshes have different numbers of vertices.
 */
export function vertexErrors(estimate: MeshSeries, reference: MeshSeries, frames: readonly number[]): number[] {
  if (estimate.vertexCount !== reference.vertexCount) return [];
  return frames.flatMap((frame) => {
    const [own, truth] = [estimate.at(frame), reference.at(frame)];
    return own && truth ? [meanDistance(own, truth)] : [];
  });
}

/** Mean of a list; NaN when it is empty. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < values.length; k++) sum += values[k]!;
  return sum / values.length;
}
