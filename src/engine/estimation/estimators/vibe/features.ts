import { AppError } from '#core/errors';
import { VIBE_CROP_SCALE, VIBE_CROP_SIZE } from '#core/camera/weakPerspective';
import type { Session } from '../../../inference/session';
import { FEATURE_LENGTH } from '../../../weights/vibe/backbone';
import { type CentredBox, CROP_LENGTH, type Picture, writeCrop } from './crop';

/** One person on one picture. */
export interface CropRequest {
  picture: Picture;
  box: CentredBox;
}

/** Options of {@link extractFeatures}. */
export interface FeatureOptions {
  /** Crops that one run of the network looks at, at least 1. */
  batch?: number;
  /** Crop side over box side; VIBE's demo has 1.1. */
  boxScale?: number;
  signal?: AbortSignal;
}

/** One by one: a batch only costs memory where the processor is busy with one crop already. */
const DEFAULT_BATCH = 1;

/**
 * The backbone's features of crops, 2048 numbers each, in order: a pure function of picture and box. Its network is what
 * `compileBackbone` makes.
 * @throws AppError `MODEL_INVALID` when the network's output has another shape; the signal's reason when cancelled
 */
export async function extractFeatures(
  requests: readonly CropRequest[],
  backbone: Session,
  options: FeatureOptions = {},
): Promise<Float32Array[]> {
  const { batch = DEFAULT_BATCH, boxScale = VIBE_CROP_SCALE, signal } = options;
  const features: Float32Array[] = [];
  const room = new Float32Array(Math.min(batch, requests.length) * CROP_LENGTH);
  for (let from = 0; from < requests.length; from += batch) {
    signal?.throwIfAborted();
    const part = requests.slice(from, from + batch);
    part.forEach(({ picture, box }, n) => writeCrop(picture, box, room, n * CROP_LENGTH, boxScale));
    const crops = {
      data: room.subarray(0, part.length * CROP_LENGTH),
      dims: [part.length, 3, VIBE_CROP_SIZE, VIBE_CROP_SIZE],
    };
    const found = (await backbone.run({ crops }))['features'];
    if (found?.data.length !== part.length * FEATURE_LENGTH) {
      throw new AppError(
        'MODEL_INVALID',
        `The image backbone gave ${found?.dims.join(' x ') ?? 'nothing'}, expected ${part.length} x ${FEATURE_LENGTH} features`,
        { hint: 'Import the checkpoint again.' },
      );
    }
    part.forEach((_, n) => features.push(found.data.slice(n * FEATURE_LENGTH, (n + 1) * FEATURE_LENGTH)));
  }
  return features;
}
