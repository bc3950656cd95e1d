import { unreadable } from '../containerErrors';
import type { WeightTensor, WeightTensors } from '../weightTensor';
import { TorchTensor } from './torchTensor';

/** A tensor whose float32 numbers are made once, when they are first asked for. */
class LazyWeight implements WeightTensor {
  private made: Float32Array | undefined;

  constructor(private readonly tensor: TorchTensor) {}

  get shape(): readonly number[] {
    return this.tensor.shape;
  }

  get data(): Float32Array {
    return (this.made ??= this.tensor.float32());
  }
}

/** All tensors of a state dict by key, `module.` of data-parallel training stripped; anything that is no tensor left out. */
export function tensorsOf(stateDict: unknown, file: string): Map<string, TorchTensor> {
  if (!(stateDict instanceof Map)) throw unreadable(file, 'a dict of tensors is missing in it');
  const tensors = new Map<string, TorchTensor>();
  for (const [key, value] of stateDict as Map<unknown, unknown>) {
    if (typeof key === 'string' && value instanceof TorchTensor) tensors.set(key.replace(/^module\./, ''), value);
  }
  return tensors;
}

/**
 * The floating-point tensors of a state dict as float32 by key, `module.` stripped; counters and other integers are left
 * out. Numbers are read when `data` is first asked for.
 * @param file what the checkpoint is called in errors
 * @throws AppError WEIGHTS_INVALID when `stateDict` is no dict
 */
export function stateDictTensors(stateDict: unknown, file: string): WeightTensors {
  const floating = [...tensorsOf(stateDict, file)].filter(([, tensor]) => tensor.type.floating);
  return new Map(floating.map(([key, tensor]) => [key, new LazyWeight(tensor)]));
}
