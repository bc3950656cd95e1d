import { beforeAll, describe, expect, it } from 'vitest';
import type { BodyModel } from '#core/body/bodyModel';
import { OBSERVATION } from '#engine/estimation/estimators/blazepose/observation';
import { fitClip, poseErrors } from './fitClip';
import { makeClip, readDefaultBody, walk } from './syntheticTrack';

let body: BodyModel;
beforeAll(async () => {
  body = await readDefaultBody();
});

describe('the fit of longer made-up clips', () => {
  it.each([5, 25, 60, 240])('does as well at %i frames per second', async (rate) => {
    const frames = Math.min(120, Math.max(10, Math.round(rate * 1.5)));
    const clip = makeClip({ body, frames, rate, pose: (s) => walk(s), imageNoise: 4, worldNoise: 0.06 });
    expect(poseErrors(body, clip, await fitClip(body, clip)).mean).toBeLessThan(0.032);
  });

  it('bridges a short gap, splits at a long one, and leaves absent rows zero', async () => {
    const clip = makeClip({ body, frames: 90, rate: 30, pose: (s) => walk(s), imageNoise: 3, worldNoise: 0.05 });
    clip.track.present.fill(0, 20, 30);
    clip.track.present.fill(0, 50, 75);
    const motion = await fitClip(body, clip);
    for (let row = 0; row < 90; row++) {
      expect(motion.present[row]).toBe(clip.track.present[row]);
      if (motion.present[row]) continue;
      expect(motion.poses.subarray(row * 72, row * 72 + 72).every((value) => value === 0)).toBe(true);
    }
    const rows = [...motion.present.keys()].filter((row) => motion.present[row] === 1);
    expect(poseErrors(body, clip, motion, rows).mean).toBeLessThan(0.022);
  });

  it('ignores a few frames on which left and right are exchanged', async () => {
    const clip = makeClip({
      body,
      frames: 50,
      rate: 30,
      pose: (s) => walk(s, Math.PI),
      imageNoise: 2,
      worldNoise: 0.04,
    });
    const clean = poseErrors(body, clip, await fitClip(body, clip)).mean;
    for (let row = 20; row < 25; row++) exchangeSides(clip.track.observations, row);
    expect(poseErrors(body, clip, await fitClip(body, clip)).mean).toBeLessThan(clean + 0.004);
  });

  it('joins windows of a long track as one', async () => {
    const clip = makeClip({ body, frames: 460, rate: 30, pose: (s) => walk(s % 2.5), imageNoise: 3, worldNoise: 0.05 });
    // The walk starts anew every 2.5 s: rows there are a jump, left out here.
    const rows = Array.from({ length: 460 }, (_, row) => row).filter((row) => row % 75 > 8 && row % 75 < 66);
    expect(poseErrors(body, clip, await fitClip(body, clip), rows).mean).toBeLessThan(0.022);
  });
});

/** Exchanges left and right landmarks of a row, as the network does when it takes a back for a front. */
function exchangeSides(observations: Float32Array, row: number): void {
  const pairs = [[7, 8], ...Array.from({ length: 11 }, (_, k) => [11 + 2 * k, 12 + 2 * k])];
  for (const [left, right] of pairs) {
    for (const [part, size] of [
      [OBSERVATION.image, 4],
      [OBSERVATION.world, 3],
    ] as const) {
      for (let c = 0; c < size; c++) {
        const a = row * OBSERVATION.length + part + left! * size + c;
        const b = row * OBSERVATION.length + part + right! * size + c;
        [observations[a], observations[b]] = [observations[b]!, observations[a]!];
      }
    }
  }
}
