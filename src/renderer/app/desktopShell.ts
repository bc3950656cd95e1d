import { AppError } from '#core/errors';
import { type DesktopBridge, ENGINE_PORT_MESSAGE } from '#core/protocol/bridge';
import { connectPorts } from '../session/engineClient';
import type { Shell } from './shell';

declare global {
  interface Window {
    /** Put there by the desktop shell's preload. */
    retake?: DesktopBridge;
  }
}

const PORT_TIMEOUT_MS = 20_000;

function requestPort(bridge: DesktopBridge): Promise<MessagePort> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      window.removeEventListener('message', onMessage);
    };
    const timer = setTimeout(() => {
      end();
      reject(
        new AppError('ENGINE_STOPPED', 'The engine did not start within 20 seconds.', { hint: 'Restart Retake.' }),
      );
    }, PORT_TIMEOUT_MS);
    const onMessage = (event: MessageEvent) => {
      const port = event.ports[0];
      if (event.source !== window || event.data !== ENGINE_PORT_MESSAGE || !port) return;
      end();
      resolve(port);
    };
    window.addEventListener('message', onMessage);
    bridge.requestEnginePort();
  });
}

/** The platform of the desktop window, over the preload's bridge. */
export function createDesktopShell(bridge: DesktopBridge): Shell {
  return {
    kind: 'desktop',
    connect: async () => connectPorts(() => requestPort(bridge)),
    openMedia: (kind) => bridge.openMedia(kind),
    chooseModels: () => bridge.chooseModels(),
    grantFile: (file) => bridge.grantDropped(file),
    setProgress: (fraction) => bridge.setProgress(fraction),
    revealExport: (jobId, name) => void bridge.revealExport(jobId, name),
    onOpenRequest: (listener) => void bridge.onOpenRequest(listener),
  };
}
