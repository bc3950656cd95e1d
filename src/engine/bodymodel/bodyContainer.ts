import { z } from 'zod';
import { AppError } from '#core/errors';
import { encodeFloat16Array, widenHalfFloats } from '../weights/halfFloat';

/**
 * The container of Retake's own body file. Layout, little-endian:
 * bytes 0..7 `RTKBODY1`; u32 length of the header; u32 zero; the header as UTF-8 JSON padded with spaces to a multiple of
 * 8; then the arrays in the order of the header, each starting at a multiple of 8. The bytes depend on the content only.
 * resources/body/README.md says what each array means.
 */
const MAGIC = 'RTKBODY1';

const bytesPerElement = { f32: 4, f16: 2, u32: 4, u16: 2, u8: 1 } as const;

/** Element types of the container. f16 is read as numbers, rounded to half precision on writing. */
export type ContainerType = keyof typeof bytesPerElement;

/** An array to write. */
export interface ContainerArray {
  type: ContainerType;
  shape: readonly number[];
  values: ArrayLike<number>;
}

const headerSchema = z.object({
  about: z.record(z.string(), z.unknown()),
  arrays: z.array(
    z.object({
      name: z.string(),
      type: z.enum(['f32', 'f16', 'u32', 'u16', 'u8']),
      shape: z.array(z.int().min(0).max(100_000_000)).max(4),
      offset: z.int().min(0),
    }),
  ),
});

/** What a container holds: free data for the reader to parse, and arrays by name. */
export interface ContainerContent {
  about: Record<string, unknown>;
  arrays: Map<string, { type: ContainerType; shape: readonly number[]; bytes: Uint8Array }>;
}

function pad8(length: number): number {
  return (length + 7) & ~7;
}

function countOf(shape: readonly number[]): number {
  return shape.reduce((total, size) => total * size, 1);
}

function arrayBytes(array: ContainerArray): Uint8Array {
  switch (array.type) {
    case 'f32':
      return new Uint8Array(Float32Array.from(array.values).buffer);
    case 'f16':
      return new Uint8Array(encodeFloat16Array(array.values).buffer);
    case 'u32':
      return new Uint8Array(Uint32Array.from(array.values).buffer);
    case 'u16':
      return new Uint8Array(Uint16Array.from(array.values).buffer);
    case 'u8':
      return Uint8Array.from(array.values);
  }
}

/** Bytes of a container; equal content gives equal bytes. `about` must be plain JSON data. */
export function encodeContainer(
  about: Record<string, unknown>,
  arrays: ReadonlyMap<string, ContainerArray>,
): Uint8Array {
  let offset = 0;
  const entries = [...arrays].map(([name, array]) => {
    const entry = { name, type: array.type, shape: array.shape, offset };
    offset += pad8(countOf(array.shape) * bytesPerElement[array.type]);
    return entry;
  });
  const header = new TextEncoder().encode(JSON.stringify({ about, arrays: entries }));
  const start = 16 + pad8(header.length);
  const bytes = new Uint8Array(start + offset);
  bytes.set(new TextEncoder().encode(MAGIC));
  new DataView(bytes.buffer).setUint32(8, pad8(header.length), true);
  bytes.fill(0x20, 16, start);
  bytes.set(header, 16);
  for (const entry of entries) {
    const array = arrays.get(entry.name);
    if (array) bytes.set(arrayBytes(array), start + entry.offset);
  }
  return bytes;
}

/** An error about a body file that cannot be used; what to do says who knows where the file came from. */
export function bodyInvalid(problem: string, cause?: unknown): AppError {
  return new AppError(
    'BODY_INVALID',
    `The body file cannot be used: ${problem}.`,
    cause === undefined ? {} : { cause },
  );
}

function parseHeader(bytes: Uint8Array): { header: z.infer<typeof headerSchema>; start: number } {
  if (bytes.length < 16 || new TextDecoder().decode(bytes.subarray(0, 8)) !== MAGIC) {
    throw bodyInvalid('it does not start with the mark of a Retake body');
  }
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(8, true);
  if (16 + length > bytes.length) throw bodyInvalid('its header is cut off');
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(16, 16 + length));
    return { header: headerSchema.parse(JSON.parse(text)), start: 16 + length };
  } catch (error) {
    throw bodyInvalid('its header is damaged', error);
  }
}

/**
 * Reads a container without trusting it.
 * @throws AppError BODY_INVALID when the mark, the header or the length of an array is wrong
 */
export function decodeContainer(bytes: Uint8Array): ContainerContent {
  const { header, start } = parseHeader(bytes);
  const arrays: ContainerContent['arrays'] = new Map();
  for (const { name, type, shape, offset } of header.arrays) {
    const length = countOf(shape) * bytesPerElement[type];
    if (!Number.isSafeInteger(length) || start + offset + length > bytes.length) {
      throw bodyInvalid(`its array ${name} is cut off`);
    }
    arrays.set(name, { type, shape, bytes: bytes.slice(start + offset, start + offset + length) });
  }
  return { about: header.about, arrays };
}

/** Typed array by name, checked for type and number of elements. @throws AppError BODY_INVALID */
export class ContainerReader {
  constructor(private readonly content: ContainerContent) {}

  private find(name: string, type: ContainerType, count: number | undefined): ArrayBuffer {
    const array = this.content.arrays.get(name);
    if (array === undefined) throw bodyInvalid(`the array ${name} is missing`);
    if (array.type !== type) throw bodyInvalid(`the array ${name} is ${array.type} where ${type} is expected`);
    if (count !== undefined && countOf(array.shape) !== count) {
      throw bodyInvalid(`the array ${name} has ${countOf(array.shape)} elements where ${count} are expected`);
    }
    const copy = new ArrayBuffer(array.bytes.length);
    new Uint8Array(copy).set(array.bytes);
    return copy;
  }

  f32(name: string, count?: number): Float32Array {
    return finite(name, new Float32Array(this.find(name, 'f32', count)));
  }

  f16(name: string, count?: number): Float32Array {
    return finite(name, widenHalfFloats(new Uint8Array(this.find(name, 'f16', count))));
  }

  u32(name: string, count?: number): Uint32Array {
    return new Uint32Array(this.find(name, 'u32', count));
  }

  u16(name: string, count?: number): Uint16Array {
    return new Uint16Array(this.find(name, 'u16', count));
  }

  u8(name: string, count?: number): Uint8Array {
    return new Uint8Array(this.find(name, 'u8', count));
  }

  has(name: string): boolean {
    return this.content.arrays.has(name);
  }
}

function finite(name: string, values: Float32Array): Float32Array {
  for (const value of values)
    if (!Number.isFinite(value)) throw bodyInvalid(`the array ${name} holds a number that is not finite`);
  return values;
}
