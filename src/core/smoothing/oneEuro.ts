import { axisAngleToQuaternion, type Numbers, quaternionToAxisAngle, slerpQuaternions } from '../body/rotations';

/** How strongly a One-Euro filter smooths (Casiez, Roussel, Vogel: 1 Euro Filter, CHI 2012; reference vibe-smpl 11). */
export interface OneEuroOptions {
  /** Cut-off at rest: lower is smoother and later. */
  minCutoff: number;
  /** How much the cut-off rises with speed: higher follows quick motion better. */
  beta: number;
  /** Cut-off of the speed itself. */
  speedCutoff: number;
}

/** VIBE's setting, per frame and not per second: its strength changes with the frame rate. */
export const VIBE_ONE_EURO: OneEuroOptions = { minCutoff: 0.004, beta: 0.7, speedCutoff: 1 };

/**
 * Retake's setting for {@link smoothRotations}: cut-offs in Hz, beta in Hz per rad/s. Measured on one joint at 30 fps with
 * 30 mrad of noise, error in mrad beside VIBE's setting: at rest 18 / 16, 0.4 rad at 0.5 Hz 25 / 37, 0.6 rad at 1 Hz
 * 33 / 56, 1 rad at 2 Hz 47 / 81: what it gives up at rest it gains many times over in motion.
 */
export const ROTATION_ONE_EURO: OneEuroOptions = { minCutoff: 1, beta: 3, speedCutoff: 4 };

/** Share of a new value in a low-pass with this cut-off after the time `dt` (in the inverse unit of the cut-off). */
function gain(dt: number, cutoff: number): number {
  const ratio = 2 * Math.PI * cutoff * dt;
  return ratio / (ratio + 1);
}

/**
 * The filter as VIBE applies it: every number of every row by itself, one row a time step, whatever the rows mean; the
 * speed is taken against the filtered value. Axis-angles that flip at pi are smeared over some rows; see
 * {@link smoothRotations}.
 * @param values rows x width, for VIBE n x 72 axis-angles, frames without gaps counted as neighbours
 * @returns rows x width
 */
export function smoothAsVibe(values: Numbers, width: number, options: OneEuroOptions = VIBE_ONE_EURO): Float64Array {
  const smoothed = Float64Array.from(values);
  const speedGain = gain(1, options.speedCutoff);
  const speeds = new Float64Array(width);
  for (let at = width; at < smoothed.length; at++) {
    const k = at % width;
    const before = smoothed[at - width]!;
    const change = smoothed[at]! - before;
    speeds[k] = speedGain * change + (1 - speedGain) * speeds[k]!;
    const share = gain(1, options.minCutoff + options.beta * Math.abs(speeds[k]!));
    smoothed[at] = before + share * change;
  }
  return smoothed;
}

/** A run of poses to smooth. */
export interface PoseRun {
  /** rows x joints x 3, axis-angle, rad. */
  poses: Numbers;
  /** Seconds of each row, rising. */
  seconds: Numbers;
  /** 1 where the row is a pose; the filter starts anew after a gap. */
  present: Numbers;
}

/**
 * One-Euro on rotations: each joint's filtered quaternion moves along the arc to the new one, by a share that grows with
 * the joint's angular speed. Nothing jumps where axis-angle flips at pi, and times are seconds, so that the strength does
 * not change with the frame rate or with dropped frames; for that the speed is taken between poses as they came, and
 * low-passed as a vector, in which trembling cancels out.
 * @returns rows x joints x 3 axis-angle, rad, angles of at most pi; rows without a pose are copied
 */
export function smoothRotations(run: PoseRun, options: OneEuroOptions = ROTATION_ONE_EURO): Float64Array {
  const rows = run.seconds.length;
  const width = rows === 0 ? 0 : run.poses.length / rows;
  const smoothed = Float64Array.from(run.poses);
  const joints = Array.from({ length: width / 3 }, () => ({
    state: [1, 0, 0, 0],
    before: [1, 0, 0, 0],
    velocity: [0, 0, 0],
  }));
  const now = [1, 0, 0, 0];
  const turned = [0, 0, 0];
  for (let row = 0; row < rows; row++) {
    if (run.present[row] !== 1) continue;
    const starts = row === 0 || run.present[row - 1] !== 1;
    const dt = starts ? 0 : run.seconds[row]! - run.seconds[row - 1]!;
    const velocityGain = gain(dt, options.speedCutoff);
    joints.forEach(({ state, before, velocity }, joint) => {
      const at = row * width + joint * 3;
      axisAngleToQuaternion(run.poses, now, at);
      if (starts || dt <= 0) {
        for (let k = 0; k < 4; k++) state[k] = now[k]!;
        velocity.fill(0);
      } else {
        turnBetween(before, now, turned);
        for (let c = 0; c < 3; c++) velocity[c]! += velocityGain * (turned[c]! / dt - velocity[c]!);
        const speed = Math.hypot(velocity[0]!, velocity[1]!, velocity[2]!);
        slerpQuaternions(state, now, gain(dt, options.minCutoff + options.beta * speed), state);
        quaternionToAxisAngle(state, smoothed, 0, at);
      }
      for (let k = 0; k < 4; k++) before[k] = now[k]!;
    });
  }
  return smoothed;
}

/** The rotation from unit quaternion `a` to `b` as an axis-angle in the frame of `a`, rad, at most pi. */
function turnBetween(a: readonly number[], b: readonly number[], out: number[]): void {
  const [aw = 1, ax = 0, ay = 0, az = 0] = a;
  const [bw = 1, bx = 0, by = 0, bz = 0] = b;
  const difference = [
    aw * bw + ax * bx + ay * by + az * bz,
    aw * bx - ax * bw - ay * bz + az * by,
    aw * by - ay * bw - az * bx + ax * bz,
    aw * bz - az * bw - ax * by + ay * bx,
  ];
  quaternionToAxisAngle(difference, out);
}
