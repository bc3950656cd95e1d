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

function copyContainer(value: Container): Container {
  return Array.isArray(value) ? ([...value] as unknown as Container) : { ...value };
}

function applyAt(node: unknown, patch: Patch, depth: number): unknown {
  if (depth === patch.path.length) return patch.value;
  const key = patch.path[depth];
  if (!isContainer(node) || key === undefined || FORBIDDEN_KEYS.has(String(key))) {
    throw new RangeError(`a patch names a place that does not exist: ${patch.path.join('/')}`);
  }
  const copy = copyContainer(node);
  const last = depth === patch.path.length - 1;
  if (last && Array.isArray(copy)) {
    const index = key === 'length' ? -1 : Number(key);
    if (index === -1) copy.length = Number(patch.value);
    else if (patch.op === 'add') copy.splice(index, 0, patch.value);
    else if (patch.op === 'remove') copy.splice(index, 1);
    else copy[index] = patch.value;
    return copy;
  }
  if (last && patch.op === 'remove') {
    delete copy[key];
    return copy;
  }
  copy[key] = last ? patch.value : applyAt(copy[key], patch, depth + 1);
  return copy;
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
