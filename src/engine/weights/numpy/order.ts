import type { NumberArray } from './ndArray';

/** Calls `place(to, from)` for every element: `from` counts in column-major order, `to` is its row-major place. */
function eachElement(shape: readonly number[], count: number, place: (to: number, from: number) => void): void {
  const index = shape.map(() => 0);
  const steps = shape.map((_, axis) => shape.slice(axis + 1).reduce((total, size) => total * size, 1));
  let to = 0;
  for (let from = 0; from < count; from++) {
    place(to, from);
    for (let axis = 0; axis < shape.length; axis++) {
      to += steps[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      to -= steps[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
}

/** Column-major (Fortran) numbers rearranged to row-major. */
export function toRowMajor(data: NumberArray, shape: readonly number[]): NumberArray {
  const result = data.slice();
  eachElement(shape, data.length, (to, from) => {
    result[to] = data[from]!;
  });
  return result;
}

/** Column-major elements of any kind rearranged to row-major. */
export function rowMajor<Item>(items: readonly Item[], shape: readonly number[]): Item[] {
  const result = items.slice();
  eachElement(shape, items.length, (to, from) => {
    result[to] = items[from]!;
  });
  return result;
}
