/** Pieces of a pickle (protocol 2), for writing. Opcode names as in Python's pickletools. */

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Pieces one after another. */
export function joined(...pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((total, piece) => total + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/** An opcode as its letter. */
export const opcode = (letter: string): Uint8Array => ascii(letter);

/** PROTO 2. */
export const PROTOCOL = Uint8Array.of(0x80, 2);
/** NONE, NEWTRUE, NEWFALSE. */
export const NONE = opcode('N');
export const TRUE = Uint8Array.of(0x88);
export const FALSE = Uint8Array.of(0x89);

/** BININT, 32 bits. */
export function integer(value: number): Uint8Array {
  const bytes = new Uint8Array(5);
  bytes[0] = 0x4a;
  new DataView(bytes.buffer).setInt32(1, value, true);
  return bytes;
}

/** BINUNICODE. */
export function text(value: string): Uint8Array {
  const content = ascii(value);
  const head = new Uint8Array(5);
  head[0] = 0x58;
  new DataView(head.buffer).setUint32(1, content.length, true);
  return joined(head, content);
}

/** GLOBAL. */
export const global = (module: string, name: string): Uint8Array => ascii(`c${module}\n${name}\n`);

/** MARK items TUPLE. */
export const tuple = (...items: readonly Uint8Array[]): Uint8Array => joined(opcode('('), ...items, opcode('t'));

/** EMPTY_DICT MARK key value ... SETITEMS; keys are texts. */
export function dict(entries: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const items = Object.entries(entries).flatMap(([key, value]) => [text(key), value]);
  return joined(opcode('}'), opcode('('), ...items, opcode('u'));
}

/** `numpy.dtype` of a little-endian number type such as `f4`. */
export function dtype(name: string): Uint8Array {
  return joined(
    global('numpy', 'dtype'),
    tuple(text(name), FALSE, TRUE),
    opcode('R'),
    tuple(integer(3), text('<'), NONE, NONE, NONE, integer(-1), integer(-1), integer(0)),
    opcode('b'),
  );
}
