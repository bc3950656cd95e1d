import { POINT_COUNT } from './points';

/** What was seen of a person, row by row (present frames only), in the form that the terms of the fit use. */
export interface EvidenceRows {
  length: number;
  /** s of each row. */
  seconds: Float64Array;
  /** 1 where the row continues the one before it (no gap between them). */
  linked: Uint8Array;
  /** length: the person's size h, px. */
  sizes: Float64Array;
  /** length x POINT_COUNT x 2, px from the principal point. */
  image: Float64Array;
  /** length x POINT_COUNT x 3, m from the middle of the hips, already turned to the viewing ray. */
  world: Float64Array;
  /** length x POINT_COUNT: how much each landmark counts, visibility and doubts, 0 to 1 (without l). */
  visibility: Float64Array;
  /** length x 2: how surely the left and the right foot stand, 0 to 1. */
  standing: Float64Array;
}

/** Room for rows. */
export function createEvidenceRows(length: number): EvidenceRows {
  return {
    length,
    seconds: new Float64Array(length),
    linked: new Uint8Array(length),
    sizes: new Float64Array(length),
    image: new Float64Array(length * POINT_COUNT * 2),
    world: new Float64Array(length * POINT_COUNT * 3),
    visibility: new Float64Array(length * POINT_COUNT),
    standing: new Float64Array(length * 2),
  };
}

/** A view of rows [from, to); nothing is copied but `linked`, whose first row starts anew. */
export function sliceEvidence(rows: EvidenceRows, from: number, to: number): EvidenceRows {
  const linked = rows.linked.slice(from, to);
  linked[0] = 0;
  return {
    length: to - from,
    seconds: rows.seconds.subarray(from, to),
    linked,
    sizes: rows.sizes.subarray(from, to),
    image: rows.image.subarray(from * POINT_COUNT * 2, to * POINT_COUNT * 2),
    world: rows.world.subarray(from * POINT_COUNT * 3, to * POINT_COUNT * 3),
    visibility: rows.visibility.subarray(from * POINT_COUNT, to * POINT_COUNT),
    standing: rows.standing.subarray(from * 2, to * 2),
  };
}
