import { AppError } from '#core/errors';
import type { Session, Tensor } from '../../../inference/session';
import { CROP_LENGTH, CROP_SIZE, cropRegion, type Picture, roomForCrops } from './crop';
import { mirrorLandmarks } from './mirror';
import { LANDMARK_COUNT, type Region } from './observation';
import { regionFromAlignment } from './roi';

/** What the landmark network says of one region. Coordinates are px of the upright video. */
export interface PoseLandmarks {
  /** The region that was looked at. */
  region: Region;
  /** 33 x 4: x px, y px, z px (scaled as x, smaller is nearer, 0 at the hips), visibility 0..1. */
  image: Float32Array;
  /** 33 x 3: x right, y down, z away, m, origin between the hips, axes of the picture. */
  world: Float32Array;
  /** 33 probabilities that the landmark is in the picture at all. */
  presence: Float32Array;
  /** Probability that the region shows a person, 0..1. */
  score: number;
  /** The region that the network would look at next (its rows 33 and 34). */
  next: Region;
}

/** Rows of the network's output: 33 landmarks, 2 alignment points, 4 unused. */
const ROWS = 39;
const ROW_LENGTH = 5;
const HEATMAP_SIZE = 64;
/** Cells on each side of the start in the heat-map refinement (kernel 7). */
const REFINE_REACH = 3;
/** Lowest greatest heat-map probability that moves a landmark. */
const REFINE_CONFIDENCE = 0.5;

/** What goes into the network and comes out of it for a batch of regions: 1.5 MB each, used again and again. */
interface Batch {
  crops: Float32Array;
  outputs: Record<string, Tensor>;
}

/** Batches that nobody uses, by session and size. */
const idleBatches = new WeakMap<Session, Map<number, Batch>>();

function createBatch(size: number): Batch {
  const output = (...dims: number[]): Tensor => {
    return { dims: [size, ...dims], data: new Float32Array(dims.reduce((count, length) => count * length, size)) };
  };
  return {
    crops: roomForCrops(size),
    outputs: {
      landmarks: output(ROWS * ROW_LENGTH),
      presence: output(1),
      heatmap: output(ROWS, HEATMAP_SIZE, HEATMAP_SIZE),
      world: output(ROWS * 3),
    },
  };
}

/** Looks at the regions of a batch with what an earlier one of the session left. */
async function observeBatch(
  picture: Picture,
  regions: readonly Region[],
  session: Session,
  isMirrored: boolean,
): Promise<PoseLandmarks[]> {
  const idle = idleBatches.get(session) ?? new Map<number, Batch>();
  idleBatches.set(session, idle);
  const size = regions.length;
  const used = idle.get(size) ?? createBatch(size);
  // Whoever asks meanwhile gets another one.
  idle.delete(size);
  const { crops: data, outputs: given } = used;
  for (const [index, region] of regions.entries()) {
    cropRegion(picture, region, data, index * CROP_LENGTH, isMirrored);
  }
  const outputs = await session.run({ image: { data, dims: [size, 3, CROP_SIZE, CROP_SIZE] } }, given);
  const found = regions.map((region, index) => decodeLandmarks(outputs, index, region));
  idle.set(size, used);
  return isMirrored ? found.map((seen) => mirrorLandmarks(seen)) : found;
}

/**
 * Landmarks of every region of one frame. Regions go through the network in batches of `batch`, with `isMirrored` left to
 * right; what is found is told of the picture as it is all the same.
 * @param session a BlazePose landmark network (`blazepose-heavy` or `blazepose-full`)
 * @throws AppError `MODEL_INVALID` when the network's outputs are not BlazePose's.
 */
export async function observePose(
  picture: Picture,
  regions: readonly Region[],
  session: Session,
  signal: AbortSignal,
  { batch = 1, isMirrored = false }: { batch?: number; isMirrored?: boolean } = {},
): Promise<PoseLandmarks[]> {
  const found: PoseLandmarks[] = [];
  for (let start = 0; start < regions.length; start += batch) {
    signal.throwIfAborted();
    const part = regions.slice(start, start + batch);
    found.push(...(await observeBatch(picture, part, session, isMirrored)));
  }
  return found;
}

/**
 * Reads the landmarks of one region out of the network's outputs: heat-map refinement, sigmoids, and back to the
 * picture. Source: reference section 5.
 * @param index which region of the batch
 * @throws AppError `MODEL_INVALID` when an output is missing or too short.
 */
export function decodeLandmarks(
  outputs: Readonly<Record<string, Tensor>>,
  index: number,
  region: Region,
): PoseLandmarks {
  const raw = rowOf(outputs, 'landmarks', index, ROWS * ROW_LENGTH);
  const heatmap = rowOf(outputs, 'heatmap', index, ROWS * HEATMAP_SIZE * HEATMAP_SIZE);
  const rawWorld = rowOf(outputs, 'world', index, ROWS * 3);
  const [score = 0] = rowOf(outputs, 'presence', index, 1);
  const cos = Math.cos(region.rotation);
  const sin = Math.sin(region.rotation);
  const place = (row: number): [number, number] => {
    const [u, v] = refine(raw[row * ROW_LENGTH]! / CROP_SIZE, raw[row * ROW_LENGTH + 1]! / CROP_SIZE, heatmap, row);
    const x = (u - 0.5) * region.side;
    const y = (v - 0.5) * region.side;
    return [region.centreX + x * cos - y * sin, region.centreY + x * sin + y * cos];
  };
  const image = new Float32Array(LANDMARK_COUNT * 4);
  const world = new Float32Array(LANDMARK_COUNT * 3);
  const presence = new Float32Array(LANDMARK_COUNT);
  for (let row = 0; row < LANDMARK_COUNT; row++) {
    image.set(place(row), row * 4);
    image[row * 4 + 2] = (raw[row * ROW_LENGTH + 2]! / CROP_SIZE) * region.side;
    image[row * 4 + 3] = sigmoid(raw[row * ROW_LENGTH + 3]!);
    presence[row] = sigmoid(raw[row * ROW_LENGTH + 4]!);
    const x = rawWorld[row * 3]!;
    const y = rawWorld[row * 3 + 1]!;
    world[row * 3] = x * cos - y * sin;
    world[row * 3 + 1] = x * sin + y * cos;
    world[row * 3 + 2] = rawWorld[row * 3 + 2]!;
  }
  const next = regionFromAlignment(place(LANDMARK_COUNT), place(LANDMARK_COUNT + 1));
  return { region, image, world, presence, score, next };
}

/** One region's part of a batched output. */
function rowOf(outputs: Readonly<Record<string, Tensor>>, name: string, index: number, length: number): Float32Array {
  const tensor = outputs[name];
  if (tensor === undefined || tensor.data.length < (index + 1) * length) {
    throw new AppError('MODEL_INVALID', `The network has no output "${name}" of ${length} numbers for each picture`, {
      hint: 'Run "npm run setup" to make the converted models anew.',
    });
  }
  return tensor.data.subarray(index * length, (index + 1) * length);
}

/**
 * Moves a landmark (0..1 of the crop) to the weighted mean of the heat-map's probabilities in a 7 x 7 window round it,
 * where one of them reaches 0.5.
 */
function refine(u: number, v: number, heatmap: Float32Array, row: number): [number, number] {
  const column = Math.trunc(u * HEATMAP_SIZE);
  const line = Math.trunc(v * HEATMAP_SIZE);
  if (!(column >= 0 && column < HEATMAP_SIZE && line >= 0 && line < HEATMAP_SIZE)) return [u, v];
  let sum = 0;
  let sumX = 0;
  let sumY = 0;
  let greatest = 0;
  for (let y = Math.max(0, line - REFINE_REACH); y <= Math.min(HEATMAP_SIZE - 1, line + REFINE_REACH); y++) {
    for (let x = Math.max(0, column - REFINE_REACH); x <= Math.min(HEATMAP_SIZE - 1, column + REFINE_REACH); x++) {
      const weight = sigmoid(heatmap[(row * HEATMAP_SIZE + y) * HEATMAP_SIZE + x]!);
      sum += weight;
      sumX += weight * x;
      sumY += weight * y;
      if (weight > greatest) greatest = weight;
    }
  }
  return greatest >= REFINE_CONFIDENCE ? [sumX / sum / HEATMAP_SIZE, sumY / sum / HEATMAP_SIZE] : [u, v];
}

function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}
