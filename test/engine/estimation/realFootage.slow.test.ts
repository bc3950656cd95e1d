import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { BodyModel } from '#core/body/bodyModel';
import { cameraOfPicture } from '#core/camera/projection';
import { type JointSeries, LIMB_JOINTS, LIMB_LANDMARKS, selectJoints } from '#core/evaluation/jointSeries';
import { parseMotionFile, type PersonSeries } from '#core/evaluation/motionFiles';
import { type MotionScore, scoreMotion } from '#core/evaluation/motionScore';
import { reprojectionError } from '#core/evaluation/reprojection';
import type { PersonMotion } from '#engine/estimation/estimator';
import { blazePoseEstimator } from '#engine/estimation/estimators/blazepose/index';
import { OBSERVATION } from '#engine/estimation/estimators/blazepose/observation';
import { UserModelStore } from '#engine/weights/userModels/userModelStore';
import { missing, type ObservedClip, observeClip, sharedFolder } from './observeClip';
import { jointsOf, readDefaultBody } from './syntheticTrack';

const repository = fileURLToPath(new URL('../../../', import.meta.url));
const clipFile = join(sharedFolder, 'media', 'single-person-60fps.mp4');
const referenceFile = join(sharedFolder, 'fixtures', 'real', 'single-person-60fps.json');
const sampleFile = join(repository, 'resources', 'sample', 'sample.mp4');
const sampleTruth = join(repository, 'resources', 'sample', 'sample-truth.json');

let body: BodyModel;
beforeAll(async () => {
  body = await readDefaultBody();
});

/** Limb joints of the landmarks themselves: what there is before any fit. */
function rawLandmarks({ track }: ObservedClip): JointSeries {
  const positions = new Float64Array(track.length * 36);
  for (let row = 0; row < track.length; row++) {
    LIMB_LANDMARKS.forEach((landmark, k) => {
      const at = row * OBSERVATION.length + OBSERVATION.world + landmark * 3;
      positions.set(track.observations.subarray(at, at + 3), (row * 12 + k) * 3);
    });
  }
  return { frames: track.length, joints: 12, positions, present: track.present };
}

/** % of the box height that joints lie beside their own 2-D landmarks. */
function ownReprojection(clip: ObservedClip, estimate: JointSeries, sizes: number[]): number {
  const { track } = clip;
  const positions = new Float64Array(track.length * 24);
  for (let row = 0; row < track.length; row++) {
    LIMB_LANDMARKS.forEach((landmark, k) => {
      const at = row * OBSERVATION.length + OBSERVATION.image + landmark * 4;
      positions.set(track.observations.subarray(at, at + 2), (row * 12 + k) * 2);
    });
  }
  const seen = { frames: track.length, joints: 12, positions, present: track.present };
  return 100 * reprojectionError(estimate, seen, cameraOfPicture(clip.width, clip.height, 0.85), sizes);
}

interface Figures {
  raw: MotionScore;
  fitted: MotionScore;
  own: number;
  milliseconds: number;
}

async function measure(file: string, person: PersonSeries, quality: string): Promise<Figures> {
  const clip = await observeClip(file, person.boxes, quality);
  const { track, rate } = clip;
  const camera = cameraOfPicture(clip.width, clip.height, 0.85);
  const sessions = {
    open: () => Promise.reject(new Error('The fit needs no network')),
    dispose: () => Promise.resolve(),
  };
  const solve = (): Promise<PersonMotion> =>
    blazePoseEstimator.solve(
      track,
      { from: 0, to: track.length },
      { body, camera, sessions, userModels: new UserModelStore('nowhere'), options: {} },
      new AbortController().signal,
    );
  await solve();
  const before = process.cpuUsage();
  const motion = await solve();
  const used = process.cpuUsage(before);
  const all = { frames: motion.length, joints: 24, positions: jointsOf(body, motion), present: motion.present };
  const estimate = selectJoints(all, LIMB_JOINTS);
  const sizes = person.boxes.map((box) => box?.height ?? 1);
  const picture = { seen: person.picture, camera, sizes };
  return {
    raw: scoreMotion({ estimate: rawLandmarks(clip), reference: person.joints, rate }),
    fitted: scoreMotion({ estimate, reference: person.joints, rate, picture }),
    own: ownReprojection(clip, estimate, sizes),
    milliseconds: (used.user + used.system) / 1000 / track.length,
  };
}

function print(title: string, { raw, fitted, own, milliseconds }: Figures): void {
  const line = (score: MotionScore): string =>
    `PA-MPJPE ${score.paMpjpe.toFixed(1)} mm, MPJPE ${score.mpjpe.toFixed(1)} mm, acceleration ${score.acceleration.toFixed(2)} m/s2, ` +
    `jitter ${score.jitter.toFixed(2)}, skate ${score.skate.toFixed(0)} mm/s`;
  console.log(
    `${title}\n  landmarks  ${line(raw)}\n  fitted     ${line(fitted)}\n` +
      `  in the picture: ${fitted.reprojection?.toFixed(2)} % of the box from the truth, ${own.toFixed(2)} % from own landmarks; ` +
      `${milliseconds.toFixed(1)} ms of processor per frame`,
  );
}

const noReal = missing(clipFile, referenceFile);
if (noReal) console.log(noReal);

describe.skipIf(noReal !== undefined)('a real man, measured by several cameras', () => {
  const [person] = noReal ? [] : parseMotionFile(readFileSync(referenceFile, 'utf8'), 'the reference').people;

  it('is found again by the best quality', { timeout: 300_000 }, async () => {
    const figures = await measure(clipFile, person!, 'best');
    print('single-person-60fps, best', figures);
    const { fitted, own } = figures;
    expect(fitted.coverage).toBe(1);
    expect(fitted.paMpjpe).toBeLessThan(60);
    expect(fitted.mpjpe).toBeLessThan(100);
    expect(fitted.acceleration).toBeLessThan(4.4);
    expect(fitted.jitter).toBeGreaterThan(0.5);
    expect(fitted.jitter).toBeLessThan(1.3);
    expect(fitted.skate).toBeLessThan(60);
    expect(own).toBeLessThan(1);
    expect(figures.raw.paMpjpe).toBeGreaterThan(fitted.paMpjpe);
  });

  it('is found again by the fast quality', { timeout: 300_000 }, async () => {
    const figures = await measure(clipFile, person!, 'fast');
    print('single-person-60fps, fast', figures);
    expect(figures.fitted.paMpjpe).toBeLessThan(75);
    expect(figures.fitted.acceleration).toBeLessThan(4.4);
    expect(figures.own).toBeLessThan(1.2);
  });
});

const noSample = missing(sampleFile, sampleTruth);
if (noSample) console.log(noSample);

describe.skipIf(noSample !== undefined)('the sample clip, whose truth is exact', () => {
  const [walker] = noSample ? [] : parseMotionFile(readFileSync(sampleTruth, 'utf8'), 'the truth').people;

  it('gives the walker back', { timeout: 300_000 }, async () => {
    const figures = await measure(sampleFile, walker!, 'best');
    print('sample, walker, best', figures);
    expect(figures.fitted.paMpjpe).toBeLessThan(45);
    expect(figures.fitted.mpjpe).toBeLessThan(65);
    expect(figures.fitted.skate).toBeLessThan(60);
    expect(figures.own).toBeLessThan(1.5);
  });
});
