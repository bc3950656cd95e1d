import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFfmpeg } from './findFfmpeg';

let folder = '';

/** A program that answers `-version` as an ffmpeg with this libavcodec would. */
async function fake(name: string, version: string, libavcodec: string): Promise<string> {
  const path = join(folder, name, 'ffmpeg');
  await mkdir(join(folder, name));
  await writeFile(
    path,
    `#!/bin/sh\necho 'ffmpeg version ${version} Copyright'\necho 'libavcodec     ${libavcodec} / ${libavcodec}'\n`,
  );
  await chmod(path, 0o755);
  return path;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'retake ffmpeg-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.skipIf(process.platform === 'win32')('findFfmpeg', () => {
  it('goes by setting, FFMPEG_PATH, PATH, in this order', async () => {
    const [a, b, c] = [
      await fake('a', '6.1', '60. 31.102'),
      await fake('b', '5.0', '59. 18.100'),
      await fake('c', '9.0.2', '63.  1.102'),
    ];
    const environment = { FFMPEG_PATH: b, PATH: join(folder, 'c') };
    expect(await findFfmpeg({ setting: a, environment })).toMatchObject({ path: a, source: 'setting', version: '6.1' });
    expect(await findFfmpeg({ setting: '', environment })).toMatchObject({ path: b, source: 'environment' });
    expect(await findFfmpeg({ environment: { PATH: join(folder, 'c') } })).toMatchObject({ path: c, source: 'path' });
  });

  it('knows the option of each version', async () => {
    const old = await findFfmpeg({ setting: join(folder, 'b', 'ffmpeg') });
    const recent = await findFfmpeg({ setting: join(folder, 'c', 'ffmpeg') });
    expect([old.passthrough[0], recent.passthrough[0]]).toEqual(['-vsync', '-fps_mode']);
  });

  it('refuses an old one, and passes over it on PATH when a good one follows', async () => {
    const old = await fake('old', '3.4', '57.107.100');
    await expect(findFfmpeg({ setting: old })).rejects.toMatchObject({
      code: 'FFMPEG_TOO_OLD',
      message: expect.stringContaining('3.4'),
    });
    const PATH = `${join(folder, 'old')}:${join(folder, 'c')}`;
    expect((await findFfmpeg({ environment: { PATH } })).version).toBe('9.0.2');
    await expect(findFfmpeg({ environment: { PATH: join(folder, 'old') }, packages: false })).rejects.toMatchObject({
      code: 'FFMPEG_TOO_OLD',
    });
  });

  it('never passes over a path that was named', async () => {
    const setting = join(folder, 'nothing');
    await expect(findFfmpeg({ setting })).rejects.toMatchObject({
      code: 'FFMPEG_MISSING',
      hint: expect.stringContaining('apt'),
    });
    await expect(findFfmpeg({ setting: process.execPath })).rejects.toMatchObject({ code: 'FFMPEG_MISSING' });
  });

  it('says how to get one when there is none', async () => {
    const environment = { PATH: join(folder, 'empty') };
    await expect(findFfmpeg({ environment, packages: false })).rejects.toMatchObject({
      code: 'FFMPEG_MISSING',
      hint: expect.stringContaining('FFMPEG_PATH'),
    });
  });
});
