/** Joints of one person over a run of frames, in the order of {@link LIMB_JOINTS} or any other that both sides share. */
export interface JointSeries {
  frames: number;
  /** Joints per frame. */
  joints: number;
  /** frames x joints x 3, m. */
  positions: ArrayLike<number>;
  /** 1 where the frame has a value; all frames have one when absent. */
  present?: ArrayLike<number>;
}

/**
 * The 12 limb joints that every method has, as SMPL joint indices: hips, knees, ankles, shoulders, elbows, wrists, left
 * before right. The first two are the hips, whose middle is the root of every root-relative figure.
 */
export const LIMB_JOINTS = [1, 2, 4, 5, 7, 8, 16, 17, 18, 19, 20, 21] as const;

/** BlazePose landmarks of the {@link LIMB_JOINTS}. */
export const LIMB_LANDMARKS = [23, 24, 25, 26, 27, 28, 11, 12, 13, 14, 15, 16] as const;

/** Places of the ankles among {@link LIMB_JOINTS}. */
export const LIMB_ANKLES = [4, 5] as const;

/** Picks joints out of a series of more of them, for example the 12 limbs out of 24. */
export function selectJoints(series: JointSeries, indices: readonly number[]): JointSeries {
  const positions = new Float64Array(series.frames * indices.length * 3);
  for (let frame = 0; frame < series.frames; frame++) {
    indices.forEach((joint, k) => {
      for (let c = 0; c < 3; c++) {
        positions[(frame * indices.length + k) * 3 + c] =
          series.positions[(frame * series.joints + joint) * 3 + c] ?? Number.NaN;
      }
    });
  }
  return {
    frames: series.frames,
    joints: indices.length,
    positions,
    ...(series.present ? { present: series.present } : {}),
  };
}

/** Frames that both series have. */
export function commonFrames(a: JointSeries, b: JointSeries): number[] {
  const frames: number[] = [];
  for (let frame = 0; frame < Math.min(a.frames, b.frames); frame++) {
    if ((a.present?.[frame] ?? 1) !== 0 && (b.present?.[frame] ?? 1) !== 0) frames.push(frame);
  }
  return frames;
}

/** One frame of a series moved so that the middle of its first two joints is the origin: joints x 3. */
export function aboutHips(series: JointSeries, frame: number): Float64Array {
  const base = frame * series.joints * 3;
  const out = new Float64Array(series.joints * 3);
  for (let c = 0; c < 3; c++) {
    const root = (series.positions[base + c]! + series.positions[base + 3 + c]!) / 2;
    for (let joint = 0; joint < series.joints; joint++) {
      out[joint * 3 + c] = series.positions[base + joint * 3 + c]! - root;
    }
  }
  return out;
}
