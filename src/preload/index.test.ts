import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type DesktopBridge, type DesktopChannel, desktopChannels, ENGINE_PORT_MESSAGE } from '#core/protocol/bridge';
import { checkedArgument } from '../main/desktopCalls';

type Listener = (event: { ports?: unknown[] }, ...values: unknown[]) => void;

const electron = vi.hoisted(() => {
  const listeners = new Map<string, Listener[]>();
  return {
    listeners,
    exposed: new Map<string, unknown>(),
    sent: [] as { channel: string; values: unknown[] }[],
    answers: new Map<string, unknown>(),
    pathOf: (_file: unknown): string => '',
  };
});
vi.mock('electron', () => ({
  contextBridge: { exposeInMainWorld: (name: string, value: unknown) => electron.exposed.set(name, value) },
  ipcRenderer: {
    invoke: (channel: string, ...values: unknown[]) => {
      electron.sent.push({ channel, values });
      return Promise.resolve(electron.answers.get(channel));
    },
    send: (channel: string, ...values: unknown[]) => electron.sent.push({ channel, values }),
    on: (channel: string, listener: Listener) =>
      electron.listeners.set(channel, [...(electron.listeners.get(channel) ?? []), listener]),
    off: (channel: string, listener: Listener) =>
      electron.listeners.set(
        channel,
        (electron.listeners.get(channel) ?? []).filter((other) => other !== listener),
      ),
  },
  webUtils: { getPathForFile: (file: unknown) => electron.pathOf(file) },
}));

const posted = vi.fn<(data: unknown, origin: string, ports: unknown[]) => void>();
vi.stubGlobal('window', { location: { origin: 'app://retake' }, postMessage: posted });
vi.stubGlobal('File', class {});

await import('./index');
const bridge = electron.exposed.get('retake') as DesktopBridge;
const emit = (channel: string, event: { ports?: unknown[] }, ...values: unknown[]) => {
  for (const listener of electron.listeners.get(channel) ?? []) listener(event, ...values);
};

beforeEach(() => {
  electron.sent.length = 0;
  electron.answers.clear();
  electron.pathOf = () => '/clips/a b.mp4';
  posted.mockReset();
});

describe('the bridge', () => {
  it('is all that the page gets', () => {
    expect([...electron.exposed.keys()]).toEqual(['retake']);
    const { platform, ...functions } = bridge;
    expect(platform).toBe(process.platform);
    expect(new Set(Object.values(functions).map((value) => typeof value))).toEqual(new Set(['function']));
  });

  it('says only what main lets pass', async () => {
    bridge.requestEnginePort();
    bridge.setTitle('clip.mp4');
    bridge.setProgress(0.5);
    bridge.setProgress(undefined);
    await bridge.openMedia('video');
    await bridge.openMedia('project');
    await bridge.chooseModels();
    await bridge.revealExport('job', 'a/b.obj');
    await bridge.grantDropped(new File([], 'a'));
    bridge.onOpenRequest(() => undefined)();
    const used = new Set<string>();
    for (const { channel, values } of electron.sent) {
      expect(desktopChannels).toHaveProperty(channel);
      used.add(channel);
      expect(values.length).toBeLessThanOrEqual(1);
      const said = checkedArgument(channel as DesktopChannel, 'app://retake/index.html', values[0]);
      expect(said).toEqual(values[0]);
    }
    expect([...used].sort()).toEqual(Object.keys(desktopChannels).sort());
  });

  it('gives a token for what was chosen, and nothing when the dialog was closed', async () => {
    electron.answers.set('openMedia', 'token');
    expect(await bridge.openMedia('video')).toBe('token');
    electron.answers.set('openMedia', undefined);
    expect(await bridge.openMedia('folder')).toBeUndefined();
  });

  it('gives the tokens of all model files that were chosen', async () => {
    electron.answers.set('chooseModels', ['one', 'two']);
    expect(await bridge.chooseModels()).toEqual(['one', 'two']);
    electron.answers.set('chooseModels', undefined);
    expect(await bridge.chooseModels()).toEqual([]);
  });

  it('hands main the path of a dropped file and the page a token', async () => {
    electron.answers.set('grantDropped', 'token');
    expect(await bridge.grantDropped(new File([], 'a'))).toBe('token');
    expect(electron.sent).toEqual([{ channel: 'grantDropped', values: ['/clips/a b.mp4'] }]);
  });

  it('refuses a file made by a page, and what is no file', async () => {
    electron.pathOf = () => '';
    await expect(bridge.grantDropped(new File([], 'a'))).rejects.toThrow('does not come from the disk');
    electron.pathOf = () => '/clips/a.mp4';
    await expect(bridge.grantDropped('/etc/passwd')).rejects.toThrow('does not come from the disk');
    expect(electron.sent).toEqual([]);
  });

  it('tells of files to open until it is told to stop', () => {
    const heard: string[] = [];
    const stop = bridge.onOpenRequest((token) => heard.push(token));
    emit('openRequest', {}, 'first');
    stop();
    emit('openRequest', {}, 'second');
    expect(heard).toEqual(['first']);
  });

  it('passes the engine port on to its own origin only', () => {
    const port = {};
    emit(ENGINE_PORT_MESSAGE, { ports: [port] });
    expect(posted.mock.calls).toEqual([[ENGINE_PORT_MESSAGE, 'app://retake', [port]]]);
  });
});
