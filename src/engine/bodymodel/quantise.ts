/**
 * Positions as 16-bit steps along each axis of a frame's own bounding box: half the bytes of f32. The error is at most half
 * a step (a step is the box side / 65535): 0.02 mm for a body of 2 m; a box of 65 m would still keep 0.5 mm.
 */
export interface QuantisedPositions {
  frames: number;
  vertexCount: number;
  /** F * V * 3. */
  values: Uint16Array;
  /** F * 3: position of step 0, m. */
  origins: Float32Array;
  /** F * 3: m per step. */
  steps: Float32Array;
}

/** Positions F * V * 3 in m of quantised ones. */
export function dequantise(quantised: QuantisedPositions): Float32Array {
  const { values, origins, steps, vertexCount } = quantised;
  const positions = new Float32Array(values.length);
  for (let at = 0; at < values.length; at++) {
    const axis = Math.floor(at / (vertexCount * 3)) * 3 + (at % 3);
    positions[at] = origins[axis]! + steps[axis]! * values[at]!;
  }
  return positions;
}
