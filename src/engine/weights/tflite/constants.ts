import { widenHalfFloats } from '../halfFloat';
import { invalidTflite } from './flatBuffer';
import type { TfliteModel, TfliteTensor } from './tfliteModel';

/**
 * A float constant, looking through the DEQUANTIZE that widens a float16 one.
 * @throws AppError `MODEL_INVALID` when it is computed, sparse, of another type, or its bytes do not fit its shape.
 */
export function floatConstant(
  model: TfliteModel,
  index: number | undefined,
  rank: number,
): { dims: readonly number[]; data: Float32Array } {
  const tensor = constantTensor(model, index);
  const count = tensor.dims.reduce((product, dim) => product * dim, 1);
  const size = tensor.type === 'float16' ? 2 : 4;
  if (tensor.type !== 'float16' && tensor.type !== 'float32') throw invalidTflite(`${tensor.name} is not float`);
  if (tensor.sparse) throw invalidTflite(`${tensor.name} is stored sparse, which is not supported`);
  if (tensor.dims.length !== rank || tensor.data.byteLength !== count * size) {
    throw invalidTflite(`${tensor.name} has ${tensor.data.byteLength} bytes for the shape [${tensor.dims}]`);
  }
  const data =
    tensor.type === 'float16' ? widenHalfFloats(tensor.data) : new Float32Array(Uint8Array.from(tensor.data).buffer);
  return { dims: tensor.dims, data };
}

/** An int32 constant, flat. Errors as in {@link floatConstant}. */
export function integerConstant(model: TfliteModel, index: number | undefined): number[] {
  const tensor = constantTensor(model, index);
  if (tensor.type !== 'int32' || tensor.data.byteLength % 4 !== 0) throw invalidTflite(`${tensor.name} is not int32`);
  return [...new Int32Array(Uint8Array.from(tensor.data).buffer)];
}

function constantTensor(model: TfliteModel, index: number | undefined): TfliteTensor {
  const widening = model.operators.find(
    (operator) => operator.operator === 'DEQUANTIZE' && operator.outputs[0] === index,
  );
  const tensor = model.tensors[widening?.inputs[0] ?? index ?? -1];
  if (tensor === undefined || tensor.data.byteLength === 0) throw invalidTflite('a constant is missing');
  return tensor;
}
