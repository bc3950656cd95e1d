/** Weights in a new layout. */
export interface LaidOutWeights {
  dims: number[];
  data: Float32Array;
}

/** TensorFlow convolution weights (height, width, in, out) as ONNX wants them (out, in, height, width). */
export function hwioToOihw(dims: readonly number[], data: Float32Array): LaidOutWeights {
  return permute(dims, data, [3, 2, 0, 1]);
}

/** TFLite convolution weights (out, height, width, in) as (out, in, height, width). */
export function ohwiToOihw(dims: readonly number[], data: Float32Array): LaidOutWeights {
  return permute(dims, data, [0, 3, 1, 2]);
}

/** TensorFlow depthwise weights (height, width, in, multiplier) as (in * multiplier, 1, height, width). */
export function hwimToChannelFirst(dims: readonly number[], data: Float32Array): LaidOutWeights {
  const permuted = permute(dims, data, [2, 3, 0, 1]);
  const [channels = 0, multiplier = 0, height = 0, width = 0] = permuted.dims;
  return { dims: [channels * multiplier, 1, height, width], data: permuted.data };
}

/** TFLite depthwise weights (1, height, width, out) as (out, 1, height, width). */
export function depthwiseToChannelFirst(dims: readonly number[], data: Float32Array): LaidOutWeights {
  return permute(dims, data, [3, 0, 1, 2]);
}

/** Reorders the axes of a rank-4 array: axis i of the result is axis `order[i]` of the source. */
function permute(dims: readonly number[], data: Float32Array, order: readonly number[]): LaidOutWeights {
  const strides = dims.map((_, axis) => dims.slice(axis + 1).reduce((product, dim) => product * dim, 1));
  const [d0 = 1, d1 = 1, d2 = 1, d3 = 1] = order.map((axis) => dims[axis] ?? 1);
  const [s0 = 0, s1 = 0, s2 = 0, s3 = 0] = order.map((axis) => strides[axis] ?? 0);
  const result = new Float32Array(data.length);
  let at = 0;
  for (let a = 0; a < d0; a++) {
    for (let b = 0; b < d1; b++) {
      for (let c = 0; c < d2; c++) {
        const start = a * s0 + b * s1 + c * s2;
        for (let d = 0; d < d3; d++) result[at++] = data[start + d * s3]!;
      }
    }
  }
  return { dims: [d0, d1, d2, d3], data: result };
}
