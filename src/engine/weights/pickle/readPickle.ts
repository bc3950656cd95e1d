import { unreadable } from '../containerErrors';
import { ByteReader } from './byteReader';
import { LITERAL_OPCODES, type Opcode } from './literalOpcodes';
import { PickleMachine, type PickleOptions } from './pickleMachine';
import { STRUCTURE_OPCODES } from './structureOpcodes';

const OPCODES: (Opcode | undefined)[] = [];
for (const table of [LITERAL_OPCODES, STRUCTURE_OPCODES]) {
  for (const [code, opcode] of Object.entries(table)) OPCODES[Number(code)] = opcode;
}

/**
 * Reads one pickle (protocols 0 to 5) at the reader's place and leaves the reader behind it. Values: None null, dict Map,
 * list array, tuple {@link PyTuple}, set Set, bytes Uint8Array (not copied), str string, Python 2 str latin-1 string, int
 * number or bigint, objects whatever the allow-list makes. Nothing is ever executed; the time is linear in the bytes read.
 * Values may contain themselves, so whoever walks them must bound the depth. Source: Python's pickletools, reference
 * vibe-smpl 10.5.
 * @throws AppError WEIGHTS_INVALID for malformed or cut-off bytes, a name that is not allowed (the message says which), or
 * a pickle that grows without end
 */
export function readPickleAt(reader: ByteReader, options: PickleOptions): unknown {
  const machine = new PickleMachine(reader, options);
  try {
    return run(machine);
  } catch (error) {
    // What V8 says of a table or text beyond its own limits.
    if (error instanceof RangeError) throw unreadable(reader.file, 'a value in it is too large', error);
    throw error;
  }
}

function run(machine: PickleMachine): unknown {
  while (machine.result === undefined) {
    const code = machine.reader.u8();
    const opcode = OPCODES[code];
    if (opcode === undefined) machine.fail(`opcode 0x${code.toString(16).padStart(2, '0')} is unknown`);
    opcode(machine);
  }
  return machine.result.value;
}

/**
 * Reads the pickle that `bytes` start with, see {@link readPickleAt}; bytes behind it are ignored.
 * @param file what the file is called in errors
 */
export function readPickle(bytes: Uint8Array, file: string, options: PickleOptions): unknown {
  return readPickleAt(new ByteReader(bytes, file), options);
}
