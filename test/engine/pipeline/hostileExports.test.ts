import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { ExportRequest } from '#core/protocol/messages';
import { ExportedFiles } from '#engine/export/exportedFiles';
import { launchExport, preflightExport } from '#engine/pipeline/exportProject';
import type { ProjectSession } from '#engine/project/projectSession';
import type { Workspace } from '#engine/workspace';
import { scratchFolder } from '../project/projects';
import { FakeProject, run } from './fakeProject';
import { walker } from './madeUpVideo';

vi.mock('#engine/video/decodeStream', async (original) => {
  const { fakeDecodeFrames } = await import('./fakeDecoder');
  return { ...(await original<object>()), decodeFrames: fakeDecodeFrames };
});

const FRAMES = 60;
let session: ProjectSession;
let workspace: Workspace;

beforeEach(async () => {
  const project = new FakeProject([walker(100), walker(700)], FRAMES);
  project.bodyFile = 'ab'.repeat(32);
  session = project.open();
  await run(session);
  const parts = {
    configuration: { appVersion: '0' },
    exports: new ExportedFiles(),
    models: { store: { find: () => undefined } },
    modelHashes: () => Promise.resolve([{ name: 'A network', sha256: 'cd'.repeat(32) }]),
  };
  workspace = parts as unknown as Workspace;
});

afterEach(() => session.close());

function asked(change: Partial<ExportRequest> = {}): ExportRequest {
  return { projectId: session.id, exporter: 'fbx', options: {}, people: [], ifExists: 'fail', ...change };
}

/** The files of an export, or the sentence and code of why there is none, and as what the job ended. */
async function exported(change: Partial<ExportRequest> = {}, folder = session.parts.folder.exports) {
  try {
    const { jobId, ended } = await launchExport(workspace, session, asked(change), { folder, baseName: 'clip' });
    const files = await ended.catch((error: unknown) => error);
    const job = session.findJob(jobId)?.snapshot();
    return { files, state: job?.state, problem: job?.problem };
  } catch (error) {
    return { files: error, state: 'never began', problem: undefined };
  }
}

const names = (folder = session.parts.folder.exports) => (existsSync(folder) ? readdirSync(folder).sort() : []);

describe('an export with settings that cannot be', () => {
  it.each<[string, Partial<ExportRequest>, string, string]>([
    [
      'of a range behind the clip',
      { span: { from: 80, to: 90 } },
      'INVALID_ARGUMENT',
      'Frames 80 to 89 are not all in',
    ],
    ['of a range beyond its end', { span: { from: 50, to: 90 } }, 'INVALID_ARGUMENT', 'its frames are 0 to 59'],
    ['of an empty range', { span: { from: 10, to: 10 } }, 'INVALID_ARGUMENT', 'The range is empty'],
    ['of a range backwards', { span: { from: 20, to: 10 } }, 'INVALID_ARGUMENT', 'The range is empty'],
    ['of somebody who is not there', { people: ['nobody'] }, 'NOT_FOUND', 'This person is not in the project any more'],
    ['to an unknown format', { exporter: 'usd' }, 'INVALID_ARGUMENT', 'no export format called usd'],
    [
      'with an unknown value',
      { options: { target: 'moon' } },
      'INVALID_ARGUMENT',
      'The option target of the FBX export',
    ],
    [
      'with an option that is not one',
      { options: { tagret: 'unreal' } },
      'INVALID_ARGUMENT',
      'There is no option "tagret" of the FBX export: its options are target, ',
    ],
  ])('%s says so and writes nothing', async (_what, change, code, sentence) => {
    const { files, state } = await exported(change);
    expect(files).toMatchObject({ code, message: expect.stringContaining(sentence) });
    expect(state).toBe('never began');
    expect(names()).toEqual([]);
    await expect(preflightExport(workspace, session, asked(change))).rejects.toMatchObject({ code });
  });

  it('to a name that is taken says so and leaves that as it is', async () => {
    expect(await exported()).toMatchObject({ state: 'done' });
    const before = names();
    const again = await exported();
    expect(again).toMatchObject({ state: 'failed', problem: { code: 'FILE_EXISTS' } });
    expect(names()).toEqual(before);
    expect(await exported({ ifExists: 'rename' })).toMatchObject({ state: 'done' });
    expect(names()).toEqual(expect.arrayContaining([...before, 'clip-2.fbx']));
  });

  it('to a folder that is a file, or lies in one, says so', async () => {
    const file = join(scratchFolder(), 'file');
    writeFileSync(file, 'kept');
    for (const folder of [file, join(file, 'deep')]) {
      const { state, problem } = await exported({}, folder);
      expect([state, problem?.code]).toEqual(['failed', 'INVALID_ARGUMENT']);
      expect(problem?.message).toContain('is a file, but a folder is needed');
    }
    expect(readdirSync(dirname(file))).toEqual(['file']);
  });

  it.each(['fbx', 'glb', 'joints'])('of %s to a full disk says so and leaves nothing', async (exporter) => {
    const disk = join(scratchFolder(), 'disk');
    mkdirSync(disk);
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', disk]).status !== 0) return;
    onTestFinished(() => void spawnSync('umount', ['-l', disk]));
    const { state, problem } = await exported({ exporter }, disk);
    expect([state, problem?.code]).toEqual(['failed', 'DISK_FULL']);
    expect(names(disk)).toEqual([]);
  });

  it('tells before who was asked for and has no body, and exports the others', async () => {
    const [first, second] = session.document.people;
    const shown = vi.spyOn(session, 'shown', 'get');
    const real = session.shown;
    shown.mockReturnValue(Object.assign(Object.create(real) as typeof real, { has: (id: string) => id === first?.id }));
    const { checks, files } = await preflightExport(workspace, session, asked());
    expect(checks).toContainEqual({
      ...{ level: 'warning', text: '1 person has no body yet', detail: `${second?.name}: left out` },
    });
    expect(files.length).toBeGreaterThan(0);
  });

  it('names the networks and the body it was made with', async () => {
    await exported({ exporter: 'joints' });
    const { default: content } = (await import(join(session.parts.folder.exports, 'clip_joints.json'))) as {
      default: { provenance: { models: unknown } };
    };
    expect(content.provenance.models).toEqual([
      { name: 'A network', sha256: 'cd'.repeat(32) },
      { name: 'Tiny', sha256: 'ab'.repeat(32) },
    ]);
  });
});
