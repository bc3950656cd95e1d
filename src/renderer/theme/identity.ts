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

/** Colour slot 1 to 8 (`--person-1` …) and pattern of a person, from the number in the rounded square (1 and up). */
export function identityOf(number: number): { slot: number; pattern: LanePattern } {
  const index = Math.max(0, number - 1);
  const slot = (index % 8) + 1;
  const round = Math.floor(index / 8);
  return { slot, pattern: LANE_PATTERNS[(index + round) % 8] ?? 'solid' };
}
