import { expect, it, vi } from 'vitest';
import { ImportBench } from './importing';

const disk = vi.hoisted(() => ({ left: Infinity }));

/** Files opened for writing take `disk.left` bytes in all, then ENOSPC. */
vi.mock('node:fs/promises', async (original) => {
  const fs = await original<typeof import('node:fs/promises')>();
  return {
    ...fs,
    async open(path: string, flags?: string) {
      const file = await fs.open(path, flags);
      if (flags !== 'w') return file;
      const write = file.write.bind(file) as unknown as (bytes: Uint8Array, at: number) => Promise<unknown>;
      file.write = ((bytes: Uint8Array, at: number) => {
        disk.left -= bytes.byteLength - at;
        if (disk.left < 0) throw Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' });
        return write(bytes, at);
      }) as unknown as typeof file.write;
      return file;
    },
  };
});

it.each([0, 100, 5_000])('with %i bytes left nothing is installed and earlier models are untouched', async (left) => {
  const bench = new ImportBench();
  await bench.import([bench.fixture('smpl_mean_params.npz')]);
  const before = bench.contents();
  disk.left = left;
  const files = [bench.fixture('smpl_tiny_py2_proto2.pkl', 'SMPL_NEUTRAL.pkl'), bench.fixture('c_order.npy')];
  await expect(bench.import(files)).rejects.toMatchObject({
    code: 'DISK_FULL',
    message: expect.stringContaining('The disk is full, so the import of SMPL_NEUTRAL.pkl could not be written'),
  });
  disk.left = Infinity;
  expect(bench.contents()).toEqual(before);
  expect((await bench.import(files)).map(({ state }) => state).sort()).toEqual(['installed', 'refused']);
});
