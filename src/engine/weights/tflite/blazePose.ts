import { encodeModel } from '../onnx/encodeModel';
import { convertTflite } from './convertTflite';
import { readTfliteModel } from './tfliteModel';

/** Name of the input of the converted networks: RGB 0..1, N x 3 x 256 x 256 float32. */
export const BLAZEPOSE_INPUT = 'image';

/**
 * TFLite outputs that are kept, with their ONNX names:
 *
 * - `landmarks` (N x 195): 39 x (x, y, z in px of the crop, visibility logit, presence logit).
 * - `presence` (N x 1): probability that a person is in the crop (already a sigmoid).
 * - `heatmap` (N x 39 x 64 x 64): logits of where each landmark is, 4 px of the crop per cell.
 * - `world` (N x 117): 39 x (x, y, z) in m, axes of the crop, origin between the hips.
 *
 * The segmentation (`Identity_2`) is pruned with the decoder that makes it.
 */
export const BLAZEPOSE_OUTPUTS = {
  Identity: 'landmarks',
  Identity_1: 'presence',
  Identity_3: 'heatmap',
  Identity_4: 'world',
} as const;

/**
 * Converts a BlazePose landmark network (lite, full or heavy) from TFLite to ONNX bytes.
 * @throws AppError `MODEL_INVALID` when the bytes are not such a network.
 */
export function convertBlazePose(name: string, tflite: Uint8Array): Uint8Array {
  const conversion = { name, input: BLAZEPOSE_INPUT, outputs: BLAZEPOSE_OUTPUTS };
  return encodeModel(convertTflite(readTfliteModel(tflite), conversion));
}
