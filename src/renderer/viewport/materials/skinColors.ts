import { jointColor } from './jointColors';
import { writeHeat } from './heatRamp';

/**
 * What colours show of skin weights: the weight of one joint, all joints blended by weight, the strongest joint of each
 * vertex, or how much each vertex is shared between joints (the seams).
 */
export type WeightsShown = number | 'blended' | 'strongest' | 'seams';

/** Skin of a body: joints of each vertex and their weights, rows sum to 1. */
export interface Skin {
  /** Slots a vertex has; those it does not need have weight 0. */
  influences: number;
  /** V * influences. */
  skinJoints: Uint8Array;
  /** V * influences. */
  skinWeights: Float32Array;
}

/** The weight with which a vertex follows a joint, 0 to 1. */
export function weightOf({ influences, skinJoints, skinWeights }: Skin, vertex: number, joint: number): number {
  let weight = 0;
  const end = (vertex + 1) * influences;
  for (let k = vertex * influences; k < end; k++) if (skinJoints[k] === joint) weight += skinWeights[k]!;
  return weight;
}

/** The joint that a vertex follows most. */
export function strongestJoint({ influences, skinJoints, skinWeights }: Skin, vertex: number): number {
  let best = vertex * influences;
  const end = best + influences;
  for (let k = best + 1; k < end; k++) if (skinWeights[k]! > skinWeights[best]!) best = k;
  return skinJoints[best] ?? 0;
}

/** How much joints share a vertex, against four alike: 0 follows one joint, 1 follows four alike, or more joints. */
function sharing(skin: Skin, vertex: number): number {
  return Math.min(1, (1 - Math.min(1, weightOf(skin, vertex, strongestJoint(skin, vertex)))) / 0.75);
}

/** The mean of a vertex's joint colours by weight, into three bytes. */
function writeBlend(skin: Skin, vertex: number, colors: Colors, out: Uint8Array): void {
  const { influences, skinJoints, skinWeights } = skin;
  const end = (vertex + 1) * influences;
  for (let c = 0; c < 3; c++) {
    let sum = 0;
    for (let k = vertex * influences; k < end; k++) sum += skinWeights[k]! * (colors[skinJoints[k]!]?.[c] ?? 0);
    out[vertex * 4 + c] = Math.round(Math.min(255, sum));
  }
}

type Colors = readonly (readonly [number, number, number])[];

/**
 * Writes vertex colours (V * 4 sRGB bytes, the fourth 255) of what is to be shown.
 * @param floor weights of one joint below it are drawn as none
 */
export function writeSkinColors(skin: Skin, shown: WeightsShown, floor: number, out: Uint8Array): void {
  const colors = Array.from({ length: 256 }, (_, joint) => jointColor(joint));
  for (let vertex = 0; vertex * skin.influences < skin.skinJoints.length; vertex++) {
    if (shown === 'blended') writeBlend(skin, vertex, colors, out);
    else if (shown === 'strongest') out.set(colors[strongestJoint(skin, vertex)] ?? [0, 0, 0], vertex * 4);
    else {
      const value = shown === 'seams' ? sharing(skin, vertex) : weightOf(skin, vertex, shown);
      // Rounding leaves vertices of one joint a hair from 1: no seam.
      writeHeat(value < (shown === 'seams' ? 1e-3 : floor) ? 0 : value, out, vertex * 4);
    }
    out[vertex * 4 + 3] = 255;
  }
}
