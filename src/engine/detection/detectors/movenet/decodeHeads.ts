import { COCO_KEYPOINT_COUNT, type Detection } from '#core/tracks/track';
import { AppError } from '#core/errors';
import type { Tensor } from '../../../inference/session';
import type { Letterbox } from './letterbox';

/** px of the network's input per cell of every head. */
export const STRIDE = 4;

/** Spread of the keypoint search: a Gaussian whose exponent is dist² / (this · shorter side of the box), in cells. */
const KEYPOINT_SPREAD = 0.3;

/** People whose 17 keypoints have at least this mean score are as sure as their centre says; below, less so. */
const SURE_KEYPOINTS = 0.2;

/** A box with a shorter side is none, cells. */
const LEAST_SIDE = 0.25;

/** Beyond this exponent a cell's share is below 1/1000 and it is not looked at. */
const FARTHEST_EXPONENT = 7;

/** The six heads, 1 x channels x height x width, as named by the converted model (reference section 8). */
interface Heads {
  width: number;
  height: number;
  center: Float32Array;
  boxScale: Float32Array;
  boxOffset: Float32Array;
  heatmap: Float32Array;
  regression: Float32Array;
  offset: Float32Array;
}

/**
 * People in the heads of MoveNet MultiPose, best first, as many as there are peaks: box and 17 COCO keypoints in px of
 * the upright video. Source: reference section 8 (peaks, keypoint search). Boxes are the network's own: they may leave
 * the picture. Neighbouring peaks may be the same person: see `mergeScales`. The score is the centre's, lowered where
 * hardly any keypoint was found: on footage of small pedestrians that parts people (mean keypoint score 0.16 and more)
 * from road cones and lamp posts (below 0.1).
 * @param threshold lowest score, 0 to 1
 * @throws AppError MODEL_INVALID when a head is missing or has an unexpected shape
 */
export function decodeHeads(
  outputs: Readonly<Record<string, Tensor>>,
  letterbox: Letterbox,
  threshold: number,
): Detection[] {
  const heads = readHeads(outputs, letterbox);
  // Cells that begin beyond the picture hold only padding.
  const columns = Math.min(heads.width, Math.ceil(letterbox.pictureWidth / STRIDE));
  const rows = Math.min(heads.height, Math.ceil(letterbox.pictureHeight / STRIDE));
  const people: Detection[] = [];
  const logit = Math.log(threshold / (1 - threshold));
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      if (heads.center[row * heads.width + column]! < logit || !isPeak(heads, row, column)) continue;
      const person = decodePerson(heads, row, column, letterbox);
      if (person && person.score >= threshold && isFinitePerson(person)) people.push(person);
    }
  }
  return people.sort((a, b) => b.score - a.score);
}

/** Channels of each head, by the name that the converted model gives it. */
const CHANNELS = {
  center: 1,
  box_scale: 2,
  box_offset: 2,
  keypoint_heatmap: COCO_KEYPOINT_COUNT,
  keypoint_regression: 2 * COCO_KEYPOINT_COUNT,
  keypoint_offset: 2 * COCO_KEYPOINT_COUNT,
} as const;

/** Room for what the network says of an input: 90 numbers for each of its cells. */
export function roomForHeads({ width, height }: Pick<Letterbox, 'width' | 'height'>): Record<string, Tensor> {
  const [columns, rows] = [width / STRIDE, height / STRIDE];
  return Object.fromEntries(
    Object.entries(CHANNELS).map(([name, channels]) => [
      name,
      { data: new Float32Array(channels * rows * columns), dims: [1, channels, rows, columns] },
    ]),
  );
}

function readHeads(outputs: Readonly<Record<string, Tensor>>, letterbox: Letterbox): Heads {
  const width = letterbox.width / STRIDE;
  const height = letterbox.height / STRIDE;
  const head = (name: keyof typeof CHANNELS): Float32Array => {
    const channels = CHANNELS[name];
    const tensor = outputs[name];
    if (tensor?.data.length !== channels * width * height) {
      throw new AppError(
        'MODEL_INVALID',
        `The person detector's output ${name} is [${tensor?.dims.join(', ') ?? 'missing'}], expected [1, ${channels}, ${height}, ${width}].`,
        { hint: 'Run "npm run setup" to make the converted models anew.' },
      );
    }
    return tensor.data;
  };
  return {
    width,
    height,
    center: head('center'),
    boxScale: head('box_scale'),
    boxOffset: head('box_offset'),
    heatmap: head('keypoint_heatmap'),
    regression: head('keypoint_regression'),
    offset: head('keypoint_offset'),
  };
}

/** True for the greatest logit of its 3 x 3 neighbourhood; of equal ones the first in reading order counts. */
function isPeak(heads: Heads, row: number, column: number): boolean {
  const { center, width, height } = heads;
  const value = center[row * width + column]!;
  for (let y = Math.max(0, row - 1); y <= Math.min(height - 1, row + 1); y++) {
    for (let x = Math.max(0, column - 1); x <= Math.min(width - 1, column + 1); x++) {
      const other = center[y * width + x]!;
      const isEarlier = y < row || (y === row && x < column);
      if (other > value || (isEarlier && other === value)) return false;
    }
  }
  return true;
}

function isFinitePerson({ box, keypoints }: Detection): boolean {
  const isFinite = [box.x, box.y, box.width, box.height].every(Number.isFinite);
  return isFinite && (keypoints?.every(Number.isFinite) ?? true);
}

/** A box in cells. */
interface CellBox {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

function decodePerson(heads: Heads, row: number, column: number, letterbox: Letterbox): Detection | undefined {
  const plane = heads.width * heads.height;
  const cell = row * heads.width + column;
  const boxHeight = heads.boxScale[cell]!;
  const boxWidth = heads.boxScale[cell + plane]!;
  // Not a box, or not a number: such a peak is no person.
  if (!(boxHeight > LEAST_SIDE && boxWidth > LEAST_SIDE)) return undefined;
  const centreY = row + heads.boxOffset[cell]!;
  const centreX = column + heads.boxOffset[cell + plane]!;
  const box: CellBox = {
    left: centreX - boxWidth / 2,
    top: centreY - boxHeight / 2,
    right: centreX + boxWidth / 2,
    bottom: centreY + boxHeight / 2,
  };
  const keypoints = new Float32Array(COCO_KEYPOINT_COUNT * 3);
  let sum = 0;
  for (let keypoint = 0; keypoint < COCO_KEYPOINT_COUNT; keypoint++) {
    const found = findKeypoint(heads, keypoint, row, column, box);
    keypoints[keypoint * 3] = found.x * STRIDE * letterbox.scaleX;
    keypoints[keypoint * 3 + 1] = found.y * STRIDE * letterbox.scaleY;
    keypoints[keypoint * 3 + 2] = found.score;
    sum += found.score;
  }
  const toX = STRIDE * letterbox.scaleX;
  const toY = STRIDE * letterbox.scaleY;
  return {
    box: { x: box.left * toX, y: box.top * toY, width: boxWidth * toX, height: boxHeight * toY },
    score: sigmoid(heads.center[cell]!) * Math.min(1, sum / COCO_KEYPOINT_COUNT / SURE_KEYPOINTS),
    keypoints,
  };
}

/** Best cell of the keypoint's heat-map near the place that the centre points at; position in cells, score 0 to 1. */
function findKeypoint(heads: Heads, keypoint: number, row: number, column: number, box: CellBox) {
  const { width, height, heatmap } = heads;
  const plane = width * height;
  const cell = row * width + column;
  const startY = row + heads.regression[cell + 2 * keypoint * plane]!;
  const startX = column + heads.regression[cell + (2 * keypoint + 1) * plane]!;
  const spread = KEYPOINT_SPREAD * Math.min(box.right - box.left, box.bottom - box.top);
  const reach = Math.sqrt(FARTHEST_EXPONENT * spread);
  const fromY = Math.max(0, Math.ceil(Math.max(box.top, startY - reach)));
  const toY = Math.min(height - 1, Math.floor(Math.min(box.bottom, startY + reach)));
  const fromX = Math.max(0, Math.ceil(Math.max(box.left, startX - reach)));
  const toX = Math.min(width - 1, Math.floor(Math.min(box.right, startX + reach)));
  let best = -1;
  let bestScore = 0;
  for (let y = fromY; y <= toY; y++) {
    for (let x = fromX; x <= toX; x++) {
      const at = y * width + x;
      const distance = (y - startY) ** 2 + (x - startX) ** 2;
      const score = sigmoid(heatmap[keypoint * plane + at]!) * Math.exp(-distance / spread);
      if (score <= bestScore) continue;
      best = at;
      bestScore = score;
    }
  }
  if (best < 0) return { x: startX, y: startY, score: 0 };
  return {
    x: (best % width) + heads.offset[best + (2 * keypoint + 1) * plane]!,
    y: Math.floor(best / width) + heads.offset[best + 2 * keypoint * plane]!,
    score: bestScore,
  };
}

function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value));
}
