import { matrixToAxisAngle, rotation6dToMatrix } from '#core/body/rotations';
import { JOINT_COUNT } from '#core/body/skeleton';
import { AppError } from '#core/errors';
import type { Session, Tensor } from '../../../inference/session';
import { type Block, planBlocks, type TemporalMode } from './blocks';
import { FEATURE_LENGTH } from '../../../weights/vibe/backbone';
import type { MeanParameters } from '../../../weights/vibe/regressor';
import type { EncoderConfiguration } from '../../../weights/vibe/temporalEncoder';

/** Image features of one person, a row a frame. */
export interface FeatureTrack {
  /** rows x 2048; rows with `present` 0 are not read. */
  features: Float32Array;
  /** 1 where the person was looked at on that frame. */
  present: Uint8Array;
}

/** The two networks that turn features into bodies, and what they need to know. */
export interface TemporalNetworks {
  /** What `compileTemporalEncoder` made, with the build it read off the weights. */
  encoder: Session;
  build: Pick<EncoderConfiguration, 'layers' | 'hidden' | 'bidirectional'>;
  /** What `compileRegressor` made, with the mean parameters it starts from. */
  regressor: Session;
  mean: MeanParameters;
}

/** VIBE's result (theta) for every row of a track; rows with `present` 0 are zero. */
export interface ThetaTrack {
  present: Uint8Array;
  /** rows x 3: s, tx, ty of the crop (tx, ty in m). */
  cameras: Float32Array;
  /** rows x 24 x 9 local rotation matrices, row-major: what drives the body. */
  rotations: Float32Array;
  /** rows x 72 axis-angle, rad, angles of at most pi; root in camera axes (x right, y down, z forward). */
  poses: Float32Array;
  /** rows x 10, one shape a frame. */
  betas: Float32Array;
  /** Which windows were used: to be told with every result. */
  mode: TemporalMode;
}

/** Options of {@link estimateTheta}. */
export interface TemporalOptions {
  mode?: TemporalMode;
  signal?: AbortSignal;
  /** Called after each block with the share done, 0 to 1. */
  onProgress?: (share: number) => void;
}

/**
 * Bodies of one person from image features: GRU encoder, iterative regressor, 6D to rotations to axis-angle (reference
 * vibe-smpl 4 and 5). See {@link TemporalMode} for what happens at gaps and block borders.
 * @throws AppError `MODEL_INVALID` when a network's output has another shape; the signal's reason when cancelled
 */
export async function estimateTheta(
  track: FeatureTrack,
  networks: TemporalNetworks,
  options: TemporalOptions = {},
): Promise<ThetaTrack> {
  const { mode = 'carried', signal, onProgress } = options;
  const { layers, hidden, bidirectional } = networks.build;
  const rows = track.present.length;
  const theta: ThetaTrack = {
    present: Uint8Array.from(track.present),
    cameras: new Float32Array(rows * 3),
    rotations: new Float32Array(rows * JOINT_COUNT * 9),
    poses: new Float32Array(rows * JOINT_COUNT * 3),
    betas: new Float32Array(rows * 10),
    mode,
  };
  const blocks = planBlocks(track.present, mode, bidirectional);
  const total = blocks.reduce((sum, block) => sum + block.rows.length, 0);
  const states = layers * (bidirectional ? 2 : 1);
  const zeros: Tensor = { data: new Float32Array(states * hidden), dims: [states, 1, hidden] };
  let state = zeros;
  let done = 0;
  for (const block of blocks) {
    signal?.throwIfAborted();
    const features = { data: gather(track.features, block), dims: [block.rows.length, 1, FEATURE_LENGTH] };
    const { encoded, nextState } = await networks.encoder.run({ features, state: block.fresh ? zeros : state });
    state = expectLength(nextState, states * hidden, 'temporal encoder');
    const { data } = expectLength(encoded, block.rows.length * FEATURE_LENGTH, 'temporal encoder');
    await regress({ data, dims: [block.rows.length, FEATURE_LENGTH] }, networks, block, theta);
    done += block.rows.length;
    onProgress?.(done / total);
  }
  return theta;
}

async function regress(features: Tensor, networks: TemporalNetworks, block: Block, theta: ThetaTrack): Promise<void> {
  const { regressor, mean } = networks;
  const count = block.rows.length;
  const found = await regressor.run({
    features,
    initialPose6d: { data: mean.pose6d, dims: [1, 144] },
    initialBetas: { data: mean.betas, dims: [1, 10] },
    initialCamera: { data: mean.camera, dims: [1, 3] },
  });
  const pose6d = expectLength(found['pose6d'], count * 144, 'pose regressor').data;
  const betas = expectLength(found['betas'], count * 10, 'pose regressor').data;
  const cameras = expectLength(found['camera'], count * 3, 'pose regressor').data;
  const matrix = new Float64Array(9);
  block.rows.forEach((row, n) => {
    theta.cameras.set(cameras.subarray(n * 3, n * 3 + 3), row * 3);
    theta.betas.set(betas.subarray(n * 10, n * 10 + 10), row * 10);
    for (let joint = 0; joint < JOINT_COUNT; joint++) {
      rotation6dToMatrix(pose6d, matrix, n * 144 + joint * 6);
      theta.rotations.set(matrix, (row * JOINT_COUNT + joint) * 9);
      matrixToAxisAngle(matrix, theta.poses, 0, (row * JOINT_COUNT + joint) * 3);
    }
  });
}

function gather(features: Float32Array, { rows }: Block): Float32Array {
  const gathered = new Float32Array(rows.length * FEATURE_LENGTH);
  rows.forEach((row, n) => {
    gathered.set(features.subarray(row * FEATURE_LENGTH, (row + 1) * FEATURE_LENGTH), n * FEATURE_LENGTH);
  });
  return gathered;
}

function expectLength(tensor: Tensor | undefined, length: number, network: string): Tensor {
  if (tensor?.data.length === length) return tensor;
  throw new AppError(
    'MODEL_INVALID',
    `The ${network} gave ${tensor?.dims.join(' x ') ?? 'nothing'}, expected ${length} numbers`,
    { hint: 'Import the checkpoint again.' },
  );
}
