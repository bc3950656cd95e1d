import type { Box } from '#core/tracks/box';
import { COCO_KEYPOINT_COUNT, type Detection } from '#core/tracks/track';
import type { ComputeTasks } from '#engine/compute/task';
import type { PersonMotion } from '#engine/estimation/estimator';
import { findEstimator } from '#engine/estimation/registry';

/** Reach of the fake fit through time, frames: as far as the estimator says that a change goes. */
const REACH = 12;

/** Somebody in a made-up video. */
export interface Actor {
  /** Frames on which the person is to be seen. */
  seen: (frame: number) => boolean;
  boxAt: (frame: number) => Box;
}

/** Somebody who walks from `x` px on, seen on the frames `[from, to)`. */
export function walker(x: number, from = 0, to = Infinity): Actor {
  return {
    seen: (frame) => frame >= from && frame < to,
    boxAt: (frame) => ({ x: x + frame * 0.3, y: 200 + 10 * Math.sin(frame / 20), width: 120, height: 400 }),
  };
}

/** What a detector finds of somebody in a box. */
export function detectionOf(box: Box): Detection {
  const keypoints = new Float32Array(COCO_KEYPOINT_COUNT * 3);
  for (let point = 0; point < COCO_KEYPOINT_COUNT; point++) {
    const across = 0.5 + 0.3 * Math.sin(point * 2.1);
    keypoints.set([box.x + box.width * across, box.y + (box.height * (point + 0.5)) / 17, 0.9], point * 3);
  }
  return { box, score: 0.9, keypoints };
}

/** A fit that is as local as the real one: a row is the mean of what was seen within its reach. */
export function fakeSolve({ track, changed, previous }: ComputeTasks['solve']['input']): PersonMotion {
  const length = changed.to - changed.from;
  const size = track.observations.length / track.length;
  const meanOf = (from: number, to: number, value: number): number => {
    let sum = 0;
    let rows = 0;
    for (let row = Math.max(0, from); row < Math.min(track.length, to); row++) {
      if (track.present[row] !== 1) continue;
      sum += track.observations[row * size + value] ?? 0;
      rows += 1;
    }
    return rows === 0 ? 0 : sum / rows;
  };
  const motion: PersonMotion = {
    start: changed.from,
    length,
    present: new Uint8Array(length),
    poses: new Float32Array(length * 72),
    translations: new Float32Array(length * 3),
    betas: previous ? previous.betas : Float32Array.from({ length: 10 }, (_, k) => meanOf(0, track.length, k)),
    confidences: new Float32Array(length),
  };
  for (let index = 0; index < length; index++) {
    const row = changed.from - track.start + index;
    if (track.present[row] !== 1) continue;
    motion.present[index] = 1;
    motion.poses[index * 72] = meanOf(row - REACH, row + REACH + 1, 0) / 1000;
    motion.translations.set([0, 0, 3 + meanOf(row, row + 1, 1) / 1000], index * 3);
    motion.confidences[index] = 0.5;
  }
  return motion;
}

/** What an observer sees of somebody in a box of a frame. */
export function observationOf(box: Box, frameIndex: number, quality: string): Float32Array {
  const values = new Float32Array(findEstimator('blazepose').observationLength);
  values.set([box.x + frameIndex, box.y, box.width, box.height, frameIndex % 7, quality.length]);
  return values;
}

/** How a fake judges: by one number of each pose. */
export function fakeJudge({ rows }: ComputeTasks['judge']['input']): ComputeTasks['judge']['output'] {
  return { judge: 'kinematics', scores: rows.poses.filter((_, at) => at % 72 === 0).map(Math.abs) };
}
