import { unreadable } from '../containerErrors';
import { ByteReader, latin1Text } from '../pickle/byteReader';
import { readPickle, readPickleAt } from '../pickle/readPickle';
import { readZip, type ZipEntry } from '../zip/readZip';
import { StorageTable, TORCH_GLOBALS } from './torchGlobals';

/** First number of a legacy stream. */
const LEGACY_MAGIC = 0x1950a86a20f9469cfc6cn;
const LEGACY_VERSION = 1001;
/** The magic number as pickled by protocol 2. */
const LEGACY_START = [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e];

/** Whether bytes begin like a zip archive (what `torch.save` and `numpy.savez` write). */
export function looksLikeZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;
}

/** Whether bytes begin like a stream that PyTorch wrote before version 1.6. */
export function looksLikeLegacyTorch(bytes: Uint8Array): boolean {
  return LEGACY_START.every((byte, k) => bytes[k] === byte);
}

function onlyEntry(entries: ReadonlyMap<string, ZipEntry>, ending: string): ZipEntry | undefined {
  // The folder that everything is in has any name.
  const found = [...entries.values()].filter(({ name }) => /^[^/]+\//.test(name) && name.endsWith(`/${ending}`));
  return found.length === 1 ? found[0] : undefined;
}

function readZipCheckpoint(bytes: Uint8Array, file: string): unknown {
  const entries = readZip(bytes, file);
  const data = onlyEntry(entries, 'data.pkl');
  if (data === undefined) throw unreadable(file, 'it is a zip archive, but not one that PyTorch wrote (no data.pkl)');
  const order = onlyEntry(entries, 'byteorder');
  if (order && latin1Text(order.read()).trim() !== 'little') throw unreadable(file, 'its numbers are big-endian');
  const table = new StorageTable(file);
  const value = readPickle(data.read(), file, { allowed: TORCH_GLOBALS, persistent: (id) => table.resolve(id) });
  const folder = data.name.slice(0, -'data.pkl'.length);
  for (const storage of table.storages.values()) {
    const entry = entries.get(`${folder}data/${storage.key}`);
    if (entry) storage.source = () => entry.read();
    else throw unreadable(file, `it lacks the numbers of storage ${storage.key}`);
  }
  return value;
}

function readLegacyCheckpoint(bytes: Uint8Array, file: string): unknown {
  const reader = new ByteReader(bytes, file);
  const table = new StorageTable(file);
  const next = (): unknown => readPickleAt(reader, { allowed: TORCH_GLOBALS, persistent: (id) => table.resolve(id) });
  if (next() !== LEGACY_MAGIC || next() !== LEGACY_VERSION) throw unreadable(file, 'its version is unknown');
  const system = next();
  if (!(system instanceof Map) || system.get('little_endian') !== true) {
    throw unreadable(file, 'its numbers are not little-endian');
  }
  const value = next();
  const keys = next();
  if (!Array.isArray(keys)) throw unreadable(file, 'the list of its storages is missing');
  for (const key of keys) {
    const storage = table.storages.get(String(key));
    if (storage === undefined) throw unreadable(file, `storage ${String(key).slice(0, 40)} belongs to nothing in it`);
    if (reader.u64() !== storage.count)
      throw unreadable(file, `storage ${storage.key} has another length than announced`);
    const content = reader.take(storage.count * storage.type.size);
    storage.source = () => content;
  }
  for (const { source, key } of table.storages.values()) {
    if (source === undefined) throw unreadable(file, `it lacks the numbers of storage ${key}`);
  }
  return value;
}

/** What bytes look like that are no checkpoint, to end a sentence. */
function lookOf(bytes: Uint8Array): string {
  const start = latin1Text(bytes.subarray(0, 512));
  if (bytes.length === 0) return 'it is empty';
  if (/^\s*<(!doctype|html|\?xml)/i.test(start)) return 'it is a web page; the download was probably refused';
  if (latin1Text(bytes.subarray(257, 262)) === 'ustar') return 'it is a tar archive; unpack it first';
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return 'it is packed with gzip; unpack it first';
  if (start.startsWith('\x89HDF')) return 'it is an HDF5 file, not one of PyTorch';
  return 'it is no checkpoint of PyTorch';
}

/**
 * Reads what `torch.save` wrote, zip format or the legacy stream, as plain values (see `readPickle`) in which tensors are
 * {@link TorchTensor}s that read their numbers from `bytes` when asked. Nothing in the file is executed. Source: reference
 * vibe-smpl 10.1 to 10.4.
 * @param file what the file is called in errors
 * @throws AppError WEIGHTS_INVALID when it is anything else, cut off, or names a class that is not allowed
 */
export function readCheckpoint(bytes: Uint8Array, file: string): unknown {
  if (looksLikeZip(bytes)) return readZipCheckpoint(bytes, file);
  if (looksLikeLegacyTorch(bytes)) return readLegacyCheckpoint(bytes, file);
  throw unreadable(file, lookOf(bytes));
}
