import { z } from 'zod';

/**
 * One step of a change to a document: replace, add or remove what stands at `path` (property names and array indices
 * from the root). The shape of immer's patches, stated here so that the engine can apply and journal them without immer.
 */
export const patchSchema = z.object({
  op: z.enum(['replace', 'add', 'remove']),
  path: z.array(z.union([z.string(), z.number()])),
  value: z.unknown().optional(),
});

/** See {@link patchSchema}. */
export type Patch = z.infer<typeof patchSchema>;

/**
 * An edit as it is journaled: enough to apply, to undo, to name it in a list and to jump to what it changed.
 */
export const editSchema = z.object({
  /** Sentence case, for example `Move box, frame 118`. */
  label: z.string().min(1).max(200),
  /** Frame to show when the edit is undone or redone; absent when it belongs to no frame. */
  frame: z.int().min(0).optional(),
  /** Person to select then. */
  person: z.string().optional(),
  patches: z.array(patchSchema),
  inverse: z.array(patchSchema),
});

/** See {@link editSchema}. */
export type Edit = z.infer<typeof editSchema>;

const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

type Container = Record<string | number, unknown>;

function isContainer(value: unknown): value is Container {
  return typeof value === 'object' && value !== null;
}

function nowhere(patch: Patch): RangeError {
  return new RangeError(`a patch names a place that does not exist: ${patch.path.join('/')}`);
}

/** An array index `0 <= index <= most`; what is not one would make holes or silently hit another element. */
function indexOf(key: string | number, most: number, patch: Patch): number {
  const index = typeof key === 'number' ? key : /^\d+$/.test(key) ? Number(key) : Number.NaN;
  if (!Number.isInteger(index) || index < 0 || index > most) throw nowhere(patch);
  return index;
}

function changeArray(array: readonly unknown[], key: string | number, patch: Patch): unknown[] {
  const copy = [...array];
  if (key === 'length') {
    if (patch.op !== 'replace' || typeof patch.value !== 'number') throw nowhere(patch);
    copy.length = indexOf(patch.value, copy.length, patch);
  } else if (patch.op === 'add') copy.splice(indexOf(key, copy.length, patch), 0, patch.value);
  else if (patch.op === 'remove') copy.splice(indexOf(key, copy.length - 1, patch), 1);
  else copy[indexOf(key, copy.length, patch)] = patch.value;
  return copy;
}

function changeObject(node: Container, key: string | number, patch: Patch): Container {
  const copy = { ...node };
  if (patch.op === 'remove') delete copy[key];
  else copy[key] = patch.value;
  return copy;
}

function applyAt(node: unknown, patch: Patch, depth: number): unknown {
  const key = patch.path[depth];
  if (key === undefined) return patch.value;
  if (!isContainer(node) || FORBIDDEN_KEYS.has(String(key))) throw nowhere(patch);
  const isLast = depth === patch.path.length - 1;
  if (Array.isArray(node)) {
    if (isLast) return changeArray(node, key, patch);
    const index = indexOf(key, node.length - 1, patch);
    return node.with(index, applyAt(node[index], patch, depth + 1));
  }
  if (isLast) return changeObject(node, key, patch);
  if (!Object.hasOwn(node, key)) throw nowhere(patch);
  return { ...node, [key]: applyAt(node[key], patch, depth + 1) };
}

/**
 * Applies patches in order and returns the new root; the old one is untouched and unchanged parts are shared.
 * @throws RangeError when a path leads nowhere (the document and the edit do not belong together).
 */
export function applyPatches<T>(root: T, patches: readonly Patch[]): T {
  let current: unknown = root;
  for (const patch of patches) current = applyAt(current, patch, 0);
  return current as T;
}
