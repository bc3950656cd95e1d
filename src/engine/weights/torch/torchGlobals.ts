import { unreadable } from '../containerErrors';
import { NUMPY_GLOBALS } from '../pickle/numpyGlobals';
import type { AllowList, GlobalActions, PickleContext } from '../pickle/pickleObjects';
import { allowList, PickleGlobal, PyTuple } from '../pickle/pickleObjects';
import { PYTHON_GLOBALS } from '../pickle/pythonGlobals';
import type { TorchStorage } from './torchTensor';
import { TorchTensor } from './torchTensor';
import { STORAGE_TYPES } from './torchTypes';

/** A storage as a persistent id names it; the reader of the container gives it its bytes. */
export class PickledStorage implements TorchStorage {
  /** Set when the container has them. */
  source: (() => Uint8Array) | undefined;

  constructor(
    private readonly file: string,
    readonly key: string,
    readonly type: TorchStorage['type'],
    readonly count: number,
  ) {}

  bytes(): Uint8Array {
    const bytes = this.source?.();
    if (bytes === undefined) throw unreadable(this.file, `it lacks the numbers of storage ${this.key}`);
    if (bytes.length < this.count * this.type.size) {
      throw unreadable(
        this.file,
        `storage ${this.key} has ${bytes.length} bytes where ${this.count * this.type.size} are expected`,
      );
    }
    return bytes;
  }
}

/** A part of a storage, as very old files have them (reference vibe-smpl 10.2). */
function partOf(whole: PickledStorage, view: unknown, file: string): TorchStorage {
  const [, offset, count] = Array.isArray(view) ? (view as unknown[]) : [];
  if (
    typeof offset !== 'number' ||
    typeof count !== 'number' ||
    !(offset >= 0 && count >= 0 && offset + count <= whole.count)
  ) {
    throw unreadable(file, `a part of storage ${whole.key} lies outside of it`);
  }
  const { size } = whole.type;
  return { type: whole.type, count, bytes: () => whole.bytes().subarray(offset * size, (offset + count) * size) };
}

/** Storages of a checkpoint by key, made when the pickle first names them. */
export class StorageTable {
  readonly storages = new Map<string, PickledStorage>();

  constructor(private readonly file: string) {}

  /** The storage of a persistent id `('storage', class, key, location, count[, view])`; the device is of no matter. */
  resolve(id: unknown): TorchStorage {
    const [kind, storageClass, key, , count, view] = Array.isArray(id) ? (id as unknown[]) : [];
    const type = storageClass instanceof PickleGlobal ? STORAGE_TYPES.get(storageClass.name) : undefined;
    if (
      kind !== 'storage' ||
      type === undefined ||
      typeof count !== 'number' ||
      !Number.isSafeInteger(count) ||
      count < 0
    ) {
      throw unreadable(this.file, 'it refers to an object outside of it that is no storage of numbers');
    }
    const name = String(key);
    const known = this.storages.get(name) ?? new PickledStorage(this.file, name, type, count);
    if (known.type !== type) throw unreadable(this.file, `storage ${name} has two types`);
    this.storages.set(name, known);
    return (view ?? null) === null ? known : partOf(known, view, this.file);
  }
}

function isStorage(value: unknown): value is TorchStorage {
  return typeof value === 'object' && value !== null && 'bytes' in value && 'type' in value && 'count' in value;
}

/** Most axes of a tensor, as in PyTorch. */
const MAX_AXES = 64;

function rebuild([storage, offset, shape, stride]: readonly unknown[], { reader }: PickleContext): TorchTensor {
  if (!isStorage(storage) || typeof offset !== 'number' || !Array.isArray(shape) || !Array.isArray(stride)) {
    throw unreadable(reader.file, 'a tensor in it is malformed');
  }
  if (shape.length > MAX_AXES || stride.length > MAX_AXES)
    throw unreadable(reader.file, 'a tensor in it has too many axes');
  return new TorchTensor(reader.file, storage, {
    offset,
    shape: [...shape] as number[],
    stride: [...stride] as number[],
  });
}

const parameter: GlobalActions = {
  call: ([tensor], { reader }) => {
    if (!(tensor instanceof TorchTensor)) throw unreadable(reader.file, 'a parameter in it is malformed');
    return tensor;
  },
};

const size: GlobalActions = {
  call: ([items = []], context) => {
    if (!Array.isArray(items)) throw unreadable(context.reader.file, 'a size in it is malformed');
    context.charge(items.length * 8);
    return PyTuple.withItems(items);
  },
};

const TYPE_NAMES = [...STORAGE_TYPES.values()].map(({ name }) => `torch.${name}`);

/** Names that PyTorch's checkpoints need, with numpy's and Python's own (reference vibe-smpl 10.4, 10.5). */
export const TORCH_GLOBALS: AllowList = new Map([
  ...NUMPY_GLOBALS,
  ...PYTHON_GLOBALS,
  ...allowList({
    'torch._utils._rebuild_tensor': { call: rebuild },
    'torch._utils._rebuild_tensor_v2': { call: rebuild },
    'torch._utils._rebuild_parameter': parameter,
    'torch.Size': size,
    'torch.device': { call: (parts) => parts.map(String).join(':') },
    ...Object.fromEntries([...STORAGE_TYPES.keys(), ...TYPE_NAMES].map((name) => [name, {}])),
  }),
]);
