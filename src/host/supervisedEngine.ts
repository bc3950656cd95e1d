import { AppError } from '#core/errors';
import type { BulkReply, EngineNotice, EngineRequest } from '#core/protocol/engineMessages';

/** An engine that was started somewhere: in a thread, in a process. */
export interface EngineChild<Port> {
  post(request: EngineRequest, port?: Port): void;
  onNotice(listener: (notice: EngineNotice) => void): void;
  /** Told once, when the engine has ended for whatever reason; `cause` in words where there is one. */
  onEnd(listener: (cause?: string) => void): void;
  kill(): Promise<void>;
}

/** What a shell wants to hear of its engine, and how patient to be with it. */
export interface EngineSupervision {
  /** The engine had stopped and runs again: pages need new lines. */
  onRestart?(): void;
  /** The engine stopped too often and stays down. */
  onGivenUp?(reason: AppError): void;
  /** Pause before each restart in ms; one more crash within {@link EngineSupervision.forgetAfterMs} and it stays down. */
  restartAfterMs?: readonly number[];
  /** A crash longer ago than this does not count any more. */
  forgetAfterMs?: number;
  /** How long an engine may take to save and end before it is killed. */
  stopWithinMs?: number;
}

interface Waiting {
  settle(notice: EngineNotice): void;
  reject(error: unknown): void;
}

const STOPPED = 'The engine stopped; boxes, bodies and edits are safe.';

/**
 * Asks an engine things and keeps it alive: started again after 1 s and after 4 s, and left down after the third crash
 * within two minutes. What was asked of an engine that stops is rejected with `ENGINE_STOPPED`, never repeated.
 */
export class SupervisedEngine<Port extends { close(): void }> {
  private child: EngineChild<Port> | undefined;
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 1;
  private crashes: number[] = [];
  private isStopping = false;
  private restart: ReturnType<typeof setTimeout> | undefined;
  private whenEnded: (() => void) | undefined;

  /** `start` begins a new engine; called at once, and again after each crash. */
  constructor(
    private readonly start: () => EngineChild<Port>,
    private readonly supervision: EngineSupervision = {},
  ) {
    this.begin();
  }

  /** Hands one end of a channel to the control plane; it is closed at once while no engine runs. */
  connect(port: Port): void {
    if (this.child) this.child.post({ type: 'connect' }, port);
    else port.close();
  }

  /** See EngineHost. @throws AppError ENGINE_STOPPED, or the reason of `signal`. */
  bulk(path: string, signal?: AbortSignal): Promise<BulkReply> {
    return this.ask(
      (id) => ({ type: 'bulk', id, path }),
      (notice) => (notice.type === 'bulk' ? notice.reply : undefined),
      signal,
    );
  }

  /** See EngineHost. @throws AppError ENGINE_STOPPED. */
  grant(path: string): Promise<string> {
    return this.ask(
      (id) => ({ type: 'grant', id, path }),
      (notice) => (notice.type === 'granted' ? notice.token : undefined),
    );
  }

  /** Lets the engine save and end, and kills it when that takes too long. Nothing restarts after this. */
  async stop(): Promise<void> {
    this.isStopping = true;
    clearTimeout(this.restart);
    const { child } = this;
    if (!child) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    await new Promise<void>((resolve) => {
      this.whenEnded = resolve;
      timer = setTimeout(resolve, this.supervision.stopWithinMs ?? 5_000);
      child.post({ type: 'stop' });
    });
    clearTimeout(timer);
    await child.kill();
  }

  private ask<Value>(
    make: (id: number) => EngineRequest,
    read: (notice: EngineNotice) => Value | undefined,
    signal?: AbortSignal,
  ): Promise<Value> {
    const { child } = this;
    if (!child) return Promise.reject(new AppError('ENGINE_STOPPED', 'The engine is not running.'));
    if (signal?.aborted) return Promise.reject(signal.reason instanceof Error ? signal.reason : cancelled());
    const id = this.nextId++;
    const cancel = () => child.post({ type: 'cancelBulk', id });
    signal?.addEventListener('abort', cancel, { once: true });
    const answer = new Promise<Value>((resolve, reject) => {
      const settle = (notice: EngineNotice) => {
        const value = read(notice);
        if (value === undefined) reject(new AppError('INTERNAL', 'The engine gave an answer of another kind.'));
        else resolve(value);
      };
      this.waiting.set(id, { settle, reject });
      child.post(make(id));
    });
    return answer.finally(() => signal?.removeEventListener('abort', cancel));
  }

  private begin(): void {
    const child = this.start();
    this.child = child;
    child.onNotice((notice) => {
      if (notice.type === 'stopped') this.whenEnded?.();
      else if (notice.type !== 'ready') {
        const waiting = this.waiting.get(notice.id);
        this.waiting.delete(notice.id);
        waiting?.settle(notice);
      }
    });
    child.onEnd((cause) => this.ended(child, cause));
  }

  private ended(child: EngineChild<Port>, cause: string | undefined): void {
    if (this.child !== child) return;
    this.child = undefined;
    const lost = [...this.waiting.values()];
    this.waiting.clear();
    const details = cause === undefined ? {} : { details: { cause } };
    for (const { reject } of lost) reject(new AppError('ENGINE_STOPPED', STOPPED, { hint: 'Try again.', ...details }));
    this.whenEnded?.();
    if (!this.isStopping) this.recover(cause);
  }

  private recover(cause: string | undefined): void {
    const { restartAfterMs = [1_000, 4_000], forgetAfterMs = 120_000 } = this.supervision;
    const now = Date.now();
    this.crashes = [...this.crashes.filter((at) => now - at < forgetAfterMs), now];
    const pause = restartAfterMs[this.crashes.length - 1];
    if (pause === undefined) {
      const times = this.crashes.length;
      const words = `The engine stopped ${times} times in a short while${cause === undefined ? '' : ` (${cause})`}.`;
      const hint = 'Restart Retake; if it happens again, run "retake doctor".';
      this.supervision.onGivenUp?.(new AppError('ENGINE_STOPPED', words, { hint }));
      return;
    }
    this.restart = setTimeout(() => {
      this.begin();
      this.supervision.onRestart?.();
    }, pause);
  }
}

function cancelled(): AppError {
  return new AppError('CANCELLED', 'Cancelled');
}
