import { AppError } from '#core/errors';
import { VIBE_CROP_SCALE, VIBE_CROP_SIZE } from '#core/camera/weakPerspective';
import { AdaptiveBatches } from '../../../inference/batches';
import type { Session } from '../../../inference/session';
import { FEATURE_LENGTH } from '../../../weights/vibe/backbone';
import { type CentredBox, CROP_LENGTH, type Picture, writeCrop } from './crop';

/** One person on one picture. */
export interface CropRequest {
  picture: Picture;
  box: CentredBox;
}

/** Memory that one crop takes while the backbone looks at it: its largest activations. */
const CROP_BYTES = 20e6;
/** On the processor a batch is no faster than one by one; on other devices this keeps them busy. */
const MOST_IN_BATCH = 16;

/** Options of {@link extractFeatures}. */
export interface FeatureOptions {
  /** How many crops one run of the network looks at. */
  batches?: AdaptiveBatches;
  /** Crop side over box side; VIBE's demo has 1.1. */
  boxScale?: number;
  signal?: AbortSignal;
}

/** How many crops the backbone is given at once on this computer. Keep one for each session. */
export function cropBatches(): AdaptiveBatches {
  return new AdaptiveBatches(CROP_BYTES, MOST_IN_BATCH);
}

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
  const { batches = cropBatches(), boxScale = VIBE_CROP_SCALE, signal } = options;
  const features: Float32Array[] = [];
  const room = new Float32Array(Math.min(batches.size, requests.length) * CROP_LENGTH);
  await batches.run(requests.length, async (from, to) => {
    signal?.throwIfAborted();
    const count = to - from;
    requests.slice(from, to).forEach(({ picture, box }, n) => writeCrop(picture, box, room, n * CROP_LENGTH, boxScale));
    const data = room.subarray(0, count * CROP_LENGTH);
    const found = (await backbone.run({ crops: { data, dims: [count, 3, VIBE_CROP_SIZE, VIBE_CROP_SIZE] } }))[
      'features'
    ];
    if (found?.data.length !== count * FEATURE_LENGTH) {
      throw new AppError(
        'MODEL_INVALID',
        `The image backbone gave ${found?.dims.join(' x ') ?? 'nothing'}, expected ${count} x ${FEATURE_LENGTH} features`,
        { hint: 'Import the checkpoint again.' },
      );
    }
    for (let n = 0; n < count; n++) {
      features[from + n] = found.data.slice(n * FEATURE_LENGTH, (n + 1) * FEATURE_LENGTH);
    }
  });
  return features;
}
