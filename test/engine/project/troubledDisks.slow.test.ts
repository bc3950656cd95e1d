import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { call } from '@orpc/server';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Edit } from '#core/document/patch';
import { findRoot } from '#host/installation';
import { projectFolder } from '#engine/project/projectFolder';
import { createService } from '#engine/service';
import { Workspace } from '#engine/workspace';
import { openClip, temporaryFolder } from '../video/clipFolder';
import { scratchFolder } from './projects';

const RECIPE = { extension: 'mp4', frames: 12, arguments: ['-c:v', 'libx264', '-preset', 'ultrafast'] };
const clips = temporaryFolder();
let clip = '';

beforeAll(async () => {
  clip = (await openClip(RECIPE, clips)).path;
});

/** A workspace whose data is in `data`, as pages see it, and the token of a copy of the clip beside it. */
function servedIn(data: string) {
  const aside = realpathSync(scratchFolder());
  const video = join(aside, 'clip.mp4');
  cpSync(clip, video);
  const computeEntry = join(aside, 'compute.mjs');
  writeFileSync(computeEntry, "import { parentPort } from 'node:worker_threads'; parentPort.on('message', () => {});");
  const defaultBodyFile = join(findRoot(import.meta.dirname), 'resources', 'body', 'default-body.bin');
  const workspace = new Workspace({
    ...{ appVersion: '0', dataFolder: data, modelsFolder: aside, defaultBodyFile, computeEntry, roots: [] },
  });
  onTestFinished(() => workspace.stop());
  const { projects } = createService(workspace);
  const open = () => call(projects.open, { source: 'file', token: workspace.files.grant(video) });
  return { workspace, projects, open, video };
}

function renaming(from: string, to: string): Edit {
  const patch = (value: string) => [{ op: 'replace' as const, path: ['name'], value }];
  return { label: `Name it ${to}`, patches: patch(to), inverse: patch(from) };
}

/** A disk of 4 MB of its own, or why there is none. */
function smallDisk(): { folder: string; remount: (how: 'ro' | 'rw') => void } | string {
  const folder = join(realpathSync(scratchFolder()), 'disk');
  mkdirSync(folder);
  const mount = (...how: string[]) => spawnSync('mount', [...how, folder]);
  if (mount('-t', 'tmpfs', '-o', 'size=4m', 'tmpfs').status !== 0) return 'no small disk can be mounted here';
  onTestFinished(() => void spawnSync('umount', ['-l', folder]));
  return { folder, remount: (how) => void mount('-o', `remount,${how}`) };
}

describe('a project, as pages are told over the contract,', () => {
  it('on a full disk refuses an edit in a sentence, loses nothing, and goes on when there is room', async (context) => {
    const disk = smallDisk();
    if (typeof disk === 'string') return context.skip(disk);
    const { projects, open, workspace } = servedIn(disk.folder);
    const { projectId, document } = await open();
    const { seq } = await call(projects.applyEdit, {
      ...{ projectId, baseSeq: 0, edit: renaming(document.name, 'kept') },
    });
    const filler = join(disk.folder, 'filler');
    spawnSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=1k']);
    // The last page of the journal may have room left.
    let refused: unknown;
    let last = { name: 'kept', seq };
    for (let count = 0; count < 200 && !refused; count++) {
      const name = `${count} ${'x'.repeat(70)}`;
      const edit = renaming(last.name, name);
      try {
        const done = await call(projects.applyEdit, { projectId, baseSeq: last.seq, edit });
        last = { name, seq: done.seq };
      } catch (error) {
        refused = error;
      }
    }
    expect(refused).toMatchObject({
      data: { code: 'DISK_FULL', hint: expect.stringContaining('everything saved before is safe') },
      message: 'The disk is full, so this edit could not be written.',
    });
    rmSync(filler);
    const edit = renaming(last.name, 'after');
    await call(projects.applyEdit, { projectId, baseSeq: last.seq, edit });
    await workspace.stop();
    const again = await servedIn(disk.folder).open();
    expect([again.document.name, again.warnings]).toEqual(['after', []]);
  });

  it('in a folder that cannot be written is shown for reading only, and says so', async (context) => {
    const disk = smallDisk();
    if (typeof disk === 'string') return context.skip(disk);
    const first = servedIn(disk.folder);
    const { projectId, document } = await first.open();
    const { root } = first.workspace.session(projectId).parts.folder;
    await call(first.projects.applyEdit, { projectId, baseSeq: 0, edit: renaming(document.name, 'kept') });
    await first.workspace.stop();
    disk.remount('ro');
    // What Retake keeps for itself must be written; the project may lie anywhere.
    expect(() => servedIn(disk.folder)).toThrow(`Retake cannot write to its data folder ${disk.folder}.`);
    const second = servedIn(realpathSync(scratchFolder()));
    const opened = await call(second.projects.open, { source: 'file', token: second.workspace.files.grant(root) });
    expect([opened.document.name, opened.readOnly]).toEqual([
      'kept',
      expect.objectContaining({
        code: 'READ_ONLY',
        message: 'The folder of this project does not allow writing; it can be looked at but not changed.',
      }),
    ]);
    const refused = call(second.projects.applyEdit, { projectId, baseSeq: opened.seq, edit: renaming('kept', 'no') });
    await expect(refused).rejects.toMatchObject({ data: { code: 'READ_ONLY' } });
    await second.workspace.stop();
    disk.remount('rw');
  });

  it('whose files cannot be written, though its folder can, is shown for reading only', async (context) => {
    const data = realpathSync(scratchFolder());
    const first = servedIn(data);
    const { projectId, document } = await first.open();
    const { journal, lock } = first.workspace.session(projectId).parts.folder;
    await call(first.projects.applyEdit, { projectId, baseSeq: 0, edit: renaming(document.name, 'kept') });
    await first.workspace.stop();
    const bound = spawnSync('mount', ['--bind', journal, journal]).status === 0;
    onTestFinished(() => void spawnSync('umount', ['-l', journal]));
    if (!bound || spawnSync('mount', ['-o', 'remount,bind,ro', journal]).status !== 0) {
      return context.skip('a file cannot be made unwritable here');
    }
    const second = servedIn(data);
    const opened = await second.open();
    expect([opened.document.name, opened.readOnly]).toEqual([
      'kept',
      {
        code: 'READ_ONLY',
        message: 'The files of this project may not be written; it can be looked at but not changed.',
        hint: 'Change the permissions, or copy the project to another folder.',
      },
    ]);
    expect(existsSync(lock)).toBe(false);
    await second.workspace.stop();
  });

  it('in a second window is shown for reading only until the first is closed', async () => {
    const data = realpathSync(scratchFolder());
    const mine = servedIn(data);
    const theirs = servedIn(data);
    const { projectId } = await mine.open();
    const opened = await theirs.open();
    expect(opened.readOnly).toMatchObject({
      code: 'PROJECT_LOCKED',
      message: 'This project is open in another Retake; here it can be looked at but not changed.',
      hint: 'Close it there and open it again here to edit.',
    });
    await call(mine.projects.close, { projectId });
    await call(theirs.projects.close, { projectId });
    expect((await theirs.open()).readOnly).toBeUndefined();
  });

  it('of a newer version is shown for reading only, and its files stay as they are', async () => {
    const data = realpathSync(scratchFolder());
    const first = servedIn(data);
    const { projectId } = await first.open();
    const { document: path } = projectFolder(first.workspace.session(projectId).parts.folder.root);
    await call(first.projects.close, { projectId });
    const snapshot = JSON.parse(readFileSync(path, 'utf8')) as { document: Record<string, unknown> };
    const newer = JSON.stringify({ ...snapshot, document: { ...snapshot.document, schemaVersion: 99, later: true } });
    writeFileSync(path, newer);
    const opened = await first.open();
    expect(opened.readOnly).toMatchObject({
      code: 'PROJECT_NEWER',
      message: 'This project was saved by a newer version of Retake; here it can be looked at but not changed.',
    });
    await call(first.projects.close, { projectId });
    expect(readFileSync(path, 'utf8')).toBe(newer);
  });
});
