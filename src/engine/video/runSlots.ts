/** Place of a run that somebody waits for. */
export interface RunTicket {
  /** Resolves when the run may start, or when it was cancelled while waiting. */
  ready: Promise<void>;
  /** To be called once when the run is over. */
  leave: () => void;
}

/** Decoders on demand that run at the same time; more would only slow each other down. */
const PLACES = 2;

/**
 * Lets a few runs on demand work at a time, the newest first (an older request is most likely out of date), and lets
 * background work wait until there is none.
 */
export class RunSlots {
  private active = 0;
  private readonly queue: (() => void)[] = [];
  private idleWaiters: (() => void)[] = [];

  /** Asks for a place; `signal` gives up waiting. */
  enter(signal: AbortSignal): RunTicket {
    let hasPlace = false;
    const ready = new Promise<void>((resolve) => {
      const begin = (): void => {
        hasPlace = true;
        this.active++;
        resolve();
      };
      if (this.active < PLACES) begin();
      else this.queue.unshift(begin);
      const giveUp = (): void => {
        const position = this.queue.indexOf(begin);
        if (position >= 0) this.queue.splice(position, 1);
        resolve();
      };
      signal.addEventListener('abort', giveUp, { once: true });
    });
    const leave = (): void => {
      if (hasPlace) this.active--;
      hasPlace = false;
      if (this.active < PLACES) this.queue.shift()?.();
      if (this.active > 0) return;
      for (const wake of this.idleWaiters.splice(0)) wake();
    };
    return { ready, leave };
  }

  /** Resolves when no run on demand works or waits. */
  async whenIdle(): Promise<void> {
    while (this.active > 0) {
      await new Promise<void>((resolve) => {
        this.idleWaiters.push(resolve);
      });
    }
  }
}
