/**
 * The pinhole camera that the whole of Retake shares: x right, y down, z forward, m; square px, no skew, principal point
 * at the centre of the picture. u = f x / z + width / 2, v = f y / z + height / 2.
 */
export interface PinholeCamera {
  /** Focal length, px of the upright video. */
  focal: number;
  /** px of the upright video. */
  width: number;
  height: number;
}

/** Points nearer than this (or behind the camera) have no place in the picture, m. */
export const NEAREST_DEPTH = 1e-3;

/** The camera of a picture whose focal length is `focalFactor` times its longer side. */
export function cameraOfPicture(width: number, height: number, focalFactor: number): PinholeCamera {
  return { focal: focalFactor * Math.max(width, height), width, height };
}

/**
 * Pixels (count x 2, origin at the top-left corner of the picture) of points (count x 3, m, camera axes). Points that are
 * not in front of the camera become NaN, so that nothing draws them by mistake.
 */
export function projectPoints(
  camera: PinholeCamera,
  points: ArrayLike<number>,
  out: Float64Array = new Float64Array((points.length / 3) * 2),
): Float64Array {
  const count = Math.floor(points.length / 3);
  for (let k = 0; k < count; k++) {
    const z = points[k * 3 + 2]!;
    const scale = z > NEAREST_DEPTH ? camera.focal / z : Number.NaN;
    out[k * 2] = points[k * 3]! * scale + camera.width / 2;
    out[k * 2 + 1] = points[k * 3 + 1]! * scale + camera.height / 2;
  }
  return out;
}

/** The point in camera axes that is seen at a pixel at depth `z` m: the inverse of {@link projectPoints}. */
export function unproject(camera: PinholeCamera, u: number, v: number, z: number): [number, number, number] {
  return [((u - camera.width / 2) * z) / camera.focal, ((v - camera.height / 2) * z) / camera.focal, z];
}

/** Angle of view over the height of the picture, rad: what renderers ask for. */
export function verticalFieldOfView(camera: PinholeCamera): number {
  return 2 * Math.atan(camera.height / 2 / camera.focal);
}
