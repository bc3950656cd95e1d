/** A point that gets a name, CSS px. */
export interface NamedPoint {
  id: number;
  x: number;
  y: number;
}

/** Where a name stands. */
export interface PlacedLabel {
  id: number;
  /** Left: its text ends at `x`; right: it begins there. */
  side: 'left' | 'right';
  x: number;
  /** Middle of the line of text. */
  y: number;
}

/** Room for names, CSS px. */
export interface LabelRoom {
  left: number;
  right: number;
  top: number;
  bottom: number;
  /** Between two lines of text. */
  gap: number;
  /** Between the outermost point and a column. */
  aside: number;
  /** Of the longest name. */
  width: number;
}

/**
 * Heights at least `gap` apart in the given order, as near to the wanted ones as can be (least squares: isotonic
 * regression by pooling neighbours), within `top` and `bottom` while there is room.
 */
export function spreadHeights(wanted: readonly number[], gap: number, top: number, bottom: number): number[] {
  const blocks: { sum: number; count: number }[] = [];
  wanted.forEach((height, index) => {
    blocks.push({ sum: height - index * gap, count: 1 });
    for (;;) {
      const [above, below] = [blocks.at(-2), blocks.at(-1)];
      if (!above || !below || above.sum / above.count <= below.sum / below.count) break;
      blocks.splice(-2, 2, { sum: above.sum + below.sum, count: above.count + below.count });
    }
  });
  const last = Math.max(top, bottom - (wanted.length - 1) * gap);
  const offsets = blocks.flatMap(({ sum, count }) => Array<number>(count).fill(sum / count));
  return offsets.map((offset, index) => Math.min(last, Math.max(top, offset)) + index * gap);
}

/**
 * Names in two columns beside a figure, as in a book of anatomy: the left half of the points at its left, the others at
 * its right, none over another.
 */
export function labelColumns(points: readonly NamedPoint[], room: LabelRoom): PlacedLabel[] {
  const byX = [...points].sort((a, b) => a.x - b.x || a.id - b.id);
  const half = Math.ceil(byX.length / 2);
  const [first, end] = [byX[0]?.x ?? 0, byX.at(-1)?.x ?? 0];
  const left = Math.max(room.left + room.width, first - room.aside);
  const right = Math.min(room.right - room.width, end + room.aside);
  const column = (side: 'left' | 'right', own: NamedPoint[], x: number): PlacedLabel[] => {
    const sorted = own.sort((a, b) => a.y - b.y || a.id - b.id);
    const heights = spreadHeights(
      sorted.map(({ y }) => y),
      room.gap,
      room.top,
      room.bottom,
    );
    return sorted.map(({ id }, index) => ({ id, side, x, y: heights[index] ?? 0 }));
  };
  return [...column('left', byX.slice(0, half), left), ...column('right', byX.slice(half), right)];
}
