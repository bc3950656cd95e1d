import type { Numbers, NumbersOut } from '../body/rotations';
import { type CropCamera, VIBE_CROP_SIZE, VIBE_FOCAL } from './weakPerspective';

/**
 * Points of a body (count x 3, m) as VIBE's network sees them in its crop: count x 2 in [-1, 1] over the crop, +y down, 0
 * its centre (`kp_2d`, reference vibe-smpl 6.1). A pinhole of 5000 px for 224 px, the body 2 * 5000 / (224 s) m away.
 */
export function projectInCrop(camera: CropCamera, points: Numbers, out: NumbersOut, offset = 0, outOffset = 0): void {
  // The 1e-9 keeps the original finite where s is 0.
  const distance = (2 * VIBE_FOCAL) / (VIBE_CROP_SIZE * camera.s + 1e-9);
  const half = VIBE_CROP_SIZE / 2;
  const count = Math.floor((points.length - offset) / 3);
  for (let k = 0; k < count; k++) {
    const z = points[offset + k * 3 + 2]! + distance;
    out[outOffset + k * 2] = (VIBE_FOCAL * ((points[offset + k * 3]! + camera.tx) / z)) / half;
    out[outOffset + k * 2 + 1] = (VIBE_FOCAL * ((points[offset + k * 3 + 1]! + camera.ty) / z)) / half;
  }
}

/**
 * Points in [-1, 1] over a square (count x 2) as px of the picture (reference vibe-smpl 6.3). `side` is the crop's side for
 * a right result; VIBE's own `joints2d_img_coord` used the box's side (6.4), which is 1.1 times smaller.
 */
export function cropToPicture(
  points: Numbers,
  square: { centreX: number; centreY: number; side: number },
  out: NumbersOut,
): void {
  const half = square.side / 2;
  for (let k = 0; k + 1 < points.length; k += 2) {
    out[k] = square.centreX + half * points[k]!;
    out[k + 1] = square.centreY + half * points[k + 1]!;
  }
}
