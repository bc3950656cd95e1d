import { unreadable } from '../containerErrors';
import type { ByteReader } from './byteReader';

/** A Python tuple; lists are plain arrays, dicts are Maps, sets are Sets, Python 2 strings are latin-1 strings. */
export class PyTuple extends Array<unknown> {
  /** A tuple of these items; the array constructor would take a single number as a length. */
  static withItems(items: readonly unknown[]): PyTuple {
    const tuple = new PyTuple();
    for (const item of items) tuple.push(item);
    return tuple;
  }
}

/** What calls and builds may use: the stream they are in, and how much they may still copy. */
export interface PickleContext {
  readonly reader: ByteReader;
  /** Counts bytes that a value takes beyond the file, so that a small one cannot grow without end. @throws AppError WEIGHTS_INVALID */
  charge(bytes: number): void;
  /** Makes an object of an allowed class. @throws AppError WEIGHTS_INVALID when it is none */
  create(kind: unknown, args: unknown): unknown;
}

/** What a class or function of the allow-list does; nothing of Python is ever run. */
export interface GlobalActions {
  /** `name(*args)`. */
  call?(args: readonly unknown[], context: PickleContext): unknown;
  /** `name.__new__(name, *args)`. */
  create?(args: readonly unknown[], context: PickleContext): unknown;
}

/** A class or function that a pickle may name. */
export class PickleGlobal {
  constructor(
    /** Module and name with a dot between, for example `numpy.ndarray`. */
    readonly name: string,
    readonly actions: GlobalActions = {},
  ) {}
}

/** Names that a reader allows, by module and name with a dot between. */
export type AllowList = ReadonlyMap<string, PickleGlobal>;

/** An allow-list from names to actions. */
export function allowList(entries: Readonly<Record<string, GlobalActions>>): Map<string, PickleGlobal> {
  return new Map(Object.entries(entries).map(([name, actions]) => [name, new PickleGlobal(name, actions)]));
}

/** A value whose state follows after it was made (`__setstate__`). */
export interface Buildable {
  /** Takes the state; what it returns replaces the value on the stack (usually itself). */
  build(state: unknown, context: PickleContext): unknown;
}

/** True for values that take a state. */
export function isBuildable(value: unknown): value is Buildable {
  return typeof value === 'object' && value !== null && 'build' in value && typeof value.build === 'function';
}

/** An object of an allowed class that is only kept: its class and its state by attribute. */
export class PyInstance implements Buildable {
  /** Attributes; empty until the pickle gave them. */
  readonly state = new Map<string, unknown>();

  constructor(readonly className: string) {}

  build(state: unknown, { reader }: PickleContext): unknown {
    if (!(state instanceof Map)) throw unreadable(reader.file, `an object of ${this.className} has no readable state`);
    for (const [name, value] of state) this.state.set(String(name), value);
    return this;
  }
}

/** A class whose objects are only kept, see {@link PyInstance}. */
export function keptClass(className: string): GlobalActions {
  const create = (): PyInstance => new PyInstance(className);
  return { create, call: create };
}
