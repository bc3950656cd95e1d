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

/**
 * Vertex colours (V * 4 bytes, the fourth 255) of one joint's skin weight.
 * @param skinJoints V * 4 joint indices
 * @param skinWeights V * 4 weights, rows sum to 1
 */
export function weightColors(skinJoints: Uint8Array, skinWeights: Float32Array, joint: number, out: Uint8Array): void {
  for (let vertex = 0; vertex * 4 < skinJoints.length; vertex++) {
    let weight = 0;
    for (let k = vertex * 4; k < vertex * 4 + 4; k++) {
      if (skinJoints[k] === joint) weight += skinWeights[k]!;
    }
    writeHeat(weight, out, vertex * 4);
    out[vertex * 4 + 3] = 255;
  }
}

/** sRGB of a hue (0 to 1) at middle saturation: neighbouring joints are put far apart on the circle. */
function hueColor(hue: number): readonly [number, number, number] {
  const channel = (shift: number) => {
    const place = Math.abs((((hue + shift) % 1) + 1) % 1) * 6;
    return 70 + 165 * Math.max(0, Math.min(1, Math.abs(place - 3) - 1));
  };
  return [channel(0), channel(-1 / 3), channel(1 / 3)];
}

const GOLDEN = 0.618034;

/** Colour of a joint among all joints, sRGB; joints that touch never have hues next to each other. */
export function jointColor(joint: number): readonly [number, number, number] {
  return hueColor(joint * GOLDEN);
}

/** Vertex colours (V * 4 bytes, the fourth 255) of all joints at once: each vertex the mean of its joints' by weight. */
export function blendedColors(skinJoints: Uint8Array, skinWeights: Float32Array, out: Uint8Array): void {
  const colors = Array.from({ length: 256 }, (_, joint) => jointColor(joint));
  for (let vertex = 0; vertex * 4 < skinJoints.length; vertex++) {
    for (let c = 0; c < 3; c++) {
      let sum = 0;
      for (let k = vertex * 4; k < vertex * 4 + 4; k++) sum += skinWeights[k]! * (colors[skinJoints[k]!]?.[c] ?? 0);
      out[vertex * 4 + c] = Math.round(Math.min(255, sum));
    }
    out[vertex * 4 + 3] = 255;
  }
}

/** Number of vertices that follow a joint at all. */
export function countWeighted(skinJoints: Uint8Array, skinWeights: Float32Array, joint: number): number {
  let count = 0;
  for (let vertex = 0; vertex * 4 < skinJoints.length; vertex++) {
    for (let k = vertex * 4; k < vertex * 4 + 4; k++) {
      if (skinJoints[k] === joint && skinWeights[k]! > 0) {
        count++;
        break;
      }
    }
  }
  return count;
}
