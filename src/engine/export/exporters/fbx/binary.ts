import { deflateSync } from 'node:zlib';

/**
 * Binary FBX 7400 records (reference export-formats section 1): little-endian, 32-bit offsets from the start of the file.
 */
export const FBX_VERSION = 7400;

/** A property as its bytes: type code and value. */
export type FbxProperty = Uint8Array;

/** A record: name, properties, child records. */
export interface FbxNode {
  name: string;
  properties: readonly FbxProperty[];
  children: readonly FbxNode[];
  /** Ends with a null record even without children; readers expect it of animation stacks and layers. */
  sealed?: boolean;
}

/** A node in one expression. */
export function node(
  name: string,
  properties: readonly FbxProperty[] = [],
  children: readonly FbxNode[] = [],
): FbxNode {
  return { name, properties, children };
}

/** 32-bit integer (`I`). */
export function int32(value: number): FbxProperty {
  const bytes = Buffer.alloc(5);
  bytes.write('I', 'latin1');
  bytes.writeInt32LE(value, 1);
  return bytes;
}

/** 64-bit integer (`L`): ids and times. */
export function int64(value: number | bigint): FbxProperty {
  const bytes = Buffer.alloc(9);
  bytes.write('L', 'latin1');
  bytes.writeBigInt64LE(BigInt(value), 1);
  return bytes;
}

/** Double (`D`). */
export function float64(value: number): FbxProperty {
  const bytes = Buffer.alloc(9);
  bytes.write('D', 'latin1');
  bytes.writeDoubleLE(value, 1);
  return bytes;
}

/** One byte for true or false (`C`). */
export function bool(value: boolean): FbxProperty {
  return Uint8Array.of(0x43, value ? 1 : 0);
}

function prefixed(code: string, content: Uint8Array): FbxProperty {
  const bytes = Buffer.alloc(5 + content.length);
  bytes.write(code, 'latin1');
  bytes.writeUInt32LE(content.length, 1);
  bytes.set(content, 5);
  return bytes;
}

/** String (`S`), UTF-8. */
export function text(value: string): FbxProperty {
  return prefixed('S', Buffer.from(value));
}

/** Raw bytes (`R`). */
export function raw(value: Uint8Array): FbxProperty {
  return prefixed('R', value);
}

/** Name of an object: `Name`, 00 01, `Class`. */
export function objectName(name: string, className: string): FbxProperty {
  return text(`${name}\u0000\u0001${className}`);
}

/** Arrays up to this size are stored as they are, as other writers do. */
const RAW_ARRAY_BYTES = 128;

type ArrayValues = Float64Array | Float32Array | Int32Array | BigInt64Array;

/** Array (`d`, `f`, `i` or `l` by the kind of array); zlib with its header above 128 bytes. */
export function array(values: ArrayValues): FbxProperty {
  const code =
    values instanceof Float64Array
      ? 'd'
      : values instanceof Float32Array
        ? 'f'
        : values instanceof Int32Array
          ? 'i'
          : 'l';
  const plain = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const packed = plain.length > RAW_ARRAY_BYTES;
  const content = packed ? deflateSync(plain, { level: 1 }) : plain;
  const bytes = Buffer.alloc(13 + content.length);
  bytes.write(code, 'latin1');
  bytes.writeUInt32LE(values.length, 1);
  bytes.writeUInt32LE(packed ? 1 : 0, 5);
  bytes.writeUInt32LE(content.length, 9);
  bytes.set(content, 13);
  return bytes;
}

/** Doubles from plain numbers. */
export function doubles(values: ArrayLike<number>): FbxProperty {
  return array(Float64Array.from(values));
}

/** 32-bit integers from plain numbers. */
export function integers(values: ArrayLike<number>): FbxProperty {
  return array(Int32Array.from(values));
}

/** Length of the record that ends a list of children. */
export const NULL_RECORD_BYTES = 13;

/** Bytes of a record's head without its name: three 32-bit numbers and the length of the name. */
const HEAD_BYTES = 13;

function endsWithNull({ properties, children, sealed }: FbxNode): boolean {
  return children.length > 0 || sealed === true || properties.length === 0;
}

function measure(record: FbxNode): number {
  let size = HEAD_BYTES + record.name.length + (endsWithNull(record) ? NULL_RECORD_BYTES : 0);
  for (const property of record.properties) size += property.length;
  for (const child of record.children) size += measure(child);
  return size;
}

/** Head of a record; `end` is the absolute offset behind it, 0 where it is patched later. */
export function recordHead(name: string, end: number, properties: readonly FbxProperty[]): Uint8Array {
  const bytes = Buffer.alloc(HEAD_BYTES + name.length);
  bytes.writeUInt32LE(end, 0);
  bytes.writeUInt32LE(properties.length, 4);
  bytes.writeUInt32LE(
    properties.reduce((sum, property) => sum + property.length, 0),
    8,
  );
  bytes.writeUInt8(name.length, 12);
  bytes.write(name, 13, 'latin1');
  return bytes;
}

function put(record: FbxNode, bytes: Uint8Array, start: number, base: number): number {
  const end = start + measure(record);
  let at = start;
  const head = recordHead(record.name, base + end, record.properties);
  bytes.set(head, at);
  at += head.length;
  for (const property of record.properties) {
    bytes.set(property, at);
    at += property.length;
  }
  for (const child of record.children) at = put(child, bytes, at, base);
  return end;
}

/** Bytes of a record that begins at `offset` in the file. */
export function encodeNode(record: FbxNode, offset: number): Uint8Array {
  const bytes = new Uint8Array(measure(record));
  put(record, bytes, 0, offset);
  return bytes;
}

/** The 27 bytes a file begins with. */
export function fileHead(): Uint8Array {
  const bytes = Buffer.alloc(27);
  bytes.write('Kaydara FBX Binary  \u0000', 'latin1');
  bytes.set([0x1a, 0x00], 21);
  bytes.writeUInt32LE(FBX_VERSION, 23);
  return bytes;
}

/** Footer id; Autodesk's reader derives it from `CreationTime` and loads nothing when the three do not agree. */
const FOOTER_ID = 'fabcab09d0c8d466b176fb831cf7267e';

/** What belongs to {@link FOOTER_ID}: these constants are used whatever the date is (reference section 1). */
export const CREATION_TIME = '1970-01-01 10:00:00:000';

/** See {@link CREATION_TIME}. */
export const FILE_ID = '28b32aebb624ccc2bfc8b02aa92bfcf1';

/** Everything behind the last top-level record, which ends at `offset`. */
export function fileFoot(offset: number): Uint8Array {
  const beforePadding = offset + NULL_RECORD_BYTES + 20;
  const padding = 16 - (beforePadding % 16);
  const bytes = Buffer.alloc(NULL_RECORD_BYTES + 20 + padding + 4 + 120 + 16);
  bytes.set(Buffer.from(FOOTER_ID, 'hex'), NULL_RECORD_BYTES);
  bytes.writeUInt32LE(FBX_VERSION, NULL_RECORD_BYTES + 20 + padding);
  bytes.set(Buffer.from('f85a8c6adef5d97eece90ce3758f290b', 'hex'), bytes.length - 16);
  return bytes;
}
