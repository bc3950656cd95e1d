import { latin1Text } from './byteReader';
import type { Opcode } from './literalOpcodes';
import type { PickleMachine } from './pickleMachine';
import { isBuildable, PyTuple } from './pickleObjects';

function listOf(machine: PickleMachine, value: unknown): unknown[] {
  if (!Array.isArray(value) || value instanceof PyTuple) machine.fail('it appends to something that is no list');
  return value;
}

function dictOf(machine: PickleMachine, value: unknown): Map<unknown, unknown> {
  if (!(value instanceof Map)) machine.fail('it sets items of something that is no dict');
  return value;
}

function setOf(machine: PickleMachine, value: unknown): Set<unknown> {
  if (!(value instanceof Set)) machine.fail('it adds to something that is no set');
  return value;
}

/** Rough bytes of an empty container, and of a hash table, which are far more than the one byte that asks for them. */
const LIST_COST = 48;
const TABLE_COST = 200;

function pushNew(machine: PickleMachine, cost: number, value: unknown): void {
  machine.charge(cost);
  machine.push(value);
}

function setItems(machine: PickleMachine, dict: Map<unknown, unknown>, items: readonly unknown[]): void {
  if (items.length % 2 === 1) machine.fail('a dict has a key without a value');
  for (let k = 0; k < items.length; k += 2) dict.set(items[k], items[k + 1]);
}

function tuple(machine: PickleMachine, count: number): void {
  const items: unknown[] = [];
  for (let k = 0; k < count; k++) items.unshift(machine.pop());
  pushNew(machine, LIST_COST, PyTuple.withItems(items));
}

function memoIndex(machine: PickleMachine): number {
  const text = latin1Text(machine.reader.line());
  if (!/^\d{1,10}$/.test(text)) machine.fail('a reference is malformed');
  return Number(text);
}

function globalOf(machine: PickleMachine): unknown {
  const module = latin1Text(machine.reader.line());
  return machine.findGlobal(module, latin1Text(machine.reader.line()));
}

function stackGlobal(machine: PickleMachine): unknown {
  const name = machine.pop();
  const module = machine.pop();
  if (typeof name !== 'string' || typeof module !== 'string') machine.fail('it names a class without a name');
  return machine.findGlobal(module, name);
}

function build(machine: PickleMachine): void {
  const state = machine.pop();
  const value = machine.pop();
  // The attributes of an OrderedDict (torch's `_metadata`) are of no use here.
  if (value instanceof Map) machine.push(value);
  else if (isBuildable(value)) machine.pushBuilt(value, value.build(state, machine));
  else machine.fail('it gives a state to something that takes none');
}

function newObject(machine: PickleMachine, withKeywords: boolean): void {
  const keywords = withKeywords ? machine.pop() : undefined;
  if (keywords instanceof Map && keywords.size > 0) machine.fail('it makes an object with named arguments');
  const args = machine.pop();
  machine.push(machine.create(machine.pop(), args));
}

function createFromMark(machine: PickleMachine, callee: unknown, args: unknown[]): void {
  machine.push(machine.create(callee, args));
}

/** Opcodes that arrange values: containers, memo, classes, calls. Names are those of Python's pickletools. */
export const STRUCTURE_OPCODES: Readonly<Record<number, Opcode>> = {
  // PROTO
  0x80: (m) => {
    const version = m.reader.u8();
    if (version > 5) m.fail(`protocol ${version} is newer than Retake knows`);
  },
  0x95: (m) => void m.reader.u64(), // FRAME: only a hint for buffering
  // STOP
  0x2e: (m) => {
    m.result = { value: m.pop() };
  },
  0x28: (m) => m.mark(), // MARK
  0x30: (m) => m.discard(), // POP
  0x31: (m) => void m.popMark(), // POP_MARK
  0x32: (m) => m.push(m.top()), // DUP
  0x5d: (m) => pushNew(m, LIST_COST, []), // EMPTY_LIST
  0x6c: (m) => pushNew(m, LIST_COST, m.popMark()), // LIST
  0x61: (m) => {
    const item = m.pop(); // APPEND
    listOf(m, m.top()).push(item);
  },
  0x65: (m) => {
    const items = m.popMark(); // APPENDS
    const list = listOf(m, m.top());
    for (const item of items) list.push(item);
  },
  0x29: (m) => pushNew(m, LIST_COST, new PyTuple()), // EMPTY_TUPLE
  0x74: (m) => pushNew(m, LIST_COST, PyTuple.withItems(m.popMark())), // TUPLE
  0x85: (m) => tuple(m, 1), // TUPLE1
  0x86: (m) => tuple(m, 2), // TUPLE2
  0x87: (m) => tuple(m, 3), // TUPLE3
  0x7d: (m) => pushNew(m, TABLE_COST, new Map()), // EMPTY_DICT
  // DICT
  0x64: (m) => {
    const items = m.popMark();
    const dict = new Map<unknown, unknown>();
    setItems(m, dict, items);
    pushNew(m, TABLE_COST, dict);
  },
  0x73: (m) => {
    const value = m.pop(); // SETITEM
    const key = m.pop();
    dictOf(m, m.top()).set(key, value);
  },
  0x75: (m) => {
    const items = m.popMark(); // SETITEMS
    setItems(m, dictOf(m, m.top()), items);
  },
  0x8f: (m) => pushNew(m, TABLE_COST, new Set()), // EMPTY_SET
  0x90: (m) => {
    const items = m.popMark(); // ADDITEMS
    const set = setOf(m, m.top());
    for (const item of items) set.add(item);
  },
  0x91: (m) => pushNew(m, TABLE_COST, new Set(m.popMark())), // FROZENSET
  0x67: (m) => m.get(memoIndex(m)), // GET
  0x68: (m) => m.get(m.reader.u8()), // BINGET
  0x6a: (m) => m.get(m.reader.u32()), // LONG_BINGET
  0x70: (m) => m.put(memoIndex(m)), // PUT
  0x71: (m) => m.put(m.reader.u8()), // BINPUT
  0x72: (m) => m.put(m.reader.u32()), // LONG_BINPUT
  0x94: (m) => m.putNext(), // MEMOIZE
  0x63: (m) => m.push(globalOf(m)), // GLOBAL
  0x93: (m) => m.push(stackGlobal(m)), // STACK_GLOBAL
  0x52: (m) => {
    const args = m.pop(); // REDUCE
    m.push(m.call(m.pop(), args));
  },
  0x62: (m) => build(m), // BUILD
  0x81: (m) => newObject(m, false), // NEWOBJ
  0x92: (m) => newObject(m, true), // NEWOBJ_EX
  0x69: (m) => createFromMark(m, globalOf(m), m.popMark()), // INST
  0x6f: (m) => {
    const [callee, ...args] = m.popMark(); // OBJ
    createFromMark(m, callee, args);
  },
  0x50: (m) => m.push(m.persistent(latin1Text(m.reader.line()))), // PERSID
  0x51: (m) => m.push(m.persistent(m.pop())), // BINPERSID
  0x98: (m) => void m.top(), // READONLY_BUFFER: all bytes are only read here
};
