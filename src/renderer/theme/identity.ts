/** Lane patterns in the order of person numbers; from person 9 on colours repeat with the next pattern. */
export const LANE_PATTERNS = [
  'solid',
  'diagonalUp',
  'dots',
  'vertical',
  'diagonalDown',
  'horizontal',
  'crossHatch',
  'chequer',
] as const;
/** One of {@link LANE_PATTERNS}. */
export type LanePattern = (typeof LANE_PATTERNS)[number];

/** Colours of the palette by name: `--person-1` to `--person-8`. */
export const PERSON_COLOR_NAMES = ['Orange', 'Sky', 'Green', 'Yellow', 'Pink', 'Vermilion', 'Blue', 'Grey'] as const;

/**
 * Colour slot 1 to 8 (`--person-1` …) and pattern of a person, from the number in the rounded square (1 and up). `color` is
 * the place in the palette that a human chose (0 and up); the pattern stays that of the number.
 */
export function identityOf(number: number, color?: number): { slot: number; pattern: LanePattern } {
  const index = Math.max(0, number - 1);
  const slot = ((color ?? index) % PERSON_COLOR_NAMES.length) + 1;
  const round = Math.floor(index / 8);
  return { slot, pattern: LANE_PATTERNS[(index + round) % 8] ?? 'solid' };
}
