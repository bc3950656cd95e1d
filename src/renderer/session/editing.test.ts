// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeEngine } from '../../../test/renderer/fakeEngine';
import { fakeDocument, fakePerson, fakeProject } from '../../../test/renderer/fakeProject';
import { playhead } from '../playback/playhead';
import { applyEdit, beginGesture, editsSettled, notifyEdited, redo, retryEdits, undo } from './editing';
import { noticeStore } from './notices';
import { closeProject, openProject, startSession } from './projectSession';
import { effectiveBox, personById, projectStore } from './projectStore';
import { viewStore } from './viewStore';

let engine: FakeEngine;

async function open(change: Parameters<typeof fakeProject>[1] = {}): Promise<void> {
  const document = fakeDocument([fakePerson(1, 0, 100), fakePerson(2, 20, 80)]);
  engine = new FakeEngine(fakeProject(document, change));
  vi.stubGlobal('fetch', engine.fetch);
  await startSession(engine.connection());
  await openProject({ source: 'project', projectId: 'project-1' });
  await vi.waitFor(() => expect(projectStore.getState().project?.tracks.size).toBe(2));
}

function rename(name: string): void {
  applyEdit(
    `Rename to ${name}`,
    7,
    (draft) => {
      const person = draft.people[0];
      if (person) person.name = name;
    },
    'p1',
  );
}

const shownName = () => personById('p1')?.name;
const engineName = () => engine.project.document.people[0]?.name;

beforeEach(async () => {
  noticeStore.setState({ notices: [], said: '' });
  await open();
});
afterEach(async () => {
  await closeProject();
  vi.unstubAllGlobals();
});

describe('opening', () => {
  it('fetches tracks, selects the first person and gives effective boxes', () => {
    expect(viewStore.getState().selection).toEqual(['p1']);
    expect(effectiveBox('p2', 30)?.box).toEqual({ x: 220, y: 50, width: 80, height: 200 });
    expect(effectiveBox('p2', 90)).toBeUndefined();
  });
});

describe('edits', () => {
  it('show at once and reach the engine', async () => {
    rename('Jumper');
    expect(shownName()).toBe('Jumper');
    expect(projectStore.getState().unsavedEdits).toBe(1);
    await editsSettled();
    expect(engineName()).toBe('Jumper');
    expect(projectStore.getState().project?.seq).toBe(1);
  });

  it('go one after the other, each on the sequence number before it', async () => {
    for (const name of ['A', 'B', 'C', 'D']) rename(name);
    await editsSettled();
    expect(engineName()).toBe('D');
    const seqs = engine.calls.filter((call) => call.method === 'projects.applyEdit').map((call) => call.input);
    expect(seqs.map((input) => (input as { baseSeq: number }).baseSeq)).toEqual([0, 1, 2, 3]);
    expect(noticeStore.getState().notices).toEqual([]);
  });

  it('that change nothing are not sent', async () => {
    rename('Person 1');
    await editsSettled();
    expect(engine.project.seq).toBe(0);
  });

  it('give way to a change made elsewhere, and say so', async () => {
    engine.project.seq = 5;
    rename('Lost');
    await vi.waitFor(() => expect(shownName()).toBe('Person 1'));
    expect(noticeStore.getState().notices[0]).toMatchObject({ level: 'error', text: 'Rename to Lost: not kept' });
  });

  it('stay on top of another page’s change that they do not touch', async () => {
    const path = ['people', 1, 'name'];
    engine.editElsewhere({
      label: 'Rename elsewhere',
      patches: [{ op: 'replace', path, value: 'Other' }],
      inverse: [{ op: 'replace', path, value: 'Person 2' }],
    });
    await vi.waitFor(() => expect(personById('p2')?.name).toBe('Other'));
    rename('Mine');
    await editsSettled();
    expect([shownName(), personById('p2')?.name]).toEqual(['Mine', 'Other']);
  });

  it('wait when the disk is full and are sent again on request', async () => {
    engine.nextEditError = { code: 'DISK_FULL', message: 'The disk is full.' };
    rename('Kept');
    await vi.waitFor(() => expect(projectStore.getState().saveProblem?.code).toBe('DISK_FULL'));
    expect(shownName()).toBe('Kept');
    retryEdits();
    await editsSettled();
    expect(engineName()).toBe('Kept');
    expect(projectStore.getState().saveProblem).toBeUndefined();
  });

  it('are refused with a reason when the project is open for reading only', async () => {
    await open({ readOnly: { code: 'PROJECT_NEWER', message: 'Saved by a newer Retake.' } });
    rename('No');
    expect(shownName()).toBe('Person 1');
    expect(noticeStore.getState().notices[0]?.text).toBe('Saved by a newer Retake.');
  });
});

describe('gestures', () => {
  const widen = (width: number) => (draft: { people: { keyframes: unknown[] }[] }) => {
    draft.people[0]?.keyframes.push({ frame: 3, box: { x: 1, y: 1, width, height: 10 } });
  };

  it('count from where they began and become one edit', async () => {
    const gesture = beginGesture('Move box, frame 3', 3, 'p1');
    for (const width of [10, 20, 30]) gesture.update(widen(width));
    expect(personById('p1')?.keyframes).toEqual([{ frame: 3, box: { x: 1, y: 1, width: 30, height: 10 } }]);
    expect(engine.project.seq).toBe(0);
    gesture.commit();
    await editsSettled();
    expect(engine.project.seq).toBe(1);
    expect(engine.project.document.people[0]?.keyframes).toHaveLength(1);
  });

  it('leave nothing behind when cancelled or never moved', async () => {
    const gesture = beginGesture('Move box, frame 3', 3);
    gesture.update(widen(10));
    gesture.cancel();
    gesture.commit();
    beginGesture('Move box, frame 3', 3).commit();
    await editsSettled();
    expect(personById('p1')?.keyframes).toEqual([]);
    expect(engine.project.seq).toBe(0);
  });
});

describe('undo and redo', () => {
  it('take back and bring back, and show what changed', async () => {
    rename('Jumper');
    await editsSettled();
    playhead.seek(50);
    viewStore.setState({ selection: ['p2'] });
    await undo();
    await vi.waitFor(() => expect(shownName()).toBe('Person 1'));
    expect(playhead.frame()).toBe(7);
    expect(viewStore.getState().selection).toEqual(['p1']);
    expect(noticeStore.getState().said).toBe('Undid: Rename to Jumper');
    await redo();
    await vi.waitFor(() => expect(shownName()).toBe('Jumper'));
  });

  it('stay on the frame shown where the change is seen there, and go to it where it is not', async () => {
    const copied = (draft: { people: { interpolated: { from: number; to: number }[]; keyframes: unknown[] }[] }) => {
      const box = { x: 10, y: 10, width: 50, height: 100 };
      draft.people[0]?.keyframes.push({ frame: 20, box }, { frame: 40, box });
      draft.people[0]?.interpolated.push({ from: 21, to: 40 });
    };
    applyEdit('Copy box to frames 21–40', 20, copied, 'p1');
    await editsSettled();
    playhead.seek(33);
    await undo();
    await vi.waitFor(() => expect(personById('p1')?.keyframes).toEqual([]));
    expect(playhead.frame()).toBe(33);
    await redo();
    await vi.waitFor(() => expect(personById('p1')?.keyframes).toHaveLength(2));
    expect(playhead.frame()).toBe(33);
    playhead.seek(60);
    await undo();
    await vi.waitFor(() => expect(playhead.frame()).toBe(20));
  });

  it('wait for edits on their way', async () => {
    await vi.waitFor(() => expect(projectStore.getState().project?.history).toBeDefined());
    rename('A');
    rename('B');
    await editsSettled();
    await vi.waitFor(() => expect(projectStore.getState().project?.history.undo).toHaveLength(2));
    rename('C');
    await undo();
    await vi.waitFor(() => expect(shownName()).toBe('B'));
  });

  it('are offered by a message only while they would take back the edit that it names', async () => {
    const said = () => noticeStore.getState().notices.map(({ text }) => text);
    rename('One');
    notifyEdited('Renamed to One');
    rename('Two');
    expect(said()).toEqual([]);
    notifyEdited('Renamed to Two');
    noticeStore.getState().notices[0]?.action?.run();
    await vi.waitFor(() => expect(shownName()).toBe('One'));
    expect(said()).toEqual(['Undid: Rename to Two']);
    rename('Three');
    notifyEdited('Renamed to Three');
    await undo();
    await redo();
    expect(said()).not.toContain('Renamed to Three');
  });

  it('do nothing when there is nothing to undo', async () => {
    await undo();
    expect(noticeStore.getState().notices).toEqual([]);
  });
});
