import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Box } from '#core/tracks/box';
import { createSessionPool } from '#engine/inference/sessions';
import type { ObservationTrack } from '#engine/estimation/estimator';
import { blazePoseEstimator } from '#engine/estimation/estimators/blazepose/index';
import { decodeFrames } from '#engine/video/decodeStream';
import { findFfmpeg } from '#engine/video/findFfmpeg';
import { probeVideo } from '#engine/video/probe';
import { ModelStore } from '#engine/weights/modelStore';
import { secondsOfFrame } from '#core/frames/frameTimes';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Folder of footage and reference numbers that are not part of the repository. */
export const sharedFolder = process.env['RETAKE_SHARED'] ?? join(root, '..', 'shared');

/** What a slow test needs and does not find, as a sentence; undefined when all is there. */
export function missing(...files: string[]): string | undefined {
  const needed = [...files, join(root, 'models', 'converted', 'blazepose-heavy.onnx')];
  const absent = needed.find((file) => !existsSync(file));
  return (
    absent && `skipped: ${absent} is not there (RETAKE_SHARED names the shared folder; npm run setup makes networks)`
  );
}

/** A clip as the estimator sees one person in it. */
export interface ObservedClip {
  track: ObservationTrack;
  width: number;
  height: number;
  rate: number;
}

/** Runs the estimator's observer over every frame that has a box. */
export async function observeClip(
  path: string,
  boxes: readonly (Box | undefined)[],
  quality: string,
): Promise<ObservedClip> {
  const ffmpeg = await findFfmpeg();
  const media = await probeVideo(path, { ffmpeg });
  const sessions = createSessionPool({ threads: 2, models: new ModelStore(join(root, 'models', 'converted')) });
  const observer = await blazePoseEstimator.createObserver(quality, sessions);
  const length = media.frameCount;
  const size = blazePoseEstimator.observationLength;
  const track: ObservationTrack = {
    start: 0,
    length,
    observations: new Float32Array(length * size),
    present: new Uint8Array(length),
    boxes: new Float64Array(length * 4),
    seconds: Float64Array.from({ length }, (_, frame) => secondsOfFrame(media.frameTimes, frame)),
  };
  const rate = media.averageRate.numerator / media.averageRate.denominator;
  for await (const { frameIndex, width, height, data } of decodeFrames({
    media,
    ffmpeg,
    span: { from: 0, to: length },
  })) {
    const box = boxes[frameIndex];
    if (!box) continue;
    const frame = { frameIndex, width, height, data, scale: width / media.width };
    const [row] = await observer.observe(frame, [{ box, rate }], new AbortController().signal);
    track.observations.set(row!, frameIndex * size);
    track.boxes.set([box.x, box.y, box.width, box.height], frameIndex * 4);
    track.present[frameIndex] = 1;
  }
  await sessions.dispose();
  return { track, width: media.width, height: media.height, rate };
}
