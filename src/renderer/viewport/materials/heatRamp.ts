/**
 * Viridis in ten steps from 0 to 1 (matplotlib, CC0), sRGB. The same as the tokens `--heat-0` to `--heat-9`, in both
 * themes.
 */
const STEPS: readonly (readonly [number, number, number])[] = [
  [0x44, 0x01, 0x54],
  [0x48, 0x28, 0x78],
  [0x3e, 0x4a, 0x89],
  [0x31, 0x68, 0x8e],
  [0x26, 0x82, 0x8e],
  [0x1f, 0x9e, 0x89],
  [0x35, 0xb7, 0x79],
  [0x6d, 0xcd, 0x59],
  [0xb4, 0xde, 0x2c],
  [0xfd, 0xe7, 0x25],
];

/** No weight at all: clay, so that 0 and 0.01 differ. sRGB. */
export const CLAY: readonly [number, number, number] = [0x8c, 0x8f, 0x96];

/** Writes the sRGB colour of a scalar 0 to 1 at `offset`; 0 is clay and not on the ramp. */
export function writeHeat(value: number, out: Uint8Array, offset: number): void {
  const place = Math.max(0, Math.min(1, value)) * (STEPS.length - 1);
  const low = Math.min(STEPS.length - 2, Math.floor(place));
  const part = place - low;
  for (let c = 0; c < 3; c++) {
    const from = value > 0 ? (STEPS[low]?.[c] ?? 0) : (CLAY[c] ?? 0);
    const to = value > 0 ? (STEPS[low + 1]?.[c] ?? 0) : from;
    out[offset + c] = Math.round(from + (to - from) * part);
  }
}
