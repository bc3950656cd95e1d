import type { EffectiveBox } from '#core/tracks/effectiveBoxes';

/** A 53-bit content key: fits a double exactly, so keys live in Float64Arrays. 0 means "nothing there". */
export type ContentKey = number;

const PARTS_OF_A_PIXEL = 8;

/**
 * Two multiplicative hashes side by side, mixed at the end, joined to 53 bits. Made for many short inputs in a row: a
 * cryptographic hash costs ten times as much, and keys only guard a cache against accidents.
 */
class KeyHash {
  private a = 0xdeadbeef;
  private b = 0x41c6ce57;

  add(value: number): void {
    this.a = Math.imul(this.a ^ value, 2654435761);
    this.b = Math.imul(this.b ^ value, 1597334677);
  }

  addText(text: string): void {
    for (let at = 0; at < text.length; at++) this.add(text.charCodeAt(at));
  }

  key(): ContentKey {
    let a = Math.imul(this.a ^ (this.a >>> 16), 2246822507);
    a ^= Math.imul(this.b ^ (this.b >>> 13), 3266489909);
    let b = Math.imul(this.b ^ (this.b >>> 16), 2246822507);
    b ^= Math.imul(a ^ (a >>> 13), 3266489909);
    return 4294967296 * (2097151 & b) + (a >>> 0) || 1;
  }
}

/** What every observation of a clip has in common: the video and the estimator that looks at it. */
export interface ObservationSource {
  mediaFingerprint: string;
  estimator: string;
  version: number;
  quality: string;
  /** Fingerprint of the user's own weights that it looks with; empty for weights that come with Retake. */
  weights: string;
}

/** What bodies are made from beside observations. */
export interface BodySource extends ObservationSource {
  focalFactor: number;
  /** Id of the body model. */
  bodyModel: string;
  /** The estimator's options as JSON. */
  options: string;
}

/**
 * Key of what an estimator sees of one person on one frame: who the person is does not matter. Coordinates are rounded
 * to 1/8 px, so that arithmetic noise does not make results out of date.
 */
export function observationKey(source: ObservationSource, frameIndex: number, effective: EffectiveBox): ContentKey {
  const hash = new KeyHash();
  hash.addText(`${source.mediaFingerprint} ${source.estimator} ${source.version} ${source.quality} ${source.weights}`);
  hash.add(frameIndex);
  const { box, keypoints } = effective;
  for (const value of [box.x, box.y, box.width, box.height]) hash.add(Math.round(value * PARTS_OF_A_PIXEL));
  if (keypoints) for (const value of keypoints) hash.add(Math.round(value * PARTS_OF_A_PIXEL));
  return hash.key();
}

/** Key of the body made from an observation; 0 stays 0. */
export function bodyKey(observation: ContentKey, { focalFactor, bodyModel, options }: BodySource): ContentKey {
  if (observation === 0) return 0;
  const hash = new KeyHash();
  hash.add(observation % 4294967296);
  hash.add(Math.floor(observation / 4294967296));
  hash.add(Math.round(focalFactor * 1e6));
  hash.addText(`${bodyModel} ${options}`);
  return hash.key();
}
