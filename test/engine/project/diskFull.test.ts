import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Edit } from '#core/document/patch';
import { DocumentStore } from '#engine/project/documentStore';
import { RecordCache } from '#engine/cache/recordCache';
import { documentOf, somebody } from './documents';
import { newProject, scratchFolder } from './projects';

const disk = vi.hoisted(() => ({ left: Infinity }));

/** Writes as a disk with `disk.left` bytes of room does: a part of what does not fit, then ENOSPC. */
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  const writeSync = (file: number, bytes: Uint8Array, offset = 0): number => {
    const wanted = bytes.byteLength - offset;
    const size = Math.min(wanted, disk.left);
    if (wanted > 0 && size === 0) throw Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' });
    disk.left -= size;
    return fs.writeSync(file, bytes, offset, size);
  };
  return { ...fs, writeSync };
});

beforeEach(() => {
  disk.left = Infinity;
});

function rename(store: DocumentStore, name: string): Edit {
  const patch = (value: string) => [{ op: 'replace' as const, path: ['name'], value }];
  return { label: `Name it ${name}`, patches: patch(name), inverse: patch(store.document.name) };
}

describe('a full disk', () => {
  it.each([0, 1, 20, 100])('with %i bytes left refuses an edit, and later edits survive a restart', (left) => {
    const folder = newProject(documentOf([somebody(1)]));
    const store = new DocumentStore(folder, false);
    store.apply(store.seq, rename(store, 'a'));
    const before = readFileSync(folder.journal);
    disk.left = left;
    const full = expect.objectContaining({ code: 'DISK_FULL', message: expect.stringContaining('disk is full') });
    expect(() => store.apply(store.seq, rename(store, 'b'))).toThrow(full);
    expect(store.document.name).toBe('a');
    expect(readFileSync(folder.journal)).toEqual(before);
    disk.left = Infinity;
    store.apply(store.seq, rename(store, 'c'));
    const again = new DocumentStore(folder, true);
    expect([again.document.name, again.seq, again.warnings]).toEqual(['c', 2, []]);
    store.close();
  });

  it('at the moment of a snapshot keeps the edit and the old snapshot', () => {
    const folder = newProject(documentOf([somebody(1)]));
    const store = new DocumentStore(folder, false);
    for (let k = 0; k < 199; k++) store.apply(store.seq, rename(store, `n${k}`));
    const snapshot = readFileSync(folder.document);
    const silence = vi.spyOn(console, 'error').mockImplementation(() => {});
    disk.left = 500;
    store.apply(store.seq, rename(store, 'last'));
    expect(silence).toHaveBeenCalledOnce();
    silence.mockRestore();
    expect(readFileSync(folder.document)).toEqual(snapshot);
    disk.left = Infinity;
    const again = new DocumentStore(folder, true);
    expect(again.document.name).toBe('last');
    store.close();
  });

  it('in the middle of a record does not spoil the records after it', () => {
    const path = join(scratchFolder(), 'a.records');
    const cache = new RecordCache(path, 4, 1e6);
    cache.set(1, Float32Array.of(1, 1, 1, 1));
    disk.left = 9;
    expect(() => cache.set(2, Float32Array.of(2, 2, 2, 2))).toThrow(expect.objectContaining({ code: 'DISK_FULL' }));
    disk.left = Infinity;
    cache.set(3, Float32Array.of(3, 3, 3, 3));
    expect([cache.get(1)?.[0], cache.has(2), cache.get(3)?.[0]]).toEqual([1, false, 3]);
    cache.close();
    const again = new RecordCache(path, 4, 1e6);
    expect([again.get(1)?.[0], again.has(2), again.get(3)?.[0]]).toEqual([1, false, 3]);
    again.close();
  });
});
