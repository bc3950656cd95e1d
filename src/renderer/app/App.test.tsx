// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DesktopBridge } from '#core/protocol/bridge';
import { FakeEngine } from '../../../test/renderer/fakeEngine';
import { fakeDocument, fakePerson, fakeProject, fakeResults } from '../../../test/renderer/fakeProject';
import { playhead } from '../playback/playhead';
import { editsSettled } from '../session/editing';
import { noticeStore } from '../session/notices';
import { closeProject } from '../session/projectSession';
import { personById, projectStore } from '../session/projectStore';
import { INITIAL_VIEW_STATE, viewStore } from '../session/viewStore';
import { App } from './App';
import { createDesktopShell } from './desktopShell';
import { dialogStore } from './dialogStore';
import type { Shell } from './shell';

// Pictures and WebGL have tests of their own, in a browser.
vi.mock('../stage/StagePanel', () => ({ StagePanel: () => <div>stage</div> }));
vi.mock('../viewport/ViewportPanel', () => ({ ViewportPanel: () => <div>view</div> }));

let engine: FakeEngine;

function newEngine(): FakeEngine {
  const document = fakeDocument([
    fakePerson(1, 0, 100, { name: 'Jumper' }),
    fakePerson(2, 20, 80, { name: 'Passer-by' }),
    fakePerson(3, 5, 9, { foldedBecause: 'Seen on 4 frames only' }),
  ]);
  return new FakeEngine(fakeProject(document));
}

function fakeShell(more: Partial<Shell> = {}): Shell {
  return {
    kind: 'browser',
    connect: async () => engine.connection(),
    grantFile: async () => 'token-1',
    ...more,
  };
}

async function openSample(): Promise<void> {
  fireEvent.click(await screen.findByRole('button', { name: 'Try the sample' }));
  await screen.findByRole('button', { name: /^Project Rooftop jump/ });
  await waitFor(() => expect(projectStore.getState().project?.tracks.size).toBe(3));
}

function press(key: string, more: Partial<KeyboardEventInit> = {}): void {
  const code = /^[a-z]$/i.test(key) ? `Key${key.toUpperCase()}` : key;
  fireEvent.keyDown(window, { key, code, ...more });
}

beforeEach(() => {
  engine = newEngine();
  vi.stubGlobal('fetch', engine.fetch);
  viewStore.setState(INITIAL_VIEW_STATE);
  noticeStore.setState({ notices: [], said: '' });
  dialogStore.setState({ dialog: undefined, page: 'workspace' });
});

afterEach(async () => {
  await act(() => closeProject());
  cleanup();
  vi.unstubAllGlobals();
});

describe('the page', () => {
  it('starts, says what is ready, and lists recent projects', async () => {
    render(<App shell={fakeShell()} />);
    expect(await screen.findByText('Drop a video here')).toBeDefined();
    expect(await screen.findByText('Rooftop jump')).toBeDefined();
    expect(await screen.findByText('ffmpeg 6.1')).toBeDefined();
  });

  it('opens a project into the workspace, with folded tracks and their reason', async () => {
    render(<App shell={fakeShell()} />);
    await openSample();
    const people = screen.getByRole('grid', { name: 'People in this clip' });
    expect(within(people).getAllByRole('row')).toHaveLength(2);
    fireEvent.click(screen.getByRole('button', { name: 'Show why' }));
    expect(screen.getByText('Seen on 4 frames only')).toBeDefined();
    expect(screen.getAllByRole('complementary').map((region) => region.getAttribute('aria-label'))).toContain('People');
  });

  it('runs on the desktop bridge as well', async () => {
    const { port1, port2 } = new MessageChannel();
    const bridge: DesktopBridge = {
      platform: 'linux',
      requestEnginePort: () => undefined,
      openMedia: vi.fn(async () => undefined),
      chooseModels: async () => [],
      grantDropped: async () => 'token',
      revealExport: async () => undefined,
      setTitle: () => undefined,
      setProgress: () => undefined,
      onOpenRequest: () => () => undefined,
    };
    const shell = { ...createDesktopShell(bridge), connect: async () => engine.connection() };
    render(<App shell={shell} />);
    const button = await screen.findByRole('button', { name: 'Open a video' });
    await waitFor(() => expect(button.getAttribute('aria-disabled')).toBeNull());
    fireEvent.click(button);
    await waitFor(() => expect(bridge.openMedia).toHaveBeenCalledWith('video'));
    port1.close();
    port2.close();
  });

  it('offers to locate a missed video, says what differs in another one, and opens with the right one', async () => {
    engine.openProblem = (video) =>
      video === undefined
        ? { code: 'VIDEO_MISSING', message: 'The video of this project is not at /a.mp4 any more.' }
        : video === 'wrong'
          ? {
              code: 'VIDEO_CHANGED',
              message: 'b.mp4 is not the video of this project: it has 3 frames, not 120 frames.',
            }
          : undefined;
    const tokens = ['wrong', undefined, 'right'];
    render(<App shell={fakeShell({ openMedia: async () => tokens.shift() })} />);
    fireEvent.click(await screen.findByText('Rooftop jump'));
    expect((await screen.findByRole('alert')).textContent).toContain('is not at /a.mp4 any more');
    const locate = () => fireEvent.click(screen.getByRole('button', { name: 'Locate video…' }));
    locate();
    await waitFor(() => expect(screen.getByRole('alert').textContent).toContain('it has 3 frames, not 120 frames'));
    // Cancelling the dialog changes nothing.
    locate();
    await waitFor(() => expect(tokens).toHaveLength(1));
    expect(screen.getByRole('alert')).toBeDefined();
    locate();
    await screen.findByRole('button', { name: /^Project Rooftop jump/ });
    expect(screen.queryByRole('button', { name: 'Locate video…' })).toBeNull();
    const opened = engine.calls.filter(({ method }) => method === 'projects.open').map(({ input }) => input);
    expect(opened.at(-1)).toMatchObject({ source: 'project', video: 'right' });
  });

  it('says so when the engine cannot be reached', async () => {
    const connect = () => Promise.reject(new Error('no way'));
    render(<App shell={fakeShell({ connect })} />);
    expect(await screen.findByText('Retake could not reach its engine')).toBeDefined();
  });

  it('says when the line breaks, after a moment, and that edits are kept', async () => {
    render(<App shell={fakeShell()} />);
    await openSample();
    act(() => engine.setLine('lost'));
    expect(await screen.findByText('The connection to the engine is lost', {}, { timeout: 3000 })).toBeDefined();
    act(() => engine.setLine('open'));
    await waitFor(() => expect(screen.queryByText('The connection to the engine is lost')).toBeNull());
  });
});

describe('people', () => {
  it('are selected by click and Shift+click, and by ] and [', async () => {
    render(<App shell={fakeShell()} />);
    await openSample();
    const people = screen.getByRole('grid', { name: 'People in this clip' });
    fireEvent.click(within(people).getByText('Passer-by'));
    expect(viewStore.getState().selection).toEqual(['p2']);
    fireEvent.click(within(people).getByText('Jumper'), { shiftKey: true });
    expect(viewStore.getState().selection).toEqual(['p2', 'p1']);
    press(']');
    await waitFor(() => expect(viewStore.getState().selection).toEqual(['p2']));
  });

  it('are hidden, locked, renamed and deleted with a way back', async () => {
    render(<App shell={fakeShell()} />);
    await openSample();
    const people = screen.getByRole('grid', { name: 'People in this clip' });
    fireEvent.click(within(people).getByRole('button', { name: 'Hide Jumper' }));
    await editsSettled();
    expect(engine.project.document.people[0]?.visible).toBe(false);
    const name = screen.getByLabelText('Name');
    fireEvent.change(name, { target: { value: 'Leaper' } });
    fireEvent.keyDown(name, { key: 'Enter' });
    await editsSettled();
    expect(personById('p1')?.name).toBe('Leaper');
    press('Delete', { shiftKey: true });
    expect(await screen.findByText('Track Leaper deleted, 100 boxes')).toBeDefined();
    await editsSettled();
    const messages = screen.getByRole('region', { name: 'Messages' });
    fireEvent.click(within(messages).getByRole('button', { name: 'Undo' }));
    await waitFor(() => expect(personById('p1')?.name).toBe('Leaper'));
  });

  it('are split at the playhead, and the right part stays selected', async () => {
    render(<App shell={fakeShell()} />);
    await openSample();
    act(() => playhead.seek(50));
    press('s');
    await waitFor(() => expect(projectStore.getState().project?.document.people).toHaveLength(4));
    expect(personById('p1')?.segments).toEqual([{ track: 't1', from: 0, to: 50 }]);
    expect(viewStore.getState().selection).toEqual(['person-4']);
  });
});

describe('time', () => {
  it('is stepped, jumped and typed', async () => {
    render(<App shell={fakeShell()} />);
    await openSample();
    press('ArrowRight');
    press('ArrowRight', { shiftKey: true });
    await waitFor(() => expect(playhead.frame()).toBe(11));
    press('g');
    const field = await screen.findByLabelText('Go to frame or time');
    fireEvent.change(field, { target: { value: '+10' } });
    fireEvent.keyDown(field, { key: 'Enter' });
    expect(playhead.frame()).toBe(21);
    expect(screen.getByRole('slider', { name: 'Playhead' }).getAttribute('aria-valuetext')).toBe('Frame 21, 0.70 s');
  });

  it('has lanes whose spans say who, where and what', async () => {
    render(<App shell={fakeShell()} />);
    await openSample();
    const lanes = screen.getByRole('grid', { name: 'Lanes' });
    expect(within(lanes).getByRole('gridcell', { name: 'Passer-by, frames 20 to 79, detected' })).toBeDefined();
  });

  it('shows what was edited by hand, and goes from edit to edit', async () => {
    const [jumper] = engine.project.document.people;
    const box = { x: 10, y: 10, width: 50, height: 90 };
    engine.project.document.people[0] = {
      ...jumper!,
      keyframes: [{ frame: 12, box }],
      outside: [{ from: 40, to: 100 }],
    };
    render(<App shell={fakeShell()} />);
    await openSample();
    expect(screen.getByRole('img', { name: '2 edits by hand, 61 frames' })).toBeDefined();
    for (const [key, frame] of [
      ['PageDown', 12],
      ['PageDown', 40],
      ['PageUp', 12],
    ] as const) {
      press(key, { altKey: true });
      await waitFor(() => expect(playhead.frame()).toBe(frame));
    }
  });
});

describe('runs', () => {
  it('offer to rerun what is out of date and start it with the playhead’s frame', async () => {
    const { document } = engine.project;
    const results = fakeResults(document);
    results.people = results.people.map((entry) =>
      entry.person === 'p2' ? { ...entry, outOfDate: [{ from: 30, to: 54 }] } : entry,
    );
    engine.project.results = results;
    render(<App shell={fakeShell()} />);
    await openSample();
    expect(screen.getByText('24 frames out of date')).toBeDefined();
    const card = screen.getByRole('region', { name: 'Out of date' });
    fireEvent.click(within(card).getByRole('button', { name: 'Rerun 24 frames' }));
    await waitFor(() => {
      const call = engine.calls.find((entry) => entry.method === 'runs.start');
      expect(call?.input).toMatchObject({ scope: 'outOfDate', focusFrame: 0 });
    });
  });

  it('show stage, count and time left, and can be cancelled', async () => {
    render(<App shell={fakeShell()} />);
    await openSample();
    const stages = [{ id: 'body', title: 'Body', done: 40, total: 120, unit: 'frames' }];
    const job = {
      id: 'job-9',
      kind: 'run' as const,
      title: 'Run',
      state: 'running' as const,
      stages,
      fraction: 0.5,
      secondsLeft: 41,
    };
    act(() => engine.emit({ type: 'job', job }));
    expect(await screen.findByText('40 of 120 frames')).toBeDefined();
    expect(screen.getByText('40 s left')).toBeDefined();
    fireEvent.click(screen.getByRole('button', { name: 'Cancel' }));
    await waitFor(() => expect(engine.calls.some((entry) => entry.method === 'jobs.cancel')).toBe(true));
    act(() => engine.emit({ type: 'job', job: { ...job, state: 'cancelled' } }));
    expect(await screen.findByText('Run stopped, what is finished is kept')).toBeDefined();
  });
});

describe('dialogs', () => {
  it('export what was chosen', async () => {
    engine.exporters = [
      {
        id: 'fbx',
        title: 'FBX',
        extensions: ['fbx'],
        optionsSchema: {
          type: 'object',
          properties: { mesh: { type: 'boolean', title: 'Skinned mesh', default: true } },
        },
      },
    ];
    render(<App shell={fakeShell()} />);
    await openSample();
    press('e', { ctrlKey: true });
    const dialog = await screen.findByRole('dialog', { name: 'Export motion' });
    expect(await within(dialog).findByText('120 keys for 120 frames')).toBeDefined();
    fireEvent.click(within(dialog).getByText('Passer-by'));
    const start = await within(dialog).findByRole('button', { name: 'Export 1 person' });
    await waitFor(() => expect(start.getAttribute('aria-disabled')).toBeNull());
    fireEvent.click(start);
    await waitFor(() => {
      const call = engine.calls.find((entry) => entry.method === 'exports.start');
      expect(call?.input).toMatchObject({ exporter: 'fbx', people: ['p1'], options: { mesh: true } });
    });
  });

  it('find commands by a few letters and run them', async () => {
    render(<App shell={fakeShell()} />);
    await openSample();
    press('k', { ctrlKey: true });
    const field = await screen.findByRole('combobox', { name: 'Find a command' });
    fireEvent.change(field, { target: { value: 'skin' } });
    fireEvent.keyDown(field, { key: 'Enter' });
    await waitFor(() => expect(viewStore.getState().overlays.weights).toBe(true));
    expect(dialogStore.getState().dialog).toBeUndefined();
  });
});
