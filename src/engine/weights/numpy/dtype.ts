/** Kind of a numpy type: float, signed, unsigned, bool, complex, bytes, text, object. */
export type NumpyKind = 'f' | 'i' | 'u' | 'b' | 'c' | 'S' | 'U' | 'O';

/** A numpy element type. */
export interface NumpyType {
  kind: NumpyKind;
  /** Bytes per element; 0 for objects. */
  size: number;
  littleEndian: boolean;
}

const SIZES: Readonly<Record<NumpyKind, readonly number[] | undefined>> = {
  f: [2, 4, 8],
  i: [1, 2, 4, 8],
  u: [1, 2, 4, 8],
  b: [1],
  c: [8, 16],
  S: undefined,
  U: undefined,
  O: undefined,
};

/** Longest text of an element, bytes. */
const MAX_TEXT_SIZE = 1 << 20;

/**
 * Parses numpy's type string, for example `<f4`, `>u2`, `|b1`, `<U7`, `|O`; the byte order may be missing (little-endian).
 * Undefined for what Retake does not read: structures, dates, long doubles.
 */
export function parseNumpyType(descr: string): NumpyType | undefined {
  const match = /^([<>|=]?)([fiubcSUO?])(\d{0,7})$/.exec(descr);
  if (match === null) return undefined;
  const [, order, letter, digits] = match;
  const littleEndian = order !== '>';
  if (letter === 'O') return { kind: 'O', size: 0, littleEndian };
  if (letter === '?') return { kind: 'b', size: 1, littleEndian };
  const kind = letter as NumpyKind;
  const count = Number(digits);
  const size = kind === 'U' ? count * 4 : count;
  const sizes = SIZES[kind];
  if (sizes ? !sizes.includes(size) : size > MAX_TEXT_SIZE) return undefined;
  return { kind, size, littleEndian };
}

/** Type string without the byte order, for example `f4` or `U7`. */
export function typeName({ kind, size }: NumpyType): string {
  return kind === 'O' ? 'O' : `${kind}${kind === 'U' ? size / 4 : size}`;
}
