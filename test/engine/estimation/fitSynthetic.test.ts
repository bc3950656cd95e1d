import { beforeAll, describe, expect, it } from 'vitest';
import type { BodyModel } from '#core/body/bodyModel';
import { fitTrack } from '#engine/estimation/estimators/blazepose/fit/fitTrack';
import { OBSERVATION, OBSERVATION_FLAG } from '#engine/estimation/estimators/blazepose/observation';
import { fitClip, placeErrors, poseErrors } from './fitClip';
import { jointDistances, jointsOf, makeClip, readDefaultBody, standAndWave, walk } from './syntheticTrack';

let body: BodyModel;
beforeAll(async () => {
  body = await readDefaultBody();
});

const limbs = [1, 2, 4, 5, 7, 8, 16, 17, 18, 19, 20, 21];

describe('the fit of made-up people', () => {
  it('finds a standing, waving person again from exact landmarks', async () => {
    const clip = makeClip({ body, frames: 40, rate: 30, pose: (seconds) => standAndWave(seconds) });
    const motion = await fitClip(body, clip);
    expect(motion.present.every((value) => value === 1)).toBe(true);
    expect(poseErrors(body, clip, motion).mean).toBeLessThan(0.011);
    expect(Math.min(...motion.confidences)).toBeGreaterThan(0.8);
  });

  it('finds somebody who walks with noisy landmarks (4 px, 60 mm)', async () => {
    const clip = makeClip({ body, frames: 45, rate: 30, pose: (s) => walk(s), imageNoise: 4, worldNoise: 0.06 });
    const motion = await fitClip(body, clip);
    expect(poseErrors(body, clip, motion).mean).toBeLessThan(0.02);
    expect(placeErrors(body, clip, motion).mean).toBeLessThan(0.03);
  });

  it.each([1, 2, 3, 5])('fits a track of %i frames', async (frames) => {
    const clip = makeClip({ body, frames, rate: 30, pose: (s) => standAndWave(s), imageNoise: 2, worldNoise: 0.02 });
    const motion = await fitClip(body, clip);
    expect(motion.present.every((value) => value === 1)).toBe(true);
    expect(poseErrors(body, clip, motion).mean).toBeLessThan(0.025);
  });

  it('carries a person over frames where landmarks jump to somebody else', async () => {
    const clip = makeClip({ body, frames: 45, rate: 30, pose: (s) => walk(s), imageNoise: 2, worldNoise: 0.04 });
    const clean = poseErrors(body, clip, await fitClip(body, clip)).mean;
    for (let row = 25; row < 33; row++) {
      const at = row * OBSERVATION.length;
      for (let k = 0; k < 33; k++) clip.track.observations[at + k * 4]! += 300;
      clip.track.observations[at + OBSERVATION.flags] = OBSERVATION_FLAG.boxWins + OBSERVATION_FLAG.astray;
    }
    const motion = await fitClip(body, clip);
    expect(placeErrors(body, clip, motion).most).toBeLessThan(0.2);
    expect(poseErrors(body, clip, motion).mean).toBeLessThan(clean + 0.006);
    expect(motion.confidences[28]!).toBeLessThan(0.1);
    expect(motion.confidences[10]!).toBeGreaterThan(0.6);
  });

  it('is not drawn to somebody nearer who is seen in its place for a moment', async () => {
    const clip = makeClip({ body, frames: 60, rate: 30, pose: (s) => walk(s), imageNoise: 2, worldNoise: 0.04 });
    const other = makeClip({
      body,
      frames: 60,
      rate: 30,
      pose: (s) => standAndWave(s, [0.2, 0.1, 2.4]),
      imageNoise: 2,
    });
    const clean = poseErrors(body, clip, await fitClip(body, clip)).mean;
    const size = OBSERVATION.length;
    clip.track.observations.set(other.track.observations.subarray(28 * size, 36 * size), 28 * size);
    const motion = await fitClip(body, clip);
    expect(poseErrors(body, clip, motion).mean).toBeLessThan(clean + 0.006);
    expect(placeErrors(body, clip, motion).most).toBeLessThan(0.3);
    expect(motion.confidences[32]!).toBeLessThan(0.1);
  });

  it('keeps the feet of a standing person where they are', async () => {
    const clip = makeClip({
      body,
      frames: 40,
      rate: 30,
      pose: (s) => standAndWave(s),
      imageNoise: 5,
      worldNoise: 0.08,
    });
    const joints = jointsOf(body, await fitClip(body, clip));
    let slide = 0;
    for (let row = 1; row < 40; row++) {
      for (const ankle of [7, 8]) {
        const moved = [0, 1, 2].map((c) => joints[row * 72 + ankle * 3 + c]! - joints[(row - 1) * 72 + ankle * 3 + c]!);
        slide += (Math.hypot(...moved) * 30) / 39 / 2;
      }
    }
    expect(slide).toBeLessThan(0.02);
  });

  it('still fits the part of a person that the picture shows', async () => {
    const camera = { focal: 1632, width: 1920, height: 1080 };
    const pose = (s: number) => standAndWave(s, [0, 0.45, 2.0]);
    const clip = makeClip({ body, camera, frames: 40, rate: 30, pose, imageNoise: 3, worldNoise: 0.05 });
    for (let row = 0; row < 40; row++) {
      for (let k = 25; k < 33; k++) clip.track.observations[row * OBSERVATION.length + k * 4 + 3] = 0.05;
    }
    const motion = await fitClip(body, clip);
    const upper = jointDistances(jointsOf(body, motion), clip.joints, undefined, [16, 17, 18, 19, 20, 21]);
    expect(upper.mean).toBeLessThan(0.025);
    expect(motion.poses.every(Number.isFinite)).toBe(true);
  });

  it('gives nothing but finite numbers for nonsense', async () => {
    const clip = makeClip({ body, frames: 12, rate: 30, pose: (s) => walk(s) });
    clip.track.observations.fill(0, 0, 3 * OBSERVATION.length);
    clip.track.observations[5 * OBSERVATION.length + 7] = Number.NaN;
    for (let k = 0; k < 132; k++) clip.track.observations[8 * OBSERVATION.length + k] = k % 4 === 3 ? 1 : 500;
    const motion = await fitClip(body, clip);
    expect(motion.present[5]).toBe(0);
    for (const array of [motion.poses, motion.translations, motion.betas, motion.confidences]) {
      expect(array.every(Number.isFinite)).toBe(true);
    }
  });
});

describe('solving a part again', () => {
  it('leaves other frames alone, joins without a seam and comes close to the full solve', async () => {
    const clip = makeClip({ body, frames: 90, rate: 30, pose: (s) => walk(s), imageNoise: 3, worldNoise: 0.05 });
    const full = await fitClip(body, clip);
    const changed = { from: 30, to: 60 };
    const part = await fitClip(body, clip, changed, full);
    expect(part.start).toBe(30);
    expect(part.length).toBe(30);
    expect([...part.betas]).toEqual([...full.betas]);
    const joints = jointsOf(body, full);
    const again = jointsOf(body, part);
    const same = joints.slice(30 * 72, 60 * 72);
    expect(jointDistances(again, same).mean).toBeLessThan(0.001);
    const joined = Float64Array.from(joints);
    joined.set(again, 30 * 72);
    // Acceleration over the seams is no larger than what the full solve has anywhere.
    const most = (all: Float64Array, rows: number[]): number =>
      Math.max(
        ...rows.flatMap((row) =>
          limbs.map((joint) =>
            Math.hypot(
              ...[0, 1, 2].map((c) => {
                const at = row * 72 + joint * 3 + c;
                return (all[at + 72]! - 2 * all[at]! + all[at - 72]!) * 900;
              }),
            ),
          ),
        ),
      );
    const everywhere = most(
      joints,
      Array.from({ length: 88 }, (_, k) => k + 1),
    );
    expect(most(joined, [29, 30, 59, 60])).toBeLessThan(1.1 * everywhere);
  });

  it('is deterministic', async () => {
    const clip = makeClip({ body, frames: 30, rate: 30, pose: (s) => walk(s), imageNoise: 3, worldNoise: 0.05 });
    const [a, b] = [await fitClip(body, clip), await fitClip(body, clip)];
    expect(a.poses).toEqual(b.poses);
    expect(a.translations).toEqual(b.translations);
  });

  it('stops when asked to', async () => {
    const clip = makeClip({ body, frames: 30, rate: 30, pose: (s) => walk(s) });
    const { track, camera } = clip;
    const controller = new AbortController();
    const pause = async () => {
      controller.abort();
      controller.signal.throwIfAborted();
    };
    await expect(fitTrack({ track, camera, body, changed: { from: 0, to: 30 }, pause })).rejects.toThrow();
  });
});
