/** A float32 tensor of a checkpoint, dense, row-major (C order), whatever layout and precision the file had. */
export interface WeightTensor {
  shape: readonly number[];
  /** As many numbers as the product of `shape` (one for a scalar). */
  data: Float32Array;
}

/** Tensors by their key in the checkpoint's state dict, for example `encoder.gru.weight_ih_l0`. */
export type WeightTensors = ReadonlyMap<string, WeightTensor>;
