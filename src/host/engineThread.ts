import { MessageChannel, type MessagePort, SHARE_ENV, Worker } from 'node:worker_threads';
import type { EngineConfiguration, EngineNotice, EngineRequest } from '#core/protocol/engineMessages';
import type { EngineHost } from './engineHost';
import { type EngineChild, type EngineSupervision, SupervisedEngine } from './supervisedEngine';

/** The engine in a worker thread of this process: how serve runs it. Started again when it crashes. */
export function startEngineThread(
  entry: string | URL,
  configuration: EngineConfiguration,
  supervision: EngineSupervision = {},
): EngineHost {
  const engine = new SupervisedEngine<MessagePort>(() => threadChild(entry, configuration), supervision);
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

function threadChild(entry: string | URL, configuration: EngineConfiguration): EngineChild<MessagePort> {
  // The engine forbids the networks' library to report its use through the environment, which must be the process's own.
  const worker = new Worker(entry, { workerData: configuration, name: 'retake-engine', env: SHARE_ENV });
  let cause: string | undefined;
  worker.on('error', (error) => {
    cause = error instanceof Error ? error.message : String(error);
  });
  return {
    post(request, port) {
      if (port) worker.postMessage({ ...request, port } satisfies EngineRequest & { port: MessagePort }, [port]);
      else worker.postMessage(request);
    },
    onNotice: (listener) => worker.on('message', (notice: EngineNotice) => listener(notice)),
    onEnd: (listener) => worker.on('exit', (code) => listener(cause ?? `exit code ${code}`)),
    kill: async () => void (await worker.terminate()),
  };
}
