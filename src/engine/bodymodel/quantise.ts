/** Positions as 16-bit steps along each axis of a frame's own bounding box: half the bytes of f32. */
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

/**
 * Quantises F * V * 3 positions. The error is at most half a step (a step is the box side / 65535): 0.02 mm for a body
 * of 2 m; a box of 65 m would still keep 0.5 mm.
 */
export function quantise(positions: Float32Array, vertexCount: number): QuantisedPositions {
  const size = vertexCount * 3;
  const frames = positions.length / size;
  const values = new Uint16Array(positions.length);
  const origins = new Float32Array(frames * 3);
  const steps = new Float32Array(frames * 3);
  for (let frame = 0; frame < frames; frame++) {
    for (let axis = 0; axis < 3; axis++) {
      const first = frame * size + axis;
      const end = (frame + 1) * size;
      let low = Infinity;
      let high = -Infinity;
      for (let at = first; at < end; at += 3) {
        const value = positions[at]!;
        if (value < low) low = value;
        if (value > high) high = value;
      }
      origins[frame * 3 + axis] = low;
      steps[frame * 3 + axis] = (high - low) / 65_535;
      // The stored f32 step is the one that counts when the other side puts positions back.
      const step = steps[frame * 3 + axis]!;
      const inverse = step > 0 ? 1 / step : 0;
      for (let at = first; at < end; at += 3) {
        values[at] = Math.min(65_535, (positions[at]! - low) * inverse + 0.5);
      }
    }
  }
  return { frames, vertexCount, values, origins, steps };
}

/** Positions F * V * 3 in m from {@link quantise}'s result. */
export function dequantise(quantised: QuantisedPositions): Float32Array {
  const { values, origins, steps, vertexCount } = quantised;
  const positions = new Float32Array(values.length);
  for (let at = 0; at < values.length; at++) {
    const axis = Math.floor(at / (vertexCount * 3)) * 3 + (at % 3);
    positions[at] = origins[axis]! + steps[axis]! * values[at]!;
  }
  return positions;
}
