// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { FakeEngine } from '../../../test/renderer/fakeEngine';
import { fakeDocument, fakePerson, fakeProject } from '../../../test/renderer/fakeProject';
import { editsSettled } from '../session/editing';
import { noticeStore } from '../session/notices';
import { closeProject, openProject, startSession } from '../session/projectSession';
import { effectiveBox, projectStore } from '../session/projectStore';
import { beginBoxGesture } from './boxGesture';

const BOX = { x: 220, y: 50, width: 80, height: 200 };
const MOVED = { ...BOX, x: 240.04 };
let engine: FakeEngine;

async function open(change: Parameters<typeof fakeProject>[1] = {}): Promise<void> {
  engine = new FakeEngine(fakeProject(fakeDocument([fakePerson(1, 0, 100), fakePerson(2, 20, 80)]), change));
  vi.stubGlobal('fetch', engine.fetch);
  await startSession(engine.connection());
  await openProject({ source: 'project', projectId: 'project-1' });
  await vi.waitFor(() => expect(projectStore.getState().project?.tracks.size).toBe(2));
}

const project = () => projectStore.getState().project;
const keyframes = () => project()?.document.people[1]?.keyframes;

beforeEach(() => open());
afterEach(async () => {
  await closeProject();
  vi.unstubAllGlobals();
});

it('shows the box in hand on its frame, to 0.1 px, and leaves the document alone until it is kept', async () => {
  const before = project();
  const gesture = beginBoxGesture('p2', 30);
  gesture.update({ ...BOX, x: 500 });
  gesture.update(MOVED);
  expect(effectiveBox('p2', 30)).toEqual({ box: { ...BOX, x: 240 }, origin: 'manual', isKeyframe: true });
  expect(effectiveBox('p2', 31)?.origin).toBe('detected');
  expect(effectiveBox('p1', 30)?.origin).toBe('detected');
  expect(project()).toBe(before);
  gesture.commit();
  expect(keyframes()).toEqual([{ frame: 30, box: { ...BOX, x: 240 } }]);
  await editsSettled();
  expect(project()?.history.undo.map(({ label }) => label)).toEqual(['Move box, frame 30']);
});

it('puts the box back on cancel, and keeps nothing without a move', () => {
  const gesture = beginBoxGesture('p2', 30, 'Resize');
  gesture.update(MOVED);
  gesture.cancel();
  gesture.commit();
  beginBoxGesture('p2', 30).commit();
  expect(effectiveBox('p2', 30)?.box).toEqual(BOX);
  expect(keyframes()).toEqual([]);
});

it('cancels the gesture before, and forgets the one in hand with the project', async () => {
  const first = beginBoxGesture('p1', 30);
  first.update(MOVED);
  beginBoxGesture('p2', 30).update(MOVED);
  first.update(MOVED);
  first.commit();
  expect(effectiveBox('p1', 30)?.origin).toBe('detected');
  await open();
  expect(effectiveBox('p2', 30)?.box).toEqual(BOX);
});

it('moves nothing in a project that is open for reading only, and says so', async () => {
  await closeProject();
  await open({ readOnly: { code: 'READ_ONLY', message: 'Open elsewhere' } });
  const gesture = beginBoxGesture('p2', 30);
  gesture.update(MOVED);
  expect(effectiveBox('p2', 30)?.box).toEqual(BOX);
  expect(noticeStore.getState().notices.map(({ text }) => text)).toContain('Open elsewhere');
});
