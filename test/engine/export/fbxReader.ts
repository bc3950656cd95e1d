import { inflateSync } from 'node:zlib';

/** A record as read back. */
export interface ReadNode {
  name: string;
  values: unknown[];
  children: ReadNode[];
  /** Bytes of null record behind the children. */
  sealed: boolean;
}

/** A file as read back by code that shares nothing with the writer. */
export interface ReadFile {
  version: number;
  top: ReadNode[];
  /** Bytes behind the last top-level null record. */
  foot: Uint8Array;
  footOffset: number;
}

function readArray(view: DataView, at: number, code: string): { value: number[] | bigint[]; end: number } {
  const count = view.getUint32(at, true);
  const encoding = view.getUint32(at + 4, true);
  const length = view.getUint32(at + 8, true);
  const stored = new Uint8Array(view.buffer, view.byteOffset + at + 12, length);
  const bytes = encoding === 1 ? new Uint8Array(inflateSync(stored)) : stored.slice();
  const size = { d: 8, l: 8, i: 4, f: 4 }[code];
  if (size === undefined || bytes.length !== count * size)
    throw new Error(`array ${code} of ${count}: ${bytes.length} bytes`);
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = at + 12 + length;
  if (code === 'l') return { value: Array.from({ length: count }, (_, k) => data.getBigInt64(k * 8, true)), end };
  const get = (k: number): number =>
    code === 'd'
      ? data.getFloat64(k * 8, true)
      : code === 'f'
        ? data.getFloat32(k * 4, true)
        : data.getInt32(k * 4, true);
  return { value: Array.from({ length: count }, (_, k) => get(k)), end };
}

function readProperty(view: DataView, start: number): { value: unknown; end: number } {
  const code = String.fromCharCode(view.getUint8(start));
  const at = start + 1;
  if (code === 'I') return { value: view.getInt32(at, true), end: at + 4 };
  if (code === 'D') return { value: view.getFloat64(at, true), end: at + 8 };
  if (code === 'L') return { value: view.getBigInt64(at, true), end: at + 8 };
  if (code === 'C') return { value: view.getUint8(at) === 1, end: at + 1 };
  if (code === 'S' || code === 'R') {
    const length = view.getUint32(at, true);
    const bytes = new Uint8Array(view.buffer, view.byteOffset + at + 4, length);
    const value = code === 'S' ? new TextDecoder().decode(bytes) : Buffer.from(bytes).toString('hex');
    return { value, end: at + 4 + length };
  }
  return readArray(view, at, code);
}

function readNode(view: DataView, start: number): { node: ReadNode; end: number } | undefined {
  const end = view.getUint32(start, true);
  const count = view.getUint32(start + 4, true);
  const listLength = view.getUint32(start + 8, true);
  const nameLength = view.getUint8(start + 12);
  if (end === 0) return undefined;
  const name = new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset + start + 13, nameLength));
  let at = start + 13 + nameLength;
  const node: ReadNode = { name, values: [], children: [], sealed: false };
  const listEnd = at + listLength;
  for (let k = 0; k < count; k++) {
    const property = readProperty(view, at);
    node.values.push(property.value);
    at = property.end;
  }
  if (at !== listEnd) throw new Error(`${name}: properties end at ${at}, ${listEnd} was told`);
  while (at < end) {
    const child = readNode(view, at);
    if (!child) {
      at += 13;
      node.sealed = true;
      if (at !== end) throw new Error(`${name}: bytes behind its null record`);
      break;
    }
    node.children.push(child.node);
    at = child.end;
  }
  if (at !== end) throw new Error(`${name}: ends at ${at}, ${end} was told`);
  if (node.children.length > 0 && !node.sealed) throw new Error(`${name}: children without a null record`);
  return { node, end };
}

/** Parses binary FBX 7400 and checks every length and offset on the way. */
export function readFbx(bytes: Uint8Array): ReadFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = new TextDecoder('latin1').decode(bytes.subarray(0, 21));
  if (magic !== 'Kaydara FBX Binary  \u0000') throw new Error('no FBX magic');
  const top: ReadNode[] = [];
  let at = 27;
  for (;;) {
    const read = readNode(view, at);
    if (!read) break;
    top.push(read.node);
    at = read.end;
  }
  return { version: view.getUint32(23, true), top, foot: bytes.subarray(at + 13), footOffset: at + 13 };
}

/** The child (or top-level record) of a name; throws when there is none. */
export function child(parent: ReadNode | ReadFile, name: string): ReadNode {
  const list = 'top' in parent ? parent.top : parent.children;
  const found = list.find((node) => node.name === name);
  if (!found) throw new Error(`no ${name}`);
  return found;
}

/** Values of a property of a record's Properties70. */
export function property(parent: ReadNode, name: string): unknown[] {
  const found = child(parent, 'Properties70').children.find((entry) => entry.values[0] === name);
  if (!found) throw new Error(`no property ${name}`);
  return found.values.slice(4);
}

/** Objects of a kind by their plain name. */
export function objects(file: ReadFile, kind: string): { id: bigint; name: string; type: string; node: ReadNode }[] {
  return child(file, 'Objects')
    .children.filter((node) => node.name === kind)
    .map((node) => ({
      id: BigInt(String(node.values[0])),
      name: String(node.values[1]).split('\u0000')[0] ?? '',
      type: String(node.values[2]),
      node,
    }));
}
