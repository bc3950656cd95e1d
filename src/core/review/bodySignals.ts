import { JOINT, JOINT_COUNT, JOINT_PARENTS } from '../body/skeleton';
import { ramp, type Report, type ReviewClip, type ReviewMotion } from './signal';

/** Confidence below which a body is suspect, and what a body just below it scores. */
const LOW_CONFIDENCE = 0.35;
const LOW_PLAUSIBILITY = 0.3;
const LOW_SCORE = 0.4;

/** Acceleration of a joint against the pelvis, m/s²: hands of sportspeople reach the first, only mistakes the second. */
const POP = { from: 120, to: 400 };
/** Change of the length of a bone from frame to frame, as a share of it. */
const STRETCH = { from: 0.02, to: 0.1 };
/** Speed of a foot that stands, m/s. */
const SLIP = { from: 0.5, to: 1.5 };
/** A foot stands when it is so near to the lowest point of the feet around, m, */
const STANDING_HEIGHT = 0.05;
/** within so many seconds on both sides, */
const STANDING_SECONDS = 0.4;
/** and moves up or down slower than this, m/s. */
const STANDING_RISE = 0.25;

const FEET = [JOINT.leftFoot, JOINT.rightFoot] as const;

/** Shortest bone that is looked at, m: shorter ones change by rounding. */
const SHORTEST_BONE = 0.02;

/** What the bodies of a person say against them. */
export function bodySignals(motion: ReviewMotion, clip: ReviewClip, report: Report): void {
  const { present, confidences, plausibilities, joints } = motion;
  for (let frame = 0; frame < clip.seconds.length; frame++) {
    if (present[frame] !== 1) continue;
    report(frame, 'lowConfidence', lowScore(confidences[frame] ?? Number.NaN, LOW_CONFIDENCE));
    report(frame, 'lowPlausibility', lowScore(plausibilities?.[frame] ?? Number.NaN, LOW_PLAUSIBILITY));
  }
  if (!joints) return;
  for (let frame = 1; frame < clip.seconds.length; frame++) {
    if (present[frame] !== 1 || present[frame - 1] !== 1) continue;
    report(frame, 'boneSlip', ramp(stretch(joints, frame), STRETCH.from, STRETCH.to));
    if (present[frame + 1] === 1) report(frame, 'posePop', ramp(pop(joints, frame, clip.seconds), POP.from, POP.to));
  }
  footSlips(motion, joints, clip.seconds, report);
}

function lowScore(value: number, low: number): number {
  return value < low ? LOW_SCORE + (1 - LOW_SCORE) * (1 - Math.max(0, value) / low) : 0;
}

/** Largest acceleration of any joint against the pelvis around a frame, m/s². */
function pop(joints: Float32Array, frame: number, seconds: Float64Array): number {
  const [t0, t1, t2] = [seconds[frame - 1] ?? 0, seconds[frame] ?? 0, seconds[frame + 1] ?? 0];
  const [before, after] = [t1 - t0, t2 - t1];
  if (!(before > 0 && after > 0)) return 0;
  const row = JOINT_COUNT * 3;
  const at = (index: number, joint: number, axis: number) =>
    (joints[index * row + joint * 3 + axis] ?? 0) - (joints[index * row + axis] ?? 0);
  let most = 0;
  for (let joint = 1; joint < JOINT_COUNT; joint++) {
    let sum = 0;
    for (let axis = 0; axis < 3; axis++) {
      const [a, b, c] = [at(frame - 1, joint, axis), at(frame, joint, axis), at(frame + 1, joint, axis)];
      sum += (((c - b) / after - (b - a) / before) / ((before + after) / 2)) ** 2;
    }
    most = Math.max(most, sum);
  }
  return Math.sqrt(most);
}

/** Largest change of a bone's length since the frame before, as a share of it. */
function stretch(joints: Float32Array, frame: number): number {
  const length = (index: number, joint: number, parent: number) => {
    const [a, b] = [(index * JOINT_COUNT + joint) * 3, (index * JOINT_COUNT + parent) * 3];
    return Math.hypot(
      (joints[a] ?? 0) - (joints[b] ?? 0),
      (joints[a + 1] ?? 0) - (joints[b + 1] ?? 0),
      (joints[a + 2] ?? 0) - (joints[b + 2] ?? 0),
    );
  };
  let most = 0;
  JOINT_PARENTS.forEach((parent, joint) => {
    if (parent < 0) return;
    const before = length(frame - 1, joint, parent);
    if (before > SHORTEST_BONE) most = Math.max(most, Math.abs(length(frame, joint, parent) - before) / before);
  });
  return most;
}

/**
 * Feet that slide while they stand: the slowest of them, because a foot in swing passes close over the ground. The camera is taken to stand level and still, as everywhere in Retake: height is
 * against y, and the ground is where the feet are lowest around.
 */
function footSlips({ present }: ReviewMotion, joints: Float32Array, seconds: Float64Array, report: Report): void {
  const at = (frame: number, joint: number, axis: number) => joints[(frame * JOINT_COUNT + joint) * 3 + axis] ?? 0;
  const lowest = groundAround(present, seconds, (frame) => Math.max(...FEET.map((foot) => at(frame, foot, 1))));
  for (let frame = 1; frame < seconds.length; frame++) {
    const time = (seconds[frame] ?? 0) - (seconds[frame - 1] ?? 0);
    if (present[frame] !== 1 || present[frame - 1] !== 1 || !(time > 0)) continue;
    let slowest = Number.POSITIVE_INFINITY;
    for (const foot of FEET) {
      const rise = Math.abs(at(frame, foot, 1) - at(frame - 1, foot, 1)) / time;
      const height = (lowest[frame] ?? 0) - at(frame, foot, 1);
      if (rise > STANDING_RISE || height > STANDING_HEIGHT) continue;
      const [dx, dz] = [at(frame, foot, 0) - at(frame - 1, foot, 0), at(frame, foot, 2) - at(frame - 1, foot, 2)];
      slowest = Math.min(slowest, Math.hypot(dx, dz) / time);
    }
    if (Number.isFinite(slowest)) report(frame, 'footSlip', ramp(slowest, SLIP.from, SLIP.to));
  }
}

/** Largest value of frames with a body within {@link STANDING_SECONDS}, by a queue of candidates in falling order. */
function groundAround(present: Uint8Array, seconds: Float64Array, value: (frame: number) => number): Float64Array {
  const ground = new Float64Array(seconds.length);
  const queue: { frame: number; value: number }[] = [];
  let [ahead, first] = [0, 0];
  for (let frame = 0; frame < seconds.length; frame++) {
    const now = seconds[frame] ?? 0;
    for (; ahead < seconds.length && (seconds[ahead] ?? 0) <= now + STANDING_SECONDS; ahead++) {
      if (present[ahead] !== 1) continue;
      const next = { frame: ahead, value: value(ahead) };
      while (queue.length > first && (queue.at(-1)?.value ?? 0) <= next.value) queue.pop();
      queue.push(next);
    }
    while (first < queue.length && (seconds[queue[first]?.frame ?? 0] ?? 0) < now - STANDING_SECONDS) first += 1;
    ground[frame] = queue[first]?.value ?? 0;
  }
  return ground;
}
