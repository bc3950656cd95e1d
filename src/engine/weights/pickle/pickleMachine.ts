import { unreadable } from '../containerErrors';
import type { ByteReader } from './byteReader';
import type { AllowList, Buildable, PickleContext } from './pickleObjects';
import { isBuildable, PickleGlobal } from './pickleObjects';

/** Most values that may wait on the stack at a time. */
const MAX_STACK = 4_000_000;
/** Most values that may be remembered for later. */
const MAX_MEMO = 4_000_000;
/** Deepest nesting of unfinished tuples, lists and dicts. */
const MAX_MARKS = 100_000;
/** Bytes that values may take besides four times the file's length. */
const FREE_GROWTH = 128 * 1024 * 1024;

/** Rough bytes of what a call returns and of a new object. */
const CALL_COST = 64;
const OBJECT_COST = 256;

/** How a pickle is read beyond its opcodes. */
export interface PickleOptions {
  /** Classes and functions it may name. */
  allowed: AllowList;
  /** Gives the object that a persistent id stands for; persistent ids are refused when absent. */
  persistent?: (id: unknown) => unknown;
}

/** Stack, marks and memo of a pickle that is being read; opcodes act on it and nothing is ever executed. */
export class PickleMachine implements PickleContext {
  private readonly stack: unknown[] = [];
  private readonly marks: number[] = [];
  private readonly memo = new Map<number, unknown>();
  /** Where values that still take a state are remembered. */
  private readonly unbuilt = new Map<Buildable, number>();
  private growth: number;
  /** Set by STOP. */
  result: { value: unknown } | undefined;

  constructor(
    readonly reader: ByteReader,
    private readonly options: PickleOptions,
  ) {
    this.growth = FREE_GROWTH + 4 * reader.bytes.length;
  }

  fail(problem: string): never {
    throw unreadable(this.reader.file, `${problem} (pickle, near byte ${this.reader.position})`);
  }

  charge(bytes: number): void {
    this.growth -= bytes;
    if (this.growth < 0) this.fail('it unpacks to far more than it holds');
  }

  push(value: unknown): void {
    if (this.stack.length >= MAX_STACK) this.fail('it keeps too many values waiting');
    this.stack.push(value);
  }

  /** Takes the top value, never one below the last mark. */
  pop(): unknown {
    this.needOne();
    return this.stack.pop();
  }

  top(): unknown {
    this.needOne();
    return this.stack[this.stack.length - 1];
  }

  mark(): void {
    if (this.marks.length >= MAX_MARKS) this.fail('it is nested too deeply');
    this.marks.push(this.stack.length);
  }

  /** Values above the last mark, which goes too. */
  popMark(): unknown[] {
    const start = this.marks.pop();
    if (start === undefined) this.fail('an opcode needs a mark that was never set');
    return this.stack.splice(start);
  }

  /** POP: a value, or a mark with nothing above it. */
  discard(): void {
    if (this.marks.length > 0 && this.marks.at(-1) === this.stack.length) this.marks.pop();
    else this.pop();
  }

  put(index: number): void {
    if (this.memo.size >= MAX_MEMO) this.fail('it remembers too many values');
    const value = this.top();
    this.memo.set(index, value);
    if (isBuildable(value)) this.unbuilt.set(value, index);
  }

  putNext(): void {
    this.put(this.memo.size);
  }

  /** Pushes what a value became by its state; later references mean that too. */
  pushBuilt(before: Buildable, value: unknown): void {
    const index = this.unbuilt.get(before);
    if (index !== undefined && this.memo.get(index) === before) this.memo.set(index, value);
    this.unbuilt.delete(before);
    this.push(value);
  }

  get(index: number): void {
    if (!this.memo.has(index)) this.fail(`it refers to value ${index}, which is not there`);
    this.push(this.memo.get(index));
  }

  /** The allowed class or function of this name. @throws AppError WEIGHTS_INVALID naming any other */
  findGlobal(module: string, name: string): PickleGlobal {
    const full = `${module}.${name}`;
    const found = this.options.allowed.get(full);
    if (found === undefined) {
      throw unreadable(
        this.reader.file,
        `it asks for ${JSON.stringify(full.slice(0, 100))}, which is not among the names that Retake reads (nothing was run)`,
      );
    }
    return found;
  }

  persistent(id: unknown): unknown {
    return this.options.persistent ? this.options.persistent(id) : this.fail('it refers to objects outside of it');
  }

  call(callee: unknown, args: unknown): unknown {
    if (!(callee instanceof PickleGlobal) || !Array.isArray(args)) this.fail('it calls something that is no function');
    if (callee.actions.call === undefined) this.fail(`it calls ${callee.name}, which is not for calling`);
    this.charge(CALL_COST);
    return callee.actions.call(args, this);
  }

  create(callee: unknown, args: unknown): unknown {
    if (!(callee instanceof PickleGlobal) || !Array.isArray(args)) this.fail('it makes an object of something else');
    if (callee.actions.create === undefined) this.fail(`it makes an object of ${callee.name}, which is no class`);
    this.charge(OBJECT_COST);
    return callee.actions.create(args, this);
  }

  private needOne(): void {
    if (this.stack.length <= (this.marks.at(-1) ?? 0)) this.fail('an opcode needs a value that is not there');
  }
}
