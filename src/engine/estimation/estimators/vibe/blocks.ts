import { spansWhere } from '#core/frames/span';

/**
 * How a track's frames go through the temporal encoder: `carried` (the default) goes on from block to block with the
 * hidden state and starts anew at gaps; `match-vibe` is what VIBE's demo does, blocks of 450 list entries from zero state,
 * gaps counted as if they were not there (reference vibe-smpl 4.6).
 */
export type TemporalMode = 'carried' | 'match-vibe';

/** Frames in a block of VIBE's demo (`vibe_batch_size`). */
const VIBE_BLOCK = 450;
/** Frames in a block whose state is carried: the result does not depend on it, but cancelling does. */
const CARRIED_BLOCK = 128;

/** Rows that go through the encoder at once. */
export interface Block {
  /** Row numbers, rising; with `match-vibe` not always consecutive. */
  rows: Uint32Array;
  /** Starts from zero state; otherwise from the state that the block before it left. */
  fresh: boolean;
}

/**
 * The blocks of a track, in order, over every row with `present` 1.
 * @param bidirectional whether the encoder also reads backwards: then a run without gaps is one block, since no state can
 * be carried towards the past
 */
export function planBlocks(present: ArrayLike<number>, mode: TemporalMode, bidirectional: boolean): Block[] {
  if (mode === 'match-vibe') {
    const all: number[] = [];
    for (let row = 0; row < present.length; row++) if (present[row] === 1) all.push(row);
    return cut(all, VIBE_BLOCK).map((rows) => ({ rows: Uint32Array.from(rows), fresh: true }));
  }
  return spansWhere(present.length, (row) => present[row] === 1).flatMap(({ from, to }) => {
    const rows = Array.from({ length: to - from }, (_, k) => from + k);
    const size = bidirectional ? rows.length : CARRIED_BLOCK;
    return cut(rows, size).map((part, k) => ({ rows: Uint32Array.from(part), fresh: k === 0 }));
  });
}

/**
 * The rows whose result can change when the features or the presence of rows `[changed.from, changed.to)` change: with a
 * forward encoder from there to the end of the run without gaps (or of VIBE's 450 and, when presence changed, of all
 * later ones), with a bidirectional one the whole run.
 * @param present presence after the change
 * @param presenceChanged whether rows came or went, which moves the borders of VIBE's blocks
 */
export function affectedRows(
  changed: { from: number; to: number },
  present: ArrayLike<number>,
  mode: TemporalMode,
  bidirectional: boolean,
  presenceChanged = true,
): { from: number; to: number } {
  if (changed.to <= changed.from) return changed;
  if (mode === 'match-vibe') {
    const blocks = planBlocks(present, mode, bidirectional);
    const first = blocks.findLast(({ rows }) => rows[0]! <= changed.from)?.rows[0] ?? changed.from;
    const last = blocks.findLast(({ rows }) => rows[0]! < changed.to)?.rows.at(-1) ?? 0;
    return {
      from: bidirectional ? first : changed.from,
      to: presenceChanged ? present.length : Math.max(last + 1, changed.to),
    };
  }
  let { from, to } = changed;
  // The run that the change ends in, or that now begins right behind it.
  while (to < present.length && present[to] === 1) to += 1;
  while (bidirectional && from > 0 && present[from - 1] === 1) from -= 1;
  return { from, to };
}

function cut<T>(items: readonly T[], size: number): T[][] {
  const parts: T[][] = [];
  for (let from = 0; from < items.length; from += size) parts.push(items.slice(from, from + size));
  return parts;
}
