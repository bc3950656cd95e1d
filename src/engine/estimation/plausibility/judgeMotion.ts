import type { Session } from '../../inference/session';
import { BODY_POSE_LENGTH as BODY_POSE } from '../../weights/vibe/motionDiscriminator';
import { AppError } from '#core/errors';
import { spansWhere } from '#core/frames/span';
import { kinematicScores, type PosedTrack } from './kinematicScore';

/** How much the motion around each frame looks like a person's. */
export interface Plausibility {
  /** Who judged: VIBE's motion discriminator, or rules of joint limits, acceleration and bone lengths. */
  judge: 'motion-discriminator' | 'kinematics';
  /** A row a frame, 0 (impossible) to 1 (natural); NaN where there is nothing to judge. */
  scores: Float32Array;
}

/** Frames that the discriminator was trained on at once. */
export const WINDOW = 16;
/** Frames from one window to the next: every frame is judged about four times. */
export const STRIDE = 4;
/** Windows in one run of the network. */
const BATCH = 32;

/**
 * The score of a track, by the discriminator where a checkpoint carries one, else by {@link kinematicScores}.
 * @param discriminator what `compileMotionDiscriminator` made
 */
export async function judgeMotion(
  track: PosedTrack,
  discriminator: Session | undefined,
  signal?: AbortSignal,
): Promise<Plausibility> {
  if (discriminator === undefined) return { judge: 'kinematics', scores: kinematicScores(track) };
  return { judge: 'motion-discriminator', scores: await discriminatorScores(track, discriminator, signal) };
}

/**
 * Mean over all windows that hold a frame of what the motion discriminator says of the window, clamped to 0..1: it was
 * trained to say 1 to captured motion and 0 to made-up (least squares, reference vibe-smpl 9). It knows motion at about 25
 * fps. A run of fewer than {@link WINDOW} frames is one shorter window; a single frame is no motion and gets NaN.
 */
export async function discriminatorScores(
  { poses, present }: Pick<PosedTrack, 'poses' | 'present'>,
  discriminator: Session,
  signal?: AbortSignal,
): Promise<Float32Array> {
  const sums = new Float64Array(present.length);
  const counts = new Uint32Array(present.length);
  for (const { from, to } of spansWhere(present.length, (row) => present[row] === 1)) {
    const length = Math.min(WINDOW, to - from);
    if (length < 2) continue;
    const starts: number[] = [];
    for (let start = from; start < to - length; start += STRIDE) starts.push(start);
    starts.push(to - length);
    for (let first = 0; first < starts.length; first += BATCH) {
      signal?.throwIfAborted();
      const part = starts.slice(first, first + BATCH);
      const judged = await judgeWindows(poses, part, length, discriminator);
      part.forEach((start, n) => {
        for (let row = start; row < start + length; row++) {
          sums[row]! += judged[n]!;
          counts[row]! += 1;
        }
      });
    }
  }
  return Float32Array.from(sums, (sum, row) => (counts[row] === 0 ? Number.NaN : sum / counts[row]!));
}

/** One score, 0 to 1, for each window of `length` rows. */
async function judgeWindows(
  poses: ArrayLike<number>,
  starts: readonly number[],
  length: number,
  discriminator: Session,
): Promise<number[]> {
  const count = starts.length;
  const data = new Float32Array(length * count * BODY_POSE);
  for (let t = 0; t < length; t++) {
    starts.forEach((start, n) => {
      // The root's orientation, the first three numbers of a row, is not looked at.
      const from = (start + t) * (BODY_POSE + 3) + 3;
      for (let k = 0; k < BODY_POSE; k++) data[(t * count + n) * BODY_POSE + k] = poses[from + k]!;
    });
  }
  const { scores } = await discriminator.run({ poses: { data, dims: [length, count, BODY_POSE] } });
  const outputs = (scores?.data.length ?? 0) / count;
  if (scores === undefined || !(outputs >= 1)) {
    throw new AppError('MODEL_INVALID', 'The motion discriminator gave no score for each window', {
      hint: 'Import the checkpoint again.',
    });
  }
  return starts.map((_, n) => {
    let sum = 0;
    for (let k = 0; k < outputs; k++) sum += scores.data[n * outputs + k]!;
    return Math.min(1, Math.max(0, sum / outputs));
  });
}
