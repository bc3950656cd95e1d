import type { MessagePortMain, UtilityProcess } from 'electron';
import { AppError } from '#core/errors';
import type { BulkReply, EngineNotice, EngineRequest } from '#core/protocol/engineMessages';

const RESTART_AFTER_MS = [1_000, 4_000, 15_000];
const GIVE_UP_WITHIN_MS = 120_000;

/** What of Electron's utilityProcess is used; a fake stands in for it in tests. */
export interface Forker {
  fork(): Pick<UtilityProcess, 'postMessage' | 'on' | 'kill'>;
}

type Waiting = { resolve: (value: never) => void; reject: (error: Error) => void };

/**
 * The engine in a process of its own: a crash of a native library costs no window and no edit. Started again after 1, 4
 * and 15 s; three failures within two minutes and it stays down.
 */
export class EngineProcess {
  private child: ReturnType<Forker['fork']> | undefined;
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 1;
  private crashes: number[] = [];
  private stopping = false;
  private stopped: (() => void) | undefined;

  /** `onRestart` is told when a new engine is up: pages need a new line. */
  constructor(
    private readonly forker: Forker,
    private readonly onRestart: () => void,
    private readonly onGivenUp: (reason: AppError) => void,
  ) {
    this.start();
  }

  /** Hands one end of a channel to the engine's control plane. */
  connect(port: MessagePortMain): void {
    this.child?.postMessage({ type: 'connect' } satisfies EngineRequest, [port]);
  }

  bulk(path: string, signal?: AbortSignal): Promise<BulkReply> {
    return this.ask((id) => ({ type: 'bulk', id, path }), signal);
  }

  grant(path: string): Promise<string> {
    return this.ask((id) => ({ type: 'grant', id, path }));
  }

  /** Lets the engine save and end; kills it when that takes longer than 5 s. */
  async stop(): Promise<void> {
    this.stopping = true;
    const ended = new Promise<void>((resolve) => {
      this.stopped = resolve;
    });
    this.child?.postMessage({ type: 'stop' } satisfies EngineRequest);
    await Promise.race([ended, new Promise<void>((resolve) => setTimeout(resolve, 5_000))]);
    this.child?.kill();
  }

  private ask<Value>(make: (id: number) => EngineRequest, signal?: AbortSignal): Promise<Value> {
    const { child } = this;
    if (!child) return Promise.reject(new AppError('ENGINE_STOPPED', 'The engine is not running.'));
    const id = this.nextId++;
    return new Promise<Value>((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      signal?.addEventListener('abort', () => child.postMessage({ type: 'cancelBulk', id }), { once: true });
      child.postMessage(make(id));
    });
  }

  private start(): void {
    const child = this.forker.fork();
    this.child = child;
    child.on('message', (notice: EngineNotice) => {
      if (notice.type === 'bulk') this.settle(notice.id, notice.reply);
      else if (notice.type === 'granted') this.settle(notice.id, notice.token);
      else if (notice.type === 'stopped') this.stopped?.();
    });
    child.on('exit', () => this.ended());
  }

  private settle(id: number, value: BulkReply | string): void {
    this.waiting.get(id)?.resolve(value as never);
    this.waiting.delete(id);
  }

  private ended(): void {
    this.child = undefined;
    const error = new AppError('ENGINE_STOPPED', 'The engine stopped; boxes, bodies and edits are safe.');
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
    this.stopped?.();
    if (this.stopping) return;
    const now = Date.now();
    this.crashes = [...this.crashes.filter((at) => now - at < GIVE_UP_WITHIN_MS), now];
    const wait = RESTART_AFTER_MS[this.crashes.length - 1];
    if (wait === undefined || this.crashes.length >= RESTART_AFTER_MS.length) {
      this.onGivenUp(
        new AppError('ENGINE_STOPPED', 'The engine stopped three times within two minutes.', {
          hint: 'Restart Retake; if it happens again, run "retake doctor".',
        }),
      );
      return;
    }
    setTimeout(() => {
      this.start();
      this.onRestart();
    }, wait);
  }
}
