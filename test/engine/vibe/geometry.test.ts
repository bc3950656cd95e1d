import { describe, expect, it } from 'vitest';
import { type SparseRows, sparseRowsFromDense } from '#core/body/bodyModel';
import { rotationsFromAxisAngles } from '#core/body/kinematics';
import { evaluateReference } from '#core/body/reference';
import { matrixToAxisAngle, rotation6dToMatrix } from '#core/body/rotations';
import { VIBE_JOINTS, vibeJoints } from '#core/body/vibeJoints';
import { cropToPicture, projectInCrop } from '#core/camera/cropProjection';
import { cropToImageCamera, fromCropCamera, translationOf, vibeCrop } from '#core/camera/weakPerspective';
import { projectPoints } from '#core/camera/projection';
import { smoothAsVibe } from '#core/smoothing/oneEuro';
import { readNpz } from '#engine/weights/numpy/npz';
import { readFileSync } from 'node:fs';
import { largestDifference, readExpected } from '../../fixtures/vibe/expected';
import { ruleExtraRegressor } from '../../fixtures/vibe/smplArrays';
import { syntheticSmpl } from '../../fixtures/body/syntheticSmpl';

const network = readExpected('expected_network_f64.npz');
const geometry = readExpected('expected_geometry.npz');
const post = readExpected('expected_post.npz');
const numbers = (values: ArrayLike<number>, from: number, length: number): number[] =>
  Array.from({ length }, (_, k) => values[from + k]!);

const extraRegressor = (): SparseRows => sparseRowsFromDense(ruleExtraRegressor().dense, 9);

function cropCameraAt(values: ArrayLike<number>, at: number): { s: number; tx: number; ty: number } {
  return { s: values[at]!, tx: values[at + 1]!, ty: values[at + 2]! };
}

describe('rotations', () => {
  it('come from pose 6D and go to axis-angle as in the network', () => {
    for (const build of ['released', 'seed']) {
      const rotations = new Float64Array(8 * 24 * 9);
      const poses = new Float64Array(8 * 24 * 3);
      for (let k = 0; k < 8 * 24; k++) {
        rotation6dToMatrix(network(`${build}_pose6d_f64`), rotations, k * 6, k * 9);
        matrixToAxisAngle(rotations, poses, k * 9, k * 3);
      }
      expect(largestDifference(rotations, network(`${build}_rotmat_f64`))).toBeLessThan(1e-9);
      const expected = Array.from({ length: 8 }, (_, n) =>
        numbers(network(`${build}_theta_f64`), n * 85 + 3, 72),
      ).flat();
      expect(largestDifference(poses, expected)).toBeLessThan(1e-9);
    }
  });

  it('agree with the original on degenerate 6D where rounding is not amplified', () => {
    const expected = geometry('rot6d_to_rotmat_f64');
    const found = new Float64Array(77 * 9);
    for (let k = 0; k < 77; k++) rotation6dToMatrix(geometry('rot6d_in'), found, k * 6, k * 9);
    // Rows 65 to 76 are degenerate: parallel columns keep only b1 (README of the fixtures).
    const firstColumns = (values: ArrayLike<number>): number[] =>
      Array.from({ length: 77 * 3 }, (_, k) => values[Math.floor(k / 3) * 9 + (k % 3) * 3]!);
    expect(largestDifference(firstColumns(found), firstColumns(expected))).toBeLessThan(1e-9);
  });
});

describe('49 joints', () => {
  it('are picked by name as the original does on 16 bodies', () => {
    const body = syntheticSmpl();
    const extra = extraRegressor();
    const bytes = readFileSync(new URL('../../fixtures/body/synthetic-smpl-expected.npz', import.meta.url));
    const inputs = readNpz(new Uint8Array(bytes));
    const joints = readExpected('expected_joints49.npz')('joints49_f64');
    for (let at = 0; at < 16; at++) {
      const posed = evaluateReference(body, {
        betas: inputs.get('betas')!.data.slice(at * 10, at * 10 + 10),
        rotations: rotationsFromAxisAngles(inputs.get('pose')!.data.slice(at * 72, at * 72 + 72)),
      });
      const found = vibeJoints(posed.joints, posed.vertices, extra);
      expect(largestDifference(found, joints.slice(at * 147, at * 147 + 147))).toBeLessThan(1e-5);
    }
    expect(VIBE_JOINTS).toHaveLength(49);
    expect(new Set(VIBE_JOINTS.map(([name]) => name)).size).toBe(49);
  });

  it('of the network stand and project as in the original', () => {
    const body = syntheticSmpl();
    const extra = extraRegressor();
    for (const build of ['released', 'seed']) {
      for (let n = 0; n < 8; n++) {
        const theta = network(`${build}_theta_f64`).slice(n * 85, n * 85 + 85);
        const rotations = network(`${build}_rotmat_f64`).slice(n * 216, n * 216 + 216);
        const posed = evaluateReference(body, { betas: numbers(theta, 75, 10), rotations });
        const joints = vibeJoints(posed.joints, posed.vertices, extra);
        const expected = network(`${build}_kp_3d_f64`).slice(n * 147, n * 147 + 147);
        expect(largestDifference(joints, expected)).toBeLessThan(1e-5);
        const projected = new Float64Array(98);
        projectInCrop(cropCameraAt(theta, 0), joints, projected);
        expect(largestDifference(projected, network(`${build}_kp_2d_f64`).slice(n * 98, n * 98 + 98))).toBeLessThan(
          1e-5,
        );
      }
    }
  });
});

describe('projection in the crop', () => {
  it('is the original, also for a scale of zero and below', () => {
    const projected = new Float64Array(6 * 98);
    for (let n = 0; n < 6; n++) {
      const points = numbers(geometry('proj_joints'), n * 147, 147);
      projectInCrop(cropCameraAt(geometry('proj_cam'), n * 3), points, projected, 0, n * 98);
    }
    expect(largestDifference(projected, geometry('proj_kp2d'))).toBeLessThan(1e-6);
  });
});

describe('from the crop to the picture', () => {
  const boxes = Array.from({ length: 6 }, (_, n) => {
    const [centreX = 0, centreY = 0, side = 0] = numbers(post('bbox'), n * 4, 3);
    return { centreX, centreY, side };
  });

  it('the camera is as published when the box side stands for the crop side', () => {
    for (const [width, height] of [
      [640, 360],
      [1920, 1080],
    ] as const) {
      const found = boxes.flatMap(({ centreX, centreY, side }, n) => {
        const camera = cropToImageCamera(cropCameraAt(post('cam'), n * 3), centreX, centreY, side, width, height);
        return [camera.sx, camera.sy, camera.tx, camera.ty];
      });
      expect(largestDifference(found, post(`orig_cam_${width}x${height}`))).toBeLessThan(1e-6);
    }
  });

  it('key points are as published when the box side stands for the crop side', () => {
    const found = boxes.flatMap((square, n) => {
      const pixels = new Float64Array(98);
      cropToPicture(numbers(post('kp'), n * 98, 98), square, pixels);
      return Array.from(pixels);
    });
    // The original computes in single precision, px.
    expect(largestDifference(found, post('orig_kp'))).toBeLessThan(2e-4);
  });

  it('corrected, key points, camera and perspective translation agree for points at the body origin’s depth', () => {
    const picture = { width: 640, height: 360 };
    boxes.forEach(({ centreX, centreY, side }, n) => {
      const camera = cropCameraAt(post('cam'), n * 3);
      const crop = vibeCrop(centreX, centreY, side);
      const points = [0.3, -0.5, 0, -0.2, 0.7, 0];
      const inCrop = [0, 0, 0, 0];
      const pixels = [0, 0, 0, 0];
      projectInCrop(camera, points, inCrop);
      cropToPicture(inCrop, crop, pixels);
      const image = cropToImageCamera(camera, centreX, centreY, crop.side, picture.width, picture.height);
      const orthographic = points.flatMap((value, k) => {
        if (k % 3 === 0) return [(image.sx * (value + image.tx) + 1) * (picture.width / 2)];
        return k % 3 === 1 ? [(image.sy * (value + image.ty) + 1) * (picture.height / 2)] : [];
      });
      expect(largestDifference(orthographic, pixels)).toBeLessThan(1e-6);
      const pinhole = { ...picture, focal: 800 };
      const translation = translationOf(pinhole, fromCropCamera(camera, crop));
      const moved = points.map((value, k) => value + translation[k % 3]!);
      expect(largestDifference(projectPoints(pinhole, moved), pixels)).toBeLessThan(1e-6);
    });
  });
});

describe('One-Euro', () => {
  it('smooths as VIBE does with three settings', () => {
    const poses = post('euro_pose_in');
    const settings = { default: [0.004, 0.7], demo: [0.004, 1.5], stiff: [0.001, 0.01] } as const;
    for (const [name, [minCutoff, beta]] of Object.entries(settings)) {
      const smoothed = smoothAsVibe(poses, 72, { minCutoff, beta, speedCutoff: 1 });
      expect(largestDifference(smoothed, post(`euro_${name}_pose`))).toBeLessThan(1e-5);
    }
    expect(largestDifference(smoothAsVibe(poses, 72), post('euro_default_pose_f64'))).toBeLessThan(1e-9);
  });
});
