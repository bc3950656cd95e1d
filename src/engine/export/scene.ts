import type { Numbers, NumbersOut } from '#core/body/rotations';

/**
 * From camera axes (x right, y down, z forward) to scene space (right-handed, y up, metres, ground at y = 0): half a turn
 * about x, so that a body that faces the camera faces +z, then a lift. The camera is assumed to be level: nothing in one
 * moving picture says otherwise, so whoever shows or writes scene space must say so ({@link LEVEL_CAMERA_ASSUMPTION}).
 */
export interface SceneTransform {
  /** Added to y after the half turn, m: the height of the camera above the ground. */
  lift: number;
}

/** The sentence that goes wherever scene space is shown or written. */
export const LEVEL_CAMERA_ASSUMPTION =
  'The camera is assumed to be level; the ground is where the lowest contact of the clip is';

/** A point in camera axes to scene space; m. `out` may be `point`. */
export function pointToScene(scene: SceneTransform, point: Numbers, out: NumbersOut, offset = 0, outOffset = 0): void {
  out[outOffset] = point[offset]!;
  out[outOffset + 1] = scene.lift - point[offset + 1]!;
  out[outOffset + 2] = -point[offset + 2]!;
}

/** Rows 1 and 2 of a row-major matrix negated: C R for the half turn C = diag(1, -1, -1). `out` may be `rotation`. */
export function rotationToScene(rotation: Numbers, out: NumbersOut, offset = 0, outOffset = 0): void {
  for (let k = 0; k < 9; k++) out[outOffset + k] = k < 3 ? rotation[offset + k]! : -rotation[offset + k]!;
}

/**
 * SMPL `trans` in scene space. The root turns about the rest pelvis J0, so trans' = C (J0 + trans) - J0, never
 * C trans (reference export-formats section 0, vibe-smpl 7.4).
 * @param pelvis rest pelvis J0 for the person's betas, m
 */
export function translationToScene(
  scene: SceneTransform,
  translation: Numbers,
  pelvis: Numbers,
  out: NumbersOut,
  offset = 0,
  outOffset = 0,
): void {
  const posed = [0, 1, 2].map((c) => pelvis[c]! + translation[offset + c]!);
  pointToScene(scene, posed, posed);
  for (let c = 0; c < 3; c++) out[outOffset + c] = posed[c]! - pelvis[c]!;
}

/** The transform as a column-major 4x4 matrix from camera axes to scene space. */
export function sceneMatrix(scene: SceneTransform): number[] {
  return [1, 0, 0, 0, 0, -1, 0, 0, 0, 0, -1, 0, 0, scene.lift, 0, 1];
}

/**
 * Puts the lowest contact of a clip on the ground.
 * @param lowest largest y in camera axes (the lowest point) of each frame and person, m; from vertices where they are at
 * hand, else from feet joints with `soleHeight`
 * @param soleHeight what lies below the given points, m
 * @returns the level that all but the lowest 2 % of frames keep above: single wrong frames must not lift everybody else
 */
export function groundedScene(lowest: readonly number[], soleHeight = 0): SceneTransform {
  const sorted = lowest.filter((value) => Number.isFinite(value)).sort((a, b) => b - a);
  const level = sorted[Math.floor((sorted.length - 1) * 0.02)];
  return { lift: level === undefined ? 0 : level + soleHeight };
}
