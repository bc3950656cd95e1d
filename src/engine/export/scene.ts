import { multiplyMatrices, transformVector } from '#core/body/matrices';
import type { Numbers, NumbersOut } from '#core/body/rotations';

/**
 * From camera axes (x right, y down, z forward) to scene space (right-handed, y up, metres, ground at y = 0): the axes are
 * turned so that a body that faces a level camera faces +z, then lifted. Where up is cannot be measured in one moving
 * picture; whoever shows or writes scene space must say what was taken for it ({@link groundedScene}'s caller does).
 */
export interface SceneTransform {
  /** 3x3, row-major: camera axes to scene axes; see {@link uprightRotation}. */
  rotation: readonly number[];
  /** Added to y after the turn, m: the height of the camera above the ground. */
  lift: number;
}

/** The rotation of a level camera: half a turn about x. */
export const LEVEL_ROTATION: readonly number[] = [1, 0, 0, 0, -1, 0, 0, 0, -1];

/**
 * The rotation that brings `up` (unit vector in camera axes, not along the view) to +y, and what comes towards the camera
 * as near to +z as may be.
 */
export function uprightRotation(up: readonly [number, number, number]): number[] {
  const [x, y, z] = up;
  // Towards the camera is (0, 0, -1); what of it is level becomes +z.
  const across = Math.sqrt(1 - z * z);
  const forward = [(z * x) / across, (z * y) / across, (z * z - 1) / across] as const;
  const right = [
    y * forward[2] - z * forward[1],
    z * forward[0] - x * forward[2],
    x * forward[1] - y * forward[0],
  ] as const;
  return [...right, x, y, z, ...forward];
}

/** A point in camera axes to scene space; m. `out` may be `point`. */
export function pointToScene(scene: SceneTransform, point: Numbers, out: NumbersOut, offset = 0, outOffset = 0): void {
  transformVector(scene.rotation, point, out, 0, offset, outOffset);
  out[outOffset + 1] = out[outOffset + 1]! + scene.lift;
}

/** C R for the rotation C of the scene; row-major. `out` may be `rotation`. */
export function rotationToScene(
  scene: SceneTransform,
  rotation: Numbers,
  out: NumbersOut,
  offset = 0,
  outOffset = 0,
): void {
  const turned = new Float64Array(9);
  multiplyMatrices(scene.rotation, rotation, turned, 0, offset);
  for (let k = 0; k < 9; k++) out[outOffset + k] = turned[k]!;
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
export function sceneMatrix({ rotation, lift }: SceneTransform): number[] {
  const column = (c: number): number[] => [rotation[c]!, rotation[3 + c]!, rotation[6 + c]!, 0];
  return [...column(0), ...column(1), ...column(2), 0, lift, 0, 1];
}

/**
 * Puts the lowest contact of a clip on the ground.
 * @param heights height along the scene's up of the lowest point of each frame and person over the camera, m; from vertices
 * where they are at hand, else from feet joints with `soleHeight`
 * @param soleHeight what lies below the given points, m
 * @returns the level that all but the lowest 2 % of frames keep above: single wrong frames must not lift everybody else
 */
export function groundedScene(
  heights: readonly number[],
  soleHeight = 0,
  rotation: readonly number[] = LEVEL_ROTATION,
): SceneTransform {
  const sorted = heights.filter((value) => Number.isFinite(value)).sort((a, b) => a - b);
  const level = sorted[Math.floor((sorted.length - 1) * 0.02)];
  return { rotation, lift: level === undefined ? 0 : soleHeight - level };
}
