import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { removeEmptyProject } from '#engine/project/emptyProject';
import { projectFolder } from '#engine/project/projectFolder';
import { takeLock } from '#engine/project/projectLock';
import { FakeProject, run, trackOf } from '../pipeline/fakeProject';
import { walker } from '../pipeline/madeUpVideo';

vi.mock('#engine/video/decodeStream', async (original) => {
  const { fakeDecodeFrames } = await import('../pipeline/fakeDecoder');
  return { ...(await original<object>()), decodeFrames: fakeDecodeFrames };
});

const project = () => new FakeProject([walker(100)], 30);

describe('a project that is taken back', () => {
  it('goes with all that its making left, also boxes that were given and what was broken off', async () => {
    const own = project();
    const { root } = own;
    const session = own.open([trackOf('g', walker(100), 0, 30)]);
    session.setRunSettings({ ...session.document.settings, quality: 'fast' });
    await session.close();
    const { cache } = projectFolder(root);
    mkdirSync(join(cache, 'previews'), { recursive: true });
    writeFileSync(join(cache, 'previews', '0.jpg'), 'x');
    writeFileSync(join(cache, 'observations.records'), '');
    writeFileSync(join(root, '.project.json.123.tmp'), 'x');
    writeFileSync(join(root, 'media.json'), '{}');
    expect(removeEmptyProject(root)).toBe(true);
    expect(readdirSync(dirname(root))).toEqual([]);
    expect(removeEmptyProject(root)).toBe(false);
  });

  it('stays with what was computed', async () => {
    const own = project();
    const session = own.open();
    await run(session);
    await session.close();
    const before = readdirSync(own.root, { recursive: true }).sort();
    expect(removeEmptyProject(own.root)).toBe(false);
    expect(readdirSync(own.root, { recursive: true }).sort()).toEqual(before);
  });

  it.each(['detections', 'results', 'imports', 'runs', 'exports', 'cache', 'notes'])(
    'stays with any file in %s',
    (name) => {
      const { root } = project();
      mkdirSync(join(root, name, 'deep'), { recursive: true });
      writeFileSync(join(root, name, 'deep', 'file'), 'x');
      expect(removeEmptyProject(root)).toBe(false);
      expect(existsSync(join(root, 'project.json'))).toBe(true);
    },
  );

  it('stays while somebody has it open', () => {
    const { root } = project();
    const lock = takeLock(projectFolder(root).lock);
    if (!('release' in lock)) throw new Error('nobody has it');
    expect(removeEmptyProject(root)).toBe(false);
    expect(existsSync(join(root, 'project.json'))).toBe(true);
    lock.release();
    expect(removeEmptyProject(root)).toBe(true);
  });
});
