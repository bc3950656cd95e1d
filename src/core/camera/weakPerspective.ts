import type { PinholeCamera } from './projection';

/** Side of VIBE's network crop over the side of the person's box (reference vibe-smpl 6.4). */
export const VIBE_CROP_SCALE = 1.1;

/** Side of VIBE's network crop, px, and its focal length for it (reference vibe-smpl 6.1). */
export const VIBE_CROP_SIZE = 224;
/** See {@link VIBE_CROP_SIZE}. */
export const VIBE_FOCAL = 5000;

/**
 * Weak perspective in px: u = scale * x + offsetX, v = scale * y + offsetY for points in m. One scale for a whole person:
 * depth differences within the body are ignored.
 */
export interface WeakPerspective {
  /** px per m, positive. */
  scale: number;
  /** px where x = 0. */
  offsetX: number;
  /** px where y = 0. */
  offsetY: number;
}

/** VIBE's camera of a square crop: [-1, 1] = s (x + tx), s (y + ty); 0 is the crop's centre, +y down. */
export interface CropCamera {
  s: number;
  /** m. */
  tx: number;
  ty: number;
}

/** VIBE's `orig_cam`: u = (sx (x + tx) + 1) width / 2, v = (sy (y + ty) + 1) height / 2. */
export interface ImageCamera {
  sx: number;
  sy: number;
  /** m. */
  tx: number;
  ty: number;
}

/** A square of the picture, px. */
export interface Square {
  centreX: number;
  centreY: number;
  side: number;
}

/**
 * The weak-perspective camera of body points (about any origin, m) that best matches where a perspective camera shows
 * them when the body stands at `translation`: weighted linear least squares in (scale, offsets), 3 x 3 (reference
 * blazepose 9). Points behind the camera are left out; undefined when fewer than two different ones remain.
 */
export function weakPerspectiveOf(
  camera: PinholeCamera,
  points: ArrayLike<number>,
  translation: ArrayLike<number>,
  weights?: ArrayLike<number>,
): WeakPerspective | undefined {
  const count = Math.floor(points.length / 3);
  let total = 0;
  const mean = [0, 0, 0, 0];
  const rows: number[][] = [];
  for (let k = 0; k < count; k++) {
    const z = points[k * 3 + 2]! + translation[2]!;
    const weight = weights?.[k] ?? 1;
    if (z <= 1e-3 || weight <= 0) continue;
    const [x, y] = [points[k * 3]!, points[k * 3 + 1]!];
    const u = (camera.focal * (x + translation[0]!)) / z + camera.width / 2;
    const v = (camera.focal * (y + translation[1]!)) / z + camera.height / 2;
    [x, y, u, v].forEach((value, c) => {
      mean[c]! += weight * value;
    });
    total += weight;
    rows.push([x, y, u, v, weight]);
  }
  if (rows.length < 2) return undefined;
  const [mx, my, mu, mv] = mean.map((sum) => sum / total);
  let above = 0;
  let below = 0;
  for (const [x, y, u, v, weight] of rows) {
    above += weight! * ((x! - mx!) * (u! - mu!) + (y! - my!) * (v! - mv!));
    below += weight! * ((x! - mx!) ** 2 + (y! - my!) ** 2);
  }
  const scale = above / below;
  if (!(scale > 0) || !Number.isFinite(scale)) return undefined;
  return { scale, offsetX: mu! - scale * mx!, offsetY: mv! - scale * my! };
}

/**
 * The same without a fit: exact for points at the depth of the body's origin (z of `translation`), with VIBE's meaning of
 * depth (reference vibe-smpl 6.5).
 */
export function weakPerspectiveAtOrigin(camera: PinholeCamera, translation: ArrayLike<number>): WeakPerspective {
  const scale = camera.focal / translation[2]!;
  return {
    scale,
    offsetX: scale * translation[0]! + camera.width / 2,
    offsetY: scale * translation[1]! + camera.height / 2,
  };
}

/** Translation in m (camera axes) that a perspective camera needs to show a body's origin as the weak one does. */
export function translationOf(camera: PinholeCamera, weak: WeakPerspective): [number, number, number] {
  return [
    (weak.offsetX - camera.width / 2) / weak.scale,
    (weak.offsetY - camera.height / 2) / weak.scale,
    camera.focal / weak.scale,
  ];
}

/** The square that VIBE crops for a box of which `boxSide` is the (square) side: 1.1 times as large. */
export function vibeCrop(centreX: number, centreY: number, boxSide: number): Square {
  return { centreX, centreY, side: boxSide * VIBE_CROP_SCALE };
}

/** VIBE's crop camera of a weak perspective: s = 2 scale / side, t = (offset - centre) / scale. */
export function toCropCamera(weak: WeakPerspective, crop: Square): CropCamera {
  return {
    s: (2 * weak.scale) / crop.side,
    tx: (weak.offsetX - crop.centreX) / weak.scale,
    ty: (weak.offsetY - crop.centreY) / weak.scale,
  };
}

/** The inverse of {@link toCropCamera}. */
export function fromCropCamera(camera: CropCamera, crop: Square): WeakPerspective {
  const scale = (camera.s * crop.side) / 2;
  return { scale, offsetX: camera.tx * scale + crop.centreX, offsetY: camera.ty * scale + crop.centreY };
}

/** VIBE's `orig_cam` of a weak perspective on a picture of width x height px. */
export function toImageCamera(weak: WeakPerspective, width: number, height: number): ImageCamera {
  return {
    sx: (2 * weak.scale) / width,
    sy: (2 * weak.scale) / height,
    tx: (weak.offsetX - width / 2) / weak.scale,
    ty: (weak.offsetY - height / 2) / weak.scale,
  };
}

/** The inverse of {@link toImageCamera}; sy is not needed. */
export function fromImageCamera(camera: ImageCamera, width: number, height: number): WeakPerspective {
  const scale = (camera.sx * width) / 2;
  return { scale, offsetX: camera.tx * scale + width / 2, offsetY: camera.ty * scale + height / 2 };
}

/**
 * VIBE's published crop to picture conversion, reference vibe-smpl 6.2. `side` is the crop's side for a right result;
 * files written by VIBE itself used the box's side (6.4), which is 1.1 times smaller: pass that to compare with them.
 */
export function cropToImageCamera(
  camera: CropCamera,
  centreX: number,
  centreY: number,
  side: number,
  width: number,
  height: number,
): ImageCamera {
  const sx = (camera.s * side) / width;
  const sy = (camera.s * side) / height;
  return {
    sx,
    sy,
    tx: (centreX - width / 2) / ((width / 2) * sx) + camera.tx,
    ty: (centreY - height / 2) / ((height / 2) * sy) + camera.ty,
  };
}
