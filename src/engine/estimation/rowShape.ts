import type { MotionChannels } from './estimator';

/** Rows of motion as far as their shape goes. */
interface ShapedRows {
  /** 10. */
  betas: Float32Array;
  channels?: MotionChannels;
}

/** The shape that a row was made with: its own where it has one. 10 numbers. */
export function betasOfRow({ betas, channels }: ShapedRows, row: number): Float32Array {
  const own = channels?.frameBetas?.subarray(row * betas.length, (row + 1) * betas.length);
  return own === undefined || Number.isNaN(own[0] ?? Number.NaN) ? betas : own;
}

/** Shapes of `length` rows as the mesh kernel takes them: 10 numbers where they are all the same, else length x 10. */
export function betasOfRows(rows: ShapedRows, length: number): Float32Array {
  if (!rows.channels?.frameBetas) return rows.betas;
  const size = rows.betas.length;
  const all = new Float32Array(length * size);
  for (let row = 0; row < length; row++) all.set(betasOfRow(rows, row), row * size);
  return all;
}
