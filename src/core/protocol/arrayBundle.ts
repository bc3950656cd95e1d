import { z } from 'zod';
import { AppError } from '../errors';

/** Array kinds that travel on the bulk plane, little-endian. */
export type BundleArray = Float32Array | Float64Array | Uint8Array | Int8Array | Uint16Array | Uint32Array | Int32Array;

const KINDS = {
  f32: Float32Array,
  f64: Float64Array,
  u8: Uint8Array,
  i8: Int8Array,
  u16: Uint16Array,
  u32: Uint32Array,
  i32: Int32Array,
} as const;

type Kind = keyof typeof KINDS;

/** Named arrays and a small JSON value: the one container of the bulk plane (tracks, motion, meshes, bodies). */
export interface ArrayBundle<Meta = unknown> {
  meta: Meta;
  arrays: Record<string, BundleArray>;
}

const headerSchema = z.object({
  meta: z.unknown(),
  arrays: z.array(
    z.object({
      name: z.string(),
      kind: z.enum(['f32', 'f64', 'u8', 'i8', 'u16', 'u32', 'i32']),
      offset: z.int().min(0),
      length: z.int().min(0),
    }),
  ),
});

type Header = z.infer<typeof headerSchema>;

const ALIGNMENT = 8;

function padded(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

function kindOf(array: BundleArray): Kind {
  const entry = Object.entries(KINDS).find(([, type]) => array instanceof type);
  if (!entry) throw new AppError('INTERNAL', 'An array of a kind the bundle does not know was to be sent.');
  return entry[0] as Kind;
}

/**
 * Layout: u32 header length in bytes, UTF-8 JSON header, zero padding to 8, then each array, each padded to 8. Offsets in the
 * header count from the first array. Reading makes views, no copies.
 */
export function encodeBundle(bundle: ArrayBundle): Uint8Array<ArrayBuffer> {
  let offset = 0;
  const entries = Object.entries(bundle.arrays);
  const arrays = entries.map(([name, array]) => {
    const entry = { name, kind: kindOf(array), offset, length: array.length };
    offset += padded(array.byteLength);
    return entry;
  });
  const header = new TextEncoder().encode(JSON.stringify({ meta: bundle.meta, arrays } satisfies Header));
  const start = padded(4 + header.length);
  const bytes = new Uint8Array(start + offset);
  new DataView(bytes.buffer).setUint32(0, header.length, true);
  bytes.set(header, 4);
  entries.forEach(([, array], index) => {
    const at = start + (arrays[index]?.offset ?? 0);
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
  });
  return bytes;
}

function readHeader(bytes: Uint8Array<ArrayBuffer>): Header | undefined {
  try {
    return headerSchema.safeParse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))).data;
  } catch {
    return undefined;
  }
}

/** Reads {@link encodeBundle}'s layout. @throws AppError `INTERNAL` when the bytes are not a bundle. */
export function decodeBundle<Meta>(buffer: ArrayBuffer): ArrayBundle<Meta> {
  const damaged = () => new AppError('INTERNAL', 'The bytes that were read are not a bundle of arrays.');
  if (buffer.byteLength < 8) throw damaged();
  const headerLength = new DataView(buffer).getUint32(0, true);
  if (headerLength > buffer.byteLength - 4) throw damaged();
  const header = readHeader(new Uint8Array(buffer, 4, headerLength));
  if (!header) throw damaged();
  const start = padded(4 + headerLength);
  const arrays: [string, BundleArray][] = [];
  for (const { name, kind, offset, length } of header.arrays) {
    const type = KINDS[kind];
    if (offset % ALIGNMENT !== 0 || start + offset + length * type.BYTES_PER_ELEMENT > buffer.byteLength) {
      throw damaged();
    }
    arrays.push([name, new type(buffer, start + offset, length)]);
  }
  // fromEntries makes own properties of every name, `__proto__` too.
  return { meta: header.meta as Meta, arrays: Object.fromEntries(arrays) };
}
