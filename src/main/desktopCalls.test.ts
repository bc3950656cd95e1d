import { beforeEach, describe, expect, it, vi } from 'vitest';
import { bulkRoutes } from '#core/protocol/bulkRoutes';
import { type DesktopChannel, desktopChannels } from '#core/protocol/bridge';
import { checkedArgument, serveDesktopCalls } from './desktopCalls';

type Handler = (event: { senderFrame: { url: string } | null; sender: unknown }, argument: unknown) => unknown;

const electron = vi.hoisted(() => ({
  handlers: new Map<string, Handler>(),
  dialog: vi.fn<(...values: unknown[]) => Promise<{ filePaths: string[] }>>(),
  shown: vi.fn<(path: string) => void>(),
  awake: new Set<number>(),
}));
vi.mock('electron', () => ({
  ipcMain: {
    handle: (channel: string, handler: Handler) => electron.handlers.set(channel, handler),
    on: (channel: string, handler: Handler) => electron.handlers.set(channel, handler),
  },
  dialog: { showOpenDialog: electron.dialog },
  shell: { showItemInFolder: electron.shown },
  powerSaveBlocker: {
    start: () => {
      const id = electron.awake.size + 1;
      electron.awake.add(id);
      return id;
    },
    stop: (id: number) => electron.awake.delete(id),
  },
}));

const PAGE = 'app://retake/index.html';
const page = { name: 'the page' };
const window = { setTitle: vi.fn(), setProgressBar: vi.fn() };
const engine = { grant: vi.fn((path: string) => Promise.resolve(`token of ${path}`)), bulk: vi.fn() };
const requestEnginePort = vi.fn();
const readyForFiles = vi.fn();
serveDesktopCalls({ window: () => window as never, engine, requestEnginePort, readyForFiles });
const say = (channel: DesktopChannel, argument?: unknown, url: string | undefined = PAGE) =>
  electron.handlers.get(channel)?.({ senderFrame: url === undefined ? null : { url }, sender: page }, argument);

beforeEach(() => {
  vi.clearAllMocks();
  electron.awake.clear();
});

describe('a checked argument', () => {
  const right: Record<DesktopChannel, unknown[]> = {
    requestEnginePort: [undefined],
    readyForFiles: [undefined],
    chooseModels: [undefined],
    openMedia: ['video', 'folder', 'project'],
    grantDropped: ['/a', 'C:\\a b.mp4'],
    revealExport: [['job', 'a/b.obj']],
    setTitle: ['', 'clip'],
    setProgress: [undefined, 0, 1],
  };
  const wrong: Record<DesktopChannel, unknown[]> = {
    requestEnginePort: [null, 'x', {}],
    readyForFiles: [null, 1],
    chooseModels: [null, 'video', ['a']],
    openMedia: [undefined, 'everything', ['video'], { toString: () => 'video' }],
    grantDropped: ['', 7, 'x'.repeat(40_000), ['/a']],
    revealExport: [['job'], ['job', 'a', 'b'], 'job', [1, 2], ['x'.repeat(500), 'a']],
    setTitle: [undefined, 7, 'x'.repeat(501)],
    setProgress: [-0.1, 1.1, Number.NaN, '1', null],
  };
  const channels = Object.keys(desktopChannels) as DesktopChannel[];

  it.each(channels)('of %s passes in its own form', (channel) => {
    for (const argument of right[channel]) expect(checkedArgument(channel, PAGE, argument)).toEqual(argument);
  });
  it.each(channels)('of %s is refused in any other', (channel) => {
    for (const argument of wrong[channel]) expect(() => checkedArgument(channel, PAGE, argument)).toThrow();
  });
  it.each(channels)('of %s is refused from a foreign page', (channel) => {
    for (const url of [
      undefined,
      '',
      'https://example.com/',
      'app://retake.evil/',
      'file:///index.html',
      'about:blank',
    ]) {
      expect(() => checkedArgument(channel, url, right[channel][0])).toThrow('foreign page');
    }
  });
});

describe('calls of the page', () => {
  it('all have an answer', () => {
    expect([...electron.handlers.keys()].sort()).toEqual(Object.keys(desktopChannels).sort());
  });

  it('open the system dialog and give a token, never a path', async () => {
    electron.dialog.mockResolvedValueOnce({ filePaths: ['/clips/a.mp4'] });
    expect(await say('openMedia', 'video')).toBe('token of /clips/a.mp4');
    expect(electron.dialog.mock.calls[0]?.[1]).toMatchObject({ properties: ['openFile'] });
    electron.dialog.mockResolvedValueOnce({ filePaths: [] });
    expect(await say('openMedia', 'project')).toBeUndefined();
  });

  it('give a token for each chosen model file', async () => {
    electron.dialog.mockResolvedValueOnce({ filePaths: ['/vibe/a.pth.tar', '/vibe/b.pkl'] });
    expect(await say('chooseModels')).toEqual(['token of /vibe/a.pth.tar', 'token of /vibe/b.pkl']);
    expect(electron.dialog.mock.calls.at(-1)?.[1]).toMatchObject({ properties: ['openFile', 'multiSelections'] });
  });

  it('show an exported file only where the engine knows it', async () => {
    engine.bulk.mockResolvedValueOnce({ status: 200, headers: {}, file: '/out/a b.fbx' });
    await say('revealExport', ['job', 'a b.fbx']);
    expect(engine.bulk).toHaveBeenCalledWith(bulkRoutes.exported('job', 'a b.fbx'));
    expect(electron.shown.mock.calls).toEqual([['/out/a b.fbx']]);
    engine.bulk.mockResolvedValueOnce({ status: 404, headers: {} });
    await say('revealExport', ['job', '../../etc/passwd']);
    expect(electron.shown).toHaveBeenCalledTimes(1);
  });

  it('give the port to the page that asked', () => {
    say('requestEnginePort');
    expect(requestEnginePort).toHaveBeenCalledWith(page);
  });

  it('keep the computer awake while something runs, and only then', () => {
    say('setProgress', 0);
    say('setProgress', 0.5);
    expect(electron.awake.size).toBe(1);
    say('setProgress', undefined);
    say('setProgress', undefined);
    expect(electron.awake.size).toBe(0);
    expect(window.setProgressBar.mock.calls).toEqual([[0], [0.5], [-1], [-1]]);
  });

  it('do nothing from a foreign page or in another form, and never end the app', () => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    say('setTitle', 'x', 'https://example.com/');
    say('setTitle', 7);
    say('requestEnginePort', undefined, 'file:///x');
    expect(() => say('grantDropped', '/etc/passwd', 'https://example.com/')).toThrow('foreign page');
    expect(window.setTitle).not.toHaveBeenCalled();
    expect(requestEnginePort).not.toHaveBeenCalled();
    expect(engine.grant).not.toHaveBeenCalled();
    expect(logged).toHaveBeenCalledTimes(3);
    logged.mockRestore();
  });
});
