import { verticalFieldOfView } from '#core/camera/projection';
import { type ImageCamera, toImageCamera, weakPerspectiveAtOrigin } from '#core/camera/weakPerspective';
import type { Results } from '#core/protocol/messages';
import type { MotionRow } from '../playback/shownBodies';
import { scenePoint } from '../viewport/bodySummary';

type Triple = [number, number, number];

/** Where a body stands, in every way in which other programs ask for it. */
export interface PlaceFacts {
  /** SMPL's translation, m, camera axes. */
  translation: Triple;
  /** Pelvis, m, camera axes. */
  pelvis: Triple;
  /** Pelvis, m, scene axes. */
  pelvisInScene: Triple;
  /** Pelvis, px of the upright picture. */
  pelvisInPicture: [number, number];
  /** Weak-perspective camera as in VIBE's `orig_cam`, of SMPL's translation. */
  weak: ImageCamera;
}

/** The camera of a clip in numbers, and the place of a body before it. */
export interface CameraFacts {
  width: number;
  height: number;
  /** px. */
  focal: number;
  /** px. */
  centre: [number, number];
  /** Across and up, degrees. */
  fieldOfView: [number, number];
  /** Of the lens over the ground, m. */
  heightAboveGround: number;
  /** Downward positive, degrees. */
  tilt: number;
  /** 4x4, row-major. */
  sceneFromCamera: number[];
  place: PlaceFacts | undefined;
}

const DEGREES = 180 / Math.PI;

function placeFacts({ camera, sceneFromCamera }: Results, { piece, row }: MotionRow): PlaceFacts {
  const triple = (from: Float32Array, at: number): Triple => [from[at] ?? 0, from[at + 1] ?? 0, from[at + 2] ?? 0];
  const translation = triple(piece.translations, row * 3);
  const pelvis = triple(piece.joints, row * 72);
  return {
    translation,
    pelvis,
    pelvisInScene: scenePoint(pelvis, 0, sceneFromCamera),
    pelvisInPicture: [piece.joints2d[row * 48] ?? 0, piece.joints2d[row * 48 + 1] ?? 0],
    weak: toImageCamera(weakPerspectiveAtOrigin(camera, translation), camera.width, camera.height),
  };
}

/** See {@link CameraFacts}; without motion there is no place. */
export function cameraFacts(results: Results, motion: MotionRow | undefined): CameraFacts {
  const { camera, sceneFromCamera: matrix } = results;
  const { width, height, focal } = camera;
  const [, lens] = scenePoint([0, 0, 0], 0, matrix);
  // The third column is where the camera looks.
  const down = Math.asin(Math.max(-1, Math.min(1, -(matrix[9] ?? 0))));
  return {
    width,
    height,
    focal,
    centre: [width / 2, height / 2],
    fieldOfView: [2 * Math.atan(width / 2 / focal) * DEGREES, verticalFieldOfView(camera) * DEGREES],
    heightAboveGround: lens,
    tilt: down * DEGREES || 0,
    sceneFromCamera: Array.from({ length: 16 }, (_, at) => matrix[(at % 4) * 4 + Math.floor(at / 4)] ?? 0),
    place: motion && placeFacts(results, motion),
  };
}

/** The same as JSON, with every unit and convention named. */
export function cameraAsJson(facts: CameraFacts, of: { person: string | undefined; frame: number }): string {
  const { place } = facts;
  const rounded = (_: string, value: unknown) => (typeof value === 'number' ? Number(value.toFixed(6)) : value);
  return JSON.stringify(
    {
      frame: of.frame,
      camera: {
        kind: 'pinhole: u = f x / z + cx, v = f y / z + cy; square px, no skew, no distortion',
        axes: 'x right, y down, z forward; m',
        widthPx: facts.width,
        heightPx: facts.height,
        focalPx: facts.focal,
        centrePx: facts.centre,
        fieldOfViewDegrees: facts.fieldOfView,
      },
      scene: {
        axes: 'y up, ground at 0; m',
        sceneFromCamera: facts.sceneFromCamera,
        order: 'row-major 4x4, column vectors',
      },
      ...(place && {
        place: {
          person: of.person,
          translation: place.translation,
          pelvisInCamera: place.pelvis,
          pelvisInScene: place.pelvisInScene,
          pelvisInPicturePx: place.pelvisInPicture,
          weakPerspective: {
            ...place.weak,
            convention: 'u = (sx (x + tx) + 1) width / 2, v = (sy (y + ty) + 1) height / 2',
          },
        },
      }),
    },
    rounded,
    1,
  );
}
