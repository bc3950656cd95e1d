import { Worker } from 'node:worker_threads';
import { AppError, fromPlainError } from '#core/errors';
import type { ComputeConfiguration, ComputeReply, ComputeRequest, ComputeTaskName, ComputeTasks } from './task';

interface Waiting {
  resolve: (output: never) => void;
  reject: (error: unknown) => void;
  onProgress: ((share: number) => void) | undefined;
}

/** One compute thread seen from the engine: started on first use, started anew after it died. */
export class ComputeThread {
  private worker: Worker | undefined;
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 1;

  /** `entry` is the built file of `thread.ts`. */
  constructor(
    private readonly entry: string | URL,
    private readonly configuration: ComputeConfiguration,
  ) {}

  /** Tasks asked and not answered. */
  get load(): number {
    return this.waiting.size;
  }

  /**
   * Runs a task. Arrays are copied unless they lie in shared memory. @throws the task's AppError, CANCELLED when the
   * signal aborts, ENGINE_STOPPED when the thread dies.
   */
  run<Name extends ComputeTaskName>(
    task: Name,
    input: ComputeTasks[Name]['input'],
    signal?: AbortSignal,
    onProgress?: (share: number) => void,
  ): Promise<ComputeTasks[Name]['output']> {
    signal?.throwIfAborted();
    const id = this.nextId++;
    const worker = this.started();
    return new Promise<ComputeTasks[Name]['output']>((resolve, reject) => {
      const abort = () => {
        if (!this.waiting.delete(id)) return;
        worker.postMessage({ type: 'cancel', id } satisfies ComputeRequest);
        reject(signal?.reason instanceof Error ? signal.reason : new AppError('CANCELLED', 'Cancelled'));
      };
      const settle = () => signal?.removeEventListener('abort', abort);
      signal?.addEventListener('abort', abort, { once: true });
      this.waiting.set(id, {
        resolve: (output) => {
          settle();
          resolve(output);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
        onProgress,
      });
      worker.postMessage({ type: 'run', id, task, input } satisfies ComputeRequest);
    });
  }

  async stop(): Promise<void> {
    const worker = this.worker;
    this.worker = undefined;
    this.failAll(new AppError('CANCELLED', 'Cancelled'));
    await worker?.terminate();
  }

  private started(): Worker {
    if (this.worker) return this.worker;
    const worker = new Worker(this.entry, { workerData: this.configuration, name: 'retake-compute' });
    worker.unref();
    worker.on('message', (reply: ComputeReply) => this.receive(reply));
    worker.on('error', (error) => this.died(worker, error));
    worker.on('exit', () => this.died(worker, undefined));
    this.worker = worker;
    return worker;
  }

  private receive(reply: ComputeReply): void {
    const waiting = this.waiting.get(reply.id);
    if (!waiting) return;
    if (reply.type === 'progress') {
      waiting.onProgress?.(reply.share);
      return;
    }
    this.waiting.delete(reply.id);
    if (reply.type === 'done') waiting.resolve(reply.output as never);
    else waiting.reject(fromPlainError(reply.error));
  }

  private died(worker: Worker, cause: unknown): void {
    if (this.worker !== worker) return;
    this.worker = undefined;
    this.failAll(
      new AppError('ENGINE_STOPPED', 'The computing thread stopped unexpectedly; what was finished is safe.', {
        hint: 'Run again to go on from there.',
        cause,
      }),
    );
  }

  private failAll(error: AppError): void {
    const all = [...this.waiting.values()];
    this.waiting.clear();
    for (const waiting of all) waiting.reject(error);
  }
}
