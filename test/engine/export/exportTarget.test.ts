import { chmod, mkdir, open, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FolderTarget, resolveBaseName } from '#engine/export/exportTarget';
import { type IfExists, settleExports } from '#engine/export/placing';
import { findExporter } from '#engine/export/registry';
import { type ExportDestination, runExport } from '#engine/export/runExport';
import { temporaryFolder } from './exportToFolder';
import { syntheticClip } from './syntheticClip';

async function run(exporter: string, destination: ExportDestination, signal = new AbortController().signal) {
  const running = runExport(findExporter(exporter), syntheticClip(), {}, destination, signal);
  for (;;) {
    const step = await running.next();
    if (step.done) return step.value;
  }
}

function destination(folder: string, ifExists: IfExists = 'fail', more: Partial<ExportDestination> = {}) {
  return { folder, baseName: 'clip', ifExists, ...more };
}

describe('names that exist', () => {
  test('fail: says which, changes nothing', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'clip.fbx'), 'mine');
    await expect(run('fbx', destination(folder))).rejects.toMatchObject({
      code: 'FILE_EXISTS',
      message: 'clip.fbx exists already and was not replaced.',
    });
    expect(await readFile(join(folder, 'clip.fbx'), 'utf8')).toBe('mine');
    expect(await readdir(folder)).toEqual(['clip.fbx']);
  });

  test('rename: all files of one export take the same free name', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'clip.glb'), 'mine');
    await writeFile(join(folder, 'clip-2_glb_retake.json'), 'mine');
    const files = await run('glb', destination(folder, 'rename'));
    expect(files.map(({ name }) => name)).toEqual(['clip-3.glb', 'clip-3_glb_retake.json']);
    expect(await readFile(join(folder, 'clip.glb'), 'utf8')).toBe('mine');
  });

  test('overwrite: replaces', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'clip.glb'), 'mine');
    await run('glb', destination(folder, 'overwrite'));
    expect((await readFile(join(folder, 'clip.glb'))).subarray(0, 4).toString()).toBe('glTF');
    expect((await readdir(folder)).sort()).toEqual(['clip.glb', 'clip_glb_retake.json']);
  });

  test('overwrite never removes a folder that holds files of others', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'clip_obj'));
    await writeFile(join(folder, 'clip_obj', 'notes.txt'), 'mine');
    await expect(run('obj', destination(folder, 'overwrite'))).rejects.toMatchObject({ code: 'FILE_EXISTS' });
    expect(await readdir(join(folder, 'clip_obj'))).toEqual(['notes.txt']);
    expect(await readdir(folder)).toEqual(['clip_obj']);
  });

  test('a name taken while the export ran is not replaced', async () => {
    const folder = await temporaryFolder();
    const target = await FolderTarget.open({ folder, baseName: 'clip', ifExists: 'fail' });
    const file = await target.create('clip.fbx');
    await file.write('new');
    await writeFile(join(folder, 'clip.fbx'), 'mine');
    await expect(target.commit()).rejects.toMatchObject({ code: 'FILE_EXISTS' });
    expect(await readFile(join(folder, 'clip.fbx'), 'utf8')).toBe('mine');
    expect(await readdir(folder)).toEqual(['clip.fbx']);
  });

  test('without a policy problem the wanted name is kept', async () => {
    const folder = await temporaryFolder();
    expect(await resolveBaseName(folder, 'clip', 'rename', (base) => [`${base}.fbx`])).toBe('clip');
  });
});

describe('failures leave nothing behind', () => {
  test.each(['fbx', 'obj', 'glb', 'joints'])('%s: a full disk is a sentence', async (exporter) => {
    const folder = await temporaryFolder();
    const full = { openFile: () => open('/dev/full', 'w') };
    await expect(run(exporter, destination(folder, 'fail', full))).rejects.toMatchObject({
      code: 'DISK_FULL',
      message: 'The disk is full, so the export could not be written.',
    });
    expect(await readdir(folder)).toEqual([]);
  });

  test('a disk that fills up late', async () => {
    const folder = await temporaryFolder();
    let opened = 0;
    const openFile = (path: string) => open(++opened > 5 ? '/dev/full' : path, 'w');
    await expect(run('obj', destination(folder, 'fail', { openFile }))).rejects.toMatchObject({ code: 'DISK_FULL' });
    expect(await readdir(folder)).toEqual([]);
  });

  test('a folder that does not allow writing is a sentence', async () => {
    const folder = await temporaryFolder();
    const locked = join(folder, 'locked');
    await mkdir(locked);
    await chmod(locked, 0o555);
    // The administrator may write anywhere but into the kernel's own tables.
    const place = process.getuid?.() === 0 ? '/sys/kernel/retake-export' : locked;
    await expect(run('fbx', destination(place))).rejects.toMatchObject({
      code: 'READ_ONLY',
      message: 'The folder does not allow writing, so the export could not be written.',
    });
  });

  test('files that may not be opened are a sentence', async () => {
    const folder = await temporaryFolder();
    const openFile = async () => {
      throw Object.assign(new Error('read-only file system'), { code: 'EROFS' });
    };
    await expect(run('fbx', destination(folder, 'fail', { openFile }))).rejects.toMatchObject({ code: 'READ_ONLY' });
    expect(await readdir(folder)).toEqual([]);
  });

  test('a file where the folder should be is a sentence', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'taken'), '');
    await expect(run('fbx', destination(join(folder, 'taken')))).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  test.each(['fbx', 'obj', 'glb', 'joints'])('%s: cancelled in the middle', async (exporter) => {
    const folder = await temporaryFolder();
    const controller = new AbortController();
    const running = runExport(findExporter(exporter), syntheticClip(), {}, destination(folder), controller.signal);
    expect((await running.next()).done).toBe(false);
    expect((await readdir(folder)).every((name) => name.startsWith('.retake-export-'))).toBe(true);
    controller.abort();
    const drain = async (): Promise<void> => {
      while (!(await running.next()).done);
    };
    await expect(drain()).rejects.toMatchObject({ name: 'AbortError' });
    expect(await readdir(folder)).toEqual([]);
  });

  test('a reader that stops listening also cleans up', async () => {
    const folder = await temporaryFolder();
    for await (const _ of runExport(
      findExporter('obj'),
      syntheticClip(),
      {},
      destination(folder),
      new AbortController().signal,
    )) {
      break;
    }
    expect(await readdir(folder)).toEqual([]);
  });

  test('what a killed engine left is removed, what a living one writes is not', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, '.retake-export-999999999-00000000'));
    await mkdir(join(folder, `.retake-export-${process.pid}-00000000`));
    const target = await FolderTarget.open({ folder, baseName: 'clip', ifExists: 'fail' });
    await target.discard();
    expect(await readdir(folder)).toEqual([`.retake-export-${process.pid}-00000000`]);
  });

  test.each([
    ['before anything was in place', ['a.txt', 'frames', 'b.txt'], []],
    ['between two files', ['frames', 'b.txt'], ['a.txt']],
    ['before the new frames stood where the old ones were', ['frames', 'frames.old', 'b.txt'], ['a.txt']],
  ])('what was killed while it was put in place, %s, is put in place', async (_, staged, placed) => {
    const folder = await temporaryFolder();
    const staging = join(folder, '.retake-export-999999999-00000000');
    const put = async (root: string, name: string, text: string) => {
      const isFrames = name.startsWith('frames');
      await mkdir(isFrames ? join(root, name) : root, { recursive: true });
      await writeFile(isFrames ? join(root, name, 'a_000001.obj') : join(root, name), text);
    };
    for (const name of staged) await put(staging, name, name.endsWith('.old') ? 'old' : 'new');
    for (const name of placed) await put(folder, name, 'new');
    if (!staged.includes('frames.old')) await put(folder, 'frames', 'old');
    await writeFile(
      join(staging, 'place.json'),
      JSON.stringify({ ifExists: 'overwrite', entries: ['a.txt', 'frames', 'b.txt'] }),
    );
    await settleExports(folder);
    expect((await readdir(folder)).sort()).toEqual(['a.txt', 'b.txt', 'frames']);
    for (const name of ['a.txt', 'b.txt', join('frames', 'a_000001.obj')]) {
      expect(await readFile(join(folder, name), 'utf8')).toBe('new');
    }
  });
});

describe('files', () => {
  test('small and large writes keep their order, patches go where they belong', async () => {
    const folder = await temporaryFolder();
    const target = await FolderTarget.open({ folder, baseName: 'clip', ifExists: 'fail' });
    const file = await target.create('a.bin');
    const reused = new Uint8Array(8).fill(1);
    await file.write(reused);
    reused.fill(9);
    await file.write(new Uint8Array(600_000).fill(2));
    await file.write('end');
    await file.patch(Uint8Array.of(7, 7), 6);
    expect(file.length).toBe(600_011);
    const [written] = await target.commit();
    const bytes = await readFile(written?.path ?? '');
    expect([...bytes.subarray(0, 9)]).toEqual([1, 1, 1, 1, 1, 1, 7, 7, 2]);
    expect(bytes.subarray(-4).toString('latin1')).toBe('\u0002end');
  });

  test('nothing outside the folder can be named', async () => {
    const folder = await temporaryFolder();
    const target = await FolderTarget.open({ folder, baseName: 'clip', ifExists: 'fail' });
    for (const name of ['../a', '/a', 'a/', 'a/../../b']) {
      await expect(target.create(name)).rejects.toMatchObject({ code: 'INTERNAL' });
    }
    await target.discard();
  });
});
