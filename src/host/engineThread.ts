import { MessageChannel, Worker } from 'node:worker_threads';
import { AppError } from '#core/errors';
import type { BulkReply, EngineConfiguration, EngineNotice, EngineRequest } from '#core/protocol/engineMessages';
import type { EngineHost } from './engineHost';

const STOP_WITHIN_MS = 5_000;

/** Runs the engine in a worker thread of this process: serve, cli and `--engine=thread`. */
export function startEngineThread(entry: string | URL, configuration: EngineConfiguration): EngineHost {
  const worker = new Worker(entry, { workerData: configuration, name: 'retake-engine' });
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  let nextId = 1;
  let stopped: (() => void) | undefined;

  const failAll = (message: string) => {
    for (const { reject } of waiting.values()) reject(new AppError('ENGINE_STOPPED', message));
    waiting.clear();
    stopped?.();
  };
  worker.on('message', (notice: EngineNotice) => {
    if (notice.type === 'bulk') settle(notice.id, notice.reply);
    else if (notice.type === 'granted') settle(notice.id, notice.token);
    else if (notice.type === 'stopped') stopped?.();
  });
  worker.on('error', (error) => failAll(`The engine stopped: ${error.message}`));
  worker.on('exit', () => failAll('The engine stopped.'));

  function settle(id: number, value: BulkReply | string): void {
    waiting.get(id)?.resolve(value as never);
    waiting.delete(id);
  }
  function ask<Value>(make: (id: number) => EngineRequest, signal?: AbortSignal): Promise<Value> {
    const id = nextId++;
    return new Promise<Value>((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      signal?.addEventListener('abort', () => worker.postMessage({ type: 'cancelBulk', id } satisfies EngineRequest), {
        once: true,
      });
      worker.postMessage(make(id));
    });
  }

  return {
    connect() {
      const { port1, port2 } = new MessageChannel();
      worker.postMessage({ type: 'connect', port: port2 } satisfies EngineRequest & { port: unknown }, [port2]);
      return port1;
    },
    bulk: (path, signal) => ask<BulkReply>((id) => ({ type: 'bulk', id, path }), signal),
    grant: (path) => ask<string>((id) => ({ type: 'grant', id, path })),
    async stop() {
      const ended = new Promise<void>((resolve) => {
        stopped = resolve;
      });
      worker.postMessage({ type: 'stop' } satisfies EngineRequest);
      const timeout = new Promise<void>((resolve) => setTimeout(resolve, STOP_WITHIN_MS).unref());
      await Promise.race([ended, timeout]);
      await worker.terminate();
    },
  };
}
