import type { BodyModel } from '#core/body/bodyModel';
import type { ClipCamera, ObservationTrack, PersonMotion } from '../../../estimator';
import { OBSERVATION } from '../observation';
import { collectEvidence, smoothLandmarks, startPoses } from './start';
import { type LandmarkRows, readLandmarkRows } from './landmarkRows';
import { emptyMotion, holdRows, writeRows } from './motionRows';
import { createFitBody, skeletonOf } from './points';
import { fitShape, shapePieces } from './shapeRows';
import { fitWindows } from './windows';

/** What the fit of a track needs and reports. */
export interface FitRequest {
  track: ObservationTrack;
  /** Frame indices [from, to) wanted. */
  changed: { from: number; to: number };
  body: BodyModel;
  camera: ClipCamera;
  /** A few steps will do: all of the track is fitted again soon. */
  isDraft?: boolean;
  /** Motion that stands: its shape is kept and its rows outside `changed` are held. */
  previous?: PersonMotion;
  /** Awaited after every step with the share done, so that the thread hears cancellation; throws to stop. */
  pause: (share: number) => Promise<void>;
}

/** Rows around a span for which the closed form is made too: its memory of twist settles, weak rows have neighbours. */
const RUN_UP = 30;

/** s of track on each side of a changed span that can matter to it: medians, smoothing, swaps, run-up. */
const NEIGHBOURHOOD = 3;

/** Share of the work that finding the shape takes. */
const SHAPE_SHARE = 0.3;

/**
 * Body motion of one person from BlazePose observations (reference blazepose 11): closed form, then Levenberg-Marquardt
 * over windows of rows with one shape. Rows without observation stay absent. Deterministic.
 */
export async function fitTrack(request: FitRequest): Promise<PersonMotion> {
  const { changed, camera, isDraft = false, previous } = request;
  const track = previous ? neighbourhoodOf(request.track, changed) : request.track;
  const body = createFitBody(request.body);
  const landmarks = readLandmarkRows(track, camera);
  const motion = emptyMotion(changed, previous);
  const from = firstRowAt(landmarks, changed.from - track.start);
  const to = firstRowAt(landmarks, changed.to - track.start);
  if (from >= to) return motion;
  const smoothed = smoothLandmarks(landmarks);
  const evidence = collectEvidence(landmarks, smoothed);
  const betas = Float64Array.from(motion.betas);
  const runUp = Math.max(0, from - RUN_UP);
  const runOut = Math.min(landmarks.length, to + RUN_UP);
  const poses = startPoses(landmarks, smoothed, skeletonOf(body, betas), camera.focal, runUp, runOut);
  const span = { evidence, poses, focal: camera.focal, from, to };
  if (!previous) {
    const found = await fitShape(body, span, (share) => request.pause(share * SHAPE_SHARE));
    betas.set(found);
    motion.betas.set(found);
  }
  const skeleton = skeletonOf(body, betas);
  // The rows of a short track come from the shape's steps already.
  const whole = !previous && shapePieces(from, to).length === 1;
  const held = previous
    ? holdRows(previous, landmarks, evidence, track.start, span, skeleton)
    : { before: 0, after: 0 };
  const share = previous ? 0 : SHAPE_SHARE;
  if (!(whole && isDraft)) {
    const effort = { anneal: !whole, isDraft };
    await fitWindows(span, held, skeleton, effort, (done) => request.pause(share + done * (1 - share)));
  }
  writeRows(motion, landmarks, span, skeleton, track.start);
  return motion;
}

/** The part of a track around a span, so that an edit costs what the edit costs. */
function neighbourhoodOf(track: ObservationTrack, changed: { from: number; to: number }): ObservationTrack {
  const first = Math.max(0, changed.from - track.start);
  const last = Math.min(track.length, changed.to - track.start);
  let from = first;
  while (from > 0 && track.seconds[first]! - track.seconds[from - 1]! <= NEIGHBOURHOOD) from--;
  let to = last;
  while (to < track.length && track.seconds[to]! - track.seconds[last - 1]! <= NEIGHBOURHOOD) to++;
  return {
    start: track.start + from,
    length: to - from,
    observations: track.observations.subarray(from * OBSERVATION.length, to * OBSERVATION.length),
    present: track.present.subarray(from, to),
    boxes: track.boxes.subarray(from * 4, to * 4),
    seconds: track.seconds.subarray(from, to),
  };
}

function firstRowAt(landmarks: LandmarkRows, trackRow: number): number {
  const found = landmarks.trackRows.findIndex((row) => row >= trackRow);
  return found < 0 ? landmarks.length : found;
}
