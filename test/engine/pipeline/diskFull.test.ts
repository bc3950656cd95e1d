import { beforeEach, expect, it, vi } from 'vitest';
import { planMoveBox } from '#core/tracks/boxEdits';
import { DocumentStore } from '#engine/project/documentStore';
import { projectFolder } from '#engine/project/projectFolder';
import { applyPlan, FakeProject, outcome, personAt, run } from './fakeProject';
import { walker } from './madeUpVideo';

vi.mock('#engine/video/decodeStream', async (original) => {
  const { fakeDecodeFrames } = await import('./fakeDecoder');
  return { ...(await original<object>()), decodeFrames: fakeDecodeFrames };
});

const disk = vi.hoisted(() => ({ left: Infinity, error: 'ENOSPC' }));

/** Writes as a disk with `disk.left` bytes of room does; what does not fit fails with `disk.error`. */
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  const writeSync = (file: number, bytes: Uint8Array | string, offset = 0): number => {
    if (typeof bytes === 'string') return fs.writeSync(file, bytes);
    const size = Math.min(bytes.byteLength - offset, disk.left);
    if (size <= 0) throw Object.assign(new Error(disk.error), { code: disk.error });
    disk.left -= size;
    return fs.writeSync(file, bytes, offset, size);
  };
  return { ...fs, writeSync };
});

beforeEach(() => {
  disk.left = Infinity;
  disk.error = 'ENOSPC';
});

const CLIP = 220;
const actors = [walker(100), walker(700, 30, 200)];

async function bytesOfARun(): Promise<{ bytes: number; result: unknown }> {
  const session = new FakeProject(actors, CLIP).open();
  disk.left = 1e12;
  await run(session);
  const bytes = 1e12 - disk.left;
  const result = outcome(session);
  disk.left = Infinity;
  await session.close();
  return { bytes, result };
}

it.each([
  ['ENOSPC', 'DISK_FULL', 'The disk is full'],
  ['EROFS', 'READ_ONLY', 'does not allow writing'],
])(
  'a run ends with a sentence when writing fails with %s, and goes on once it works again',
  async (error, code, text) => {
    const { bytes, result } = await bytesOfARun();
    for (const share of [0.02, 0.2, 0.45, 0.7, 0.97]) {
      const project = new FakeProject(actors, CLIP);
      let session = project.open();
      Object.assign(disk, { left: Math.floor(share * bytes), error });
      const { job } = await run(session);
      expect(job).toMatchObject({ state: 'failed', problem: { code, message: expect.stringContaining(text) } });
      const { document } = session;
      expect(new DocumentStore(projectFolder(project.root), true).document).toEqual(document);
      disk.left = Infinity;
      if (share > 0.4) {
        await session.close();
        session = project.open();
        expect(session.document).toEqual(document);
      }
      expect((await run(session)).job.state).toBe('done');
      expect(outcome(session)).toEqual(result);
      const box = { x: 5, y: 5, width: 50, height: 90 };
      applyPlan(session, planMoveBox(session.document, personAt(session, 0), 50, box));
      await session.close();
    }
  },
);
