import { unreadable } from '../containerErrors';
import { latin1Bytes } from './byteReader';
import type { AllowList, GlobalActions, PickleContext } from './pickleObjects';
import { allowList, keptClass, PyTuple } from './pickleObjects';

/** Bytes that a copied element may cost. */
const ITEM_COST = 32;

/** The items of a container's only argument, counted: a small pickle can ask for the same copy again and again. */
function itemsOf([source = []]: readonly unknown[], context: PickleContext): Iterable<unknown> {
  if (!Array.isArray(source) && !(source instanceof Set)) {
    throw unreadable(context.reader.file, 'a container in it is made from something else');
  }
  context.charge((Array.isArray(source) ? source.length : source.size) * ITEM_COST);
  return source as Iterable<unknown>;
}

function dictOf(args: readonly unknown[], context: PickleContext): Map<unknown, unknown> {
  const dict = new Map<unknown, unknown>();
  for (const pair of itemsOf(args, context)) {
    if (!Array.isArray(pair) || pair.length !== 2) throw unreadable(context.reader.file, 'a dict in it has no pairs');
    dict.set(pair[0], pair[1]);
  }
  return dict;
}

const set: GlobalActions = { call: (args, context) => new Set(itemsOf(args, context)) };

const containers: Readonly<Record<string, GlobalActions>> = {
  object: {},
  set,
  frozenset: set,
  list: { call: (args, context) => [...itemsOf(args, context)] },
  tuple: { call: (args, context) => PyTuple.withItems([...itemsOf(args, context)]) },
  dict: { call: dictOf },
  bytearray: {
    call: ([source = new Uint8Array(0)], context) => {
      if (source instanceof Uint8Array) return source;
      if (typeof source !== 'string') throw unreadable(context.reader.file, 'a bytearray in it is malformed');
      context.charge(source.length);
      return latin1Bytes(source);
    },
  },
};

const reconstructor: GlobalActions = { call: ([kind], context) => context.create(kind, []) };

/** Python's own containers, under the names of Python 2 and 3, and the way protocols 0 and 1 make objects. */
export const PYTHON_GLOBALS: AllowList = allowList({
  ...Object.fromEntries(
    ['__builtin__', 'builtins'].flatMap((module) =>
      Object.entries(containers).map(([name, actions]) => [`${module}.${name}`, actions]),
    ),
  ),
  'collections.OrderedDict': { call: dictOf },
  'copy_reg._reconstructor': reconstructor,
  'copyreg._reconstructor': reconstructor,
});

/** What SMPL's pickles: chumpy arrays and scipy's sparse matrices, kept as objects (reference vibe-smpl 7.2). */
export const SMPL_GLOBALS: AllowList = allowList(
  Object.fromEntries(
    ['chumpy.ch.Ch', 'chumpy.reordering.Select', 'scipy.sparse.csc.csc_matrix', 'scipy.sparse._csc.csc_matrix'].map(
      (name) => [name, keptClass(name)],
    ),
  ),
);
