import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import type { EngineConfiguration, EngineNotice, EngineRequest } from '#core/protocol/engineMessages';
import type { EngineHost } from '#host/engineHost';
import { startEngineThread } from '#host/engineThread';
import type { EngineSupervision } from '#host/supervisedEngine';
import { EngineProcess, type ForkedProcess } from '../../src/main/engineProcess';

const ENTRY = new URL('./standInEngine.mjs', import.meta.url);

/** A way to run an engine. `version` reaches the engine at birth; `stuck` makes it ignore the request to stop. */
export interface HostKind {
  name: string;
  start(version: string, supervision: EngineSupervision): EngineHost;
}

function configuration(appVersion: string): EngineConfiguration {
  const none = '/nowhere';
  const folders = { dataFolder: none, modelsFolder: none, defaultBodyFile: none, computeEntry: none };
  return { appVersion, ...folders, roots: [] };
}

/** Electron's utility process, played by a thread: messages are copied, ports travel beside them. */
function fakeUtilityProcess(version: string): ForkedProcess<MessagePort> {
  const worker = new Worker(ENTRY, { workerData: configuration(version) });
  worker.on('error', () => undefined);
  return {
    postMessage: (message: EngineRequest, ports: MessagePort[] = []) =>
      worker.postMessage({ ...message, port: ports[0] }, ports),
    on(event: 'message' | 'exit', listener: (value: never) => void) {
      if (event === 'message') worker.on('message', (notice: EngineNotice) => listener(notice as never));
      else worker.on('exit', (code) => listener(code as never));
    },
    kill() {
      void worker.terminate();
      return true;
    },
  };
}

function startProcess(version: string, supervision: EngineSupervision): EngineHost {
  const engine = new EngineProcess<MessagePort>(() => fakeUtilityProcess(version), supervision);
  return {
    connect() {
      const { port1, port2 } = new MessageChannel();
      engine.connect(port2);
      return port1;
    },
    bulk: (path, signal) => engine.bulk(path, signal),
    grant: (path) => engine.grant(path),
    stop: () => engine.stop(),
  };
}

/** Every way to run an engine. */
export const HOST_KINDS: readonly HostKind[] = [
  {
    name: 'a worker thread',
    start: (version, supervision) => startEngineThread(ENTRY, configuration(version), supervision),
  },
  { name: 'a process of its own', start: startProcess },
];
