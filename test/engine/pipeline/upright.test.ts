import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { BodyModel } from '#core/body/bodyModel';
import { multiplyMatrices, transformVector } from '#core/body/matrices';
import { axisAngleToMatrix, matrixToAxisAngle } from '#core/body/rotations';
import { loadDefaultBody } from '#engine/bodymodel/defaultBody';
import { pointToScene } from '#engine/export/scene';
import { SkeletonPoser } from '#engine/pipeline/posedJoints';
import { standingScene } from '#engine/pipeline/sceneFrame';
import { type FittedPerson, LEVEL_UP, tiltDegrees, upFromPeople } from '#engine/pipeline/upright';
import type { StoredMotion } from '#engine/project/storedMotion';

const FRAMES = 90;
const seconds = Array.from({ length: FRAMES }, (_, frame) => frame / 30);
let body: BodyModel;

beforeAll(async () => {
  body = await loadDefaultBody(join(import.meta.dirname, '../../../resources/body/default-body.bin'));
});

interface Act {
  /** Camera pitched down and rolled, degrees. */
  pitch?: number;
  roll?: number;
  /** Bend at hips and knees, degrees. */
  squat?: number;
  /** Turn of the whole body out of the upright, degrees. */
  lying?: number;
}

/** Somebody who walks on the spot, turning about, 4 m before a camera that is pitched down and rolled. */
function somebody({ pitch = 0, roll = 0, squat = 0, lying = 0 }: Act): FittedPerson {
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const matrix = (axisAngle: number[]) => {
    const made = new Float64Array(9);
    axisAngleToMatrix(axisAngle, made);
    return made;
  };
  const product = (...factors: Float64Array[]) =>
    factors.reduce((a, b) => {
      const made = new Float64Array(9);
      multiplyMatrices(a, b, made);
      return made;
    });
  const poses = new Float32Array(FRAMES * 72);
  const translations = new Float32Array(FRAMES * 3);
  for (let row = 0; row < FRAMES; row++) {
    const swing = 0.4 * Math.sin(row / 4);
    const level = product(
      matrix([Math.PI, 0, 0]),
      matrix([radians(lying), 0, 0]),
      matrix([0, row / 30, 0]),
      matrix([0.1 * Math.sin(row / 3), 0, 0]),
    );
    const root = product(matrix([0, 0, radians(roll)]), matrix([radians(pitch), 0, 0]), level);
    const rootAxis = [0, 0, 0];
    matrixToAxisAngle(root, rootAxis);
    poses.set(rootAxis, row * 72);
    poses[row * 72 + 3] = swing - radians(squat);
    poses[row * 72 + 6] = -swing - radians(squat);
    for (const knee of [4, 5]) poses[row * 72 + knee * 3] = 1.6 * radians(squat);
    const place = [0.3, 0.2, 4];
    translations.set(place, row * 3);
  }
  const motion: StoredMotion = {
    keys: new Float64Array(FRAMES).fill(1),
    present: new Uint8Array(FRAMES).fill(1),
    poses,
    translations,
    confidences: new Float32Array(FRAMES).fill(0.9),
    betas: new Float32Array(10),
    channels: {},
    judge: undefined,
    earlierVersion: undefined,
    isFinal: true,
    version: 1,
  };
  return { body, motion };
}

describe('up, from how people stand', () => {
  it('is level where people stand upright in the picture', () => {
    expect(tiltDegrees(upFromPeople([somebody({})]))).toBeLessThan(1);
  });

  it.each([
    [{ pitch: 30 }, 30],
    [{ pitch: 25, roll: -20 }, 32],
    [{ roll: 40 }, 40],
  ])('follows a camera at %o', (act, tilt) => {
    const up = upFromPeople([somebody(act), somebody(act)]);
    expect(Math.abs(tiltDegrees(up) - tilt)).toBeLessThan(2.5);
    const scene = standingScene([somebody(act)], { seconds });
    expect(scene.assumptions[1]).toMatch(/tilted by \d+°, as people seem to stand/);
  });

  it('takes a small tilt of one person mostly for a lean', () => {
    expect(tiltDegrees(upFromPeople([somebody({ pitch: 3 })]))).toBeLessThan(1);
  });

  it('is level when nobody stands: squatting, lying, or no one there', () => {
    expect(upFromPeople([somebody({ squat: 80, pitch: 30 })])).toEqual(LEVEL_UP);
    expect(upFromPeople([somebody({ lying: 85 })])).toEqual(LEVEL_UP);
    expect(upFromPeople([])).toEqual(LEVEL_UP);
    expect(standingScene([somebody({ lying: 85 })], { seconds }).assumptions[1]).toMatch(/assumed to be level/);
  });

  it('puts feet on the ground and heads above them', () => {
    const person = somebody({ pitch: 30, roll: 10 });
    const { transform } = standingScene([person, person], { seconds });
    const poser = new SkeletonPoser(body, person.motion);
    const joints = new Float64Array(72);
    let lowest = Infinity;
    for (let row = 0; row < FRAMES; row++) {
      poser.pose(row, joints, 0);
      const head = [0, 0, 0];
      pointToScene(transform, joints, head, 15 * 3);
      expect(head[1]).toBeGreaterThan(1.3);
      for (const foot of [7, 8, 10, 11]) {
        const place = [0, 0, 0];
        pointToScene(transform, joints, place, foot * 3);
        lowest = Math.min(lowest, place[1]!);
      }
    }
    expect(lowest).toBeGreaterThan(-0.02);
    expect(lowest).toBeLessThan(0.08);
    const moved = [0, 0, 0];
    transformVector(transform.rotation, upFromPeople([person, person]), moved);
    expect(moved[1]).toBeCloseTo(1, 6);
  });
});
