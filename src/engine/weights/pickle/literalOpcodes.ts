import { latin1Text } from './byteReader';
import type { PickleMachine } from './pickleMachine';

/** Longest integer in bytes (or digits): conversion of longer ones takes time beyond all use. */
const MAX_INTEGER_LENGTH = 4096;

/** Longest text; V8 takes no more. */
const MAX_TEXT_LENGTH = 500_000_000;

/** What an opcode does. */
export type Opcode = (machine: PickleMachine) => void;

/** A Python integer: a number when it is exact as one, else a bigint. */
export function integerOf(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function decimal(machine: PickleMachine, text: string): number | bigint {
  if (text.length > MAX_INTEGER_LENGTH || !/^\s*[+-]?\d+\s*$/.test(text)) machine.fail('an integer is malformed');
  return integerOf(BigInt(text.trim().replace(/^\+/, '')));
}

function float(machine: PickleMachine, text: string): number {
  const trimmed = text.trim().toLowerCase();
  const named: Readonly<Record<string, number>> = { nan: NaN, inf: Infinity, '-inf': -Infinity };
  if (Object.hasOwn(named, trimmed)) return named[trimmed]!;
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/.test(trimmed)) machine.fail('a number is malformed');
  return Number(trimmed);
}

/** Little-endian two's complement of any length. */
function longOf(machine: PickleMachine, length: number): number | bigint {
  if (length > MAX_INTEGER_LENGTH) machine.fail(`an integer of ${length} bytes is too long`);
  const bytes = machine.reader.take(length);
  if (length === 0) return 0;
  let hex = '';
  for (let k = length - 1; k >= 0; k--) hex += bytes[k]!.toString(16).padStart(2, '0');
  return integerOf(BigInt.asIntN(length * 8, BigInt(`0x${hex}`)));
}

function textBytes(machine: PickleMachine, length: number): Uint8Array {
  if (length > MAX_TEXT_LENGTH) machine.fail(`a text of ${length} bytes is too long`);
  return machine.reader.take(length);
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

const BACKSLASH = 92;
const LETTER_X = 120;

/** What follows a backslash, by code, and the byte that it means. */
const ESCAPES: ReadonlyMap<number, number> = new Map(
  Object.entries({ '\\': 92, "'": 39, '"': 34, a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11 }).map(([letter, byte]) => [
    letter.charCodeAt(0),
    byte,
  ]),
);

/** Value of a digit in base 8 or 16; NaN for anything else. */
function digit(code: number | undefined, base: 8 | 16): number {
  if (code === undefined) return NaN;
  const value = code <= 57 ? code - 48 : (code | 32) - 87;
  return value >= 0 && value < base && (code <= 57 || value > 9) ? value : NaN;
}

/** Undoes Python's `repr` of a byte string: the bytes between its quotes. */
function unquote(machine: PickleMachine, quoted: Uint8Array): Uint8Array {
  const quote = quoted[0];
  if (quoted.length < 2 || (quote !== 39 && quote !== 34) || quoted.at(-1) !== quote)
    machine.fail('a string has no quotes');
  const source = quoted.subarray(1, -1);
  const bytes = new Uint8Array(source.length);
  let length = 0;
  for (let at = 0; at < source.length; at++) {
    const code = source[at]!;
    if (code !== BACKSLASH) {
      bytes[length++] = code;
      continue;
    }
    const next = source[++at] ?? 0;
    const simple = ESCAPES.get(next);
    if (simple !== undefined) bytes[length++] = simple;
    else if (next === LETTER_X) {
      const value = digit(source[at + 1], 16) * 16 + digit(source[at + 2], 16);
      if (Number.isNaN(value)) machine.fail('a string has a broken escape');
      bytes[length++] = value;
      at += 2;
    } else {
      let value = digit(next, 8);
      if (Number.isNaN(value)) machine.fail('a string has an unknown escape');
      for (let more = 0; more < 2 && !Number.isNaN(digit(source[at + 1], 8)); more++)
        value = value * 8 + digit(source[++at], 8);
      bytes[length++] = value;
    }
  }
  return bytes.subarray(0, length);
}

/** Python's raw-unicode-escape: latin-1 with \uXXXX and \UXXXXXXXX. */
function rawUnicode(machine: PickleMachine, bytes: Uint8Array): string {
  return latin1Text(bytes).replace(/\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})/g, (_, short?: string, long?: string) => {
    const code = Number.parseInt(short ?? long ?? '', 16);
    if (code > 0x10ffff) machine.fail('a text holds a character that does not exist');
    return String.fromCodePoint(code);
  });
}

function int(machine: PickleMachine): number | bigint | boolean {
  const text = latin1Text(machine.reader.line());
  if (text === '00') return false;
  if (text === '01') return true;
  return decimal(machine, text);
}

function nonNegative(machine: PickleMachine, value: number): number {
  if (value < 0) machine.fail('a length is negative');
  return value;
}

/** Opcodes that push a constant, by code. Names are those of Python's pickletools. */
export const LITERAL_OPCODES: Readonly<Record<number, Opcode>> = {
  0x4e: (m) => m.push(null), // NONE
  0x88: (m) => m.push(true), // NEWTRUE
  0x89: (m) => m.push(false), // NEWFALSE
  0x49: (m) => m.push(int(m)), // INT
  0x4a: (m) => m.push(m.reader.i32()), // BININT
  0x4b: (m) => m.push(m.reader.u8()), // BININT1
  0x4d: (m) => m.push(m.reader.u16()), // BININT2
  0x4c: (m) => m.push(decimal(m, latin1Text(m.reader.line()).replace(/L$/, ''))), // LONG
  0x8a: (m) => m.push(longOf(m, m.reader.u8())), // LONG1
  0x8b: (m) => m.push(longOf(m, nonNegative(m, m.reader.i32()))), // LONG4
  0x46: (m) => m.push(float(m, latin1Text(m.reader.line()))), // FLOAT
  0x47: (m) => m.push(m.reader.f64be()), // BINFLOAT
  0x53: (m) => m.push(latin1Text(unquote(m, m.reader.line()))), // STRING
  0x54: (m) => m.push(latin1Text(textBytes(m, nonNegative(m, m.reader.i32())))), // BINSTRING
  0x55: (m) => m.push(latin1Text(m.reader.take(m.reader.u8()))), // SHORT_BINSTRING
  0x56: (m) => m.push(rawUnicode(m, m.reader.line())), // UNICODE
  0x58: (m) => m.push(utf8.decode(textBytes(m, m.reader.u32()))), // BINUNICODE
  0x8c: (m) => m.push(utf8.decode(m.reader.take(m.reader.u8()))), // SHORT_BINUNICODE
  0x8d: (m) => m.push(utf8.decode(textBytes(m, m.reader.u64()))), // BINUNICODE8
  0x42: (m) => m.push(m.reader.take(m.reader.u32())), // BINBYTES
  0x43: (m) => m.push(m.reader.take(m.reader.u8())), // SHORT_BINBYTES
  0x8e: (m) => m.push(m.reader.take(m.reader.u64())), // BINBYTES8
  0x96: (m) => m.push(m.reader.take(m.reader.u64())), // BYTEARRAY8
};
