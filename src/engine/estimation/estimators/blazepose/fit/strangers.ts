import { LANDMARK, LANDMARK_COUNT } from '../observation';
import { runningMedian, smoothstep } from './smoothing';
import { FIT_WEIGHTS } from './weights';

/** What the search needs of landmark rows. */
export interface ScaleEvidence {
  length: number;
  seconds: Float64Array;
  /** length x 33 x 2, px. */
  image: Float64Array;
  /** length x 33 x 3, m. */
  world: Float64Array;
  /** 1 where the observer itself doubts whom it saw: such rows are judged but do not judge. */
  flagged: Uint8Array;
}

const l = LANDMARK;
const limbs = [
  ...[l.leftShoulder, l.rightShoulder, l.leftElbow, l.rightElbow, l.leftWrist, l.rightWrist],
  ...[l.leftHip, l.rightHip, l.leftKnee, l.rightKnee, l.leftAnkle, l.rightAnkle],
];

/** Root of the summed squared distances of limb landmarks from their mean, over the first two coordinates. */
function spread(values: Float64Array, row: number, size: number): number {
  let squared = 0;
  for (let c = 0; c < 2; c++) {
    let mean = 0;
    for (const k of limbs) mean += values[(row * LANDMARK_COUNT + k) * size + c]! / limbs.length;
    for (const k of limbs) squared += (values[(row * LANDMARK_COUNT + k) * size + c]! - mean) ** 2;
  }
  return Math.sqrt(squared);
}

/**
 * Share of trust per row, 1 to the table's least: a person's px per metre (spread in the picture over spread in the
 * world) changes slowly with distance whatever the pose, so a row far off its surroundings shows somebody nearer or
 * farther, usually whoever covers the person.
 */
export function trustByScale(rows: ScaleEvidence): Float64Array {
  const { window, ratioLow, ratioHigh, least } = FIT_WEIGHTS.stranger;
  const scales = new Float64Array(rows.length);
  for (let row = 0; row < rows.length; row++) {
    scales[row] = spread(rows.image, row, 2) / Math.max(1e-6, spread(rows.world, row, 3));
  }
  const judges = scales.map((scale, row) => (rows.flagged[row] ? Number.NaN : scale));
  const usual = runningMedian(rows.seconds, judges, window);
  const [low, high] = [Math.log(ratioLow), Math.log(ratioHigh)];
  return scales.map((scale, row) => {
    if (Number.isNaN(usual[row]!)) return 1;
    const off = Math.abs(Math.log(Math.max(1e-6, scale) / Math.max(1e-6, usual[row]!)));
    return 1 - (1 - least) * smoothstep((off - low) / (high - low));
  });
}
