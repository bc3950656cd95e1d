import type { StageView } from '../stage/stageView';

/** A pinhole camera: focal length and size in px of the upright picture, principal point in its middle. */
export interface Pinhole {
  focal: number;
  width: number;
  height: number;
}

/** Nearest and farthest distance drawn, m. */
export const NEAR = 0.05;
/** See {@link NEAR}. */
export const FAR = 250;

/**
 * Column-major projection (OpenGL clip space, camera looking along -z, y up) of the part of a pinhole's picture that a
 * stage of `stage` CSS px shows under `view`. Together with {@link VIEW_FROM_CAMERA} it puts a point of camera axes
 * (x right, y down, z forward, m) on the very CSS px where the picture shows it.
 */
export function pinholeProjection(
  camera: Pinhole,
  view: StageView,
  stage: { width: number; height: number },
  out: number[] | Float32Array | Float64Array,
): void {
  const focal = camera.focal * view.scale;
  const centreX = (camera.width / 2) * view.scale + view.x;
  const centreY = (camera.height / 2) * view.scale + view.y;
  for (let k = 0; k < 16; k++) out[k] = 0;
  out[0] = (2 * focal) / stage.width;
  out[5] = (2 * focal) / stage.height;
  out[8] = 1 - (2 * centreX) / stage.width;
  out[9] = (2 * centreY) / stage.height - 1;
  out[10] = -(FAR + NEAR) / (FAR - NEAR);
  out[11] = -1;
  out[14] = (-2 * FAR * NEAR) / (FAR - NEAR);
}

/** Column-major 4x4 from camera axes (x right, y down, z forward) to a three camera's (x right, y up, looking along -z). */
export const VIEW_FROM_CAMERA: readonly number[] = [1, 0, 0, 0, 0, -1, 0, 0, 0, 0, -1, 0, 0, 0, 0, 1];

/** Where a pinhole shows a point of camera axes, px of the upright picture. */
export function projectPoint(camera: Pinhole, x: number, y: number, z: number): { x: number; y: number } {
  return { x: (camera.focal * x) / z + camera.width / 2, y: (camera.focal * y) / z + camera.height / 2 };
}
