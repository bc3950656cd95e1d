import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { call } from '@orpc/server';
import { findRoot } from '#host/installation';
import { createService } from '#engine/service';
import { launchRun } from '#engine/pipeline/startRun';
import { loadMediaFacts } from '#engine/project/mediaFile';
import { projectRootOf } from '#engine/project/projectLibrary';
import { projectFolder } from '#engine/project/projectFolder';
import type { ProjectSession } from '#engine/project/projectSession';
import { countChildren } from '#engine/video/childProcesses';
import { probeVideo } from '#engine/video/probe';
import { Workspace } from '#engine/workspace';
import { openClip, temporaryFolder, testFfmpeg } from '../video/clipFolder';
import { scratchFolder } from './projects';

/** Short: each opening decodes it once. */
const RECIPE = { extension: 'mp4', frames: 12, arguments: ['-c:v', 'libx264', '-preset', 'ultrafast'] };

const clips = temporaryFolder();
let clip = '';

beforeAll(async () => {
  clip = (await openClip(RECIPE, clips)).path;
});

/** A data folder with a copy of the clip in it, and workspaces on it whose compute threads answer nothing, but end when asked to. */
function place() {
  const data = realpathSync(scratchFolder());
  const video = join(data, 'my clip.mp4');
  cpSync(clip, video);
  const computeEntry = join(data, 'compute.mjs');
  const deaf = "parentPort.on('message', ({ type }) => type === 'stop' && parentPort.close());";
  writeFileSync(computeEntry, `import { parentPort } from 'node:worker_threads'; ${deaf}`);
  const workspace = () => {
    const made = new Workspace({
      appVersion: '0',
      dataFolder: data,
      modelsFolder: data,
      defaultBodyFile: join(findRoot(import.meta.dirname), 'resources', 'body', 'default-body.bin'),
      computeEntry,
      roots: [],
    });
    onTestFinished(() => made.stop());
    return made;
  };
  return { data, video, workspace };
}

function rename(session: ProjectSession, name: string): void {
  const patch = (value: string) => [{ op: 'replace' as const, path: ['name'], value }];
  const edit = { label: 'Name it', patches: patch(name), inverse: patch(session.document.name) };
  session.applyEdit(session.store.seq, edit);
}

describe('projects of a workspace', () => {
  it('are opened once, however often and by whatever way they are asked for', async () => {
    const { video, workspace: make } = place();
    const workspace = make();
    const [first, second] = await Promise.all([workspace.openVideo(video), workspace.openVideo(video)]);
    expect(second).toBe(first);
    expect(await workspace.open({ source: 'project', projectId: first.id })).toBe(first);
    expect(await workspace.open({ source: 'file', token: workspace.files.grant(video) })).toBe(first);
    const { root } = first.parts.folder;
    expect(await workspace.open({ source: 'file', token: workspace.files.grant(root) })).toBe(first);
    expect(readdirSync(dirname(root))).toEqual([basename(root)]);
  });

  it('can be opened again while they are being closed, with all edits and not only for reading', async () => {
    const { video, workspace: make } = place();
    const workspace = make();
    const session = await workspace.openVideo(video);
    rename(session, 'Ämily');
    const closing = workspace.close(session.id);
    const again = await workspace.openVideo(video);
    await closing;
    expect(again).not.toBe(session);
    expect([again.parts.readOnly, again.document.name, again.id]).toEqual([undefined, 'Ämily', session.id]);
  });

  it('are cancelled first when they are closed in the middle of a run, leaving no child and no lock', async () => {
    const { video, workspace: make } = place();
    const workspace = make();
    const session = await workspace.openVideo(video);
    const { jobId, ended } = launchRun(session, { scope: 'missing' });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(session.findJob(jobId)?.snapshot().state).toBe('running');
    await workspace.close(session.id);
    await ended;
    expect(session.findJob(jobId)?.snapshot().state).toBe('cancelled');
    expect([countChildren(), existsSync(session.parts.folder.lock)]).toEqual([0, false]);
    expect(workspace.findJob(jobId)).toBeUndefined();
  });

  it('are only looked at while another Retake has them, and changed by nobody else', async () => {
    const { video, workspace: make } = place();
    const [mine, theirs] = [make(), make()];
    const session = await mine.openVideo(video);
    rename(session, 'mine');
    const other = await theirs.openVideo(video);
    expect(other.parts.readOnly).toMatchObject({
      code: 'PROJECT_LOCKED',
      message: expect.stringContaining('another Retake'),
    });
    expect(other.document.name).toBe('mine');
    expect(() => rename(other, 'theirs')).toThrow(expect.objectContaining({ code: 'READ_ONLY' }));
    expect(() => launchRun(other, { scope: 'missing' })).toThrow(expect.objectContaining({ code: 'READ_ONLY' }));
    rename(session, 'still mine');
    await theirs.stop();
    expect(existsSync(session.parts.folder.lock)).toBe(true);
    await mine.close(session.id);
    const after = make();
    const opened = await after.openVideo(video);
    expect([opened.parts.readOnly, opened.document.name]).toEqual([undefined, 'still mine']);
  });

  it('say where a video is missed, and follow it when it is opened from its new place under another name', async () => {
    const { data, video, workspace: make } = place();
    const workspace = make();
    const session = await workspace.openVideo(video);
    rename(session, 'kept');
    await workspace.close(session.id);
    mkdirSync(join(data, 'elsewhere'));
    const moved = join(data, 'elsewhere', 'renamed.mp4');
    renameSync(video, moved);
    await expect(workspace.open({ source: 'project', projectId: session.id })).rejects.toMatchObject({
      code: 'VIDEO_MISSING',
      message: expect.stringContaining(video),
      hint: expect.stringContaining('nothing of the project is lost'),
    });
    const found = await workspace.openVideo(moved);
    expect([found.id, found.document.name, found.store.history().undo.length]).toEqual([session.id, 'kept', 1]);
    await workspace.close(found.id);
    const again = await make().open({ source: 'project', projectId: session.id });
    expect(again.parts.media.path).toBe(moved);
  });

  it('find a video again by its content where it was only renamed', async () => {
    const { data, video, workspace: make } = place();
    const workspace = make();
    const session = await workspace.openVideo(video);
    rename(session, 'kept');
    await workspace.close(session.id);
    writeFileSync(join(data, 'as long.mp4'), Buffer.alloc(statSync(video).size, 1));
    renameSync(video, join(data, 'renamed.mp4'));
    const found = await workspace.open({ source: 'project', projectId: session.id });
    expect([found.document.name, found.parts.media.path]).toEqual(['kept', join(data, 'renamed.mp4')]);
  });

  it('find their video where it stayed when only the project was moved', async () => {
    const { data, video, workspace: make } = place();
    const workspace = make();
    const session = await workspace.openVideo(video);
    rename(session, 'kept');
    await workspace.close(session.id);
    // Another depth, so that the way from the project to the video leads nowhere.
    const far = realpathSync(scratchFolder());
    cpSync(join(data, 'projects'), join(far, 'a', 'b', 'projects'), { recursive: true });
    const root = projectRootOf(join(far, 'a', 'b', 'projects'), session.parts.media);
    const media = await loadMediaFacts(projectFolder(root), await testFfmpeg());
    expect(media.path).toBe(video);
  });

  it('take the place of their video over the contract, and say in a sentence what differs in another one', async () => {
    const { data, video, workspace: make } = place();
    const workspace = make();
    const session = await workspace.openVideo(video);
    rename(session, 'kept');
    const projectId = session.id;
    await workspace.close(projectId);
    const elsewhere = realpathSync(scratchFolder());
    const moved = join(elsewhere, 'renamed.mp4');
    cpSync(video, moved);
    const longer = await openClip({ ...RECIPE, frames: 15 }, clips, { name: 'longer' });
    cpSync(longer.path, join(elsewhere, 'longer.mp4'));
    const { projects } = createService(workspace);
    const open = (name?: string) =>
      call(projects.open, {
        source: 'project',
        projectId,
        ...(name === undefined ? {} : { video: workspace.files.grant(join(elsewhere, name)) }),
      });
    rmSync(video);
    await expect(open()).rejects.toMatchObject({ data: { code: 'VIDEO_MISSING' } });
    await expect(open('longer.mp4')).rejects.toMatchObject({
      data: { code: 'VIDEO_CHANGED' },
      message: 'longer.mp4 is not the video of this project: it has 15 frames, not 12 frames.',
    });
    // Also where something else as long stands in its place.
    writeFileSync(video, Buffer.alloc(statSync(moved).size, 1));
    const found = await open('renamed.mp4');
    expect([found.document.name, found.readOnly]).toEqual(['kept', undefined]);
    await call(projects.close, { projectId });
    const again = make();
    const later = await again.open({ source: 'project', projectId });
    expect([later.parts.media.path, existsSync(join(data, 'projects'))]).toEqual([moved, true]);
  });

  it('keep their video when a copy of it is opened', async () => {
    const { data, video, workspace: make } = place();
    const workspace = make();
    const session = await workspace.openVideo(video);
    await workspace.close(session.id);
    cpSync(video, join(data, 'copy.mp4'));
    const copy = await workspace.openVideo(join(data, 'copy.mp4'));
    expect([copy.id, copy.document.media.path]).toEqual([session.id, session.document.media.path]);
  });

  it('do not take another content at the place of their video for it', async () => {
    const { video, workspace: make } = place();
    const workspace = make();
    const session = await workspace.openVideo(video);
    await workspace.close(session.id);
    const other = await openClip(RECIPE, clips, { name: 'other' });
    writeFileSync(video, Buffer.concat([readFileSync(other.path), Buffer.alloc(1000)]));
    await expect(workspace.open({ source: 'project', projectId: session.id })).rejects.toMatchObject({
      code: 'VIDEO_CHANGED',
    });
    expect((await workspace.openVideo(video)).id).not.toBe(session.id);
  });

  it('keep id and folder over a crash before anything else was written, and lose what it left behind', async () => {
    const { data, video, workspace: make } = place();
    const media = await probeVideo(video, { ffmpeg: await testFfmpeg() });
    const projects = join(data, 'projects');
    const root = projectRootOf(projects, media);
    mkdirSync(join(root, 'results', 'p1'), { recursive: true });
    const left = [join(root, '.project.json.99.tmp'), join(root, 'results', 'p1', '.0.bundle.99.tmp')];
    for (const path of left) writeFileSync(path, 'half');
    const { id } = JSON.parse(readFileSync(projectFolder(root).document, 'utf8')).document;
    const session = await make().openVideo(video);
    expect([session.id, session.parts.folder.root]).toEqual([id, root]);
    expect(left.filter(existsSync)).toEqual([]);
  });

  it('are made anew in a folder without a document, and refuse one whose document is damaged', async () => {
    const { video, workspace: make } = place();
    const workspace = make();
    const session = await workspace.openVideo(video);
    rename(session, 'old');
    const { document } = session.parts.folder;
    await workspace.close(session.id);
    writeFileSync(document, '{"seq":');
    await expect(workspace.openVideo(video)).rejects.toMatchObject({ code: 'PROJECT_DAMAGED' });
    rmSync(document);
    const fresh = await workspace.openVideo(video);
    expect([fresh.document.name, fresh.id === session.id]).toEqual(['my clip', false]);
  });

  it('are not open twice as a copy of their folder', async () => {
    const { data, video, workspace: make } = place();
    const workspace = make();
    const session = await workspace.openVideo(video);
    const copy = join(data, 'projects', 'copy.retake');
    cpSync(session.parts.folder.root, copy, { recursive: true });
    rmSync(projectFolder(copy).lock);
    const token = workspace.files.grant(copy);
    await expect(workspace.open({ source: 'file', token })).rejects.toMatchObject({ code: 'PROJECT_LOCKED' });
    expect(existsSync(projectFolder(copy).lock)).toBe(false);
    rename(session, 'still works');
  });

  it('are opened from the kept facts of their video while it is unchanged', async () => {
    const { video, workspace: make } = place();
    const workspace = make();
    const session = await workspace.openVideo(video);
    const { folder, media, ffmpeg } = session.parts;
    await workspace.close(session.id);
    const broken = { ...ffmpeg, path: '/nowhere/ffmpeg' };
    expect(await loadMediaFacts(folder, broken)).toEqual(media);
    await expect(loadMediaFacts(folder, { ...broken, version: 'another' })).rejects.toThrow();
  });

  it('stay open for a page that follows them when another page closes them', async () => {
    const { video, workspace: make } = place();
    const workspace = make();
    const { id } = await workspace.openVideo(video);
    const service = createService(workspace);
    const page = new AbortController();
    const events = await call(service.projects.events, { projectId: id }, { signal: page.signal });
    const types = [];
    for await (const event of events) {
      types.push(event.type);
      if (types.length === 2) break;
    }
    const follower = await call(service.projects.events, { projectId: id }, { signal: page.signal });
    await follower.next();
    expect([types, workspace.watchers(id)]).toEqual([['results', 'document'], 1]);
    await call(service.projects.close, { projectId: id });
    expect(workspace.session(id).id).toBe(id);
    page.abort();
    await call(service.projects.close, { projectId: id });
    expect(() => workspace.session(id)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
  });

  it('are listed with what can be gone on with', async () => {
    const { video, workspace: make } = place();
    const workspace = make();
    const session = await workspace.openVideo(video);
    const { frameCount } = session.parts.media;
    const store = session.runContext().detections;
    store?.add(Math.round(frameCount / 2), new Map());
    await workspace.close(session.id);
    expect(workspace.recent()).toEqual([
      expect.objectContaining({ projectId: session.id, frameCount, note: 'Interrupted at 50 %, can resume' }),
    ]);
  });
});
