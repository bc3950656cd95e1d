import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { RPCHandler } from '@orpc/server/message-port';
import { z } from 'zod';
import type { EngineConfiguration, EngineNotice, EngineRequest } from '#core/protocol/engineMessages';
import { answerBulk } from './bulk';
import { createService } from './service';
import { Workspace } from './workspace';

/** What the engine needs of the port it was started with: a worker thread's or a utility process's. */
interface ParentPort {
  postMessage(message: EngineNotice, transfer?: ArrayBuffer[]): void;
  onMessage(listener: (message: EngineRequest, ports: MessagePort[]) => void): void;
}

const configurationSchema = z.object({
  appVersion: z.string(),
  dataFolder: z.string(),
  modelsFolder: z.string(),
  defaultBodyFile: z.string(),
  sampleFile: z.string().optional(),
  computeEntry: z.string(),
  probeEntry: z.string().optional(),
  roots: z.array(z.string()),
  ffmpegPath: z.string().optional(),
});

/** Electron's parent port delivers events with `data` and `ports` and cannot move buffers (architecture F8). */
interface UtilityPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown; ports: MessagePort[] }) => void): void;
}

function findParentPort(): { port: ParentPort; configuration: unknown } {
  if (parentPort) {
    const port = parentPort;
    return {
      configuration: workerData,
      port: {
        postMessage: (message, transfer) => port.postMessage(message, transfer ?? []),
        onMessage: (listener) => {
          port.on('message', (message: EngineRequest & { port?: MessagePort }) =>
            listener(message, message.port ? [message.port] : []),
          );
        },
      },
    };
  }
  const utility = 'parentPort' in process ? (process.parentPort as UtilityPort | undefined) : undefined;
  if (!utility) throw new Error('the engine is started by a shell: desktop, serve or cli');
  return {
    configuration: JSON.parse(process.argv[2] ?? 'null'),
    port: {
      postMessage: (message) => utility.postMessage(message),
      onMessage: (listener) => utility.on('message', ({ data, ports }) => listener(data as EngineRequest, ports)),
    },
  };
}

function serveEngine(port: ParentPort, configuration: EngineConfiguration): void {
  const workspace = new Workspace(configuration);
  const handler = new RPCHandler(createService(workspace));
  const bulkCancels = new Map<number, AbortController>();

  async function bulk(id: number, path: string): Promise<void> {
    const controller = new AbortController();
    bulkCancels.set(id, controller);
    const reply = await answerBulk(workspace, path, controller.signal);
    bulkCancels.delete(id);
    port.postMessage({ type: 'bulk', id, reply }, reply.body ? [reply.body.buffer] : []);
  }

  port.onMessage((message, ports) => {
    switch (message.type) {
      case 'connect': {
        const control = ports[0];
        if (!control) return;
        handler.upgrade(control);
        control.start();
        return;
      }
      case 'bulk':
        void bulk(message.id, message.path);
        return;
      case 'cancelBulk':
        bulkCancels.get(message.id)?.abort();
        return;
      case 'grant':
        port.postMessage({ type: 'granted', id: message.id, token: workspace.files.grant(message.path) });
        return;
      case 'stop':
        void workspace.stop().finally(() => {
          port.postMessage({ type: 'stopped' });
          process.exit(0);
        });
    }
  });
  port.postMessage({ type: 'ready' });
}

const { port, configuration } = findParentPort();
const { sampleFile, ffmpegPath, probeEntry, ...rest } = configurationSchema.parse(configuration);
serveEngine(port, {
  ...rest,
  ...(sampleFile === undefined ? {} : { sampleFile }),
  ...(ffmpegPath === undefined ? {} : { ffmpegPath }),
  ...(probeEntry === undefined ? {} : { probeEntry }),
});
