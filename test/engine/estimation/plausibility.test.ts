import { describe, expect, it } from 'vitest';
import { createGlobalTransforms, forwardKinematics, rotationsFromAxisAngles } from '#core/body/kinematics';
import { JOINT, JOINT_PARENTS } from '#core/body/skeleton';
import { kinematicScores, type PosedTrack } from '#engine/estimation/plausibility/kinematicScore';
import { discriminatorScores, judgeMotion } from '#engine/estimation/plausibility/judgeMotion';
import { openSession } from '#engine/inference/sessions';
import type { Session } from '#engine/inference/session';
import { encodeModel } from '#engine/weights/onnx/encodeModel';
import { compileMotionDiscriminator } from '#engine/weights/vibe/motionDiscriminator';
import { readExpected, ruleWeights } from '../../fixtures/vibe/expected';
import { rulePoseSequence } from '../../fixtures/vibe/inputs';
import { ruleTensor } from '../../fixtures/vibe/rule';

/** A made-up skeleton: each joint 0.25 m from its parent. */
const REST = Float64Array.from(JOINT_PARENTS.flatMap((_, joint) => [0.1 * (joint % 3), -0.22 * joint, 0]));

function trackOf(poses: Float64Array, rate = 30): PosedTrack {
  const rows = poses.length / 72;
  const joints = new Float64Array(rows * 72);
  const transforms = createGlobalTransforms(24);
  for (let row = 0; row < rows; row++) {
    forwardKinematics(
      JOINT_PARENTS,
      REST,
      rotationsFromAxisAngles(poses.subarray(row * 72, row * 72 + 72)),
      transforms,
    );
    joints.set(transforms.positions, row * 72);
  }
  const seconds = Array.from({ length: rows }, (_, row) => row / rate);
  return { poses, joints, seconds, present: new Uint8Array(rows).fill(1) };
}

/** Knees and elbows that bend and stretch calmly, 40 rows. */
function calmPoses(): Float64Array {
  const poses = new Float64Array(40 * 72);
  for (let row = 0; row < 40; row++) {
    const bend = 0.5 + 0.4 * Math.sin(row / 6);
    poses[row * 72 + JOINT.leftKnee * 3] = bend;
    poses[row * 72 + JOINT.rightElbow * 3 + 1] = bend;
  }
  return poses;
}

describe('kinematicScores', () => {
  it('finds calm motion natural', () => {
    expect(Math.min(...kinematicScores(trackOf(calmPoses())))).toBeGreaterThan(0.9);
  });

  it('drops where a knee breaks, where the pose jumps and where bones change', () => {
    const broken = calmPoses();
    broken[20 * 72 + JOINT.leftKnee * 3] = -1.2;
    expect(kinematicScores(trackOf(broken))[20]).toBeLessThan(0.05);

    const jump = calmPoses();
    for (let row = 20; row < 40; row++) jump[row * 72 + JOINT.leftShoulder * 3 + 2] = 1.5;
    const scores = kinematicScores(trackOf(jump));
    expect(Math.min(scores[19]!, scores[20]!)).toBeLessThan(0.3);
    expect(scores[10]).toBeGreaterThan(0.9);

    const breathing = trackOf(calmPoses());
    const joints = Float64Array.from(breathing.joints, (value, k) => (Math.floor(k / 72) === 20 ? value * 1.3 : value));
    expect(kinematicScores({ ...breathing, joints })[20]).toBeLessThan(0.2);
  });

  it('has nothing to say of rows without a pose', async () => {
    const track = {
      ...trackOf(calmPoses()),
      present: Uint8Array.from({ length: 40 }, (_, row) => (row === 7 ? 0 : 1)),
    };
    const { judge, scores } = await judgeMotion(track, undefined);
    expect(judge).toBe('kinematics');
    expect(scores[7]).toBeNaN();
    expect(scores[8]).toBeGreaterThan(0.9);
  });
});

describe('discriminatorScores', () => {
  it('gives a window the original’s score, clamped', async () => {
    const { graph } = compileMotionDiscriminator(ruleWeights('disc_attention', 'disc_attention.'));
    const session = await openSession(encodeModel(graph), { threads: 1 });
    const expected = readExpected('expected_disc.npz')('attention_f64');
    const body = ruleTensor('disc.x', [4, 16, 69], 1);
    for (let n = 0; n < 4; n++) {
      const poses = Float64Array.from({ length: 16 * 72 }, (_, k) =>
        k % 72 < 3 ? 7 : body[(n * 16 + Math.floor(k / 72)) * 69 + (k % 72) - 3]!,
      );
      const scores = await discriminatorScores({ poses, present: new Uint8Array(16).fill(1) }, session);
      const mean = Math.min(1, Math.max(0, (expected[n * 2]! + expected[n * 2 + 1]!) / 2));
      scores.forEach((score) => expect(Math.abs(score - mean)).toBeLessThan(1e-5));
    }
    await session.dispose();
  });

  /** Answers each window with the body pose's first number of its first frame, and notes the windows' sizes. */
  function standIn(sizes: number[][]): Session {
    return {
      run: ({ poses }) => {
        const [length = 0, count = 0] = poses!.dims;
        sizes.push([length, count]);
        const data = Float32Array.from({ length: count }, (_, n) => poses!.data[n * 69]!);
        return Promise.resolve({ scores: { data, dims: [count, 1] } });
      },
      dispose: () => Promise.resolve(),
    };
  }

  it('slides over each run, averages, and leaves single frames out', async () => {
    const present = Uint8Array.from({ length: 60 }, (_, row) => (row === 30 || row === 32 ? 0 : 1));
    const poses = rulePoseSequence();
    for (let row = 0; row < 60; row++) poses[row * 72 + 3] = row / 100;
    const sizes: number[][] = [];
    const scores = await discriminatorScores({ poses, present }, standIn(sizes));
    expect(sizes).toEqual([
      [16, 5],
      [16, 4],
    ]);
    // Row 0 is in the window from 0 only; row 15 in those from 0, 4, 8, 12 and 14.
    expect(scores[0]).toBeCloseTo(0, 6);
    expect(scores[15]).toBeCloseTo((0 + 4 + 8 + 12 + 14) / 500, 6);
    expect(scores[29]).toBeCloseTo(0.14, 6);
    expect([scores[30], scores[31], scores[32]]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    expect(scores[59]).toBeCloseTo(0.44, 6);
  });
});
