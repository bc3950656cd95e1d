import { mkdtemp, readdir, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ChunkStore } from './chunkStore';

/** Stands for a file system that is mounted for reading only, which root cannot make with permissions. */
const disk = vi.hoisted(() => ({ refuses: undefined as Error | undefined }));
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  const unless = <T extends (...given: never[]) => Promise<unknown>>(act: T) =>
    ((...given: Parameters<T>) => (disk.refuses ? Promise.reject(disk.refuses) : act(...given))) as unknown as T;
  const { mkdir, rename, rm: remove, utimes: touch, writeFile: write } = real;
  const guarded = { mkdir: unless(mkdir), rename: unless(rename), utimes: unless(touch) };
  return { ...real, ...guarded, rm: unless(remove), writeFile: unless(write) };
});

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'retake-chunks-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const pictures = [Buffer.from('first'), Buffer.from(''), Buffer.from('the third')];

it('gives back what was written, also after a restart', async () => {
  const store = new ChunkStore(folder, 1e6);
  await store.write('clip/s640/3', pictures);
  for (const opened of [store, new ChunkStore(folder, 1e6)]) {
    expect(await opened.has('clip/s640/3')).toBe(true);
    for (const [position, picture] of pictures.entries()) {
      expect(await opened.read('clip/s640/3', position)).toEqual(picture);
    }
    expect(await opened.read('clip/s640/3', 3)).toBeNull();
    expect(await opened.read('clip/s640/4', 0)).toBeNull();
  }
});

it('drops the least recently used beyond its bytes', async () => {
  const big = [Buffer.alloc(1000)];
  const store = new ChunkStore(folder, 3200);
  for (const name of ['a', 'b', 'c']) await store.write(name, big);
  expect(await store.read('a', 0)).not.toBeNull();
  await store.write('d', big);
  expect(await Promise.all(['a', 'b', 'c', 'd'].map((name) => store.has(name)))).toEqual([true, false, true, true]);
  expect(store.bytes).toBeLessThanOrEqual(3200);
  expect((await readdir(folder)).sort()).toEqual(['a.jpgs', 'c.jpgs', 'd.jpgs']);
});

it('a damaged file is a miss and goes away', async () => {
  const store = new ChunkStore(folder, 1e6);
  await store.write('a', pictures);
  await truncate(join(folder, 'a.jpgs'), 20);
  await writeFile(join(folder, 'b.jpgs'), 'nonsense that is long enough to have a header');
  const reopened = new ChunkStore(folder, 1e6);
  expect(await reopened.read('a', 0)).toBeNull();
  expect(await reopened.read('b', 0)).toBeNull();
  expect(await readdir(folder)).toEqual([]);
  expect(reopened.bytes).toBe(0);
});

it('removes what a crash has left, but not what may still be written', async () => {
  await writeFile(join(folder, 'a.jpgs.1-1.tmp'), 'old');
  await writeFile(join(folder, 'b.jpgs.1-2.tmp'), 'new');
  const old = new Date(Date.now() - 3_600_000);
  await utimes(join(folder, 'a.jpgs.1-1.tmp'), old, old);
  await new ChunkStore(folder, 1e6).open();
  expect(await readdir(folder)).toEqual(['b.jpgs.1-2.tmp']);
});

it('reads what is there where nothing may be written', async () => {
  await new ChunkStore(folder, 1e6).write('a', pictures);
  await writeFile(join(folder, 'b.jpgs'), 'nonsense that is long enough to have a header');
  const refused = Object.assign(new Error('EROFS: read-only file system'), { code: 'EROFS' });
  disk.refuses = refused;
  try {
    const store = new ChunkStore(folder, 1e6);
    expect(await store.read('a', 2)).toEqual(pictures[2]);
    expect(await store.read('b', 0)).toBeNull();
    await expect(store.write('c', pictures)).rejects.toBe(refused);
  } finally {
    disk.refuses = undefined;
  }
});
