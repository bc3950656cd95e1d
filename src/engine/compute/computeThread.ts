import { SHARE_ENV, Worker } from 'node:worker_threads';
import { AppError, fromPlainError, type PlainError } from '#core/errors';
import type { ComputeConfiguration, ComputeReply, ComputeRequest, ComputeTaskName, ComputeTasks } from './task';

interface Waiting {
  resolve: (output: never) => void;
  reject: (error: unknown) => void;
  onProgress: ((share: number) => void) | undefined;
}

/** Time a thread has to end by itself, ms: several times the longest call of a network on a busy machine. */
const STOP_MS = 15_000;

/** One compute thread seen from the engine: started on first use, started anew after it died. */
export class ComputeThread {
  private worker: Worker | undefined;
  private isStopped = false;
  private endsWhenIdle = false;
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 1;

  /** `entry` is the built file of `thread.ts`. */
  constructor(
    private readonly entry: string | URL,
    private readonly configuration: ComputeConfiguration,
    private readonly onNotice: (problem: PlainError) => void = () => undefined,
  ) {}

  /** Tasks asked and not answered. */
  get load(): number {
    return this.waiting.size;
  }

  /**
   * Runs a task. Arrays are copied unless they lie in shared memory. @throws the task's AppError, CANCELLED when the
   * signal aborts, ENGINE_STOPPED when the thread dies.
   */
  async run<Name extends ComputeTaskName>(
    task: Name,
    input: ComputeTasks[Name]['input'],
    signal?: AbortSignal,
    onProgress?: (share: number) => void,
  ): Promise<ComputeTasks[Name]['output']> {
    signal?.throwIfAborted();
    if (this.isStopped) throw new AppError('CANCELLED', 'Cancelled');
    const id = this.nextId++;
    const worker = this.started();
    // While somebody waits, the thread keeps the process alive; an idle one does not.
    worker.ref();
    return new Promise<ComputeTasks[Name]['output']>((resolve, reject) => {
      const abort = () => {
        if (!this.settle(id)) return;
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
      try {
        worker.postMessage({ type: 'run', id, task, input } satisfies ComputeRequest);
      } catch (error) {
        this.settle(id)?.reject(error);
      }
    });
  }

  /**
   * Ends the thread for good; what is under way counts as cancelled. The thread ends by itself, as ONNX Runtime takes the
   * whole process down when its thread is terminated in the middle of a call; only one that does not is terminated.
   */
  async stop(): Promise<void> {
    this.isStopped = true;
    const worker = this.worker;
    this.worker = undefined;
    this.failAll(new AppError('CANCELLED', 'Cancelled'));
    if (!worker) return;
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    worker.ref();
    worker.postMessage({ type: 'stop' } satisfies ComputeRequest);
    const timer = setTimeout(() => void worker.terminate(), STOP_MS);
    await ended;
    clearTimeout(timer);
  }

  /** Ends the thread once everything it was asked is answered. */
  stopWhenIdle(): void {
    this.endsWhenIdle = true;
    if (this.load === 0) void this.stop();
  }

  private started(): Worker {
    if (this.worker) return this.worker;
    // ONNX Runtime reports its use to its makers unless the process forbids it; nothing leaves this computer.
    process.env['ORT_DISABLE_TELEMETRY'] = '1';
    const worker = new Worker(this.entry, { workerData: this.configuration, name: 'retake-compute', env: SHARE_ENV });
    worker.unref();
    worker.on('message', (reply: ComputeReply) => this.receive(reply));
    worker.on('error', (error) => this.died(worker, error));
    worker.on('exit', () => this.died(worker, undefined));
    this.worker = worker;
    return worker;
  }

  private receive(reply: ComputeReply): void {
    if (reply.type === 'notice') {
      this.onNotice(reply.problem);
      return;
    }
    if (reply.type === 'progress') {
      this.waiting.get(reply.id)?.onProgress?.(reply.share);
      return;
    }
    const waiting = this.settle(reply.id);
    if (reply.type === 'done') waiting?.resolve(reply.output as never);
    else waiting?.reject(fromPlainError(reply.error));
  }

  /** Takes a task off the list; undefined when it is not on it any more. */
  private settle(id: number): Waiting | undefined {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    if (this.waiting.size === 0) this.worker?.unref();
    if (this.waiting.size === 0 && this.endsWhenIdle) void this.stop();
    return waiting;
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
