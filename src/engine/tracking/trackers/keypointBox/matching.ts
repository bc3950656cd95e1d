/** A pair that may be matched, with its weight (> 0). */
export interface Pair {
  row: number;
  column: number;
  weight: number;
}

/**
 * The one-to-one matching of greatest total weight among the given pairs; what fits nowhere stays unmatched. Solved
 * exactly by the Hungarian algorithm (Kuhn 1955, shortest augmenting paths with potentials), for each connected group of
 * pairs by itself: groups are small where people are apart. At most one pair per row and column is returned.
 */
export function matchBest(pairs: readonly Pair[]): Pair[] {
  const matched: Pair[] = [];
  for (const group of connectedGroups(pairs)) matched.push(...matchGroup(group));
  return matched;
}

/** Pairs that share rows or columns, directly or through others. */
function connectedGroups(pairs: readonly Pair[]): Pair[][] {
  const parent = new Map<string, string>();
  const rootOf = (key: string): string => {
    let root = key;
    for (let next = parent.get(root); next !== undefined && next !== root; next = parent.get(root)) root = next;
    return root;
  };
  for (const { row, column } of pairs) {
    for (const key of [`r${row}`, `c${column}`]) if (!parent.has(key)) parent.set(key, key);
    parent.set(rootOf(`r${row}`), rootOf(`c${column}`));
  }
  const groups = new Map<string, Pair[]>();
  for (const pair of pairs) {
    const root = rootOf(`r${pair.row}`);
    const group = groups.get(root);
    if (group) group.push(pair);
    else groups.set(root, [pair]);
  }
  return [...groups.values()];
}

function matchGroup(pairs: readonly Pair[]): Pair[] {
  if (pairs.length === 1) return [...pairs];
  const rows = [...new Set(pairs.map((pair) => pair.row))].sort((a, b) => a - b);
  const columns = [...new Set(pairs.map((pair) => pair.column))].sort((a, b) => a - b);
  const isFlipped = rows.length > columns.length;
  const [short, long] = isFlipped ? [columns, rows] : [rows, columns];
  const shortPlace = new Map(short.map((value, place) => [value, place]));
  const longPlace = new Map(long.map((value, place) => [value, place]));
  // A pair that is not given weighs 0, as much as staying unmatched.
  const costs = new Float64Array(short.length * long.length);
  const byPlace = new Map<number, Pair>();
  for (const pair of pairs) {
    const [first, second] = isFlipped ? [pair.column, pair.row] : [pair.row, pair.column];
    const place = (shortPlace.get(first) ?? 0) * long.length + (longPlace.get(second) ?? 0);
    costs[place] = -pair.weight;
    byPlace.set(place, pair);
  }
  return assign(costs, short.length, long.length).flatMap((column, row) => {
    const pair = byPlace.get(row * long.length + column);
    return pair ? [pair] : [];
  });
}

/** The column of each row in the assignment of least total cost; `rows` is at most `columns`. */
function assign(costs: Float64Array, rows: number, columns: number): number[] {
  const rowPotential = new Float64Array(rows + 1);
  const columnPotential = new Float64Array(columns + 1);
  // Index 0 of the columns is the free place from which each augmenting path starts.
  const rowOf = new Int32Array(columns + 1);
  const previous = new Int32Array(columns + 1);
  for (let row = 1; row <= rows; row++) {
    rowOf[0] = row;
    let column = findAugmentingPath(costs, columns, rowOf, rowPotential, columnPotential, previous);
    while (column !== 0) {
      const before = previous[column]!;
      rowOf[column] = rowOf[before]!;
      column = before;
    }
  }
  const columnOf = new Array<number>(rows).fill(-1);
  for (let column = 1; column <= columns; column++) if (rowOf[column]! > 0) columnOf[rowOf[column]! - 1] = column - 1;
  return columnOf;
}

function findAugmentingPath(
  costs: Float64Array,
  columns: number,
  rowOf: Int32Array,
  rowPotential: Float64Array,
  columnPotential: Float64Array,
  previous: Int32Array,
): number {
  const least = new Float64Array(columns + 1).fill(Number.POSITIVE_INFINITY);
  const used = new Uint8Array(columns + 1);
  let column = 0;
  do {
    used[column] = 1;
    const row = rowOf[column]!;
    let delta = Number.POSITIVE_INFINITY;
    let next = 0;
    for (let candidate = 1; candidate <= columns; candidate++) {
      if (used[candidate]) continue;
      const cost = costs[(row - 1) * columns + candidate - 1]! - rowPotential[row]! - columnPotential[candidate]!;
      if (cost < least[candidate]!) {
        least[candidate] = cost;
        previous[candidate] = column;
      }
      if (least[candidate]! < delta) {
        delta = least[candidate]!;
        next = candidate;
      }
    }
    for (let index = 0; index <= columns; index++) {
      if (used[index]) {
        rowPotential[rowOf[index]!]! += delta;
        columnPotential[index]! -= delta;
      } else least[index]! -= delta;
    }
    column = next;
  } while (rowOf[column] !== 0);
  return column;
}
