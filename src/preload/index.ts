import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { DesktopBridge, DesktopChannel } from '#core/protocol/bridge';

// Sandboxed preload scripts cannot load zod's bundle cheaply: the checks are main's, these are only names.
const ENGINE_PORT: typeof import('#core/protocol/bridge').ENGINE_PORT_MESSAGE = 'retake-engine-port';

const invoke = (channel: DesktopChannel, argument?: unknown): Promise<unknown> => ipcRenderer.invoke(channel, argument);
const send = (channel: DesktopChannel, argument?: unknown): void => ipcRenderer.send(channel, argument);

const bridge: DesktopBridge = {
  platform: process.platform,
  requestEnginePort: () => send('requestEnginePort'),
  openMedia: async (kind) => {
    const token = await invoke('openMedia', kind);
    return typeof token === 'string' ? token : undefined;
  },
  chooseModels: async () => {
    const tokens = await invoke('chooseModels');
    return Array.isArray(tokens) ? tokens.map(String) : [];
  },
  grantDropped: async (file) => {
    const path = file instanceof File ? webUtils.getPathForFile(file) : '';
    if (path === '') throw new Error('This file does not come from the disk.');
    return String(await invoke('grantDropped', path));
  },
  revealExport: async (jobId, name) => {
    await invoke('revealExport', [jobId, name]);
  },
  setTitle: (title) => send('setTitle', title),
  setProgress: (share) => send('setProgress', share),
  onOpenRequest: (listener) => {
    const forward = (_event: unknown, token: unknown) => listener(String(token));
    ipcRenderer.on('openRequest', forward);
    send('readyForFiles');
    return () => ipcRenderer.off('openRequest', forward);
  },
};

contextBridge.exposeInMainWorld('retake', bridge);
// A MessagePort cannot pass the context bridge; a window message of our own origin can carry it.
ipcRenderer.on(ENGINE_PORT, (event) => window.postMessage(ENGINE_PORT, window.location.origin, event.ports));
